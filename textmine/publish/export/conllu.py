"""CoNLL-U: one file for each edition and language, from which every paragraph's text comes back exactly.

Columns beyond ID, FORM and LEMMA (here the norm) are ``_``: nothing is parsed. A term of the taxonomy is one word
with spaces. MISC holds the offsets in the paragraph (``Start``, ``End``), the tags that the token takes part in
(``Tags=SCHEME:CONCEPT:START-END``), and white space other than one space behind a token as UDPipe writes it
(``SpaceAfter=No``, ``SpacesBefore``, ``SpacesAfter``, ``SpacesInToken``; Straka & Straková 2017).
"""

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from textmine.atomic import write_bytes
from textmine.publish.export.exported import Exported, check_texts, group_rows
from textmine.publish.study import Study

Rows = Sequence[dict[str, object]]

_ESCAPES = {" ": r"\s", "\t": r"\t", "\r": r"\r", "\n": r"\n", "|": r"\p", "\\": r"\\"}
# What ends a line for one program or another, beside tab and space.
_BREAKS = re.compile(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")


def export_conllu(study: Study, out: Path) -> Exported:
    """Write ``YEAR.LANG.conllu`` for each edition and language."""
    paragraphs = check_texts(study, "CoNLL-U").sort("edition", "lang", "number")
    tokens, tags = group_rows(study.table("tokens")), group_rows(study.table("tags"))
    written = []
    for (year, lang), rows in groupby(paragraphs.iter_rows(named=True), key=lambda row: (row["edition"], row["lang"])):
        name = f"{year}.{lang}"
        parts = [f"# newdoc id = {name}\n"]
        for row in rows:
            key = (year, lang, row["number"])
            ids = f"{name}.p{row['number']}"
            parts.append(write_paragraph(ids, row["text"], tokens.get(key, []), tags.get(key, [])))
        data = "".join(parts).encode("utf-8", "backslashreplace")
        written.append(write_bytes(out / f"{name}.conllu", data))
    return Exported(tuple(written))


def write_paragraph(name: str, text: str, tokens: Rows, tags: Rows) -> str:
    """Return the sentences of a paragraph.

    Parameters
    ----------
    name : str
        Id of the paragraph; sentences are ``NAME.s1``, ``NAME.s2``, ...
    text : str
    tokens : sequence of dict
        Rows of the table ``tokens``: all of the text, in order.
    tags : sequence of dict
        Rows of the table ``tags``; those without a place (from a heading) become a comment.
    """
    spans = [(int(str(tag["start"])), int(str(tag["end"])), _name(tag)) for tag in tags if tag["start"] is not None]
    whole = sorted({f"{_name(tag)}:{tag['evidence']}" for tag in tags if tag["start"] is None})
    ends = [int(str(token["start"])) for token in tokens[1:]] + [len(text)]
    placed = [(*_place(token), after, token) for token, after in zip(tokens, ends, strict=False)]
    lines = []
    for index, (_, group) in enumerate(groupby(placed, key=lambda item: item[3]["sentence"]), 1):
        sentence = list(group)
        if index == 1:
            lines += [f"# newpar id = {name}", *(f"# paragraph_tags = {','.join(whole)}" for _ in whole[:1])]
        first, last = sentence[0][0], sentence[-1][1]
        lines += [f"# sent_id = {name}.s{index}", f"# text = {_one_line(text[first:last])}"]
        for number, (start, end, after, token) in enumerate(sentence, 1):
            before = text[:start] if index == number == 1 else ""
            misc = _misc(text, (start, end, after), before, spans)
            norm = _one_line(str(token["norm"])) or "_"
            form = _one_line(text[start:end])
            lines.append("\t".join([str(number), form, norm, *"_______"[:6], misc]))
        lines.append("")
    return "".join(line + "\n" for line in lines)


def _place(token: dict[str, object]) -> tuple[int, int]:
    return int(str(token["start"])), int(str(token["end"]))


def _misc(text: str, place: tuple[int, int, int], before: str, spans: list[tuple[int, int, str]]) -> str:
    start, end, after = place
    found = [f"{name}:{left}-{right}" for left, right, name in spans if left < end and right > start]
    gap, form = text[end:after], text[start:end]
    fields = {
        "End": str(end),
        "SpaceAfter": "No" if not gap else "",
        "SpacesAfter": _escape(gap) if gap not in ("", " ") else "",
        "SpacesBefore": _escape(before),
        "SpacesInToken": _escape(form) if _one_line(form) != form else "",
        "Start": str(start),
        "Tags": ",".join(found),
    }
    return "|".join(f"{key}={value}" for key, value in fields.items() if value)


def _name(tag: dict[str, object]) -> str:
    return f"{quote(str(tag['scheme']), safe='')}:{quote(str(tag['concept']), safe='')}"


def _one_line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip(" ")


def _escape(text: str) -> str:
    r"""Write white space so that it stays in its column; what else would end a line, by its code.

    Examples
    --------
    >>> print(_escape(" \n"), _escape("\u2028"))
    \s\n \u2028
    """
    escaped = "".join(_ESCAPES.get(character, character) for character in text)
    return _BREAKS.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), escaped)
