"""The model file: plain arrays and JSON in a zip archive, the same bytes for the same model; loading runs no code."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textmine.annotate.classify import ActionLineClassifier
from textmine.annotate.line_features import KINDS, FeatureWeigher
from textmine.annotate.line_model import LineModel, TrainedOn
from textmine.annotate.line_scorer import LineScorer
from textmine.annotate.tag import Tagger
from textmine.atomic import write_bytes
from textmine.errors import SourceError
from textmine.schema import LANGUAGES

FORMAT = "textmine action lines 1"
_HEAD = "model.json"
_ARRAYS = ("idf", "coef", "intercept")
_PARAMETERS = {"C": float, "min_df": int, "concept_weight": float, "hide_names": bool, "near": float}
#: No part of a model is larger; a member that unpacks to more is refused.
_MAX_BYTES = 500_000_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


def save_line_model(model: LineModel, path: str | Path) -> Path:
    """Write a model; the same model gives the same bytes.

    Raises
    ------
    OutputError
        When the file can't be written.
    """
    data = model_bytes(model)
    return write_bytes(path, data)


def model_bytes(model: LineModel) -> bytes:
    """Return the bytes of a model's file: their SHA-256 says which model it was."""
    head = {
        "format": FORMAT,
        "taxonomy_sha256": model.taxonomy_sha256,
        "trained_on": [source._asdict() for source in model.trained_on],
        "languages": {lang: _describe(classifier) for lang, classifier in sorted(model.classifiers.items())},
    }
    parts = {_HEAD: json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True).encode()}
    for lang, classifier in sorted(model.classifiers.items()):
        scorer = classifier.scorer_
        arrays: dict[str, NDArray[Any]] = {
            "idf": classifier.weigher_.idf_,
            "coef": scorer.coef_,
            "intercept": scorer.intercept_,
        }
        parts |= {f"{lang}.{name}.npy": _array_bytes(arrays[name]) for name in _ARRAYS}

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, data)
    return stream.getvalue()


def load_line_model(path: str | Path, *, tagger: Tagger | None = None) -> LineModel:
    """Load a model.

    Parameters
    ----------
    path : str or Path
    tagger : Tagger, optional
        Of the taxonomy the model was trained with; default: the one that ships with textmine.

    Raises
    ------
    SourceError
        When the file isn't a model, is damaged, or was trained with another taxonomy.
    """
    tagger = tagger if tagger is not None else Tagger()
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            head = json.loads(_read(archive, _HEAD))
            if head["format"] != FORMAT:
                raise ValueError(f"format {head['format']!r} instead of {FORMAT!r}")
            _check_taxonomy(path, str(head["taxonomy_sha256"]), tagger)
            classifiers = {
                lang: _restore(lang, described, {name: _read_array(archive, lang, name) for name in _ARRAYS}, tagger)
                for lang, described in head["languages"].items()
            }
            sources = tuple(
                TrainedOn(int(item["year"]), str(item["lang"]), str(item["sha256"])) for item in head["trained_on"]
            )
            return LineModel(classifiers, head["taxonomy_sha256"], sources)
    except OSError as error:
        raise SourceError(
            f"{path}: can't be read ({error.strerror or error}); name a file of `textmine train`"
        ) from error
    except (
        zipfile.BadZipFile,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        RuntimeError,
        RecursionError,
        EOFError,
    ) as error:
        raise SourceError(f"{path}: not a model of textmine ({error}); make one with `textmine train`") from error


def _describe(classifier: ActionLineClassifier) -> dict[str, object]:
    names = classifier.weigher_.names_
    return {
        "parameters": {name: getattr(classifier, name) for name in _PARAMETERS},
        "classes": list(classifier.classes_),
        "threshold": classifier.threshold_,
        "slope": classifier.scorer_.slope_,
        "offset": classifier.scorer_.offset_,
        "features": {kind: [name for of, name in names if of == kind] for kind in KINDS},
    }


def _restore(
    lang: str, described: Mapping[str, Any], arrays: Mapping[str, NDArray[np.float64]], tagger: Tagger
) -> ActionLineClassifier:
    if lang not in LANGUAGES:
        raise ValueError(f"language {lang!r}")
    parameters = {name: kind(described["parameters"][name]) for name, kind in _PARAMETERS.items()}
    classifier = ActionLineClassifier(lang=lang, tagger=tagger, **parameters)
    names = [(kind, str(name)) for kind in KINDS for name in described["features"][kind]]
    classes = [str(line) for line in described["classes"]]
    expected = {"idf": (len(names),), "coef": (len(classes), len(names)), "intercept": (len(classes),)}
    for name, shape in expected.items():
        if arrays[name].shape != shape or not np.isfinite(arrays[name]).all():
            raise ValueError(f"{lang}.{name}: not finite numbers of shape {shape}")
    weigher = FeatureWeigher(min_df=classifier.min_df, concept_weight=classifier.concept_weight)
    weigher.set_features(names, arrays["idf"])
    scorer = LineScorer(C=classifier.C)
    scorer.multilabel_, scorer.classes_, scorer.n_features_in_ = True, np.arange(len(classes)), len(names)
    scorer.coef_, scorer.intercept_ = arrays["coef"], arrays["intercept"]
    scorer.slope_, scorer.offset_ = float(described["slope"]), float(described["offset"])
    classifier.weigher_, classifier.scorer_ = weigher, scorer
    classifier.classes_, classifier.threshold_ = classes, float(described["threshold"])
    return classifier


def _check_taxonomy(path: Path, sha256: str, tagger: Tagger) -> None:
    if sha256 != tagger.matcher.taxonomy.sha256:
        raise SourceError(
            f"{path}: trained with another taxonomy ({sha256[:12]}, here {tagger.matcher.taxonomy.sha256[:12]}); "
            "train it again with `textmine train`"
        )


def _array_bytes(array: NDArray[Any]) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.ascontiguousarray(array, dtype="<f8"), version=(1, 0), allow_pickle=False)
    return stream.getvalue()


def _read_array(archive: zipfile.ZipFile, lang: str, name: str) -> NDArray[np.float64]:
    array = np.lib.format.read_array(io.BytesIO(_read(archive, f"{lang}.{name}.npy")), allow_pickle=False)
    if array.dtype != np.dtype("<f8"):
        raise ValueError(f"{lang}.{name}: numbers of type {array.dtype}")
    return np.asarray(array, dtype=np.float64)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        data = stream.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise ValueError(f"{name} is larger than {_MAX_BYTES} bytes")
    return data
