import pytest
from hypothesis import given
from hypothesis import strategies as st

from textmine.errors import UnknownOptionError
from textmine.publish.page_offsets import BrowserOffsets

# Surrogates by themselves, Han of Extension B, emoji with joiners, combining marks, bidi controls, BOM, U+2028.
AWKWARD = st.sampled_from(list("\ud83d\ude00𠮷𪚥👩‍💻e\u0301\u202e\ufeff\u2028ａ云a"))
TEXTS = st.text(st.one_of(AWKWARD, st.characters()), max_size=40)


@given(TEXTS)
def test_units_are_those_of_utf_16(text: str) -> None:
    offsets = BrowserOffsets(text)
    for point in range(len(text) + 1):
        units = len(text[:point].encode("utf-16-le", "surrogatepass")) // 2
        assert offsets.to_units(point) == units
        assert offsets.to_points(units) == point


@given(TEXTS, st.data())
def test_a_span_holds_the_same_text_in_the_browser(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    offsets = BrowserOffsets(text)
    encoded = text.encode("utf-16-le", "surrogatepass")
    cut = encoded[2 * offsets.to_units(start) : 2 * offsets.to_units(end)]
    assert cut == text[start:end].encode("utf-16-le", "surrogatepass")


def test_no_offset_inside_a_character_or_outside_the_text() -> None:
    offsets = BrowserOffsets("𠮷野家")
    assert [offsets.to_units(i) for i in range(4)] == [0, 2, 3, 4]
    with pytest.raises(UnknownOptionError, match="between two characters"):
        offsets.to_points(1)
    for outside in (-1, 4):
        with pytest.raises(UnknownOptionError, match="0 to 3"):
            offsets.to_units(outside)
    with pytest.raises(UnknownOptionError):
        BrowserOffsets("ab").to_points(3)
