"""Words and sentences against those that a reader cut by hand.

    python benchmarks/segmentation_gold.py

Words: ours, jieba as it comes, and jieba with the forms of our taxonomy as user dictionary, on the sentences of
corpus/gold/segmentation.zh.txt; spaCy's pkuseg where its model is on this machine. Sentences: ours beside spaCy's
sentencizer, on corpus/gold/sentences.txt. Writes benchmarks/segmentation_gold.md.
"""

import logging
import tempfile
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import opencc
import spacy

import textmine
from textmine.annotate.match import default_matcher
from textmine.annotate.sentences import split_sentences
from textmine.atomic import write_file
from textmine.measure.cut_score import CutText, load_cut_sentences, load_cut_words, score_cuts, trim_spans

HERE = Path(__file__).resolve().parent
Cutter = Callable[[str], list[tuple[int, int]]]
Sentencizer = Callable[..., list[tuple[int, int]]]


def main() -> None:
    """Measure and write the tables."""
    words, sentences = load_cut_words(), load_cut_sentences()
    cutters, absent = word_cutters()
    groups = {name: [item for item in words if item.group == name] for name in ("development", "held-out")}
    groups["all"] = words
    groups["all, in Traditional characters"] = [item for item in map(to_traditional, words) if item]
    lines = [
        "# Words and sentences against a reader's",
        "",
        "`python benchmarks/segmentation_gold.py`. How the sentences were cut: `corpus/gold/GUIDE.md`. A cut is the "
        "place where a word (or sentence) begins; brackets hold 95 % intervals from resampling texts. Terms: forms of "
        "the taxonomy that stand in the sentences, overlapping ones joined, and the share of them that no cut divides; "
        "ours keeps them by construction.",
        "",
        "## Chinese words",
        "",
        "| sentences | cutter | cut precision | recall | F1 | word F1 | terms whole |",
        "|---|---|---|---|---|---|---|",
        *(row(name, items, *cutter) for name, items in groups.items() for cutter in cutters.items()),
        "",
        *absent,
        "",
        "## Sentences",
        "",
        "| texts | splitter | cut precision | recall | F1 | sentence F1 |",
        "|---|---|---|---|---|---|",
        *(
            sentence_row(group, lang, sentences, name, splitter)
            for lang in ("zh", "en")
            for group in ("development", "held-out")
            for name, splitter in (("textmine", ours_sentences), ("spaCy sentencizer", spacy_sentences()))
        ),
        "",
        "Texts on which ours differs from the reader (| where ours cuts, ‖ where the reader does):",
        "",
        *(f"- {shown}" for shown in disagreements(sentences)),
        "",
    ]
    write_file(HERE / "segmentation_gold.md", lambda path: path.write_text("\n".join(lines), encoding="utf-8"))
    print("\n".join(lines))


def word_cutters() -> tuple[dict[str, Cutter], list[str]]:
    """Return what cuts Chinese into words, and a line for what couldn't be run."""
    segmenter = textmine.Segmenter()
    cutters: dict[str, Cutter] = {
        "textmine": lambda text: [(token.start, token.end) for token in segmenter.cut(text, lang="zh")],
        "jieba": partial(spans_of, jieba_tokenizer().lcut),
        "jieba, our forms as user dictionary": partial(spans_of, jieba_tokenizer(with_forms=True).lcut),
    }
    model = Path.home() / ".pkuseg" / "spacy_ontonotes"
    if not model.is_dir():
        return cutters, [
            "spaCy's pkuseg (`spacy_ontonotes`) wasn't run: its model is a download of its own, and not here."
        ]
    import spacy_pkuseg

    cutters["pkuseg (spaCy)"] = partial(spans_of, spacy_pkuseg.pkuseg(str(model)).cut)
    return cutters, []


def jieba_tokenizer(*, with_forms: bool = False) -> Any:
    """Return a jieba tokenizer of its own, its cache in a private folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    with tempfile.TemporaryDirectory() as folder:
        tokenizer.tmp_dir = folder
        tokenizer.initialize()
    if with_forms:
        for form in sorted({form for concept in textmine.load_taxonomy() for form in concept.forms["zh"]}):
            tokenizer.add_word(form)
    return tokenizer


def spans_of(cut: Callable[[str], list[str]], text: str) -> list[tuple[int, int]]:
    """Return the spans of the words that a cutter returns; pkuseg drops white space, so words are looked up."""
    spans, at = [], 0
    for word in cut(text):
        start = text.index(word, at)
        at = start + len(word)
        spans.append((start, at))
    return trim_spans(text, spans)


def to_traditional(item: CutText) -> CutText | None:
    """Return a sentence in Traditional characters, its cuts as they were; nothing where the length would change."""
    text = opencc.OpenCC("s2t").convert(item.text)
    return item._replace(text=text) if len(text) == len(item.text) else None


def row(name: str, items: list[CutText], cutter: str, cut: Cutter) -> str:
    """Return a line of the table of words."""
    found = [cut(item.text) for item in items]
    score = score_cuts([item.spans for item in items], found)
    terms = kept = 0
    for item, spans in zip(items, found, strict=True):
        starts = {start for start, _ in spans}
        for start, end in default_matcher().find_terms(item.text):
            terms += 1
            kept += not any(start < cut < end for cut in starts)
    return (
        f"| {name} ({score.n_texts}) | {cutter} | {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} "
        f"[{score.low:.3f}, {score.high:.3f}] | {score.piece_f1:.3f} | {kept}/{terms} ({kept / terms:.1%}) |"
    )


def ours_sentences(text: str, lang: str) -> list[tuple[int, int]]:
    """Return the sentences that textmine finds."""
    return trim_spans(text, split_sentences(text, lang=lang))


def spacy_sentences() -> Sentencizer:
    """Return spaCy's rule-based sentencizer for both languages."""
    pipelines = {lang: spacy.blank(lang) for lang in ("zh", "en")}
    for nlp in pipelines.values():
        nlp.add_pipe("sentencizer")

    def split(text: str, lang: str) -> list[tuple[int, int]]:
        return trim_spans(text, [(sent.start_char, sent.end_char) for sent in pipelines[lang](text).sents])

    return split


def sentence_row(group: str, lang: str, items: list[CutText], name: str, split: Sentencizer) -> str:
    """Return a line of the table of sentences."""
    mine = [item for item in items if (item.group, item.lang) == (group, lang)]
    score = score_cuts([item.spans for item in mine], [split(item.text, lang) for item in mine])
    return (
        f"| {lang}, {group} ({score.n_texts}) | {name} | {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} "
        f"[{score.low:.3f}, {score.high:.3f}] | {score.piece_f1:.3f} |"
    )


def disagreements(items: list[CutText]) -> list[str]:
    """Return the texts on which ours and the reader differ, both marked."""
    shown = []
    for item in items:
        mine = {start for start, _ in ours_sentences(item.text, item.lang)[1:]}
        theirs = {start for start, _ in item.spans[1:]}
        if mine != theirs:
            marks = {at: "|" * (at in mine) + "‖" * (at in theirs) for at in mine | theirs}
            shown.append("".join(marks.get(at, "") + character for at, character in enumerate(item.text)))
    return shown


if __name__ == "__main__":
    main()
