"""From out-of-fold scores to probabilities and decisions, for any codebook.

As :mod:`infoshare_text.training.limits` does for the models that ship, with three differences: probabilities of a code
with few examples are kept off 0 and 1 (the targets of J. Platt, 'Probabilistic outputs for support vector machines',
1999), its threshold leans on the one that suits all codes together, and stances and sentiment may be absent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.confidence import Calibration, log_odds, margin
from infoshare_text.coding.features import Floats
from infoshare_text.coding.sentiment import decided, softmax
from infoshare_text.coding.themes import Flags, likeliest, stances_held
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.limits import SHARE_UNFLAGGED, best_stance_threshold, best_temperature

LEAN = 20
"""A code with this many examples goes halfway between its own best threshold and the one best for all."""
FEW = 3
_GRID = np.arange(0.05, 0.75, 0.01)
_SMOOTH = 7

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scored:
    """Scores of comments by models that saw neither them nor their group.

    Attributes
    ----------
    themes : float array of shape (n, n_themes)
    stances : float array of shape (n, n_themes, n_stances), or None
    sentiment : float array of shape (n, n_sentiments), or None
    """

    themes: Scores
    stances: Scores | None
    sentiment: Scores | None

    @classmethod
    def empty(cls, comments: LabelledComments, *, only_themes: bool) -> Scored:
        """Make room for the scores of comments, of what their codebook holds."""
        n, themes, stances = comments.stances.shape
        sentiments = len(comments.codebook.sentiments)
        return cls(
            np.zeros((n, themes)),
            np.zeros((n, themes, stances)) if stances and not only_themes else None,
            np.zeros((n, sentiments)) if sentiments and not only_themes else None,
        )

    def put(self, rows: npt.NDArray[np.bool_], *scores: Scores | None) -> None:
        """Enter the scores of some comments."""
        for target, some in zip((self.themes, self.stances, self.sentiment), scores, strict=True):
            if target is not None and some is not None:
                target[rows] = some

    def only(self, rows: npt.NDArray[np.int64]) -> Scored:
        """Return the scores of some comments."""
        return Scored(
            self.themes[rows],
            None if self.stances is None else self.stances[rows],
            None if self.sentiment is None else self.sentiment[rows],
        )


@dataclass(frozen=True)
class Lines:
    """Calibration and thresholds; see :class:`infoshare_text.training.limits.Limits`."""

    multi_label: bool
    themes: Calibration
    stances: Calibration
    thresholds: Floats
    stance_threshold: float
    unsure_below: float
    temperature: float
    tilt: Floats

    @classmethod
    def drawn(cls, scored: Scored, comments: LabelledComments, groups: npt.NDArray[np.int64]) -> Lines:
        """Draw all lines on out-of-fold scores of comments; a code has as many examples as groups that hold it."""
        book = comments.codebook
        examples = np.array([len(np.unique(groups[code])) for code in comments.themes.T], dtype=np.int64)
        themes = _platt(scored.themes, comments.themes, examples)
        p = themes.probabilities(scored.themes.astype(np.float32))
        thresholds = leaning_thresholds(p, comments.themes, examples)
        temperature, tilt = _sentiment_lines(scored, comments)
        lines = cls(
            multi_label=book.multi_label,
            themes=themes,
            stances=_stance_lines(scored, comments),
            thresholds=thresholds,
            stance_threshold=0.5,
            unsure_below=0.0,
            temperature=temperature,
            tilt=tilt,
        )
        unsure = float(np.quantile(lines.margins(p), 1 - SHARE_UNFLAGGED))
        return replace(lines, stance_threshold=_stance_threshold(lines, scored, comments), unsure_below=unsure)

    @property
    def calibration(self) -> Calibration:
        """Of themes, then of the stances within each theme."""
        n_themes = len(self.themes.slope)
        return Calibration(
            np.concatenate([self.themes.slope, np.tile(self.stances.slope, n_themes)]),
            np.concatenate([self.themes.offset, np.tile(self.stances.offset, n_themes)]),
        )

    def probabilities(self, scored: Scored) -> Floats:
        """Return calibrated probabilities of themes, shape (n, n_themes)."""
        return self.themes.probabilities(scored.themes.astype(np.float32))

    def found(self, p: Floats) -> Flags:
        """Decide themes, shape of ``p``."""
        if not self.multi_label:
            return likeliest(log_odds(p) - log_odds(self.thresholds))
        flags: Flags = p >= self.thresholds
        return flags

    def margins(self, p: Floats) -> Floats:
        """Return how far each comment is from another decision, in log odds; shape (n,)."""
        if self.multi_label:
            return margin(p, self.thresholds)
        lead = np.sort(log_odds(p) - log_odds(self.thresholds), axis=1)
        return np.asarray(lead[:, -1] - lead[:, -2], dtype=np.float32)

    def stances_of(self, scored: Scored, found: Flags) -> Flags:
        """Decide the stances of the themes found, shape (n, n_themes, n_stances)."""
        if scored.stances is None:
            return np.zeros((*found.shape, 0), dtype=bool)
        p = self.stances.probabilities(scored.stances.astype(np.float32))
        held: Flags = stances_held(p, self.stance_threshold) & found[:, :, None]
        return held

    def sentiment_of(self, scored: Scored) -> npt.NDArray[np.int64] | None:
        """Decide the sentiment, shape (n,)."""
        if scored.sentiment is None:
            return None
        return decided(softmax((scored.sentiment * self.temperature).astype(np.float32)), self.tilt)


def leaning_thresholds(p: Floats, codes: Flags, examples: npt.NDArray[np.int64]) -> Floats:
    """Return a threshold for each code, the rarer the nearer to the one with the best micro F1 for all together.

    Parameters
    ----------
    p : float array of shape (n, n_codes)
    codes : bool array of shape (n, n_codes)
    examples : int array of shape (n_codes,)

    Returns
    -------
    float32 array of shape (n_codes,)
    """
    curves = np.stack([_f1_curve(p[:, k], codes[:, k]) for k in range(p.shape[1])])
    own = _GRID[_smooth(curves).argmax(axis=1)]
    common = _GRID[int(_f1_curve(p.ravel(), codes.ravel()).argmax())]
    lean = LEAN / (LEAN + examples)
    return np.asarray(np.round(lean * common + (1 - lean) * own, 4), dtype=np.float32)


def _f1_curve(p: Floats, target: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    over = len(p) - np.searchsorted(np.sort(p), _GRID)
    hits = target.sum() - np.searchsorted(np.sort(p[target]), _GRID)
    return np.asarray(2 * hits / np.maximum(1, over + target.sum()))


def _smooth(curves: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    padded = np.pad(curves, ((0, 0), (_SMOOTH // 2, _SMOOTH // 2)), mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, _SMOOTH, axis=1).mean(axis=2))


def _platt(scores: Scores, codes: npt.NDArray[np.bool_], examples: npt.NDArray[np.int64] | None = None) -> Calibration:
    slope, offset = np.ones(scores.shape[1]), np.zeros(scores.shape[1])
    counts = codes.sum(axis=0) if examples is None else examples
    for k, target in enumerate(codes.T):
        with_it, without = int(counts[k]), int((~target).sum())
        if min(with_it, without) >= FEW:
            line = _line(scores[:, k], np.where(target, (with_it + 1) / (with_it + 2), 1 / (without + 2)))
            if line[0] > 0:
                slope[k], offset[k] = line
    return Calibration(slope.astype(np.float32), offset.astype(np.float32))


def _line(score: npt.NDArray[np.float64], target: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Fit slope and offset to targets between 0 and 1.

    Platt's targets are not quite 0 and 1, by as much as the next comment may be otherwise: with few examples that
    divide without an error, the line would else be as steep as it can.
    """
    from sklearn.linear_model import LogisticRegression

    both = np.repeat([True, False], len(score))
    weights = np.concatenate([target, 1 - target])
    line = LogisticRegression(C=1e3).fit(np.tile(score, 2)[:, None], both, sample_weight=weights)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def _stance_lines(scored: Scored, comments: LabelledComments) -> Calibration:
    """Calibrate each stance over all themes that have one; one line for all themes."""
    n = comments.stances.shape[2] if scored.stances is not None else 0
    comment, theme = np.nonzero(comments.stances.any(axis=2))
    if scored.stances is None or not len(comment):
        return Calibration(np.ones(n, np.float32), np.zeros(n, np.float32))
    return _platt(scored.stances[comment, theme], comments.stances[comment, theme])


def _stance_threshold(lines: Lines, scored: Scored, comments: LabelledComments) -> float:
    said = comments.stances.any(axis=2)
    if scored.stances is None or not said.any():
        return 0.5
    p = lines.stances.probabilities(scored.stances.astype(np.float32))
    return best_stance_threshold(p[said], comments.stances[said], _GRID)


def _sentiment_lines(scored: Scored, comments: LabelledComments) -> tuple[float, Floats]:
    names = list(comments.codebook.sentiments)
    known = np.flatnonzero([sentiment in names for sentiment in comments.sentiments])
    if scored.sentiment is None or not len(known):
        return 1.0, np.zeros(len(names), np.float32)
    target = np.array([names.index(comments.sentiments[i]) for i in known])
    scores = scored.sentiment[known]
    temperature = best_temperature(scores, target, lowest=0.3)
    return temperature, _tilt(softmax((scores * temperature).astype(np.float32)), target, len(names))


def _tilt(p: Floats, target: npt.NDArray[np.int64], n: int) -> Floats:
    """Climb half-way to the tilt with the highest macro F1, one sentiment at a time."""
    tilt = np.zeros(n, dtype=np.float32)
    support = np.bincount(target, minlength=n)

    def value(candidate: Floats) -> float:
        chosen = decided(p, candidate)
        hits = np.bincount(target[chosen == target], minlength=n)
        return float((2 * hits / np.maximum(1, support + np.bincount(chosen, minlength=n))).mean())

    for _ in range(2):
        for k in range(n):
            candidates = [
                np.where(np.arange(n) == k, step, tilt).astype(np.float32) for step in np.arange(-1, 1.1, 0.1)
            ]
            tilt = max([tilt, *candidates], key=value)
    return np.asarray(tilt / 2, dtype=np.float32)
