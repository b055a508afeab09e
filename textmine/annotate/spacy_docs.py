"""spaCy Docs: made of our own tokens, or given our spans with their exact offsets."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from spacy.tokens import Doc, Span, Token
from spacy.util import filter_spans
from spacy.vocab import Vocab

from textmine.annotate import match, segment

#: Group of ``doc.spans`` that holds tags.
SPANS_KEY = "textmine"

Found = tuple[int, int, str, str]  # start, end, label, kb_id


def make_doc(
    text: str, tokens: Sequence[segment.Token], tags: Iterable[match.Span] = (), *, vocab: Vocab | None = None
) -> Doc:
    """Return a spaCy Doc of our own tokens, with the same text.

    White space other than one space behind a token is a token of its own. Norms and sentence starts come along; tags
    go to ``doc.spans["textmine"]`` (a tag inside a joined term takes in the whole token, :func:`exact_offsets`).

    Parameters
    ----------
    text : str
    tokens : sequence of Token
        All tokens of the text in order, as from :meth:`~textmine.annotate.segment.Segmenter.cut`.
    tags : iterable of Span
        As from :meth:`~textmine.annotate.tag.Tagger.tag_text`.
    vocab : spacy.vocab.Vocab, optional
        Default: a blank one.

    Examples
    --------
    >>> from textmine import Segmenter
    >>> text = "云计算  和 5G。"
    >>> doc = make_doc(text, Segmenter().cut(text, lang="zh"))
    >>> [token.text for token in doc], doc.text == text
    (['云计算', ' ', '和', '5G', '。'], True)
    """
    words: list[str] = []
    spaces: list[bool] = []
    norms: list[str] = []
    starts: list[bool | int | None] = []
    at, sentence = 0, tokens[0].sentence if tokens else 0
    for token in [*tokens, None]:
        gap = text[at : token.start if token else len(text)]
        if gap.startswith(" ") and words:
            spaces[-1], gap = True, gap[1:]
        if gap:
            words.append(gap)
            spaces.append(False)
            norms.append(gap)
            starts.append(not starts)
        if token:
            words.append(token.text)
            spaces.append(False)
            norms.append(token.norm)
            starts.append(not starts or token.sentence != sentence)
            at, sentence = token.end, token.sentence
    doc = Doc(vocab if vocab is not None else Vocab(), words=words, spaces=spaces, sent_starts=starts)
    for made, norm in zip(doc, norms, strict=True):
        made.norm_ = norm
    put_spans(doc, SPANS_KEY, name_spans(tags))
    return doc


def exact_offsets(span: Span) -> tuple[int, int]:
    """Return the offsets of what textmine found, also where the span had to take in whole tokens.

    Examples
    --------
    >>> import spacy
    >>> nlp = spacy.blank("en")
    >>> _ = nlp.add_pipe("textmine_tags", config={"align": "expand"})
    >>> doc = nlp("More cloud computing.")
    >>> [exact_offsets(span) for span in doc.spans["textmine"]]
    [(5, 20)]
    """
    start, end = span.id_.split(":")
    return int(start), int(end)


def name_spans(spans: Iterable[match.Span]) -> list[Found]:
    """Return offsets, label and kb_id of tags."""
    return [(span.start, span.end, span.concept, f"{span.scheme}:{span.concept}") for span in spans]


def put_spans(doc: Doc, key: str, found: Iterable[Found]) -> None:
    """Set a group of ``doc.spans``; a span inside a token takes in the whole of it."""
    doc.spans[key] = [
        _span(doc, start, end, label=label, kb_id=kb_id, span_id=f"{start}:{end}") for start, end, label, kb_id in found
    ]


def _span(doc: Doc, start: int, end: int, **names: Any) -> Span:
    span = doc.char_span(start, end, alignment_mode="expand", **names)
    if span is None:
        raise ValueError(f"no span {start}:{end} in a text of {len(doc.text)} characters")
    return span


def split_tokens(doc: Doc, offsets: set[int]) -> None:
    """Divide the tokens that have one of the offsets inside."""
    cuts = [(token, [place for place in _within(token) if place in offsets]) for token in doc]

    def split(retokenizer: Any) -> None:
        for token, places in cuts:
            if places:
                ends = [0, *(place - token.idx for place in places), len(token)]
                parts = [token.text[start:end] for start, end in pairwise(ends)]
                retokenizer.split(token, parts, heads=[(token, 0)] * len(parts))

    if any(places for _, places in cuts):
        _retokenize(doc, split)


def _within(token: Token) -> range:
    return range(token.idx + 1, token.idx + len(token))


def merge_tokens(doc: Doc, found: Iterable[Found]) -> None:
    """Make each span one token; of those that overlap the longest."""
    spans = filter_spans([_span(doc, start, end) for start, end, *_ in found])

    def merge(retokenizer: Any) -> None:
        for span in spans:
            retokenizer.merge(span)

    if any(len(span) > 1 for span in spans):
        _retokenize(doc, merge)


def _retokenize(doc: Doc, change: Callable[[Any], None]) -> None:
    """Change the tokens and set the span groups again: spaCy leaves them at the token numbers that they had."""
    groups = {
        key: [(span.start_char, span.end_char, span.label, span.kb_id, span.id) for span in group]
        for key, group in doc.spans.items()
    }
    with doc.retokenize() as retokenizer:
        change(retokenizer)
    for key, items in groups.items():
        doc.spans[key] = [
            _span(doc, start, end, label=label, kb_id=kb_id, span_id=span_id)
            for start, end, label, kb_id, span_id in items
        ]
