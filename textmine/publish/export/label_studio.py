"""Label Studio: tasks with our tags as predictions, for a person to correct.

Label Studio counts offsets of text in code points, as we do: its editor turns them into the UTF-16 positions of the
browser and back (``codePointsToChars`` and ``charsToCodePoints`` in ``web/libs/editor/src/utils/selection-tools``;
label-studio-frontend pull request 308, 2021). Versions before 1.5 (2022) stored UTF-16 positions;
``textmine.read_label_studio`` reads both.
"""

import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from lxml import etree

from textmine.annotate.taxonomy import Scheme
from textmine.atomic import write_bytes
from textmine.publish.export.exported import Exported, check_texts, group_rows
from textmine.publish.export.xml_files import TextCleaner
from textmine.publish.study import Study

#: Name of the text in the labelling interface.
TEXT = "text"
CONFIG = "config.xml"


def export_label_studio(study: Study, out: Path) -> Exported:
    """Write ``tasks.LANG.json`` for each language, and ``config.xml``, the labelling interface of the project.

    A task is a paragraph; its tags found in the text are predictions. Tags that a heading or the classifier gave
    have no place in the text and are shown above it.
    """
    paragraphs = check_texts(study, "Label Studio tasks").sort("edition", "lang", "number")
    tags = group_rows(study.table("tags"))
    written = []
    for lang in study.langs:
        tasks = [
            make_task(row, tags.get((row["edition"], lang, row["number"]), []))
            for row in paragraphs.filter(lang=lang).iter_rows(named=True)
        ]
        data = (json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")
        written.append(write_bytes(out / f"tasks.{lang}.json", data))
    used = {str(row["scheme"]) for rows in tags.values() for row in rows}
    config = make_config([scheme for scheme in study.taxonomy.schemes if scheme.name in used])
    written.append(write_bytes(out / CONFIG, config))
    return Exported(
        tuple(written), (f"make a project with {CONFIG} as its labelling interface, then import the tasks",)
    )


def make_task(paragraph: dict[str, object], tags: Sequence[dict[str, object]]) -> dict[str, object]:
    """Return the task of a paragraph.

    Parameters
    ----------
    paragraph : dict
        A row of the table ``paragraphs``.
    tags : sequence of dict
        Its rows of the table ``tags``.
    """
    key = {"edition": paragraph["edition"], "lang": paragraph["lang"], "paragraph": paragraph["number"]}
    found = [tag for tag in tags if tag["start"] is not None]
    path = paragraph["heading_path"]
    above = [f"{tag['scheme']}: {tag['concept']} ({tag['evidence']})" for tag in tags if tag["start"] is None]
    ours = [{name: tag[name] for name in ("scheme", "concept", "start", "end", "surface")} for tag in found]
    data = {
        **key,
        "corpus": paragraph["corpus"],
        TEXT: paragraph["text"],
        "place": " > ".join([f"{key['edition']} {key['lang']}", *(path if isinstance(path, list) else [])]),
        "by_heading": "; ".join(above),
        "tags": ours,
    }
    result = [
        {
            "id": f"{key['edition']}-{key['lang']}-{key['paragraph']}-{index}",
            "from_name": tag["scheme"],
            "to_name": TEXT,
            "type": "labels",
            "value": {
                "start": tag["start"],
                "end": tag["end"],
                "text": tag["surface"],
                "labels": [tag["concept"]],
            },
        }
        for index, tag in enumerate(ours, 1)
    ]
    return {"data": data, "predictions": [{"model_version": f"textmine {version('textmine')}", "result": result}]}


def make_config(schemes: Iterable[Scheme]) -> bytes:
    """Return the labelling interface: the text, and a group of labels for each scheme."""
    clean = TextCleaner()
    view = etree.Element("View")
    etree.SubElement(view, "Style").text = ".htx-text { white-space: pre-wrap; }"
    etree.SubElement(view, "Header", {"value": "$place", "size": "4"})
    etree.SubElement(view, "Header", {"value": "$by_heading", "size": "5"})
    for scheme in schemes:
        etree.SubElement(view, "Header", {"value": clean(scheme.titles["en"]), "size": "5"})
        search = f"{scheme.name}_filter"
        etree.SubElement(view, "Filter", {"name": search, "toName": scheme.name, "minlength": "1"})
        group = etree.SubElement(view, "Labels", {"name": scheme.name, "toName": TEXT, "showInline": "true"})
        for concept in scheme.concepts:
            hint = " / ".join(dict.fromkeys(concept.labels[lang] for lang in sorted(concept.labels, reverse=True)))
            etree.SubElement(group, "Label", {"value": clean(concept.id), "hint": clean(hint)})
    etree.SubElement(view, "Text", {"name": TEXT, "value": f"${TEXT}", "granularity": "symbol"})
    etree.indent(view)
    return bytes(etree.tostring(view, encoding="UTF-8")) + b"\n"
