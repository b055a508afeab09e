"""Corrections: applied to tags by hand-worked cases, kept in a file that never loses what was there."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from textmine.annotate.corrections import Correction, apply_corrections, load_corrections, save_corrections
from textmine.errors import OutputError, SourceError, UnknownOptionError
from textmine.schema import make_table


def tag(concept: str, start: int | None = None, end: int | None = None, paragraph: int = 1) -> dict[str, object]:
    return {
        "edition": 2011, "lang": "zh", "paragraph": paragraph, "scheme": "trend", "concept": concept, "start": start,
        "end": end, "surface": "", "evidence": "heading" if start is None else "text", "score": 1.0,
    }  # fmt: skip


TAGS = make_table(
    "tags", [tag("cloud"), tag("cloud", 3, 6), tag("cloud", 9, 12), tag("ai", 3, 6), tag("cloud", 3, 6, 2)]
)


def correct(
    verdict: str, concept: str = "cloud", start: int | None = None, end: int | None = None, **more: str
) -> Correction:
    return Correction(2011, "zh", 1, "trend", concept, verdict, start, end, **more)


def places(tags: pl.DataFrame) -> list[tuple[int, str, int | None, str]]:
    return tags.select("paragraph", "concept", "start", "evidence").rows()


def test_a_rejected_span_is_gone_and_nothing_else() -> None:
    left = apply_corrections(TAGS, [correct("reject", start=3, end=6)])
    assert places(left) == [
        (1, "cloud", None, "heading"),
        (1, "cloud", 9, "text"),
        (1, "ai", 3, "text"),
        (2, "cloud", 3, "text"),
    ]


def test_a_concept_rejected_as_a_whole_is_gone_from_the_paragraph() -> None:
    assert places(apply_corrections(TAGS, [correct("reject")])) == [(1, "ai", 3, "text"), (2, "cloud", 3, "text")]


def test_an_accepted_tag_is_added_once() -> None:
    added = apply_corrections(
        TAGS, [correct("accept", "broadband", 20, 22, surface="宽带"), correct("accept", "ai", 3, 6)]
    )
    assert added.height == TAGS.height + 1
    assert added.filter(concept="broadband").select("surface", "evidence").rows() == [("宽带", "reader")]
    whole = apply_corrections(TAGS, [correct("accept", "ai"), correct("accept", "iot")])
    assert sorted(set(whole["concept"])) == ["ai", "cloud", "iot"]
    assert whole.height == TAGS.height + 1  # the paragraph has ai already


def test_the_last_verdict_on_a_tag_counts_and_input_is_left_alone() -> None:
    before = TAGS.clone()
    both = [correct("reject", start=3, end=6), correct("accept", start=3, end=6)]
    assert_frame_equal(apply_corrections(TAGS, both), TAGS)
    assert apply_corrections(TAGS, both[::-1]).height == TAGS.height - 1
    assert_frame_equal(TAGS, before)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
corrections = st.builds(
    Correction, st.integers(2000, 2030), st.sampled_from(["zh", "en"]), st.integers(1, 9), texts, texts,
    st.sampled_from(["accept", "reject"]), surface=texts, note=texts,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(corrections, max_size=5, unique_by=lambda item: item.spot))
def test_a_file_gives_back_what_was_saved(tmp_path_factory: pytest.TempPathFactory, items: list[Correction]) -> None:
    path = save_corrections(items, tmp_path_factory.mktemp("c") / "c.jsonl")
    assert set(load_corrections(path)) == set(items)


def test_nothing_is_overwritten_without_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "纠正 file.jsonl"
    for i, verdict in enumerate(["accept", "reject", "accept"]):
        save_corrections([correct(verdict, note=str(i))], path)
        save_corrections([correct(verdict, note=str(i))], path)  # the same again: no further copy
    kept = [load_corrections(tmp_path / f"{path.name}{end}")[0].note for end in (".bak", ".2.bak", "")]
    assert kept == ["0", "1", "2"]
    assert len(list(tmp_path.iterdir())) == 3


def test_further_verdicts_need_no_copy(tmp_path: Path) -> None:
    path, verdicts = tmp_path / "c.jsonl", [correct("accept")]
    for paragraph in range(1, 6):
        verdicts.append(Correction(2011, "en", 100 + paragraph, "trend", "cloud", "reject", 0, 5, "cloud"))
        save_corrections(verdicts, path)
    assert list(tmp_path.iterdir()) == [path]
    save_corrections(verdicts[1:], path)  # one is gone
    assert set(load_corrections(tmp_path / "c.jsonl.bak")) == set(verdicts)


def test_a_folder_that_cannot_be_written_leaves_the_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        save_corrections([correct("accept")], tmp_path / "file" / "c.jsonl")


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"edition": 2011}', '{"edition": "x"}', '{"verdict": "maybe"}', '{"colour": 1}', "[" * 10000]
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    path = save_corrections([correct("accept")], tmp_path / "c.jsonl")
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(SourceError, match="line 2"):
        load_corrections(path)


def test_wrong_values_are_refused() -> None:
    spans = ({"start": 3}, {"start": -5, "end": -2}, {"start": 5, "end": 2}, {"start": 0, "end": 2**31})
    for wrong in ({"verdict": "maybe"}, {"lang": "fr"}, {"edition": 10**12}, {"paragraph": 0}, *spans):
        with pytest.raises(UnknownOptionError):
            Correction(
                **{
                    "edition": 2011,
                    "lang": "zh",
                    "paragraph": 1,
                    "scheme": "trend",
                    "concept": "ai",
                    "verdict": "accept",
                }
                | wrong
            )
