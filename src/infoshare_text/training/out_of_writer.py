"""Scores for every comment from models that never saw its writer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from infoshare_text.coding.features import WordVectors
from infoshare_text.coding.linear import LinearModel
from infoshare_text.coding.sentiment import SENTIMENTS
from infoshare_text.training.fit import (
    FeatureSpace,
    Weights,
    fit_sentiment,
    fit_stances,
    fit_themes,
    narrow,
)
from infoshare_text.training.labelled import LabelledComments

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """Weights of all three tasks over one feature space."""

    space: FeatureSpace
    themes: Weights
    stances: Weights
    sentiment: Weights

    @classmethod
    def to(cls, comments: LabelledComments, vectors: WordVectors) -> Fitted:
        """Fit themes, stances and sentiment to labelled comments."""
        space = FeatureSpace.of(comments, vectors)
        features = space.matrix(comments)
        asked = _beside(features, space, comments)
        return cls(
            space,
            fit_themes(features, comments.themes),
            fit_stances(space, asked, comments.stances),
            fit_sentiment(asked, comments.sentiments),
        )

    def theme_model(self, comments: LabelledComments) -> LinearModel:
        """Return themes and stances as one linear model."""
        keys, stances = comments.codebook.keys, comments.codebook.stances
        outputs = [*keys, *(f"{key}:{stance}" for key in keys for stance in stances)]
        no_question = np.zeros((len(self.space.question_words), len(keys)))
        themes = np.vstack([self.themes[0], no_question])
        weights = np.hstack([themes, self.stances[0]]), np.concatenate([self.themes[1], self.stances[1]])
        return self.space.linear_model(outputs, weights)

    def sentiment_model(self) -> LinearModel:
        """Return the sentiment as a linear model."""
        return self.space.linear_model(list(SENTIMENTS), self.sentiment)

    def scores(self, comments: LabelledComments) -> tuple[Scores, Scores, Scores]:
        """Return theme, stance and sentiment scores; last axis: themes, (themes, stances), sentiments."""
        features = self.space.matrix(comments)
        asked = _beside(features, self.space, comments)
        themes = features @ self.themes[0] + self.themes[1]
        stances = (asked @ self.stances[0] + self.stances[1]).reshape(comments.stances.shape)
        return themes, stances, asked @ self.sentiment[0] + self.sentiment[1]


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
        delayed(_score_one)(comments, vectors, wordings, writers != name) for name in names
    )
    n, themes, stances = comments.stances.shape
    whole = OutOfWriter(np.zeros((n, themes)), np.zeros((n, themes, stances)), np.zeros((n, len(SENTIMENTS))))
    for name, scores in zip(names, parts, strict=True):
        for target, score in zip((whole.themes, whole.stances, whole.sentiment), scores, strict=True):
            target[writers == name] = score
        told(f"writer {name} scored")
    return whole


def _score_one(
    comments: LabelledComments,
    vectors: WordVectors,
    wordings: dict[str, list[str]],
    others: npt.NDArray[np.bool_],
) -> tuple[Scores, Scores, Scores]:
    training = comments.only(np.flatnonzero(others)).reworded(wordings)
    return Fitted.to(training, vectors).scores(comments.only(np.flatnonzero(~others)))


def _beside(features: sparse.csr_array, space: FeatureSpace, comments: LabelledComments) -> sparse.csr_array:
    return narrow(sparse.hstack([features, space.question_matrix(comments.questions)]))
