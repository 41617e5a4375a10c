"""Sentiment of a comment: one of four, and a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from infoshare_text.coding.features import Floats
from infoshare_text.coding.linear import Found, LinearModel, mean_of

NEGATIVE, NEUTRAL, POSITIVE, MIXED = SENTIMENTS = ("negative", "neutral", "positive", "mixed")


@dataclass(frozen=True)
class SentimentModel:
    """A linear model with one output for each sentiment.

    Attributes
    ----------
    linear : LinearModel
        Outputs are the names of the sentiments; those that ship: ``SENTIMENTS``.
    temperature : float
        Scores are multiplied by it before the softmax, which calibrates the probabilities.
    tilt : float32 array of shape (n_sentiments,)
        Added to the log probabilities for the decision only, so that the rare classes are not lost.
    """

    linear: LinearModel
    temperature: float
    tilt: Floats

    def probabilities(self, found: Found, questions: Sequence[str] | None, encoded: Floats | None = None) -> Floats:
        """Return the probability of each sentiment, shape (n, n_sentiments); see :meth:`ThemeModel.scores`."""
        scores = self.linear.sums(found) + self.linear.base(len(found.table), questions)
        return softmax(mean_of(scores, encoded) * self.temperature)

    def decide(self, probabilities: Floats) -> list[str]:
        """Choose one sentiment for each comment."""
        return [self.linear.outputs[i] for i in decided(probabilities, self.tilt)]

    @property
    def has_score(self) -> bool:
        """Whether there is a positive and a negative to tell apart."""
        return {POSITIVE, NEGATIVE} <= set(self.linear.outputs)


def decided(probabilities: Floats, tilt: Floats) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the place of the chosen sentiment, shape (n,)."""
    choice = np.argmax(np.log(np.maximum(probabilities, 1e-9)) + tilt, axis=1)
    return np.asarray(choice, dtype=np.int64)


def softmax(scores: Floats) -> Floats:
    """Return the softmax of each row."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)


def sentiment_score(probabilities: Floats, sentiments: Sequence[str] = SENTIMENTS) -> Floats:
    """Return P(positive) - P(negative), in [-1, 1]; shape (n,)."""
    score = probabilities[:, sentiments.index(POSITIVE)] - probabilities[:, sentiments.index(NEGATIVE)]
    return np.asarray(score, dtype=np.float32)
