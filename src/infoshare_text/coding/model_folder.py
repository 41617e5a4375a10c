"""What is in the folder of each kind of model: themes, sentiment, word vectors, the accurate one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from infoshare_text.codebook import Codebook
from infoshare_text.coding.confidence import Calibration
from infoshare_text.coding.encoder import NETWORK, PIECES, Encoder, Head
from infoshare_text.coding.features import Floats, WordVectors
from infoshare_text.coding.linear import LinearModel, beside, parted
from infoshare_text.coding.sealed_folder import (
    FORMAT_VERSION,
    MANIFEST,
    digest,
    files_of,
    load_arrays,
    load_list,
    read_manifest,
    write_folder,
)
from infoshare_text.coding.sentiment import SentimentModel
from infoshare_text.coding.themes import ThemeModel
from infoshare_text.errors import ModelFolderError

THEMES, SENTIMENT, VECTORS, ACCURATE = "themes", "sentiment", "word vectors", "accurate"
SEEN = "seen"
_REMEMBERED = 8
"""Loaded models that are kept: a process that trains again and again must not hold them all."""
_LINEAR_LISTS = ("words", "grams", "question_words")
_LINEAR_ARRAYS = (
    "word_scores",
    "trained",
    "pairs",
    "pair_scores",
    "gram_scores",
    "gram_weights",
    "intercept",
    "question_scores",
)
_HEAD_ARRAYS = ("state_weights", "state_intercept")


def shipped(name: str) -> Path:
    """Return the folder of a model that comes with the library.

    Looked for inside the installed package, then in the checkout that an
    editable install points to.

    Raises
    ------
    ModelFolderError
        It is in neither place.
    """
    package = Path(__file__).resolve().parent.parent
    places = [package / "models" / name, package.parent.parent / "models" / name]
    for place in places:
        if place.is_dir():
            return place
    raise ModelFolderError(
        f"the model {name!r} that comes with infoshare-text is not there; the installation is incomplete. "
        "Install it again with: pip install --force-reinstall infoshare-text"
    )


def save_themes(
    model: ThemeModel,
    folder: Path,
    about: Mapping[str, Any],
    card: str,
    *,
    sentiment: SentimentModel | None = None,
    head: Head | None = None,
    seen: Sequence[str] = (),
) -> None:
    """Write a theme model as a new folder; see :func:`write_folder`.

    A sentiment model over the same features may go with it: its outputs stand after those of the themes. So may the
    head of an encoder, which stays where it is, and fingerprints of the comments it has seen, by which an evaluation
    leaves them out.
    """
    linear = model.linear if sentiment is None else beside(model.linear, sentiment.linear)
    manifest = {
        "kind": THEMES,
        "codebook": model.codebook.as_dict(),
        **theme_limits(model.calibration, model.thresholds, model.stance_threshold, model.unsure_below),
        "unlike_below": model.unlike_below,
        **({} if sentiment is None else {"sentiment": sentiment_limits(sentiment.temperature, sentiment.tilt)}),
        **({} if head is None else {"encoder": head.encoder.digest}),
        **about,
    }
    of_head = {} if head is None else dict(zip(_HEAD_ARRAYS, (head.weights, head.intercept), strict=True))
    _save_linear(linear, folder, manifest, card, {SEEN: list(seen)} if seen else {}, of_head)


def save_sentiment(model: SentimentModel, folder: Path, about: Mapping[str, Any], card: str) -> None:
    """Write a sentiment model as a new folder; see :func:`write_folder`."""
    manifest = {
        "kind": SENTIMENT,
        **sentiment_limits(model.temperature, model.tilt),
        **about,
    }
    _save_linear(model.linear, folder, manifest, card)


def theme_limits(
    calibration: Calibration, thresholds: Floats, stance_threshold: float, unsure_below: float
) -> dict[str, Any]:
    """Return the limits of a theme model as they stand in ``model.json``."""
    return {
        "thresholds": _numbers(thresholds),
        "stance_threshold": stance_threshold,
        "unsure_below": unsure_below,
        "calibration": {"slope": _numbers(calibration.slope), "offset": _numbers(calibration.offset)},
    }


def _theme_limits_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    calibration = manifest["calibration"]
    return {
        "thresholds": _floats(manifest["thresholds"]),
        "stance_threshold": float(manifest["stance_threshold"]),
        "unsure_below": float(manifest["unsure_below"]),
        "calibration": Calibration(_floats(calibration["slope"]), _floats(calibration["offset"])),
    }


def sentiment_limits(temperature: float, tilt: Floats) -> dict[str, Any]:
    """Return the limits of a sentiment model as they stand in ``model.json``."""
    return {"temperature": temperature, "tilt": _numbers(tilt)}


def _sentiment_limits_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {"temperature": float(manifest["temperature"]), "tilt": _floats(manifest["tilt"])}


def load_themes(folder: str | os.PathLike[str] | None = None) -> ThemeModel:
    """Load a theme model.

    Parameters
    ----------
    folder : path, optional
        Default: the model that comes with the library.

    Returns
    -------
    ThemeModel

    Raises
    ------
    ModelFolderError
        The folder is absent, incomplete, altered, of another kind or version, or holds
        a file that could run code.
    """
    return _themes_at(*_as_it_is(folder, "theme-classifier"))


def load_sentiment(folder: str | os.PathLike[str] | None = None) -> SentimentModel:
    """Load a sentiment model; as :func:`load_themes`."""
    return _sentiment_at(*_as_it_is(folder, "sentiment"))


def load_own_sentiment(folder: str | os.PathLike[str] | None = None) -> SentimentModel | None:
    """Load the sentiment model that a theme model was trained with; None where it was trained with none."""
    return _own_sentiment_at(*_as_it_is(folder, "theme-classifier"))


def load_head(folder: str | os.PathLike[str] | None = None) -> Head | None:
    """Load what a theme model learnt from the states of the encoder that ships; None where it learnt from words alone.

    Raises
    ------
    MissingExtraError
        onnxruntime or tokenizers is not installed.
    ModelFolderError
        As for :func:`load_themes`; or it learnt from another encoder than the one that comes with this version.
    """
    return _head_at(*_as_it_is(folder, "theme-classifier"))


def load_encoder() -> Encoder:
    """Load the encoder of the accurate model that ships."""
    return _encoder_at(*_as_it_is(None, "accurate"))


def _as_it_is(folder: str | os.PathLike[str] | None, name: str) -> tuple[Path, str]:
    """Return the folder and the state of its manifest, by which loaded models are remembered."""
    place = (Path(folder) if folder is not None else shipped(name)).resolve()
    manifest = place / MANIFEST
    return place, digest(manifest) if manifest.is_file() else ""


@lru_cache(_REMEMBERED)
def _checked(folder: Path, state: str, kind: str) -> dict[str, Any]:
    """Check a folder and return its manifest, once for all that is loaded from it."""
    return read_manifest(folder, kind)


@lru_cache(_REMEMBERED)
def _themes_at(folder: Path, state: str) -> ThemeModel:
    manifest = _checked(folder, state, THEMES)
    with _form_checked(folder):
        return _themes_of(folder, manifest)


def _themes_of(folder: Path, manifest: dict[str, Any]) -> ThemeModel:
    return ThemeModel(
        codebook=Codebook.from_dict(manifest["codebook"]),
        linear=_linear_of(folder, manifest)[0],
        unlike_below=float(manifest["unlike_below"]),
        **_theme_limits_of(manifest),
    )


@lru_cache(_REMEMBERED)
def _own_sentiment_at(folder: Path, state: str) -> SentimentModel | None:
    manifest = _checked(folder, state, THEMES)
    if "sentiment" not in manifest:
        return None
    with _form_checked(folder):
        return SentimentModel(_linear_of(folder, manifest)[1], **_sentiment_limits_of(manifest["sentiment"]))


@lru_cache(_REMEMBERED)
def _head_at(folder: Path, state: str) -> Head | None:
    manifest = _checked(folder, state, THEMES)
    if "encoder" not in manifest:
        return None
    encoder, arrays = load_encoder(), load_arrays(folder)
    if manifest["encoder"] != encoder.digest:
        raise ModelFolderError(
            f"{folder}: learnt from another encoder than the one that comes with this version of infoshare-text. "
            "Train it again with --accurate, into a new folder."
        )
    with _form_checked(folder):
        return Head(encoder, *(arrays[name] for name in _HEAD_ARRAYS))


@lru_cache(1)
def _encoder_at(folder: Path, state: str) -> Encoder:
    _checked(folder, state, ACCURATE)
    return Encoder.at(folder)


def _linear_of(folder: Path, manifest: dict[str, Any]) -> tuple[LinearModel, LinearModel]:
    """Load the outputs of themes and stances, and those of the sentiment."""
    linear = _load_linear(folder, manifest)
    themes = len(manifest["calibration"]["slope"])
    return parted(linear, slice(None, themes)), parted(linear, slice(themes, None))


@lru_cache(_REMEMBERED)
def _sentiment_at(folder: Path, state: str) -> SentimentModel:
    manifest = read_manifest(folder, SENTIMENT)
    with _form_checked(folder):
        return SentimentModel(_load_linear(folder, manifest), **_sentiment_limits_of(manifest))


def save_accurate(
    network: bytes,
    pieces: bytes,
    licence: str,
    themes: Mapping[str, Any],
    sentiment: Mapping[str, Any],
    folder: Path,
    about: Mapping[str, Any],
    card: str,
) -> None:
    """Write an encoder and the limits of what it makes of the shipped models as a new folder; see :func:`write_folder`.

    Parameters
    ----------
    network, pieces : bytes
        As for :class:`Encoder`.
    licence : str
        Of the network that it was made from.
    themes, sentiment : mapping
        From :func:`theme_limits` and :func:`sentiment_limits`.
    folder : Path
    about : mapping
        Goes into ``model.json`` as it is; with the ``training_digest``.
    card : str
    """
    write_folder(
        folder,
        {"kind": ACCURATE, **themes, "sentiment": sentiment, **about},
        card,
        {NETWORK: network, PIECES: pieces, "LICENCE.txt": licence.encode()},
    )


def load_accurate(folder: Path | None = None) -> tuple[ThemeModel, SentimentModel, Encoder]:
    """Load the models that ship with an encoder beside them, and the limits that fit the mean of both.

    Raises
    ------
    MissingExtraError
        onnxruntime or tokenizers is not installed.
    ModelFolderError
        As for :func:`load_themes`; or the encoder was trained on another corpus than the models.
    """
    return _accurate_at(*_as_it_is(folder, "accurate"))


@lru_cache(1)
def _accurate_at(folder: Path, state: str) -> tuple[ThemeModel, SentimentModel, Encoder]:
    manifest = _checked(folder, state, ACCURATE)
    corpus = read_manifest(shipped("theme-classifier"))["training_digest"]
    if manifest.get("training_digest") != corpus:
        raise ModelFolderError(f"{folder}: was trained on another corpus than the models that ship. Build it again.")
    with _form_checked(folder):
        themes = replace(load_themes(), **_theme_limits_of(manifest))
        sentiment = replace(load_sentiment(), **_sentiment_limits_of(manifest["sentiment"]))
    return themes, sentiment, _encoder_at(folder, state)


@contextmanager
def _form_checked(folder: Path) -> Iterator[None]:
    try:
        yield
    except ModelFolderError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise ModelFolderError(f"{folder}: its {MANIFEST} is not of the form of format {FORMAT_VERSION}.") from error


def save_vectors(vectors: WordVectors, folder: Path, about: Mapping[str, Any], card: str) -> None:
    """Write word vectors as bytes (one scale for each word), a quarter of the size of floats."""
    peak = np.maximum(np.abs(vectors.values).max(axis=1), 1e-9)
    whole = np.rint(vectors.values / peak[:, None] * 127).astype(np.int8)
    write_folder(
        folder,
        {"kind": VECTORS, **about},
        card,
        files_of({"words": vectors.words}, {"values": whole, "peak": peak.astype(np.float32)}),
    )


def load_vectors(folder: Path | None = None) -> WordVectors:
    """Load word vectors; only training needs them."""
    folder = folder or shipped("vectors")
    read_manifest(folder, VECTORS)
    arrays = load_arrays(folder)
    values = arrays["values"].astype(np.float32) * (arrays["peak"] / 127)[:, None]
    return WordVectors(load_list(folder, "words"), values.astype(np.float32))


def _save_linear(
    linear: LinearModel,
    folder: Path,
    manifest: Mapping[str, Any],
    card: str,
    lists: Mapping[str, list[str]] = {},
    arrays: Mapping[str, Floats] = {},
) -> None:
    write_folder(
        folder,
        {"outputs": linear.outputs, **manifest},
        card,
        files_of(
            {**{name: getattr(linear, name) for name in _LINEAR_LISTS}, **lists},
            {**{name: getattr(linear, name) for name in _LINEAR_ARRAYS}, **arrays},
        ),
    )


def _load_linear(folder: Path, manifest: Mapping[str, Any]) -> LinearModel:
    arrays = load_arrays(folder)
    lists: dict[str, Any] = {name: load_list(folder, name) for name in _LINEAR_LISTS}
    try:
        linear = LinearModel(outputs=list(manifest["outputs"]), **lists, **{k: arrays[k] for k in _LINEAR_ARRAYS})
    except KeyError as error:
        raise ModelFolderError(f"{folder}: lacks {error.args[0]!r}.") from None
    if linear.word_scores.shape != (len(linear.words), len(linear.outputs)):
        raise ModelFolderError(f"{folder}: its word list and its weights do not fit together.")
    return linear


def _numbers(values: np.ndarray) -> list[float]:
    return [round(float(value), 6) for value in values]


def _floats(values: list[float]) -> np.ndarray:
    return np.asarray(values, dtype=np.float32)
