"""textmine: what changed in an annual report series, since when, and where exactly it says so."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textmine.annotate.annotate import annotate_reports
    from textmine.annotate.classify import ActionLineClassifier
    from textmine.annotate.corrections import Correction, apply_corrections, load_corrections, save_corrections
    from textmine.annotate.learn import learn_forms
    from textmine.annotate.line_model import train_line_model
    from textmine.annotate.line_model_file import load_line_model, save_line_model
    from textmine.annotate.match import Matcher
    from textmine.annotate.quantities import find_quantities
    from textmine.annotate.segment import Segmenter
    from textmine.annotate.tag import Tagger
    from textmine.annotate.taxonomy import load_taxonomy
    from textmine.annotate.taxonomy_check import check_taxonomy
    from textmine.annotate.taxonomy_edit import add_form
    from textmine.measure.agreement import measure_agreement
    from textmine.measure.alignment import align_texts
    from textmine.measure.compare import compare_years
    from textmine.measure.cooccurrence import measure_cooccurrence
    from textmine.measure.coverage import find_uncovered
    from textmine.measure.cut_score import load_cut_sentences, load_cut_words, score_cuts, trim_spans
    from textmine.measure.disagreement import find_disagreements
    from textmine.measure.divergence import measure_divergence
    from textmine.measure.emerging import find_emerging
    from textmine.measure.keyness import score_keyness
    from textmine.measure.novelty import measure_novelty, smooth_distributions
    from textmine.measure.prevalence import measure_prevalence, measure_shares
    from textmine.measure.reuse import choose_drop, find_reuse, list_recycled
    from textmine.measure.reuse_share import measure_reuse
    from textmine.measure.score import measure_reader_agreement, score_tags
    from textmine.measure.tagging_error import measure_tagging_error
    from textmine.measure.topic_corpus import find_topics, tabulate_topics
    from textmine.measure.topic_langs import align_topics, pair_languages
    from textmine.measure.topic_shares import measure_topic_shares
    from textmine.measure.topics import TopicModel
    from textmine.measure.track import track_concepts
    from textmine.measure.vectorize import TokenVectorizer
    from textmine.publish.alignment import mark_changes
    from textmine.publish.behind import list_evidence
    from textmine.publish.explore.concordance import find_concordance, list_concordance
    from textmine.publish.explore.exploration import Exploration
    from textmine.publish.explore.narrow import narrow_tables
    from textmine.publish.explore.widget import explore
    from textmine.publish.export.corrections import read_label_studio, settle_corrections
    from textmine.publish.export.formats import export_study
    from textmine.publish.features import derive_features, load_features
    from textmine.publish.figure import figure_style, save_figure
    from textmine.publish.figures.concept_shares import figure_labels
    from textmine.publish.ledger import read_ledger, tabulate_claims
    from textmine.publish.network import build_network, write_network
    from textmine.publish.plot import draw_share_trends, draw_shares, plot_share_trend, plot_shares
    from textmine.publish.produce import publish_figure, show_figure
    from textmine.publish.run import run_analysis
    from textmine.publish.study import Study, open_study
    from textmine.publish.tables import write_tables
    from textmine.publish.tagged import TaggedParagraph, show_paragraph
    from textmine.publish.tags_view import show_tags
    from textmine.publish.verify import verify_figures
    from textmine.reports.catalogue import load_catalogue
    from textmine.reports.corpus import find_official, load_corpus
    from textmine.reports.labels import load_labels
    from textmine.reports.read import read_report

# Each name is imported when it is first used, so that the command line starts without the drawing libraries.
_HOMES = {
    "add_form": "textmine.annotate.taxonomy_edit",
    "learn_forms": "textmine.annotate.learn",
    "show_tags": "textmine.publish.tags_view",
    "load_catalogue": "textmine.reports.catalogue",
    "explore": "textmine.publish.explore.widget",
    "narrow_tables": "textmine.publish.explore.narrow",
    "Exploration": "textmine.publish.explore.exploration",
    "list_concordance": "textmine.publish.explore.concordance",
    "find_concordance": "textmine.publish.explore.concordance",
    "save_corrections": "textmine.annotate.corrections",
    "load_corrections": "textmine.annotate.corrections",
    "apply_corrections": "textmine.annotate.corrections",
    "Correction": "textmine.annotate.corrections",
    "trim_spans": "textmine.measure.cut_score",
    "score_cuts": "textmine.measure.cut_score",
    "load_cut_words": "textmine.measure.cut_score",
    "load_cut_sentences": "textmine.measure.cut_score",
    "list_evidence": "textmine.publish.behind",
    "show_figure": "textmine.publish.produce",
    "check_taxonomy": "textmine.annotate.taxonomy_check",
    "find_uncovered": "textmine.measure.coverage",
    "ActionLineClassifier": "textmine.annotate.classify",
    "train_line_model": "textmine.annotate.line_model",
    "load_line_model": "textmine.annotate.line_model_file",
    "save_line_model": "textmine.annotate.line_model_file",
    "align_texts": "textmine.measure.alignment",
    "measure_cooccurrence": "textmine.measure.cooccurrence",
    "choose_drop": "textmine.measure.reuse",
    "find_reuse": "textmine.measure.reuse",
    "list_recycled": "textmine.measure.reuse",
    "measure_reuse": "textmine.measure.reuse_share",
    "build_network": "textmine.publish.network",
    "write_network": "textmine.publish.network",
    "compare_years": "textmine.measure.compare",
    "find_disagreements": "textmine.measure.disagreement",
    "measure_agreement": "textmine.measure.agreement",
    "smooth_distributions": "textmine.measure.novelty",
    "measure_novelty": "textmine.measure.novelty",
    "measure_divergence": "textmine.measure.divergence",
    "find_emerging": "textmine.measure.emerging",
    "TokenVectorizer": "textmine.measure.vectorize",
    "track_concepts": "textmine.measure.track",
    "TopicModel": "textmine.measure.topics",
    "align_topics": "textmine.measure.topic_langs",
    "find_topics": "textmine.measure.topic_corpus",
    "tabulate_topics": "textmine.measure.topic_corpus",
    "measure_topic_shares": "textmine.measure.topic_shares",
    "pair_languages": "textmine.measure.topic_langs",
    "score_keyness": "textmine.measure.keyness",
    "measure_reader_agreement": "textmine.measure.score",
    "score_tags": "textmine.measure.score",
    "load_labels": "textmine.reports.labels",
    "Matcher": "textmine.annotate.match",
    "Segmenter": "textmine.annotate.segment",
    "Tagger": "textmine.annotate.tag",
    "annotate_reports": "textmine.annotate.annotate",
    "derive_features": "textmine.publish.features",
    "export_study": "textmine.publish.export.formats",
    "read_label_studio": "textmine.publish.export.corrections",
    "settle_corrections": "textmine.publish.export.corrections",
    "draw_share_trends": "textmine.publish.plot",
    "draw_shares": "textmine.publish.plot",
    "figure_labels": "textmine.publish.figures.concept_shares",
    "figure_style": "textmine.publish.figure",
    "find_quantities": "textmine.annotate.quantities",
    "find_official": "textmine.reports.corpus",
    "load_corpus": "textmine.reports.corpus",
    "mark_changes": "textmine.publish.alignment",
    "load_features": "textmine.publish.features",
    "load_taxonomy": "textmine.annotate.taxonomy",
    "measure_prevalence": "textmine.measure.prevalence",
    "measure_shares": "textmine.measure.prevalence",
    "measure_tagging_error": "textmine.measure.tagging_error",
    "plot_share_trend": "textmine.publish.plot",
    "plot_shares": "textmine.publish.plot",
    "read_report": "textmine.reports.read",
    "run_analysis": "textmine.publish.run",
    "save_figure": "textmine.publish.figure",
    "write_tables": "textmine.publish.tables",
    "TaggedParagraph": "textmine.publish.tagged",
    "show_paragraph": "textmine.publish.tagged",
    "Study": "textmine.publish.study",
    "open_study": "textmine.publish.study",
    "publish_figure": "textmine.publish.produce",
    "read_ledger": "textmine.publish.ledger",
    "tabulate_claims": "textmine.publish.ledger",
    "verify_figures": "textmine.publish.verify",
}

__all__ = [
    "ActionLineClassifier",
    "Correction",
    "Exploration",
    "Matcher",
    "Segmenter",
    "Study",
    "TaggedParagraph",
    "Tagger",
    "TokenVectorizer",
    "TopicModel",
    "add_form",
    "align_texts",
    "align_topics",
    "annotate_reports",
    "apply_corrections",
    "build_network",
    "check_taxonomy",
    "choose_drop",
    "compare_years",
    "derive_features",
    "draw_share_trends",
    "draw_shares",
    "explore",
    "export_study",
    "figure_labels",
    "figure_style",
    "find_concordance",
    "find_disagreements",
    "find_emerging",
    "find_official",
    "find_quantities",
    "find_reuse",
    "find_topics",
    "find_uncovered",
    "learn_forms",
    "list_concordance",
    "list_evidence",
    "list_recycled",
    "load_catalogue",
    "load_corpus",
    "load_corrections",
    "load_cut_sentences",
    "load_cut_words",
    "load_features",
    "load_labels",
    "load_line_model",
    "load_taxonomy",
    "mark_changes",
    "measure_agreement",
    "measure_cooccurrence",
    "measure_divergence",
    "measure_novelty",
    "measure_prevalence",
    "measure_reader_agreement",
    "measure_reuse",
    "measure_shares",
    "measure_tagging_error",
    "measure_topic_shares",
    "narrow_tables",
    "open_study",
    "pair_languages",
    "plot_share_trend",
    "plot_shares",
    "publish_figure",
    "read_label_studio",
    "read_ledger",
    "read_report",
    "run_analysis",
    "save_corrections",
    "save_figure",
    "save_line_model",
    "score_cuts",
    "score_keyness",
    "score_tags",
    "settle_corrections",
    "show_figure",
    "show_paragraph",
    "show_tags",
    "smooth_distributions",
    "tabulate_claims",
    "tabulate_topics",
    "track_concepts",
    "train_line_model",
    "trim_spans",
    "verify_figures",
    "write_network",
    "write_tables",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'textmine' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
