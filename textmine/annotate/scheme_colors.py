"""The colour of each scheme."""

#: Background of each scheme's tags where they are shown in colour: light enough for black text, and told apart by
#: colour-blind readers.
SCHEME_COLORS = {
    "action_line": "#f2d7a0",
    "trend": "#a8d5ef",
    "theme": "#9fdcc3",
    "organisation": "#f3ec9a",
    "process": "#a9c3e6",
    "region": "#efb497",
    "vocabulary": "#e0bdd3",
}
#: Background of the tags of any other scheme.
OTHER_COLOR = "#d9d9d9"
