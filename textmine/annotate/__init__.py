"""Paragraphs get tokens, tags and figures."""
