"""Put a new model in the place of an older one, unless it is worse."""

from __future__ import annotations

import os
from pathlib import Path

from infoshare_text.coding.model_folder import MANIFEST, load_themes
from infoshare_text.errors import InfoshareTextError, OutputError
from infoshare_text.training.cross_validation import Told
from infoshare_text.training.evaluation import Evaluation, compare_with_older
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.train import TrainedModel, train_theme_classifier


class WorseModelError(InfoshareTextError):
    """A new model that does worse than the one it was to replace."""


def train_and_save(
    comments: LabelledComments,
    folder: Path,
    *,
    old: Path | None = None,
    force: bool = False,
    with_shipped_corpus: bool = False,
    seed: int = 0,
    progress: Told | None = None,
) -> tuple[TrainedModel, Evaluation | None]:
    """Train, compare with an older model, and write; the older one stays untouched until the new one is whole.

    Parameters
    ----------
    comments : LabelledComments
    folder : Path
        Receives the model; may be ``old``.
    old : Path, optional
        A model that the new one must not be worse than.
    force : bool
        Whether to write a worse one all the same.
    with_shipped_corpus, seed, progress
        As in :func:`infoshare_text.train_theme_classifier`.

    Returns
    -------
    tuple of TrainedModel and Evaluation or None

    Raises
    ------
    WorseModelError
        In words and figures; nothing was written.
    """
    trained = train_theme_classifier(comments, with_shipped_corpus=with_shipped_corpus, seed=seed, progress=progress)
    comparison = None if old is None else compare_with_older(trained, old)
    if comparison is not None and comparison.losses and not force:
        losses = "\n".join(f"  - {loss}" for loss in comparison.losses)
        notes = "".join(f"\n  ({note})" for note in comparison.notes)
        raise WorseModelError(
            f"the new model is worse than {old} on {comparison.measured.n:,} comments, so nothing was written:\n"
            f"{losses}{notes}\nLabel more comments or look at how they are coded; --force writes it all the same."
        )
    trained.save(folder)
    return trained, comparison


def check_place(folder: Path, old: Path | None) -> None:
    """Refuse, before any work is done, a place that cannot take the model.

    Raises
    ------
    OutputError
        Something else is there, or an older model that nobody said to replace.
    ModelFolderError
        The older model cannot be used.
    """
    if old is not None:
        load_themes(old)
    there = next(parent for parent in folder.resolve().parents if parent.exists())
    if not os.access(there, os.W_OK):
        raise OutputError(f"{folder}: {there} is protected from writing. Name another place.")
    if not folder.exists():
        return
    if not (folder / MANIFEST).is_file():
        raise OutputError(f"{folder}: something else is there already. Name a new folder for the model.")
    if old is None or folder.resolve() != old.resolve():
        raise OutputError(
            f"{folder}: a model is there already. Name a new folder, or compare and replace it: --replace {folder}"
        )
