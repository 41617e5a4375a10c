"""Scores for every comment from models that never saw its writer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.features import WordVectors
from infoshare_text.coding.sentiment import SENTIMENTS
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.learner import SHIPPED, Learnt

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OutOfWriter:
    """Scores of labelled comments, each from a model that was trained without its writer.

    Attributes
    ----------
    themes : float array of shape (n, n_themes)
    stances : float array of shape (n, n_themes, n_stances)
    sentiment : float array of shape (n, 4)
    """

    themes: Scores
    stances: Scores
    sentiment: Scores


def score_out_of_writer(
    comments: LabelledComments,
    vectors: WordVectors,
    wordings: dict[str, list[str]],
    jobs: int = 1,
    told: Callable[[str], None] = lambda _: None,
) -> OutOfWriter:
    """Leave each writer out in turn, train on the others, score the one left out.

    Parameters
    ----------
    comments : LabelledComments
        Of two writers at least.
    vectors : WordVectors
    wordings : dict
        Other wordings of the questions, used in training only.
    jobs : int
        Processes to run at once.
    told : callable
        Called with a line when a writer is done.

    Returns
    -------
    OutOfWriter
    """
    from joblib import Parallel, delayed

    writers = np.array(comments.writers)
    names = sorted(set(comments.writers))
    parts = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(score_without)(comments, vectors, wordings, writers == name) for name in names
    )
    n, themes, stances = comments.stances.shape
    whole = OutOfWriter(np.zeros((n, themes)), np.zeros((n, themes, stances)), np.zeros((n, len(SENTIMENTS))))
    for name, scores in zip(names, parts, strict=True):
        for target, score in zip((whole.themes, whole.stances, whole.sentiment), scores, strict=True):
            target[writers == name] = score
        told(f"writer {name} scored")
    return whole


def score_without(
    comments: LabelledComments,
    vectors: WordVectors,
    wordings: dict[str, list[str]],
    left_out: npt.NDArray[np.bool_],
) -> tuple[Scores, Scores, Scores]:
    """Train on all other comments, score those left out: themes, stances, sentiment."""
    training = comments.only(np.flatnonzero(~left_out)).reworded(wordings)
    learnt = Learnt.from_comments(training, vectors, SHIPPED)
    themes, stances, sentiment = learnt.scores(comments.only(np.flatnonzero(left_out)))
    if stances is None or sentiment is None:
        raise ValueError("a corpus to build the shipped models from has stances and sentiments")
    return themes, stances, sentiment
