"""A model as a folder that a person can read: JSON, word lists, safetensors, a card. Nothing in it can run.

``model.json`` names the format, what was trained on what, the decision limits, and the SHA-256 of every
other file; a folder that does not match to the letter is refused in words.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from infoshare_text.cleaning.words import CLEANING_VERSION
from infoshare_text.codebook import Codebook
from infoshare_text.coding.confidence import Calibration
from infoshare_text.coding.features import WordVectors
from infoshare_text.coding.folder_swap import swap_folder
from infoshare_text.coding.linear import LinearModel, beside, parted
from infoshare_text.coding.sentiment import SentimentModel
from infoshare_text.coding.themes import ThemeModel
from infoshare_text.errors import ModelFolderError, OutputError, listed

FORMAT_VERSION = 1
THEMES, SENTIMENT, VECTORS = "themes", "sentiment", "word vectors"
MANIFEST, CARD, WEIGHTS = "model.json", "MODEL_CARD.md", "weights.safetensors"
SEEN = "seen"
_REMEMBERED = 8
"""Loaded models that are kept: a process that trains again and again must not hold them all."""
_NOT_LOADED = "nothing was loaded. Copy the folder again from where it came, or train anew"
_RUNNABLE = {".pkl", ".pickle", ".joblib", ".sav", ".pt", ".pth", ".bin", ".py", ".pyc", ".so", ".dll", ".skops"}
_OF_THE_DESKTOP = {".DS_Store", "Thumbs.db", "desktop.ini"}
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
    seen: Sequence[str] = (),
) -> None:
    """Write a theme model as a new folder; see :func:`write_folder`.

    A sentiment model over the same features may go with it: its outputs stand after those of the themes. So may
    fingerprints of the comments it has seen, by which an evaluation leaves them out.
    """
    linear = model.linear if sentiment is None else beside(model.linear, sentiment.linear)
    manifest = {
        "kind": THEMES,
        "codebook": model.codebook.as_dict(),
        "thresholds": _numbers(model.thresholds),
        "stance_threshold": model.stance_threshold,
        "unsure_below": model.unsure_below,
        "unlike_below": model.unlike_below,
        "calibration": {
            "slope": _numbers(model.calibration.slope),
            "offset": _numbers(model.calibration.offset),
        },
        **({} if sentiment is None else {"sentiment": _sentiment_limits(sentiment)}),
        **about,
    }
    _save_linear(linear, folder, manifest, card, {SEEN: list(seen)} if seen else {})


def save_sentiment(model: SentimentModel, folder: Path, about: Mapping[str, Any], card: str) -> None:
    """Write a sentiment model as a new folder; see :func:`write_folder`."""
    manifest = {
        "kind": SENTIMENT,
        **_sentiment_limits(model),
        **about,
    }
    _save_linear(model.linear, folder, manifest, card)


def _sentiment_limits(model: SentimentModel) -> dict[str, Any]:
    return {"temperature": model.temperature, "tilt": _numbers(model.tilt)}


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


def _as_it_is(folder: str | os.PathLike[str] | None, name: str) -> tuple[Path, str]:
    """Return the folder and the state of its manifest, by which loaded models are remembered."""
    place = (Path(folder) if folder is not None else shipped(name)).resolve()
    manifest = place / MANIFEST
    return place, digest(manifest) if manifest.is_file() else ""


@lru_cache(_REMEMBERED)
def _themes_at(folder: Path, state: str) -> ThemeModel:
    manifest = read_manifest(folder, THEMES)
    with _form_checked(folder):
        return _themes_of(folder, manifest)


def _themes_of(folder: Path, manifest: dict[str, Any]) -> ThemeModel:
    codebook = Codebook.from_dict(manifest["codebook"])
    calibration = manifest["calibration"]
    return ThemeModel(
        codebook=codebook,
        linear=_linear_of(folder, manifest)[0],
        calibration=Calibration(_floats(calibration["slope"]), _floats(calibration["offset"])),
        thresholds=_floats(manifest["thresholds"]),
        stance_threshold=float(manifest["stance_threshold"]),
        unsure_below=float(manifest["unsure_below"]),
        unlike_below=float(manifest["unlike_below"]),
    )


@lru_cache(_REMEMBERED)
def _own_sentiment_at(folder: Path, state: str) -> SentimentModel | None:
    manifest = read_manifest(folder, THEMES)
    if "sentiment" not in manifest:
        return None
    with _form_checked(folder):
        limits = manifest["sentiment"]
        linear = _linear_of(folder, manifest)[1]
        return SentimentModel(linear, float(limits["temperature"]), _floats(limits["tilt"]))


def _linear_of(folder: Path, manifest: dict[str, Any]) -> tuple[LinearModel, LinearModel]:
    """Load the outputs of themes and stances, and those of the sentiment."""
    linear = _load_linear(folder, manifest)
    themes = len(manifest["calibration"]["slope"])
    return parted(linear, slice(None, themes)), parted(linear, slice(themes, None))


@lru_cache(_REMEMBERED)
def _sentiment_at(folder: Path, state: str) -> SentimentModel:
    manifest = read_manifest(folder, SENTIMENT)
    with _form_checked(folder):
        linear = _load_linear(folder, manifest)
        return SentimentModel(linear, float(manifest["temperature"]), _floats(manifest["tilt"]))


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
        lists={"words": vectors.words},
        arrays={"values": whole, "peak": peak.astype(np.float32)},
    )


def load_vectors(folder: Path | None = None) -> WordVectors:
    """Load word vectors; only training needs them."""
    folder = folder or shipped("vectors")
    read_manifest(folder, VECTORS)
    arrays = _load_arrays(folder)
    values = arrays["values"].astype(np.float32) * (arrays["peak"] / 127)[:, None]
    return WordVectors(_load_list(folder, "words"), values.astype(np.float32))


def write_folder(
    folder: Path,
    manifest: Mapping[str, Any],
    card: str,
    lists: Mapping[str, list[str]],
    arrays: Mapping[str, np.ndarray],
) -> None:
    """Write a model folder whole or not at all.

    It is built beside its place and moved there at the end; an older model
    in that place is moved aside only then, and comes back if the move fails.

    Raises
    ------
    OutputError
        The place holds something that is not a model, or cannot be written.
    """
    from safetensors.numpy import save

    if folder.exists() and not (folder / MANIFEST).is_file():
        raise OutputError(f"{folder}: something else is there already. Name a new folder for the model.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}).") from error
    try:
        for name, lines in lists.items():
            (building / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines), "utf-8", newline="\n")
        (building / WEIGHTS).write_bytes(save({name: np.ascontiguousarray(a) for name, a in arrays.items()}))
        (building / CARD).write_text(card, "utf-8", newline="\n")
        files = {path.name: digest(path) for path in sorted(building.iterdir())}
        whole = {"format": FORMAT_VERSION, "cleaning_version": CLEANING_VERSION, **manifest, "files": files}
        whole["seal"] = _seal(whole)
        text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
        (building / MANIFEST).write_text(text, "utf-8", newline="\n")
        building.chmod(0o755)
        swap_folder(building, folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}).") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def read_manifest(folder: Path, kind: str | None = None) -> dict[str, Any]:
    """Check a model folder to the last byte and return its ``model.json``.

    Raises
    ------
    ModelFolderError
        All that is wrong with it, at once.
    """
    if not folder.is_dir():
        raise ModelFolderError(f"{folder}: there is no such model folder.")
    runnable = sorted(path.name for path in folder.rglob("*") if path.suffix.lower() in _RUNNABLE)
    if runnable:
        raise ModelFolderError(
            f"{folder}: holds {listed(runnable)}, a kind of file that can run code when it is opened. "
            "Models of infoshare-text never hold one; nothing was loaded."
        )
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelFolderError(f"{folder}: has no {MANIFEST}, so it is not a model of infoshare-text.") from None
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise ModelFolderError(f"{folder}: its {MANIFEST} is damaged. Take a fresh copy of the model.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT_VERSION:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise ModelFolderError(
            f"{folder}: is of model format {found!r}, this version of infoshare-text reads {FORMAT_VERSION}. "
            "Train the model again with this version, or install the version that wrote it."
        )
    if manifest.get("cleaning_version") != CLEANING_VERSION:
        raise ModelFolderError(
            f"{folder}: was trained with text cleaning {manifest.get('cleaning_version')!r}, "
            f"this version cleans by {CLEANING_VERSION}. Train the model again."
        )
    if kind is not None and manifest.get("kind") != kind:
        raise ModelFolderError(f"{folder}: is a model for {manifest.get('kind')!r}, not for {kind!r}.")
    if manifest.get("seal") != _seal(manifest):
        raise ModelFolderError(f"{folder}: its {MANIFEST} was altered after it was written; {_NOT_LOADED}.")
    _check_files(folder, manifest.get("files"))
    return manifest


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _seal(manifest: Mapping[str, Any]) -> str:
    """Return the SHA-256 of everything else in ``model.json``: it tells an accident, not a forger."""
    rest = {name: value for name, value in manifest.items() if name != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _check_files(folder: Path, files: object) -> None:
    if not isinstance(files, dict) or WEIGHTS not in files:
        raise ModelFolderError(f"{folder}: its {MANIFEST} does not list the files of the model.")
    there = {path.name for path in folder.iterdir()} - {MANIFEST} - _OF_THE_DESKTOP
    faults = [f"{name} is missing" for name in sorted(set(files) - there)]
    faults += [f"{name} does not belong to it" for name in sorted(there - set(files))]
    faults += [
        f"{name} was altered after it was written"
        for name in sorted(set(files) & there)
        if not (folder / name).is_file() or digest(folder / name) != files[name]
    ]
    if faults:
        raise ModelFolderError.from_faults(str(folder), [f"{fault}; {_NOT_LOADED}." for fault in faults])


def _save_linear(
    linear: LinearModel,
    folder: Path,
    manifest: Mapping[str, Any],
    card: str,
    lists: Mapping[str, list[str]] = {},
) -> None:
    write_folder(
        folder,
        {"outputs": linear.outputs, **manifest},
        card,
        lists={**{name: getattr(linear, name) for name in _LINEAR_LISTS}, **lists},
        arrays={name: getattr(linear, name) for name in _LINEAR_ARRAYS},
    )


def _load_linear(folder: Path, manifest: Mapping[str, Any]) -> LinearModel:
    arrays = _load_arrays(folder)
    lists: dict[str, Any] = {name: _load_list(folder, name) for name in _LINEAR_LISTS}
    try:
        linear = LinearModel(outputs=list(manifest["outputs"]), **lists, **{k: arrays[k] for k in _LINEAR_ARRAYS})
    except KeyError as error:
        raise ModelFolderError(f"{folder}: lacks {error.args[0]!r}.") from None
    if linear.word_scores.shape != (len(linear.words), len(linear.outputs)):
        raise ModelFolderError(f"{folder}: its word list and its weights do not fit together.")
    return linear


def _load_arrays(folder: Path) -> dict[str, Any]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return dict(load_file(folder / WEIGHTS))
    except SafetensorError as error:
        raise ModelFolderError(f"{folder}: its {WEIGHTS} cannot be read ({error}).") from error


def _load_list(folder: Path, name: str) -> list[str]:
    return (folder / f"{name}.txt").read_text(encoding="utf-8").split("\n")[:-1]


def _numbers(values: np.ndarray) -> list[float]:
    return [round(float(value), 6) for value in values]


def _floats(values: list[float]) -> np.ndarray:
    return np.asarray(values, dtype=np.float32)
