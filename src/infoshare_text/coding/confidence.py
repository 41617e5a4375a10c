"""From scores to probabilities, and from probabilities to what a person should look at.

Calibration is Platt's: a line through the score, fitted on predictions for writers not in training
(J. Platt, 'Probabilistic outputs for support vector machines', 1999).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.features import Floats
from infoshare_text.columns import JOIN, NOT_ENGLISH

UNSURE, UNLIKE_TRAINING, CONTRADICTORY = "unsure", "unlike_training", "contradictory"
WORDS_ENOUGH_TO_JUDGE = 4


@dataclass(frozen=True)
class Calibration:
    """A slope and an offset for each output.

    Attributes
    ----------
    slope, offset : float32 arrays of shape (n_outputs,)
        ``p = 1 / (1 + exp(-(slope * score + offset)))``.
    """

    slope: Floats
    offset: Floats

    def logits(self, scores: Floats) -> Floats:
        """Return calibrated log odds, shape of ``scores``."""
        return np.asarray(scores * self.slope + self.offset, dtype=np.float32)

    def probabilities(self, scores: Floats) -> Floats:
        """Return calibrated probabilities, shape of ``scores``."""
        return sigmoid(self.logits(scores))


def sigmoid(x: Floats) -> Floats:
    """Return ``1 / (1 + exp(-x))``, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(x / 2)), dtype=np.float32)


def log_odds(p: npt.ArrayLike) -> Floats:
    """Return ``log(p / (1 - p))`` with p kept off 0 and 1."""
    p = np.clip(np.asarray(p, dtype=np.float64), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(p / (1 - p)), dtype=np.float32)


def margin(probabilities: Floats, thresholds: Floats) -> Floats:
    """Return how far the least certain theme is from its threshold, in log odds; shape (n,)."""
    distance = np.abs(log_odds(probabilities) - log_odds(thresholds))
    return np.asarray(distance.min(axis=1), dtype=np.float32)


def review_reasons(
    *,
    margins: Floats,
    unsure_below: float,
    known_share: Floats,
    unlike_below: float,
    word_counts: npt.NDArray[np.int64],
    contradictory: npt.NDArray[np.bool_],
    not_english: npt.NDArray[np.bool_],
) -> list[str]:
    """Say for each comment whether a person should look, and why.

    Parameters
    ----------
    margins : array of shape (n,)
        Distance of the least certain theme from its threshold.
    unsure_below : float
        Margins under it are flagged ``unsure``.
    known_share : array of shape (n,)
        Share of words that training knew.
    unlike_below : float
        Shares under it are flagged ``unlike_training``.
    word_counts : array of shape (n,)
        Very short comments are not judged by their share.
    contradictory : bool array of shape (n,)
        Whether what was coded does not go together.
    not_english : bool array of shape (n,)
        Whether the comment, or a part of it, is in another language.

    Returns
    -------
    list of str
        Reasons joined with ``;``, empty where there is none.
    """
    flags: Sequence[tuple[str, npt.NDArray[np.bool_]]] = (
        (UNSURE, margins < unsure_below),
        (UNLIKE_TRAINING, (known_share < unlike_below) & (word_counts >= WORDS_ENOUGH_TO_JUDGE)),
        (CONTRADICTORY, contradictory),
        (NOT_ENGLISH, not_english),
    )
    reasons = [""] * len(margins)
    for name, flagged in flags:
        for i in np.flatnonzero(flagged):
            reasons[i] = f"{reasons[i]}{JOIN}{name}" if reasons[i] else name
    return reasons
