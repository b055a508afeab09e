"""What figures say, in both languages."""

from collections.abc import Iterable

from textmine.errors import UnknownOptionError
from textmine.schema import LANGUAGES

_WORDS = {
    "share_axis": {"en": "Share of paragraphs (%)", "zh": "占段落的百分比（%）"},
    "share_note": {
        "en": "n = {n} paragraphs; bars: {confidence} % interval ({methods})",
        "zh": "n = {n} 个段落；线段为 {confidence}% 区间（{methods}）",
    },
    "count_note": {"en": "; in brackets: paragraphs tagged", "zh": "；括号内为提及的段落数"},
    "row_note": {"en": "; each row has its own scale", "zh": "；各行纵轴刻度不同"},
    "method_join": {"en": "; ", "zh": "；"},
    "percentile bootstrap over sections": {
        "en": "percentile bootstrap over sections",
        "zh": "按章节重抽样的百分位自助法",
    },
    "Wilson score": {"en": "Wilson score", "zh": "Wilson 得分法"},
    "edition_axis": {"en": "Edition", "zh": "报告年份"},
    "text_zh": {"en": "Chinese text", "zh": "中文本"},
    "text_en": {"en": "English text", "zh": "英文本"},
    "scheme_trend": {"en": "Trends", "zh": "趋势"},
    "scheme_action_line": {"en": "Action lines", "zh": "行动方针"},
    "scheme_region": {"en": "Regions", "zh": "区域"},
    "scheme_organisation": {"en": "Organizations", "zh": "组织"},
    "scheme_theme": {"en": "Themes", "zh": "主题"},
    "scheme_process": {"en": "Processes", "zh": "进程"},
    "evidence_heading": {"en": ", by heading", "zh": "（按标题）"},
    "evidence_text": {"en": ", by text", "zh": "（按正文）"},
    "without_reuse": {"en": ", without recycled paragraphs", "zh": "（不含重复段落）"},
    "caption_interval": {
        "en": "Bars: {confidence} % interval, percentile bootstrap over sections ({resamples} resamples), Wilson score "
        "where resampling says nothing. An edition is a census of its own text: the interval speaks of robustness to "
        "wording and coding, not of a sample.",
        "zh": "线段为 {confidence}% 区间：按章节重抽样的百分位自助法（{resamples} 次），重抽样无意义处用 Wilson "
        "得分法。报告全文即为总体，区间反映结果对措辞与编码的稳健性，而非抽样误差。",
    },
    "other": {"en": "Other", "zh": "其他"},
    "official": {"en": "official texts", "zh": "正式文本"},
    "corpus": {"en": "corpus {name}", "zh": "语料 {name}"},
    "sample": {
        "en": "built-in sample written by the textmine authors; its shares say nothing about the United Nations",
        "zh": "内置样本，由 textmine 作者编写，其比例不反映联合国的情况",
    },
}


def word(key: str, lang: str) -> str:
    """Return a phrase of the figures in a language.

    Examples
    --------
    >>> word("edition_axis", "zh")
    '报告年份'
    """
    if key not in _WORDS:
        raise UnknownOptionError("phrase", key, sorted(_WORDS))
    if lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    return _WORDS[key][lang]


def name_corpora(corpora: Iterable[str], lang: str) -> list[str]:
    """Return what figures write for the corpora that they draw from, each once, sorted by name.

    Examples
    --------
    >>> name_corpora(["official", "official", "mine"], "en")
    ['corpus mine', 'official texts']
    """
    known = ("official", "sample")
    return [
        word(name, lang) if name in known else word("corpus", lang).format(name=name) for name in sorted(set(corpora))
    ]
