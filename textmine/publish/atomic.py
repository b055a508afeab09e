"""Moved to :mod:`textmine.atomic`; kept until every import says so."""

from textmine.atomic import check_folder, write_file

__all__ = ["check_folder", "write_file"]
