"""Measures become figures, files and evidence."""
