"""Train a team's own theme classifier: labelled comments in, a model folder out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from infoshare_text.codebook import Codebook, default_codebook
from infoshare_text.coding.classify import Coder
from infoshare_text.coding.model_folder import load_encoder, load_themes, load_vectors, save_themes, shipped
from infoshare_text.errors import InputError, listed
from infoshare_text.training.answers import answers_of
from infoshare_text.training.cross_validation import (
    FOLDS,
    CrossValidated,
    Told,
    cross_validate,
    with_what_is_labelled,
)
from infoshare_text.training.fit import Choices
from infoshare_text.training.groups import without_texts_of
from infoshare_text.training.labelled import LabelledComments, read_corpus, read_wordings
from infoshare_text.training.labelled_files import read_labelled
from infoshare_text.training.measures import Measured, measured
from infoshare_text.training.own_card import WHOLE_SENTENCES, WORDS, own_card
from infoshare_text.training.seen import Seen

if TYPE_CHECKING:
    import pandas as pd

    Labelled: TypeAlias = LabelledComments | str | os.PathLike[str] | pd.DataFrame | Iterable[Any]

ENOUGH_EXAMPLES = 20
WORTH_LABELLING = 0.01
"""Macro F1 that twice as many labelled comments must promise to be called worth it."""


@dataclass(frozen=True)
class LearningCurve:
    """What fewer comments would have reached, and what more may bring.

    Attributes
    ----------
    points : list of (int, float)
        Labelled comments in training, and macro F1 on comments not in training.
    """

    points: list[tuple[int, float]]

    @property
    def next_gain(self) -> float:
        """Macro F1 that twice the comments may add: the last gain, shrinking as it did before.

        Never a greater share of what is still wrong than the last gain was of what was wrong before it.
        """
        values = [value for _, value in self.points]
        gains = np.diff(values)
        if not len(gains) or gains[-1] <= 0:
            return 0.0
        most = gains[-1] / (1 - values[-2]) * (1 - values[-1])
        shrinking = 1.0 if len(gains) < 2 or gains[-2] <= 0 else min(1.0, max(0.3, gains[-1] / gains[-2]))
        return float(min(gains[-1] * shrinking, most))

    def in_words(self) -> str:
        """Say in a sentence whether more labels would help."""
        if not self.points:
            return "No learning curve was drawn."
        reached = ", ".join(f"{value:.3f} with {count:,}" for count, value in self.points)
        worth = "is worth it" if self.next_gain >= WORTH_LABELLING else "would bring little"
        return (
            f"Macro F1 was {reached} comments in training. Labelling twice as many {worth}: "
            f"about +{self.next_gain:.3f} is to be expected."
        )


class TrainedModel(Coder):
    """A model that was trained here: codes comments as any :class:`Coder`, and can be saved.

    Attributes
    ----------
    codebook : Codebook
        Without stances or sentiments where the labelled comments had none.
    comments : LabelledComments
        What it was trained on.
    seen : Seen
        Fingerprints of that, and of the shipped corpus where it trained along.
    notes : list of str
        What was left out, in words.
    measured : Measured
        How well it does on comments it did not see (grouped cross-validation).
    curve : LearningCurve
    warnings : list of str
        Codes with too few examples, in words.
    """

    def __init__(
        self,
        result: CrossValidated,
        comments: LabelledComments,
        about: dict[str, Any],
        beside: LabelledComments | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        super().__init__(result.themes, result.sentiment, result.head)
        self.seen = Seen.of([*comments.texts, *(beside.texts if beside is not None else [])], about["seed"])
        self.notes = list(notes)
        self.result = result
        self.comments = comments
        self.codebook = result.themes.codebook
        self.curve = LearningCurve(result.curve)
        self.warnings = few_examples(comments, result.groups)
        self._about = about

    @cached_property
    def measured(self) -> Measured:
        """Figures on comments that the models did not see."""
        return measured(self.result.judged, self.comments, self.result.groups)

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Write the model as a folder that appears whole or not at all; an older model there is replaced.

        Parameters
        ----------
        folder : path

        Raises
        ------
        OutputError
            The place holds something that is no model, or cannot be written.
        """
        figures = self.measured
        manifest = {
            **self._about,
            "reads": WORDS if self.result.head is None else WHOLE_SENTENCES,
            "training_comments": len(self.comments),
            "training_groups": int(self.result.groups.max()) + 1,
            "training_digest": digest_of(self.comments),
            "headline": figures.headline(),
            "metrics": figures.as_dict(),
            "learning_curve": [[count, round(value, 4)] for count, value in self.curve.points],
        }
        save_themes(
            self.themes,
            Path(folder),
            manifest,
            own_card(self.codebook, manifest, figures, self.curve.in_words(), self.warnings),
            sentiment=self.sentiment,
            head=self.result.head,
            seen=self.seen.lines(),
        )


def train_theme_classifier(
    labelled: Labelled,
    *,
    codebook: Codebook | str | os.PathLike[str] | None = None,
    model: str | os.PathLike[str] | None = None,
    with_shipped_corpus: bool = False,
    accurate: bool = False,
    seed: int = 0,
    choices: Choices | None = None,
    progress: Told | None = None,
) -> TrainedModel:
    """Train a classifier on labelled comments, with thresholds and calibration from grouped cross-validation.

    Comments of one respondent, and comments of the same words, are never parted by a split. Stances and sentiment are
    learnt where they are labelled, and left out of the model otherwise. What is blank or says nothing ('n/a') is left
    out: a model leaves it uncoded.

    Parameters
    ----------
    labelled : LabelledComments, path, DataFrame, or sequence of paths or DataFrames
        Files and tables are read by :func:`infoshare_text.training.labelled_files.read_labelled`.
    codebook : Codebook or path, optional
        Default: that of ``model``; without it, that of the labelled comments or the six themes.
    model : path, optional
        A model folder whose codebook is taken.
    with_shipped_corpus : bool
        Whether to train on the synthetic comments that come with the library as well; needs the six themes.
    accurate : bool
        Whether to learn from what the encoder of the accurate model makes of each comment, beside its words: more
        often right, slower, without evidence. Needs the extra ``accurate``, here and wherever the model is used.
    seed : int
        Deals the folds; the same comments and seed give the same bytes (with ``accurate``, on one kind of processor).
    choices : Choices, optional
        Of the learner.
    progress : callable, optional
        Called with (what is done now, steps done, steps in all).

    Returns
    -------
    TrainedModel
        ``.save(folder)`` writes it; ``infoshare_text.classify(data, model=folder)`` uses it.

    Raises
    ------
    InputError
        Every fault of the labelled comments, at once.
    MissingExtraError
        ``accurate`` without the packages that it needs.
    """
    encoder = load_encoder() if accurate else None
    book = codebook_for(codebook, model)
    notes: list[str] = []
    comments = answers_of(labelled_comments(labelled, book), notes)
    if faults := list(_faults(comments, with_shipped_corpus)):
        raise InputError.from_faults("the labelled comments", [*faults, *notes])
    beside = _shipped_comments(comments) if with_shipped_corpus else None
    comments = with_what_is_labelled(comments, beside)
    result = cross_validate(
        comments,
        load_vectors(),
        choices or Choices(),
        beside=beside,
        encoder=encoder,
        seed=seed,
        curve=beside is None,  # beside tens of thousands a quarter of the comments more or less shows nothing
        told=progress or (lambda *_: None),
    )
    about: dict[str, Any] = {
        "trained_on": "labelled comments" + (" and the shipped corpus (synthetic)" if beside is not None else ""),
        "seed": seed,
        "folds": min(FOLDS, int(result.groups.max()) + 1),
        "choices": vars(choices or Choices()),
    }
    return TrainedModel(result, comments, about, beside, notes)


def labelled_comments(labelled: Labelled, codebook: Codebook | None, **options: Any) -> LabelledComments:
    """Return labelled comments as they are, or read them from files and tables."""
    if not isinstance(labelled, LabelledComments):
        return read_labelled(labelled, codebook or default_codebook(), **options)
    if codebook is not None and codebook.keys != labelled.codebook.keys:
        raise InputError(
            f"the comments are labelled by {listed(labelled.codebook.keys)}; the codebook has {listed(codebook.keys)}."
        )
    return labelled


def codebook_for(
    codebook: Codebook | str | os.PathLike[str] | None, model: str | os.PathLike[str] | None
) -> Codebook | None:
    """Return the codebook that is named, by itself or by a model."""
    from infoshare_text.codebook import read_codebook

    if codebook is not None:
        return codebook if isinstance(codebook, Codebook) else read_codebook(Path(codebook))
    return None if model is None else load_themes(model).codebook


def few_examples(comments: LabelledComments, groups: npt.NDArray[np.int64]) -> list[str]:
    """Say which codes and sentiments have too few examples to be learnt or judged; those of one group count once."""
    codes, sentiments = comments.codebook.keys, np.array(comments.sentiments)
    flags = dict(zip(codes, comments.themes.T, strict=True))
    everywhere = [
        f"{key}: every comment has it, so nothing tells it apart and its figures say nothing"
        for key, flag in flags.items()
        if flag.all()
    ]
    if any(comments.sentiments):
        flags |= {f"sentiment {name}": sentiments == name for name in comments.codebook.sentiments}
    counts = {name: len(np.unique(groups[flag])) for name, flag in flags.items()}
    return everywhere + [
        f"{name}: {count} {'example' if count == 1 else 'examples'} of different respondents and words; its figures "
        f"are not to be relied on, label {ENOUGH_EXAMPLES} at least"
        for name, count in counts.items()
        if count < ENOUGH_EXAMPLES
    ]


def digest_of(comments: LabelledComments) -> str:
    """Return the SHA-256 of all comments with their labels, in order."""
    together = hashlib.sha256()
    for values in (comments.texts, comments.questions, comments.writers, comments.sentiments):
        together.update("\x1f".join(values).encode("utf-8", "replace") + b"\x1e")
    for array in (comments.themes, comments.stances):
        together.update(np.packbits(array).tobytes() + b"\x1e")
    return together.hexdigest()


def _faults(comments: LabelledComments, with_shipped_corpus: bool) -> Iterable[str]:
    if not len(comments):
        yield "there are none"
        return
    for key, count in zip(comments.codebook.keys, comments.themes.sum(axis=0).tolist(), strict=True):
        if count < 2:
            examples = "one example" if count else "no example"
            yield f"{key} has {examples}; two at least are needed to learn a code"
    if not comments.codebook.multi_label:
        for i in np.flatnonzero(comments.themes.sum(axis=1) != 1).tolist():
            yield f"comment {comments.ids[i]} has {comments.themes[i].sum()} codes; this codebook wants exactly one"
    default = default_codebook()
    if with_shipped_corpus and comments.codebook.keys != default.keys:
        yield "the shipped corpus is coded by the six themes, these comments by another codebook"
    elif with_shipped_corpus and list(comments.codebook.stances) not in ([], list(default.stances)):
        yield "the shipped corpus has other stances than the codebook of these comments"


def _shipped_comments(comments: LabelledComments) -> LabelledComments:
    folder = shipped("corpus")
    corpus = without_texts_of(read_corpus(folder), comments.texts).reworded(read_wordings(folder))
    return replace(
        corpus,
        codebook=comments.codebook,
        stances=corpus.stances if comments.codebook.stances else corpus.stances[:, :, :0],
    )
