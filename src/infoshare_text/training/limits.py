"""Where the lines are drawn: calibration, thresholds and review limits, from out-of-writer scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.confidence import WORDS_ENOUGH_TO_JUDGE, Calibration, margin
from infoshare_text.coding.features import Floats
from infoshare_text.coding.sentiment import NEUTRAL, SENTIMENTS, decided, softmax
from infoshare_text.coding.themes import stances_held
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.out_of_writer import OutOfWriter, Scores

SHARE_UNFLAGGED = 0.7
"""The share of comments that the flag ``unsure`` leaves alone."""
SHARE_UNLIKE = 0.01
"""The share of training comments with fewer known words than the flag ``unlike_training`` asks for."""

_GRID = np.arange(0.15, 0.75, 0.01)
_FREE = 0.002
"""Macro F1 of sentiment given for reading plain answers as plain."""


@dataclass(frozen=True)
class Limits:
    """Everything that turns scores into decisions.

    Attributes
    ----------
    calibration : Calibration
        Of themes, then of the stances within each theme.
    thresholds : float32 array of shape (n_themes,)
    stance_threshold : float
    unsure_below : float
    temperature : float
    tilt : float32 array of shape (4,)
    """

    calibration: Calibration
    thresholds: Floats
    stance_threshold: float
    unsure_below: float
    temperature: float
    tilt: Floats

    def theme_probabilities(self, scores: OutOfWriter) -> Floats:
        """Return calibrated probabilities of themes, shape (n, n_themes)."""
        k = scores.themes.shape[1]
        line = Calibration(self.calibration.slope[:k], self.calibration.offset[:k])
        return line.probabilities(scores.themes.astype(np.float32))

    def stance_probabilities(self, scores: OutOfWriter) -> Floats:
        """Return calibrated probabilities of stances, shape (n, n_themes, n_stances)."""
        k = scores.themes.shape[1]
        line = Calibration(self.calibration.slope[k:], self.calibration.offset[k:])
        flat = scores.stances.reshape(len(scores.stances), -1).astype(np.float32)
        return line.probabilities(flat).reshape(scores.stances.shape)

    def sentiment_probabilities(self, scores: OutOfWriter) -> Floats:
        """Return probabilities of sentiments, shape (n, 4)."""
        return softmax((scores.sentiment * self.temperature).astype(np.float32))


def choose_limits(scores: OutOfWriter, comments: LabelledComments) -> Limits:
    """Choose calibration and thresholds on scores of writers not in training."""
    themes = _platt(scores.themes, comments.themes)
    stances = _stance_lines(scores.stances, comments)
    slope = np.concatenate([themes[0], stances[0]]).astype(np.float32)
    offset = np.concatenate([themes[1], stances[1]]).astype(np.float32)
    tone = np.array([SENTIMENTS.index(sentiment) for sentiment in comments.sentiments])
    temperature = best_temperature(scores.sentiment, tone)
    limits = Limits(Calibration(slope, offset), np.empty(0, np.float32), 0.5, 0.0, temperature, np.zeros(4, np.float32))
    p = limits.theme_probabilities(scores)
    thresholds = np.array([best_threshold(p[:, k], comments.themes[:, k]) for k in range(p.shape[1])], dtype=np.float32)
    return Limits(
        limits.calibration,
        thresholds,
        best_stance_threshold(limits.stance_probabilities(scores)[comments.themes], comments.stances[comments.themes]),
        float(np.quantile(margin(p, thresholds), 1 - SHARE_UNFLAGGED)),
        temperature,
        _tilt(limits.sentiment_probabilities(scores), comments.sentiments),
    )


def unlike_below(comments: LabelledComments, groups: npt.NDArray[np.int64]) -> float:
    """Return the share of known words that all but 1% of comments reach when their group is unknown."""
    table = comments.table
    length = np.diff(table.starts)
    long = length >= WORDS_ENOUGH_TO_JUDGE
    if not long.any():
        return 0.0
    held = np.unique(np.stack([table.ids, groups[table.comment_of_token]]), axis=1)
    known = np.bincount(held[0], minlength=len(table.words))[table.ids] >= 2
    sums = np.concatenate([[0], np.cumsum(known)])
    share = (sums[table.starts[1:]] - sums[table.starts[:-1]]) / np.maximum(length, 1)
    return round(float(np.quantile(share[long], SHARE_UNLIKE)), 4)


def best_threshold(p: Floats, target: npt.NDArray[np.bool_]) -> float:
    """Return the threshold with the highest F1; of a flat stretch, its middle."""
    f1 = np.array([_f1(p >= threshold, target) for threshold in _GRID])
    smooth = np.convolve(np.pad(f1, 3, mode="edge"), np.ones(7) / 7, mode="valid")
    return float(round(_GRID[int(np.argmax(smooth))], 3))


def _f1(found: npt.NDArray[np.bool_], target: npt.NDArray[np.bool_]) -> float:
    return float(2 * (found & target).sum() / max(1, found.sum() + target.sum()))


def _platt(scores: Scores, target: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    lines = [_platt_line(scores[:, k], target[:, k]) for k in range(scores.shape[1])]
    return np.array([line[0] for line in lines]), np.array([line[1] for line in lines])


def _platt_line(score: Scores, target: npt.NDArray[np.bool_]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    if target.all() or not target.any():
        return 1.0, 0.0
    model = LogisticRegression(C=1e3).fit(score[:, None], target)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _stance_lines(
    scores: Scores, comments: LabelledComments
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Calibrate each stance over all themes that are truly present; one line for all themes."""
    comment, theme = np.nonzero(comments.themes)
    slope, offset = _platt(scores[comment, theme], comments.stances[comment, theme])
    n_themes = scores.shape[1]
    return np.tile(slope, n_themes), np.tile(offset, n_themes)


def best_stance_threshold(p: Floats, target: npt.NDArray[np.bool_], grid: npt.NDArray[np.float64] = _GRID) -> float:
    """Return the threshold of stances with the highest F1 where a theme is truly there; shapes (n, n_stances)."""
    f1 = [_f1(stances_held(p, threshold), target) for threshold in grid]
    return float(round(grid[int(np.argmax(f1))], 3))


def best_temperature(scores: Scores, target: npt.NDArray[np.int64], lowest: float = 0.5) -> float:
    """Return what scores of sentiments are multiplied by to be likeliest, from ``lowest`` to 2."""

    def loss(temperature: float) -> float:
        p = softmax((scores * temperature).astype(np.float32))
        return -float(np.log(np.maximum(p[np.arange(len(p)), target], 1e-9)).mean())

    return float(round(min(np.arange(lowest, 2.01, 0.05), key=loss), 3))


def _tilt(p: Floats, sentiments: list[str]) -> Floats:
    """Climb to the tilt with the highest macro F1, one sentiment at a time, then lean to neutral while that is free.

    Feeling that is read into a plain answer misleads more than feeling that is missed in a faint one.
    """
    target = np.array([SENTIMENTS.index(sentiment) for sentiment in sentiments])
    tilt = np.zeros(len(SENTIMENTS), dtype=np.float32)
    steps = np.arange(-1.0, 1.51, 0.1)

    def value(candidate: Floats) -> float:
        chosen = decided(p, candidate)
        return float(np.mean([_f1(chosen == k, target == k) for k in range(len(SENTIMENTS))]))

    for _ in range(3):
        for k in range(1, len(SENTIMENTS)):
            candidates = [np.where(np.arange(4) == k, step, tilt).astype(np.float32) for step in steps]
            tilt = max(candidates, key=value)
    best = value(tilt)
    neutral = np.arange(len(SENTIMENTS)) == SENTIMENTS.index(NEUTRAL)
    leaning: list[Floats] = [(tilt + neutral * step).astype(np.float32) for step in np.arange(0, 1.51, 0.1)]
    return [candidate for candidate in leaning if value(candidate) >= best - _FREE][-1]
