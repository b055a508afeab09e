"""Offsets in code points and in UTF-16 units, against Python's own encoder."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.errors import SourceError
from textmine.publish.export.offsets import from_utf16, to_utf16

TEXTS = st.text(st.one_of(st.sampled_from("a中𠀀😀"), st.characters(exclude_categories=["Cs"])))


@settings(deadline=None)
@given(TEXTS, st.data())
def test_both_ways_as_the_encoder_counts(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    position = to_utf16(text, offset)
    assert position == len(text[:offset].encode("utf-16-le")) // 2
    assert from_utf16(text, position) == offset


def test_by_hand() -> None:
    assert [to_utf16("a😀b", offset) for offset in range(4)] == [0, 1, 3, 4]


@pytest.mark.parametrize("position", [-1, 2, 5])
def test_no_offset_inside_a_character_or_outside(position: int) -> None:
    with pytest.raises(SourceError):
        from_utf16("a😀b", position)
    if position != 2:
        with pytest.raises(SourceError):
            to_utf16("a😀b", position)
