import dataclasses

import pytest

from textmine.reports import model
from textmine.reports.model import Edition, Heading, Paragraph, ReadWarning, Report, Source

THINGS = [value for value in vars(model).values() if dataclasses.is_dataclass(value)]


def heading(number: int, parent: int | None, *, label: str = "", title: str = "导言") -> Heading:
    return Heading(number, 1, label, title, "0", parent, 1)


@pytest.mark.parametrize("thing", THINGS)
def test_everything_is_frozen(thing: type) -> None:
    assert thing.__dataclass_params__.frozen  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("ga_symbol", "ecosoc_symbol", "symbol"),
    [
        ("A/66/64", "E/2011/77", "A/66/64-E/2011/77"),
        ("A/63/72", "", "A/63/72"),
        ("", "E/2013/11", "E/2013/11"),
        ("", "", ""),
    ],
)
def test_joint_symbol(ga_symbol: str, ecosoc_symbol: str, symbol: str) -> None:
    assert Edition(2011, "zh", ga_symbol, ecosoc_symbol).symbol == symbol


@pytest.mark.parametrize(
    ("label", "printed"),
    [("一", "一. 导言"), ("A", "A. 导言"), ("1", "1. 导言"), ("(a)", "(a) 导言"), ("(一)", "(一) 导言"), ("", "导言")],
)
def test_heading_as_printed(label: str, printed: str) -> None:
    assert str(heading(1, None, label=label)) == printed


@pytest.mark.parametrize(("last", "printed"), [(7, "line 7: lost [gap]"), (9, "lines 7-9: lost [gap]")])
def test_warning_as_printed(last: int, printed: str) -> None:
    assert str(ReadWarning("gap", "lost", 7, last)) == printed


@pytest.mark.parametrize(("at", "numbers"), [(None, []), (1, [1]), (3, [1, 2, 3]), (4, [1, 4])])
def test_heading_path_runs_from_the_outermost(at: int | None, numbers: list[int]) -> None:
    headings = (heading(1, None), heading(2, 1), heading(3, 2), heading(4, 1))
    paragraph = Paragraph(1, "一", at, (), 1, 1)
    report = Report(Edition(2011, "zh"), "", headings, (paragraph,), (), Source("x", "", "utf-8", 1))
    assert [found.number for found in report.heading_path(paragraph)] == numbers
