"""The command line's root, to which each command module adds its own."""

import typer

app = typer.Typer(
    name="textmine",
    help="Read annual reports in Chinese and English, tag their paragraphs, and measure what changed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
