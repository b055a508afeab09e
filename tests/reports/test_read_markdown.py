import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.errors import SourceError
from textmine.reports.corpus import read_files
from textmine.reports.tables import tabulate_reports

from .reading import FRONT, growth, kinds, read_marked, refs, texts

NOTE = "\n\n[^1]: A note.\n"


def front(**changes: str) -> str:
    fields = {"year": "2011", "lang": "en", "title": "A title"} | changes
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in fields.items() if value is not None) + "---\n\n"


def test_paragraphs_headings_and_summary() -> None:
    report = read_marked("# Summary\n\nShort.\n\n# I. Part\n\n1. One.\n\n## A. Letter\n\n2. Two\nlines.\n")
    assert (report.summary, texts(report)) == ("Short.", {1: "One.", 2: "Two lines."})
    assert [(h.level, h.label, h.title) for h in report.headings] == [(1, "I", "Part"), (2, "A", "Letter")]
    assert [p.heading for p in report.paragraphs] == [1, 2]


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ("1. Text.[^1]", (1, 5)),
        ("1. Text,[^1] more.", (1, 5)),
        ("1. [^1]Text.", (1, 0)),
        ("1. **Bold**[^1] text.", (1, 4)),
        ("1. 𠀀😀。[^1]完", (1, 3)),
        ("1. One.\n\n2. See [a](http://a.org)[^1].", (2, 5)),
        ("1. A\nB[^1] c.", (1, 3)),
    ],
)
def test_marks_stand_where_they_were(body: str, at: tuple[int, int]) -> None:
    assert refs(read_marked(body + NOTE)) == {1: at}


@pytest.mark.parametrize(("body", "at"), [("1. Text. [^1]", 5), ("1. &nbsp;Text.[^1] x", 5)])
def test_marks_beside_white_space_stay_inside_the_text(body: str, at: int) -> None:
    assert refs(read_marked(body + NOTE)) == {1: (1, at)}


def test_a_mark_in_a_heading() -> None:
    report = read_marked("# I. Trends[^1]\n\n1. One." + NOTE)
    anchor = report.footnotes[0].anchor
    assert (anchor.kind, anchor.number, anchor.offset, report.headings[0].title) == ("heading", 1, 6, "Trends")


def test_html_is_text() -> None:
    report = read_marked("1. <script>alert(1)</script> <b>x</b> &lt;i&gt; &amp; © \\* `code`.\n")
    assert texts(report) == {1: "<script>alert(1)</script> <b>x</b> <i> & © * code."}


@pytest.mark.parametrize("body", ["<div>\n1. x\n</div>\n", "1. x\n\n<!-- note -->\n", "1. x\n\n<table><tr><td>\n"])
def test_html_between_paragraphs_is_refused(body: str) -> None:
    with pytest.raises(SourceError, match="a paragraph without a number"):
        read_marked(body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "no numbered paragraph"),
        ("# I. Part\n", "no numbered paragraph"),
        ("Text.\n", "line 7: a paragraph without a number"),
        ("1. One.\n\nText.\n", "line 9: a paragraph without a number"),
        ("1. One.\n\n3. Three.\n", "line 9: paragraph 3 where 2 was due"),
        ("2. Two.\n", "line 7: paragraph 2 where 1 was due"),
        ("1. One.\n\n1. One.\n", "line 9: paragraph 1 where 2 was due"),
        ("1. One:\n   1. sub\n", "where 2 was due"),
        ("1. One:\n\n   - item\n", "line 9: a paragraph without a number"),
        ("- item\n", "line 7: a paragraph without a number"),
        ("1. One.[^7]\n", r"line 7: footnote mark \[\^7\] has no definition"),
        ("1. One.[^1] Two.[^1]" + NOTE, r"line 7: footnote \[\^1\] is marked a second time"),
        ("1. One.[^a]\n\n[^a]: A note.\n", r"footnote \[\^a\] isn't a number"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(body: str, said: str) -> None:
    with pytest.raises(SourceError, match=rf"report\.md: .*{said}"):
        read_marked(body)


@pytest.mark.parametrize(
    "body",
    [
        "1. One.[^1]\n\n[^1]: A note.\n\n[^1]: Another.\n",
        "1. One.\n\n[^1]: A note that nothing marks.\n",
        "1. One.[^1] Two.[^01]\n\n[^1]: A note.\n\n[^01]: Another.\n",
    ],
)
def test_duplicate_and_unused_footnotes_are_refused_or_warned_of(body: str) -> None:
    try:
        report = read_marked(body)
    except SourceError:
        return
    assert report.warnings != ()


def test_a_footnote_of_two_paragraphs_is_one_footnote() -> None:
    report = read_marked("1. One.[^1]\n\n[^1]: A note.\n\n    More of it.\n")
    assert [note.number for note in report.footnotes] == [1]


@pytest.mark.parametrize("numbers", [(1, 5), (2, 1)])
def test_footnote_numbers_out_of_order_are_refused_or_warned_of(numbers: tuple[int, int]) -> None:
    marks = "".join(f"x[^{number}] " for number in numbers)
    notes = "".join(f"[^{number}]: A note.\n\n" for number in sorted(numbers))
    try:
        report = read_marked(f"1. {marks}y.\n\n{notes}")
    except SourceError:
        return
    assert report.warnings != ()


@pytest.mark.parametrize(
    "body", ["1. One.\n\n```\n2. lost\n```\n", "1. One.\n\n        lost\n", "1. One.\n\n~~~\nlost\n~~~\n\n2. Two.\n"]
)
def test_code_blocks_are_refused_or_kept(body: str) -> None:
    try:
        report = read_marked(body)
    except SourceError:
        return
    assert any("lost" in text for text in texts(report).values()) or report.warnings


@pytest.mark.parametrize("body", ["1. One.^[A note inside.]\n", "1. One.[^²]\n\n[^²]: A note.\n"])
def test_inline_and_odd_footnotes_raise_only_typed_errors(body: str) -> None:
    with pytest.raises(SourceError):
        read_marked(body)


def test_a_mark_in_the_summary_is_reported_as_unanchored() -> None:
    report = read_marked("# Summary\n\nShort.[^1]\n\n# I. Part\n\n1. One." + NOTE)
    assert kinds(report) == ["unanchored-footnote"]


def test_a_heading_out_of_order_is_warned_of() -> None:
    assert kinds(read_marked("# I. Part\n\n1. One.\n\n# III. Part\n\n2. Two.\n")) == ["heading-number"]


@pytest.mark.parametrize("separator", [".", ")"])
def test_both_list_marks_number_paragraphs(separator: str) -> None:
    assert texts(read_marked(f"1{separator} One.\n\n2{separator} Two.\n")) == {1: "One.", 2: "Two."}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1. One.\n", "line 1: no YAML front matter"),
        ("---\nyear: 2011\n\n1. One.\n", "line 1: no YAML front matter"),
        ("---\n---\n\n1. One.\n", "front matter needs year, lang, title"),
        ("---\n- a\n- b\n---\n\n1. One.\n", "front matter needs"),
        ("---\njust text\n---\n\n1. One.\n", "front matter needs"),
        ("---\nyear: [2011\n---\n\n1. One.\n", "front matter isn't YAML"),
        ("---\nyear:\t2011\n\tlang: en\n---\n\n1. One.\n", "front matter isn't YAML"),
        ("---\n? [a]\n: b\n---\n\n1. One.\n", "front matter isn't YAML"),
        ("---\nyear: 2011\nlang: en\n---\n\n1. One.\n", "front matter needs"),
    ],
)
def test_bad_front_matter_is_refused(text: str, said: str) -> None:
    with pytest.raises(SourceError, match=rf"report\.md: .*{said}"):
        read_marked(text, front="")


@pytest.mark.parametrize(
    "change",
    [
        {"year": "'2011'"},
        {"year": "2011.5"},
        {"year": "2011-01-01"},
        {"lang": "fr"},
        {"lang": "[zh]"},
        {"lang": "{a: b}"},
    ],
)
def test_a_year_is_a_number_and_a_language_known(change: dict[str, str]) -> None:
    with pytest.raises(SourceError, match="year is a number, lang one of zh, en"):
        read_marked("1. One.\n", front=front(**change))


def test_yaml_builds_no_objects() -> None:
    with pytest.raises(SourceError, match="isn't YAML"):
        read_marked("1. One.\n", front=front(title="!!python/object/apply:os.system ['true']"))


@pytest.mark.parametrize(
    "change", [{"issued": "2011-02-30"}, {"title": "[" * 3_000}, {"year": "9" * 5_000}], ids=["day", "depth", "digits"]
)
def test_front_matter_raises_only_typed_errors(change: dict[str, str]) -> None:
    with pytest.raises(SourceError):
        read_marked("1. One.\n", front=front(**change))


@pytest.mark.parametrize(
    "change",
    [
        {"year": "true"},
        {"year": "99999999999"},
        {"year": "-5"},
        {"title": "[a, b]"},
        {"title": ""},
        {"session": "sixty"},
    ],
    ids=str,
)
def test_fields_of_another_type_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(SourceError):
        tabulate_reports([read_marked("1. One.\n", front=front(**change))])


def test_a_yaml_bomb_is_refused() -> None:
    bomb = {f"a{i}": f"&a{i} [" + ", ".join([f"*a{i - 1}" if i else "x"] * 10) + "]" for i in range(5)}
    with pytest.raises(SourceError):
        read_marked(
            "1. One.\n", front="---\n" + "".join(f"{k}: {v}\n" for k, v in bomb.items()) + front(title="*a4")[4:]
        )


def test_one_bad_markdown_file_costs_one_error_and_not_the_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("corpus") / "bad.md"
    path.write_text(FRONT + "1. One.^[A note inside.]\n", encoding="utf-8")
    reports, errors = read_files([path])
    assert (len(reports), len(errors)) == (0, 1)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_change_nothing(newline: str) -> None:
    body = ("# I. Part\n\n1. One\ntwo.[^1]" + NOTE).replace("\n", newline)
    assert texts(read_marked(body, front=FRONT.replace("\n", newline))) == {1: "One two."}


@given(st.text(max_size=120))
@settings(max_examples=150, deadline=None)
def test_any_body_is_read_or_refused(body: str) -> None:
    try:
        report = read_marked("1. First.\n\n" + body.replace("^[", "").replace("[^", ""))
    except SourceError:
        return
    assert [paragraph.number for paragraph in report.paragraphs] == list(range(1, len(report.paragraphs) + 1))


words = st.text(alphabet="abc 信息。，", min_size=1, max_size=12).map(lambda text: " ".join(text.split()) or "x")


@given(st.lists(st.lists(words, min_size=1, max_size=4), min_size=1, max_size=8))
@settings(max_examples=80, deadline=None)
def test_a_written_report_comes_back(paragraphs: list[list[str]]) -> None:
    """Each paragraph is some pieces of text with a footnote mark after each."""
    body, notes, expected = [], [], {}
    for number, pieces in enumerate(paragraphs, start=1):
        marked, plain = "", ""
        for piece in pieces:
            notes.append(piece)
            marked += f"{piece}[^{len(notes)}]"
            plain += piece
            expected[len(notes)] = (number, len(plain))
        body.append(f"{number}. {marked}\n\n")
    definitions = "".join(f"[^{n}]: {text}\n\n" for n, text in enumerate(notes, start=1))
    report = read_marked("".join(body) + definitions)
    assert texts(report) == {n: "".join(pieces) for n, pieces in enumerate(paragraphs, start=1)}
    assert refs(report) == expected
    assert [note.text for note in report.footnotes] == notes


@pytest.mark.parametrize("piece", ["[", "*a ", "`", "[^1", "_x_", "<b", "&amp;", "\\", "![](", "> "], ids=repr)
def test_hostile_markdown_is_read_in_linear_time(piece: str) -> None:
    def read(n: int) -> None:
        with contextlib.suppress(SourceError):
            read_marked("1. x " + piece * n + "\n")

    assert growth(read, 4_000) < 10
