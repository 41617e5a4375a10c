"""A model as a folder that a person can read: JSON, word lists, safetensors, a card. Nothing in it can run.

``model.json`` names the format, what was trained on what, the decision limits, and the SHA-256 of every
other file; a folder that does not match to the letter is refused in words.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from infoshare_text.cleaning.words import CLEANING_VERSION
from infoshare_text.coding.folder_swap import swap_folder
from infoshare_text.errors import ModelFolderError, OutputError, listed

FORMAT_VERSION = 1
MANIFEST, CARD, WEIGHTS = "model.json", "MODEL_CARD.md", "weights.safetensors"
_NOT_LOADED = "nothing was loaded. Copy the folder again from where it came, or train anew"
_RUNNABLE = {".pkl", ".pickle", ".joblib", ".sav", ".pt", ".pth", ".bin", ".py", ".pyc", ".so", ".dll", ".skops"}
_OF_THE_DESKTOP = {".DS_Store", "Thumbs.db", "desktop.ini"}


def write_folder(
    folder: Path,
    manifest: Mapping[str, Any],
    card: str,
    files: Mapping[str, bytes],
) -> None:
    """Write a model folder whole or not at all.

    It is built beside its place and moved there at the end; an older model
    in that place is moved aside only then, and comes back if the move fails.

    Raises
    ------
    OutputError
        The place holds something that is not a model, or cannot be written.
    """
    if folder.exists() and not (folder / MANIFEST).is_file():
        raise OutputError(f"{folder}: something else is there already. Name a new folder for the model.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}).") from error
    try:
        for name, content in {**files, CARD: card.encode()}.items():
            (building / name).write_bytes(content)
        digests = {path.name: digest(path) for path in sorted(building.iterdir())}
        whole = {"format": FORMAT_VERSION, "cleaning_version": CLEANING_VERSION, **manifest, "files": digests}
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
    if not isinstance(files, dict) or CARD not in files:
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


def files_of(lists: Mapping[str, list[str]], arrays: Mapping[str, np.ndarray]) -> dict[str, bytes]:
    """Return word lists and arrays as the files of a model folder."""
    from safetensors.numpy import save

    files = {f"{name}.txt": "".join(f"{line}\n" for line in lines).encode() for name, lines in lists.items()}
    return {**files, WEIGHTS: save({name: np.ascontiguousarray(array) for name, array in arrays.items()})}


def load_arrays(folder: Path) -> dict[str, Any]:
    """Return the arrays of a model folder."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return dict(load_file(folder / WEIGHTS))
    except SafetensorError as error:
        raise ModelFolderError(f"{folder}: its {WEIGHTS} cannot be read ({error}).") from error


def load_list(folder: Path, name: str) -> list[str]:
    """Return a word list of a model folder."""
    return (folder / f"{name}.txt").read_text(encoding="utf-8").split("\n")[:-1]
