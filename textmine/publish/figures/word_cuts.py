"""How well Chinese is cut into words: ways of cutting against sentences of the sample that a reader cut by hand."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
from matplotlib.figure import Figure

from textmine.annotate.engines import cut_with
from textmine.annotate.match import Matcher
from textmine.annotate.segment import Segmenter
from textmine.errors import ContractError
from textmine.measure.cut_score import CutText, load_cut_words, score_cuts, trim_spans
from textmine.publish.figure import DisplayFigure, figure_style
from textmine.publish.figures.parts import INK, name_rows, plot_dots, write_title
from textmine.publish.recipe import Measured, Recipe, View
from textmine.publish.study import Study

UNIT = "F1 of cuts"
#: Ways of cutting, and the sets of sentences that each is scored on.
TERMS, DICTIONARY, CHARACTERS = "terms first", "dictionary alone", "single characters"
ALL, GROUPS = "all", ("development", "held-out")
_CAPTION = {
    "en": "Cuts between Chinese words against a reader's, {n} sentences of the sample, {first} to {last}. F1 of the "
    "cuts with {confidence} % interval, percentile bootstrap over sentences ({resamples} resamples). Terms first: "
    "terms of the taxonomy stay whole and a dictionary cuts what lies between; dictionary alone: jieba on the whole "
    "text. The taxonomy was completed while looking at the development sentences, not at the held-out ones. The "
    "reader is a language model.",
    "zh": "中文分词切分点与读者手工切分的比较，样本中 {n} 个句子，{first} 年至 {last} 年。切分点 F1 值及 {confidence}% "
    "区间，按句子重抽样的百分位自助法（{resamples} 次）。术语优先：分类表术语保持完整，其余由词典切分；仅用词典：全文由"
    " jieba 切分。完善分类表时看过开发集句子，未看保留集。读者为语言模型。",
}
_TITLE = {"en": "Cutting Chinese into words", "zh": "中文分词"}
_AXIS = {"en": "F1 of cuts", "zh": "切分点 F1 值"}
_ROW = {"en": "{}, {} (n = {})", "zh": "{}，{}（n = {}）"}
_NAMES = {
    TERMS: {"en": "Terms first", "zh": "术语优先"},
    DICTIONARY: {"en": "Dictionary alone", "zh": "仅用词典"},
    CHARACTERS: {"en": "Single characters", "zh": "单字"},
}
_SETS = {
    "development": {"en": "development", "zh": "开发集"},
    "held-out": {"en": "held-out", "zh": "保留集"},
    ALL: {"en": "all", "zh": "全部"},
}

Spans = list[tuple[int, int]]


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    texts = {} if "text" not in study.paragraphs.columns else _texts(study)
    items = [item for item in load_cut_words() if (item.edition, item.lang) in {key[:2] for key in texts}]
    if study.corpora != ["sample"] or not items or not all(_stands(item, texts) for item in items):
        raise ContractError(f"the sentences that were cut by hand are the sample's, not those of {study.name}")
    matcher = Matcher(study.taxonomy)
    rows, evidence = [], []
    for name, cut in _ways(Segmenter(matcher)).items():
        found = {item: cut(item.text) for item in items}
        for group in (*GROUPS, ALL):
            mine = [item for item in items if group in (ALL, item.group)]
            if not mine:
                continue
            score = score_cuts([item.spans for item in mine], [found[item] for item in mine], **parameters)
            n_terms, n_whole = _count_terms(matcher, mine, found)
            rows.append(
                {
                    "series": name, "x": group, "lang": "zh", "value": score.f1, "low": score.low, "high": score.high,
                    "unit": UNIT, "n": score.n_texts, "precision": score.precision, "recall": score.recall,
                    "word_f1": score.piece_f1, "n_terms": n_terms, "n_whole": n_whole,
                    "first": min(item.edition or 0 for item in mine), "last": max(item.edition or 0 for item in mine),
                }
            )  # fmt: skip
            places = [(item.edition, item.paragraph, item.start, item.start + len(item.text)) for item in mine]
            evidence += [(name, group, "zh", edition, "zh", *place) for edition, *place in places]
    columns = ["series", "x", "lang", "edition", "text_lang", "paragraph", "start", "end"]
    return Measured(pl.DataFrame(rows), pl.DataFrame(evidence, schema=columns, orient="row"))


def _texts(study: Study) -> dict[tuple[int, str, int], str]:
    rows = study.paragraphs.select("edition", "lang", "number", "text").iter_rows()
    return {(edition, lang, number): text for edition, lang, number, text in rows}


def _stands(item: CutText, texts: Mapping[tuple[int, str, int], str]) -> bool:
    """Tell whether a sentence stands where it is said to."""
    text = texts.get((item.edition or 0, item.lang, item.paragraph or 0), "")
    return text.startswith(item.text, item.start)


def _ways(segmenter: Segmenter) -> dict[str, Callable[[str], Spans]]:
    dictionary = cut_with(segmenter.engine)
    return {
        TERMS: lambda text: [(token.start, token.end) for token in segmenter.cut(text, lang="zh")],
        DICTIONARY: lambda text: _spans(text, dictionary([text])),
        CHARACTERS: lambda text: _spans(text, list(text)),
    }


def _spans(text: str, words: Sequence[str]) -> Spans:
    """Return the spans of words that follow each other, white space left out."""
    spans, at = [], 0
    for piece in words:
        start = text.index(piece, at)
        at = start + len(piece)
        spans.append((start, at))
    return trim_spans(text, spans)


def _count_terms(matcher: Matcher, items: Sequence[CutText], found: Mapping[CutText, Spans]) -> tuple[int, int]:
    """Return how many terms of the taxonomy stand in the sentences, and how many no cut divides."""
    terms = whole = 0
    for item in items:
        cuts = {start for start, _ in found[item]}
        for start, end in matcher.find_terms(item.text):
            terms += 1
            whole += not any(start < cut < end for cut in cuts)
    return terms, whole


def _draw(data: pl.DataFrame, view: View) -> Figure:
    with figure_style():
        figure = DisplayFigure(figsize=(view.width, 0.9 + 0.2 * data.height))
        ax = figure.add_subplot()
        plot_dots(ax, data.select("value", "low", "high").rows(), colour=INK)
        for i, (value, high) in enumerate(data.select("value", "high").iter_rows()):
            ax.annotate(f"{value:.3f}", (max(value, high), -i), xytext=(5, 0), textcoords="offset points", va="center",
                        fontsize=7, color="#333333")  # fmt: skip
        row = _ROW[view.lang]
        pairs = data.select("series", "x", "n").iter_rows()
        name_rows(ax, [row.format(_NAMES[name][view.lang], _SETS[group][view.lang], n) for name, group, n in pairs])
        ax.set_xlim(min(data["low"].to_list()) - 0.03, 1.0)
        ax.set_xlabel(_AXIS[view.lang])
        write_title(figure, view, _TITLE[view.lang])
        figure.draw_without_rendering()
    return figure


def _describe(data: pl.DataFrame, view: View) -> str:
    return _CAPTION[view.lang].format(
        n=data.filter(x=ALL)["n"][0],
        first=data["first"].min(),
        last=data["last"].max(),
        confidence=f"{100 * view.parameters['confidence']:g}",
        resamples=view.parameters["n_resamples"],
    )


RECIPE = Recipe("word-cuts", {"confidence": 0.95, "n_resamples": 2000, "seed": 0}, _measure, _draw, _describe)
