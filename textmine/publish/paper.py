"""Everything of an analysis that a paper prints: figures, tables, captions, methods, citations, ledgers."""

from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

from textmine.atomic import check_folder, write_bytes
from textmine.publish.behind import cite_bibtex
from textmine.publish.gallery import GalleryFigure, choose_gallery
from textmine.publish.ledger import Ledger
from textmine.publish.paper_tables import make_tables, write_paper_table
from textmine.publish.produce import publish_figure
from textmine.publish.study import Study, open_study
from textmine.publish.words import name_corpora
from textmine.schema import LANGUAGES

_METHODS = {
    "en": "We analysed {n_reports} texts of {n_editions} annual editions, {first} to {last} ({corpora}), with "
    "textmine {version} (taxonomy SHA-256 {taxonomy}). The texts were divided into their {n_paragraphs} numbered "
    "paragraphs. Each paragraph was tagged with the concepts of {schemes} by matching {n_forms} forms of "
    "{n_concepts} concepts in Chinese and English on the raw text, with exact spans; headings that name a concept "
    "give it to the paragraphs below. Shares are shares of numbered paragraphs. Intervals ({confidence} %) "
    "resample whole sections of an edition ({resamples} times, seed {seed}), or are Wilson's where resampling says "
    "nothing; as an edition is a census of its own text, they speak of robustness to wording and coding. Changes "
    "were sought by exact segmentation with a permutation test and by Mann-Kendall's S, tested against a share that "
    "stays in editions of these lengths and this clustering of paragraphs, autocorrelation allowed for (Hamed and "
    "Rao 1998), with Sen's slope, false discoveries controlled after Benjamini and Hochberg at {level}. "
    "Every result was also computed without the {n_recycled} paragraphs that an earlier edition has already, word for "
    "word or nearly. Every number of the "
    "figures is listed with its evidence (edition, paragraph, characters) in a ledger, which `textmine verify` "
    "recomputes.",
    "zh": "我们用 textmine {version}（分类表 SHA-256 {taxonomy}）分析了 {first} 年至 {last} 年共 {n_editions} 份年"
    "度报告的 {n_reports} 个文本（{corpora}）。文本按编号分为 {n_paragraphs} 个段落。以 {n_concepts} 个概念的 "
    "{n_forms} 个中英文词形在原文上匹配（跨度精确），为每个段落标注{schemes}；标题若点明某概念，其下段落亦获该标注"
    "。比例为占编号段落的比例。{confidence}% 区间对报告的整个章节重抽样（{resamples} 次，种子 {seed}），重抽样无意"
    "义处用 Wilson 得分法；报告全文即为总体，区间反映结果对措辞与编码的稳健性。以带置换检验的精确分段以及 "
    "Mann-Kendall 统计量 S（按各报告的篇幅、段落的聚集程度和自相关检验）"
    "和 Sen 斜率寻找变化，错误发现率按 Benjamini 和 Hochberg 的方法控制在 {level}。所有结果另在剔"
    "除 {n_recycled} 个与更早报告相同或近似的段落后重新计算。图中每个数字的依据（报告、段落、字符位置）均列于账本，"
    "可用 `textmine verify` 重新计算。",
}
_LEVEL = 0.05


def write_paper(
    study: Study,
    out: str | Path,
    *,
    figures: list[str] | None = None,
    n_draws: int = 1999,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write figures, tables, captions, methods, citations and ledgers of a study.

    Parameters
    ----------
    study : Study
        Of texts; features hold too little.
    out : str or Path
        Folder for ``figures/``, ``tables/``, ``captions-LANG.md``, ``methods-LANG.md``, ``citations.bib`` and
        ``README.md``.
    figures : list of str, optional
        Names of the gallery; default: all.
    n_draws : int
        Of the permutation tests.
    seed : int
    progress : callable, optional
        Called with what is being done.

    Returns
    -------
    list of Path
        The files written beside the figures, sorted.
    """
    say = progress or (lambda _: None)
    out = check_folder(out)
    chosen = choose_gallery(figures)
    ledgers: list[Ledger] = []
    for figure in chosen:
        say(f"drawing {figure.name}")
        own = study if figure.study is None else open_study(figure.study, progress=say)
        ledgers.append(
            publish_figure(own, figure.recipe, out / "figures", name=figure.name, parameters=figure.parameters)
        )
    written: list[Path] = []
    captions: list[str] = []
    for table in make_tables(study, level=_LEVEL, seed=seed, n_draws=n_draws):
        say(f"writing {table.name}")
        written += write_paper_table(table, out / "tables")
        captions.append(f"**{table.name}.** {table.caption}")
    for lang in LANGUAGES:
        text = "\n\n".join(_list_captions(chosen, out / "figures", lang) + captions) + "\n"
        written.append(_write(out / f"captions-{lang}.md", text))
        written.append(_write(out / f"methods-{lang}.md", describe_methods(study, lang, ledgers) + "\n"))
    written.append(_write(out / "citations.bib", "\n\n".join(_cite(study)) + "\n"))
    written.append(_write(out / "README.md", _explain(study, chosen)))
    return sorted(written)


def describe_methods(study: Study, lang: str, ledgers: Iterable[Ledger] = ()) -> str:
    """Return the paragraph on methods, filled from the study and from the parameters that the figures have.

    Parameters
    ----------
    study : Study
    lang : {'en', 'zh'}
    ledgers : iterable of Ledger
        Whose parameters of intervals are named; several values are all named.
    """
    parameters = [ledger.parameters for ledger in ledgers]

    def said(name: str, default: object) -> str:
        values = sorted({item[name] for item in parameters if name in item}) or [default]
        return ", ".join(f"{100 * value:g}" if name == "confidence" else f"{value}" for value in values)

    taxonomy, paragraphs = study.taxonomy, study.paragraphs
    recycled = study.choose_drop("drop")
    titles = (", " if lang == "en" else "、").join(scheme.titles[lang] for scheme in taxonomy.schemes)
    return _METHODS[lang].format(
        n_reports=paragraphs.select("edition", "lang").n_unique(),
        n_editions=paragraphs["edition"].n_unique(),
        first=paragraphs["edition"].min(),
        last=paragraphs["edition"].max(),
        corpora=", ".join(name_corpora(study.corpora, lang)),
        version=version("textmine"),
        taxonomy=taxonomy.sha256[:12],
        n_paragraphs=paragraphs.height,
        schemes=titles,
        n_forms=sum(len(forms) for concept in taxonomy for forms in concept.forms.values()),
        n_concepts=sum(1 for _ in taxonomy),
        confidence=said("confidence", 0.95),
        resamples=said("n_resamples", 2000),
        seed=said("seed", 0),
        level=_LEVEL,
        n_recycled=0 if recycled is None else recycled.height,
    )


def _list_captions(figures: Iterable[GalleryFigure], folder: Path, lang: str) -> list[str]:
    return [
        f"**{figure.name}.** " + (folder / f"{figure.name}-{lang}.txt").read_text(encoding="utf-8").strip()
        for figure in figures
    ]


def _cite(study: Study) -> list[str]:
    """Return BibTeX entries: the software, then each text with all its paragraphs."""
    software = (
        "@software{textmine,\n  author = {{The textmine developers}},\n  title = {textmine},\n"
        f"  version = {{{version('textmine')}}},\n}}"
    )
    return [software, *(cite_bibtex(report) for report in study.reports)]


def _explain(study: Study, figures: Iterable[GalleryFigure]) -> str:
    names = "\n".join(f"- `figures/{figure.name}`" for figure in figures)
    corpora = ", ".join(name_corpora(study.corpora, "en"))
    return (
        f"# Figures and tables of {study.name}\n\nMade by `textmine paper --corpus {study.name}` from: {corpora}.\n\n"
        "Each figure is there as PDF, SVG and PNG with English (`-en`) and Chinese (`-zh`) words, with its caption "
        "(`.txt`), its data (`.csv`) and its ledger (`.json`). `textmine verify figures` computes every number again; "
        "`textmine evidence figures/NAME.json --series SERIES --year YEAR` shows the paragraphs behind one.\n\n"
        f"{names}\n"
    )


def _write(path: Path, text: str) -> Path:
    return write_bytes(path, text.encode())
