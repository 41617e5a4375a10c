"""Put a new model in the place of an older one, unless it is worse."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np

from infoshare_text.coding.classify import Coder
from infoshare_text.coding.sealed_folder import MANIFEST
from infoshare_text.columns import stance_columns
from infoshare_text.errors import InfoshareTextError, InputError, OutputError
from infoshare_text.training.answers import answers_of
from infoshare_text.training.cross_validation import Told
from infoshare_text.training.evaluation import Evaluation, evaluate, judged_by, of_common_codes, seen_by
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.measures import measured
from infoshare_text.training.seen import Seen
from infoshare_text.training.train import TrainedModel, train_theme_classifier

FEWEST_UNSEEN = 50
"""With fewer comments than this that a model has not seen, it cannot be told which of two is better."""


class WorseModelError(InfoshareTextError):
    """A new model that does worse than the one it was to replace."""


class TooFewToJudgeError(InputError):
    """Nearly all comments to compare two models on were in the training of one of them."""


def train_and_save(
    comments: LabelledComments,
    folder: Path,
    *,
    old: Path | None = None,
    aside: LabelledComments | None = None,
    force: bool = False,
    with_shipped_corpus: bool = False,
    accurate: bool = False,
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
    aside : LabelledComments, optional
        Comments to compare the two on; default: those of ``comments`` that the older one has not seen.
    force : bool
        Whether to write a worse one all the same, or one that cannot be compared.
    with_shipped_corpus, accurate, seed, progress
        As in :func:`infoshare_text.train_theme_classifier`.

    Returns
    -------
    tuple of TrainedModel and Evaluation or None
        None where nothing was compared.

    Raises
    ------
    TooFewToJudgeError
        Too few comments are new to the older model, before any work is done.
    WorseModelError
        In words and figures; nothing was written.
    """
    compared = old
    if old is not None:
        try:
            check_enough_to_judge(comments, old, aside)
        except TooFewToJudgeError:
            if not force:
                raise
            compared = None
    trained = train_theme_classifier(
        comments, with_shipped_corpus=with_shipped_corpus, accurate=accurate, seed=seed, progress=progress
    )
    comparison = None if compared is None else compare_with_older(trained, compared, aside)
    if comparison is not None and comparison.losses and not force:
        losses = "\n".join(f"  - {loss}" for loss in comparison.losses)
        notes = "".join(f"\n  ({note})" for note in comparison.notes)
        raise WorseModelError(
            f"the new model is worse than {old} on {comparison.measured.n:,} comments, so nothing was written:\n"
            f"{losses}{notes}\nLabel more comments or look at how they are coded; --force writes it all the same."
        )
    trained.save(folder)
    return trained, comparison


def check_enough_to_judge(
    comments: LabelledComments, old: str | os.PathLike[str], aside: LabelledComments | None = None
) -> None:
    """Refuse to compare a new model with an older one on comments that nearly all were in training.

    Parameters
    ----------
    comments : LabelledComments
        Those of the new model's training; each is judged out of fold.
    old : path
    aside : LabelledComments, optional
        Comments to compare on instead.

    Raises
    ------
    TooFewToJudgeError
        Fewer than 50 are new to the older model (and, of those set aside, to the new one), in words.
    """
    judges = answers_of(comments if aside is None else aside, [])
    seen = seen_by(old, judges)
    if aside is not None:
        seen |= Seen.of(comments.texts, 0).holds(judges.texts)
    if (fresh := int((~seen).sum())) < FEWEST_UNSEEN:
        them = "that model has" if aside is None else "one of the models has"
        raise TooFewToJudgeError(
            f"whether the new model is better than {old} cannot be told: {them} seen all but {fresh:,} of the "
            f"{len(judges):,} comments to compare on, and would be flattered; {FEWEST_UNSEEN} are the least. Label "
            "more that neither has seen, or set labelled comments aside and name them with --judge-by. --force writes "
            "the new model without a comparison."
        )


def compare_with_older(
    new: TrainedModel, old: str | os.PathLike[str], aside: LabelledComments | None = None
) -> Evaluation:
    """Compare a model just trained with the one it would replace, on comments that neither has seen.

    The new model is judged out of fold, each comment by models that did not see it, on those of its comments that are
    new to the older one. With comments set aside, both are judged on these.

    Parameters
    ----------
    new : TrainedModel
    old : path
    aside : LabelledComments, optional

    Returns
    -------
    Evaluation
        ``losses`` says where the new one is worse.

    Raises
    ------
    TooFewToJudgeError
        See :func:`check_enough_to_judge`.
    """
    check_enough_to_judge(new.comments, old, aside)
    older = Coder.load(old)
    if aside is not None:
        return replace(evaluate(new, aside, against=old), gone=_gone(new, older))
    notes: list[str] = []
    rows = np.flatnonzero(~seen_by(old, new.comments))
    if len(rows) < len(new.comments):
        notes.append(f"compared on the {len(rows):,} comments that the older model has not seen")
    comments, keys = of_common_codes(new.comments.only(rows), older, notes)
    mine = new.result.judged.only(rows).of_codes([new.keys.index(key) for key in keys])
    groups = new.result.groups[rows]
    both = [measured(judged, comments, groups) for judged in (mine, judged_by(older, comments, keys))]
    return Evaluation(both[0], both[1], notes, _gone(new, older))


def _gone(new: Coder, older: Coder) -> list[str]:
    keys = tuple(key for key in new.keys if key in older.keys)
    return [
        f"it finds no {what}, which the older model does: none is labelled"
        for what, columns in (("stances", stance_columns(keys)), ("sentiment", ["sentiment"]))
        if set(columns) <= set(older.columns()) and not set(columns) & set(new.columns())
    ]


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
        Coder.load(old)
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
