"""What a figure counts and the year it refers to, from the words around it: rules, no parser."""

import re
from bisect import bisect_left, bisect_right

from textmine.annotate.engines import cut_with
from textmine.annotate.sentence_breaks import SentenceBreaks

_CLAUSE_END = re.compile(r"[，,。；;：:、!?！？()（）“”\n]|\.(?= |$)")
#: Schemes whose concepts a figure may be about; nearer ones win within a clause.
COUNTED_SCHEMES = ("trend", "theme")
#: Words of a head noun, at most; and how far behind a figure it is looked for, in characters.
_N_WORDS = 4
_REACH = 60
_EN_SKIP = re.compile(
    r"(?: |(?:of|the|all|those|these|its|their|about|such|different|other|(?:world|region|country)’s)\b)*"
)
_EN_WORD = re.compile(r" ?([a-z][a-z'’-]*)")
_EN_STOP = frozenset(
    re.findall(
        r"\w+",
        """
        of in at on by to for from with and or but as than that which who whose where when while is are was
        were be been has have had do does did can could may might will would shall should must not use used
        using the a an it he she per between among under over through against during since until after
        before into more less fewer higher lower now already also only still respectively so each every
        both because if live lived lives went go took take taken held reported said having online came come
        contributed attended without within
        """,
    )
)
_ZH_MEASURE = "个|名|位|所|家|项|种|户(?!数)|份|条|次|处|件|台|部(?!门|委)|座|间|篇|场|类|起"
_ZH_SKIP = re.compile(rf" ?(?:以上|左右|以下|多)?(?:{_ZH_MEASURE})?(?:以上|左右)?(?:的)? ?")
_HAN = re.compile("[\u4e00-\u9fd5]{1,16}")
_ZH_STOP = frozenset(
    re.findall(
        r"\w+",
        """
        的 了 在 是 有 和 与 及 或 为 被 将 已 由 从 向 对 中 内 外 上 下 等 而 但 则 就 可 能 可以 使用
        拥有 没有 不 也 都 其 以 于 至 到 来自 参加 举行 开展 实施 提供 属于 位于 用于 获得 实现 采用 采取
        建立 提出 通过 制定 正在 已经 能够 现有 今后 其中 之间 以来 以后 之后 之前 尚未 尚 均 只 仅 还 又
        再 更 比 较 后 前 时 并 增加 增长 增至 升至 降至 至少 参与 组成 商定 进行 完成 启动 注册参加 现用
        方面
        """,
    )
)


class Spans:
    """Concepts named in a text, by where they stand.

    Parameters
    ----------
    places : list of tuple
        Start, end and concept.
    """

    def __init__(self, places: list[tuple[int, int, str]]) -> None:
        ordered = sorted(places)
        self.starts = [start for start, _, _ in ordered]
        self.ends = [end for _, end, _ in ordered]
        self.concepts = [concept for _, _, concept in ordered]


def concept_of(folded: str, start: int, end: int, spans: Spans) -> str:
    """Return the concept named nearest to a figure in its clause, behind it first, then before it; else nothing.

    Parameters
    ----------
    folded : str
    start, end : int
        Of the figure.
    spans : Spans
    """
    limit = min(len(folded), end + _REACH)
    if stop := _CLAUSE_END.search(folded, end, limit):
        limit = stop.start()
    i = bisect_left(spans.starts, end)
    if i < len(spans.starts) and spans.starts[i] < limit:
        return spans.concepts[i]
    j = bisect_left(spans.starts, start) - 1
    if j < 0 or start - spans.ends[j] > _REACH or _CLAUSE_END.search(folded, spans.ends[j], start):
        return ""
    return spans.concepts[j]


class Clauses:
    """The sentences of a text and the years that stand in them.

    Parameters
    ----------
    folded : str
    years : list of tuple
        Place and value of each year, in order.
    lang : {'zh', 'en'}
    """

    def __init__(self, folded: str, years: list[tuple[int, int]], *, lang: str) -> None:
        self._breaks = SentenceBreaks(folded)
        self._places = [place for place, _ in years]
        self._years = [year for _, year in years]
        self._lang = lang

    def year_of(self, start: int, end: int, following: int) -> int | None:
        """Return the year that a figure refers to, or None.

        In English a year right behind the figure, before the next one, wins (26 per cent **in 2005**); then, in both
        languages, the last year before it in its sentence, and the first one behind it.

        Parameters
        ----------
        start, end : int
            Of the figure.
        following : int
            Where the next figure starts.
        """
        left, right = self._breaks.around(start)
        after = bisect_left(self._places, end)
        before = bisect_right(self._places, start) - 1
        behind = self._years[after] if after < len(self._places) and self._places[after] < right else None
        ahead = self._years[before] if before >= 0 and self._places[before] > left else None
        close = behind is not None and self._places[after] < min(following, end + _REACH)
        if self._lang == "en" and close:
            return behind
        return ahead if ahead is not None else behind


def counted_noun(text: str, folded: str, end: int, following: int, *, lang: str) -> str:
    """Return the words behind a figure that say what it counts, as they stand in the text; empty without any.

    Parameters
    ----------
    text, folded : str
        The same text as it is and folded.
    end, following : int
        Where the figure ends and the next one starts.
    lang : {'zh', 'en'}

    Examples
    --------
    >>> counted_noun("75 per cent of the mobile users are", "75 per cent of the mobile users are", 11, 35, lang="en")
    'mobile users'
    >>> counted_noun("18个国家的法律", "18个国家的法律", 2, 8, lang="zh")
    '国家'
    """
    limit = min(following, end + _REACH, len(folded))
    if stop := _CLAUSE_END.search(folded, end, limit):
        limit = stop.start()
    return _english(text, folded, end, limit) if lang == "en" else _chinese(text, folded, end, limit)


def _english(text: str, folded: str, end: int, limit: int) -> str:
    skipped = _EN_SKIP.match(folded, end, limit)
    at = first = skipped.end() if skipped else end
    for _ in range(_N_WORDS):
        word = _EN_WORD.match(folded, at, limit)
        if word is None or word[1] in _EN_STOP:
            break
        first = first if at > first else word.start(1)
        at = word.end()
    return text[first:at].strip()


def _chinese(text: str, folded: str, end: int, limit: int) -> str:
    skipped = _ZH_SKIP.match(folded, end, limit)
    run = _HAN.match(folded, skipped.end() if skipped else end, limit)
    if run is None:
        return ""
    at = run.start()
    for n_words, word in enumerate(cut_with("rjieba")([run[0]])):
        if word in _ZH_STOP or n_words == _N_WORDS:
            break
        at += len(word)
    return text[run.start() : at]
