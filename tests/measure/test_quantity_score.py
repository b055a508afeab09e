from pathlib import Path

import polars as pl
import pytest

from textmine.errors import ContractError
from textmine.measure.quantity_score import score_twins, score_values
from textmine.reports.model import Report
from textmine.reports.read import read_report
from textmine.schema import make_table

HEAD = "---\nkind: sample\nyear: 2011\nlang: {lang}\ntitle: 样本\n---\n\n# {summary}\n\nx\n\n# {part}\n\n"


def report(folder: Path, lang: str, *paragraphs: str) -> Report:
    head = HEAD.format(
        lang=lang,
        summary="内容提要" if lang == "zh" else "Summary",
        part="一. 趋势" if lang == "zh" else "I. Trends",
    )
    path = folder / f"2011.{lang}.md"
    path.write_text(head + "\n\n".join(f"{n}. {text}" for n, text in enumerate(paragraphs, 1)) + "\n", encoding="utf-8")
    return read_report(path)


def listed(*rows: tuple[int, str], scheme: str = "quantity") -> pl.DataFrame:
    key = {"edition": 2011, "lang": "en", "scheme": scheme, "reader": "settled"}
    return make_table("labels", [{**key, "paragraph": paragraph, "concept": value} for paragraph, value in rows])


def read(text: str, _lang: str) -> list[float]:
    """Every word that is a number."""
    return [float(word) for word in text.replace(".", "").split() if word.isdigit()]


def test_pairs_of_paragraph_and_value_by_hand(tmp_path: Path) -> None:
    english = report(tmp_path, "en", "There were 20 and 20 and 30.", "Nothing here.", "Then 40 came.", "Last 50 left.")
    labels = listed((1, "20"), (1, "30"), (1, "60"), (2, "none"), (3, "40"))
    # Found 20, 20, 30 and 40; listed 20, 30, 60 and 40; the second 20 is too many, and paragraph 4 isn't listed.
    score = score_values([english], labels, read)
    assert (score.n_gold, score.n_found, score.n_right) == (4, 4, 3)
    assert (score.recall, score.precision) == (0.75, 0.75)


def test_labels_of_another_scheme_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="scheme quantity"):
        score_values([report(tmp_path, "en", "x")], listed((1, "ai"), scheme="trend"))


def test_twins_by_hand_whatever_their_order(tmp_path: Path) -> None:
    english = report(tmp_path, "en", "Now 20 came.", "Now 30 came.", "Nobody came.")
    chinese = report(tmp_path, "zh", "有 20 人 。", "有 31 人 。", "无人。", "第四段 40 。")
    # Same in 1 and 3 (nothing in either), not in 2; 4 has no twin.
    assert score_twins([english, chinese], read) == score_twins([chinese, english], read) == (2, 3, 1, 2)
