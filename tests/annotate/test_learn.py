"""What the lexicon reads of corrections: accepted phrases become forms, rejected ones don't stop the matcher."""

from pathlib import Path

import pytest

from textmine.annotate.corrections import Correction, apply_corrections, load_corrections, save_corrections
from textmine.annotate.learn import LearnedForm, learn_forms
from textmine.annotate.match import Matcher, default_matcher
from textmine.annotate.tag import Tagger
from textmine.annotate.taxonomy import load_taxonomy
from textmine.errors import TaxonomyError, UnknownOptionError
from textmine.schema import make_table

TEXT = "Sky computing and the cloud moved; 天空计算随之而来。"


def verdict(said: str, surface: str, concept: str = "cloud", lang: str = "en", paragraph: int = 1) -> Correction:
    start = TEXT.index(surface) if surface in TEXT else 0
    return Correction(2011, lang, paragraph, "trend", concept, said, start, start + len(surface), surface)


def test_a_file_of_accepted_spans_becomes_forms_that_the_matcher_finds(tmp_path: Path) -> None:
    verdicts = [
        verdict("accept", "Sky computing"),
        verdict("accept", "sky computing", paragraph=2),  # the same form but for its case
        verdict("accept", "天空计算", lang="zh"),
        verdict("accept", "cloud computing", paragraph=3),  # found already
        verdict("reject", "moved"),
        Correction(2011, "en", 4, "trend", "cloud", "accept"),  # of a paragraph as a whole
    ]
    file, own = save_corrections(verdicts, tmp_path / "c.jsonl"), tmp_path / "own"
    learned = learn_forms(load_corrections(file), path=own)
    assert learned == [
        LearnedForm("trend", "cloud", "en", "Sky computing"),
        LearnedForm("trend", "cloud", "zh", "天空计算"),
    ]
    places = [(span.concept, TEXT[span.start : span.end]) for span in Matcher(load_taxonomy(own)).find(TEXT)]
    assert {("cloud", "Sky computing"), ("cloud", "天空计算")} <= set(places)
    assert not {surface for concept, surface in places if concept == "cloud"} & {"moved"}
    kept = {path.name: path.read_bytes() for path in own.iterdir()}
    assert learn_forms(load_corrections(file), path=own) == []
    assert {path.name: path.read_bytes() for path in own.iterdir()} == kept
    assert load_taxonomy().sha256 != load_taxonomy(own).sha256


def test_a_rejected_span_leaves_the_corrected_tags_but_not_the_lexicon(tmp_path: Path) -> None:
    surface = "云计算"
    no = Correction(2011, "zh", 1, "trend", "cloud", "reject", 0, 3, surface)
    rows = [
        {
            "edition": 2011, "lang": "zh", "paragraph": 1, "scheme": span.scheme, "concept": span.concept,
            "start": span.start, "end": span.end, "surface": surface, "evidence": "text", "score": 1.0,
        }
        for span in Tagger().tag_text(surface)
    ]  # fmt: skip
    tags = make_table("tags", rows)
    assert apply_corrections(tags, [no]).filter(concept="cloud").height == 0
    assert learn_forms([no], path=tmp_path / "own") == []
    assert not (tmp_path / "own").exists()
    assert [span.concept for span in default_matcher().find(surface)] == ["cloud"]


def test_what_cannot_be_learned_is_said_and_what_came_before_stays(tmp_path: Path) -> None:
    taken = verdict("accept", "broadband", paragraph=2)
    with pytest.raises(TaxonomyError, match="form of concept 'broadband'"):
        learn_forms([taken, verdict("accept", "Sky computing")], path=tmp_path)
    assert load_taxonomy(tmp_path).concept("trend", "cloud").forms["en"][0] == "Sky computing"
    with pytest.raises(UnknownOptionError, match="cloud"):
        learn_forms([verdict("accept", "x", concept="clod")], path=tmp_path)


def test_the_last_verdict_on_a_span_is_the_one_learned_from(tmp_path: Path) -> None:
    both = [verdict("accept", "Sky computing"), verdict("reject", "Sky computing")]
    assert learn_forms(both, path=tmp_path) == []
    assert len(learn_forms(both[::-1], path=tmp_path)) == 1
