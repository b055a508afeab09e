"""Any report, set on pages as extraction leaves them, comes back whole."""

from hypothesis import HealthCheck, given, settings

from textmine.reports.model import Report

from .reading import path_of, read_extracted
from .rendering import (
    ZH,
    Document,
    HeadingBlock,
    ParagraphBlock,
    Setting,
    documents,
    marks,
    plain,
    render,
    settings_of,
)

SOME = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def expected_paragraphs(document: Document) -> list[tuple[int, str, list[str]]]:
    path: list[HeadingBlock] = []
    found = []
    for block in document.blocks:
        if isinstance(block, HeadingBlock):
            path = [above for above in path if above.level < block.level] + [block]
        else:
            found.append((block.number, plain(block.text), [above.label or plain(above.title) for above in path]))
    return found


def expected_anchors(document: Document) -> dict[int, tuple[str, int | None, int | None]]:
    anchors: dict[int, tuple[str, int | None, int | None]] = {}
    n_headings = 0
    for block in document.blocks:
        if isinstance(block, ParagraphBlock):
            anchors |= {number: ("paragraph", block.number, offset) for number, offset in marks(block.text)}
        else:
            n_headings += 1
            anchors |= {number: ("heading", n_headings, offset) for number, offset in marks(block.title)}
    return anchors | dict.fromkeys(document.lost, ("none", None, None))


def check(document: Document, setting: Setting) -> Report:
    report = read_extracted(render(document, setting), lang=document.lang)
    assert [(p.number, p.text, path_of(report, p)) for p in report.paragraphs] == expected_paragraphs(document)
    assert {note.number: note.text for note in report.footnotes} == {n: plain(t) for n, t in document.notes.items()}
    anchors = {n.number: (n.anchor.kind, n.anchor.number, n.anchor.offset) for n in report.footnotes}
    assert anchors == expected_anchors(document)
    assert report.summary == plain(document.summary)
    unanchored = [warning for warning in report.warnings if warning.kind == "unanchored-footnote"]
    assert len(unanchored) == len(document.lost)
    assert {warning.kind for warning in report.warnings} <= {"unanchored-footnote", "furniture"}
    return report


@given(documents(lang=ZH), settings_of(blank_between=True))
@SOME
def test_chinese_set_like_the_official_text(document: Document, setting: Setting) -> None:
    check(document, setting)
