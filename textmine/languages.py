"""The languages of the reports, by their ISO codes."""

from typing import Final

LANGUAGES: Final = ("zh", "en")
