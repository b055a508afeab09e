"""`textmine version`."""

from textmine.cli.app import app


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed

    print(f"textmine {installed('textmine')}")
