from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from textmine.measure.alignment import DELETED, EQUAL, INSERTED, REPLACED, Step, align_texts

WORDS = st.lists(st.sampled_from(["net", "Net", "2", " ", ", ", "。", "宽带", "\n", "é", "🛰", "\ud800"]), max_size=12)
TEXTS = WORDS.map("".join) | st.text(max_size=20)


@given(TEXTS, TEXTS)
def test_steps_cover_both_texts_and_equal_ones_are_equal(source, text):
    steps = align_texts(source, text)
    at = before = 0
    for step in steps:
        assert (step.start, step.source_start) == (at, before)
        at, before = step.end, step.source_end
        new, old = text[step.start : step.end], source[step.source_start : step.source_end]
        assert (new == old) == (step.kind == EQUAL)
        assert bool(new) == (step.kind != DELETED)
        assert bool(old) == (step.kind != INSERTED)
    assert (at, before) == (len(text), len(source))
    assert "".join(text[step.start : step.end] for step in steps) == text
    assert all({one.kind, other.kind} & {EQUAL} for one, other in pairwise(steps))


@given(TEXTS)
def test_a_text_and_itself(text):
    assert align_texts(text, text) == ([Step(EQUAL, 0, len(text), 0, len(text))] if text else [])


def test_by_hand():
    assert align_texts("到2010年有12亿用户。", "到2011年，有13亿移动用户。") == [
        Step(EQUAL, 0, 1, 0, 1),
        Step(REPLACED, 1, 5, 1, 5),
        Step(EQUAL, 5, 6, 5, 6),
        Step(INSERTED, 6, 7, 6, 6),
        Step(EQUAL, 7, 8, 6, 7),
        Step(REPLACED, 8, 10, 7, 9),
        Step(EQUAL, 10, 11, 9, 10),
        Step(INSERTED, 11, 13, 10, 10),
        Step(EQUAL, 13, 16, 10, 13),
    ]


def test_marks_alone_do_not_part_two_changes():
    kinds = [(step.kind, step.start, step.end) for step in align_texts("one, two three", "uno, dos three")]
    assert kinds == [(REPLACED, 0, 8), (EQUAL, 8, 14)]
