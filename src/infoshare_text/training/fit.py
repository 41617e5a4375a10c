"""Fit weights: regularised logistic regressions over words, their pairs and pieces.

Codes: one regression each, over the whole comment and its best clause. Stances: one a stance over all (comment, theme)
pairs, each pair read from the clauses that speak to the theme; weights are a part common to all themes plus a part of
each theme's own, so that rare pairs lean on the others (H. Daumé, 'Frustratingly easy domain adaptation', ACL 2007).
Sentiment: one multinomial regression. A feature counts by how much it tells for or against a code (S. Wang and
C. Manning, 'Baselines and bigrams', ACL 2012). Solved by L-BFGS (R. Byrd and others, 1995).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from infoshare_text.coding.clauses import BEST, WHOLE, attention, best_clauses, evidence_of
from infoshare_text.training.design import Array, Design, Sums
from infoshare_text.training.feature_space import Weights
from infoshare_text.training.least import ENOUGH, REMEMBERED, Loss, least

Flags = npt.NDArray[np.bool_]

OWN_PART = 0.7
"""How much a theme's own part of a stance counts before regularisation."""
OUTPUTS_WITH_OWN_PART = 60
"""With more pairs of theme and stance, stances have the common part only: the rest would not fit in memory."""
_CODES_AT_ONCE = 16
_SMALL = 0.05
_NO_EXAMPLE = -8.0


@dataclass(frozen=True)
class Choices:
    """What can be chosen of the fit; the defaults were chosen on public feedback comments (docs/retraining.md).

    Attributes
    ----------
    c, sentiment_c : float
        Inverse strength of regularisation, for codes and for the sentiment.
    rare_weight : float
        Comments with a code count ``(others / with it) ** rare_weight`` times; 0: all alike, 1: balanced.
    telling_share : float
        How much a feature's weight depends on how much it tells of a code; 0: not at all, 1: wholly.
    question : bool
        Whether the question is part of what decides a code.
    by_scipy : bool
        Whether SciPy's L-BFGS-B takes the steps, as for the models that ship, in place of the quicker
        :mod:`infoshare_text.training.least`; both end as near to the least loss.
    """

    c: float = 1.0
    sentiment_c: float = 0.5
    rare_weight: float = 0.5
    telling_share: float = 0.3
    question: bool = True
    by_scipy: bool = False


@dataclass(frozen=True)
class _Form:
    """How outputs are scored and for how long they are fitted.

    More steps lower the loss on training comments, and F1 on writers not seen no longer rises.
    """

    steps: int
    whole: float
    best: float


_CODES, _CLASSES = _Form(80, WHOLE, BEST), _Form(60, 1.0, 0.0)
_STANCE_STEPS = 40


def fit_codes(design: Design, codes: Flags, choices: Choices) -> Weights:
    """Fit one regression for each code.

    Parameters
    ----------
    design : Design
    codes : bool array of shape (n, n_codes)
    choices : Choices

    Returns
    -------
    tuple of float arrays
        (n_features, n_codes) and (n_codes,).
    """
    weights = np.zeros((sum(design.space.sizes), codes.shape[1]))
    intercepts = np.where(codes.all(axis=0), -_NO_EXAMPLE, _NO_EXAMPLE)
    both = np.flatnonzero(codes.any(axis=0) & ~codes.all(axis=0))
    for at in np.array_split(both, max(1, -(-len(both) // _CODES_AT_ONCE))):
        if len(at):
            target = codes[:, at].astype(np.float64)
            counts = np.stack([rare_weights(code, choices.rare_weight) for code in codes[:, at].T], axis=1)
            weights[:, at], intercepts[at] = _fitted(design, target, counts, each_alone, choices, _CODES)
    return weights, intercepts


def fit_one_of(design: Design, target: npt.NDArray[np.int64], n_classes: int, choices: Choices) -> Weights:
    """Fit classes of which each comment has one: (n_features, n_classes), (n_classes,)."""
    present = np.unique(target)
    weights = np.zeros((sum(design.space.sizes), n_classes))
    intercepts = np.full(n_classes, 2 * _NO_EXAMPLE)
    classes = (target[:, None] == present).astype(np.float64)
    counts = rare_weights(np.searchsorted(present, target), choices.rare_weight)[:, None]
    weights[:, present], intercepts[present] = _fitted(design, classes, counts, one_of_all, choices, _CLASSES)
    return weights, intercepts


def fit_stances(design: Design, themes: Weights, stances: Flags, c: float, *, by_scipy: bool = False) -> Weights:
    """Fit the stances of themes that are present.

    Parameters
    ----------
    design : Design
    themes : Weights
        Of the themes, which tell what clauses a stance is read from.
    stances : bool array of shape (n, n_themes, n_stances)
    c : float
    by_scipy : bool
        See :class:`Choices`.

    Returns
    -------
    tuple of float arrays
        (n_features, n_themes * n_stances) and (n_themes * n_stances,), theme by theme.
    """
    n_themes, n_stances = stances.shape[1:]
    n_features = sum(design.space.sizes)
    own = OWN_PART if n_themes * n_stances <= OUTPUTS_WITH_OWN_PART else 0.0
    parts = _read_by_theme(design, themes, stances)
    shape = (n_features + 1, (n_themes if own else 0) + 1, n_stances)
    pairs = max(1, int(stances.any(axis=2).sum()))
    read = np.ones((n_features + 1, 1))
    read[design.space.columns("vectors")] = 0
    # What a theme's own part of a stance is made of: words and pairs, then the question and the intercept.
    of_own = [design.space.columns("words", "pairs"), slice(design.space.columns("question").start, None)]

    def with_own(common: Array, x: Array, k: int) -> Array:
        whole = common.copy()
        for at in of_own if own else ():
            whole[at] += own * x[at, k + 1]
        return whole

    def loss(flat: Array) -> tuple[float, Array]:
        x = flat.reshape(shape)
        slope = x.copy()
        total = 0.5 * float((x[:, 1:] ** 2).sum() + (x[:-1, 0] ** 2).sum())
        slope[-1, 0] = 0
        common = read * x[:, 0]
        for k, (rows, sums, truth) in enumerate(parts):
            whole = with_own(common, x, k)
            weights = whole[:-1]
            words = design.rows(weights.astype(np.float32), with_vectors=False)
            z = design.scores(sums, weights, words) + design.asked(weights)[rows] + whole[-1]
            lost, steep = each_alone(z, truth)
            total += c * float(lost.sum())
            asked = np.zeros((len(design.table), n_stances))
            asked[rows] = steep
            slopes = design.slopes((sums, steep), asked=asked, with_vectors=False)
            gradient = c * np.vstack([slopes, steep.sum(axis=0)])
            slope[:, 0] += read * gradient
            for at in of_own if own else ():
                slope[at, k + 1] += own * gradient[at]
        return total / pairs, slope.ravel() / pairs

    x = _least(loss, int(np.prod(shape)), _STANCE_STEPS, by_scipy).reshape(shape)
    weights = np.stack([with_own(read * x[:, 0], x, k) for k in range(n_themes)], axis=1)
    return weights[:-1].reshape(n_features, -1), weights[-1].reshape(-1)


def _read_by_theme(design: Design, themes: Weights, stances: Flags) -> list[tuple[npt.NDArray[np.int64], Sums, Array]]:
    """Return, for each theme, the comments that have it, their clauses averaged by evidence, and their stances."""
    table = design.table
    weights = attention(evidence_of(design.scores(design.clauses, themes[0]), table), table)
    parts = []
    for k in range(stances.shape[1]):
        rows = np.flatnonzero(stances[:, k].any(axis=1))
        clauses = np.flatnonzero(np.isin(table.comment_of_clause, rows))
        row = np.searchsorted(rows, table.comment_of_clause[clauses])
        shape = (len(rows), len(table.comment_of_clause))
        mixing = sparse.csr_array((weights[clauses, k], (row, clauses)), shape=shape)
        parts.append((rows, design.clauses.mixed(mixing), stances[rows, k].astype(np.float64)))
    return parts


def _fitted(
    design: Design,
    target: Array,
    counts: Array,
    lost_and_slope: Callable[[Array, Array], tuple[Array, Array]],
    choices: Choices,
    form: _Form,
) -> Weights:
    """Fit outputs side by side, scored by the whole comment and its best clause."""
    n, k = target.shape
    table = design.table
    scale = _telling(design, target, choices.telling_share)
    if not choices.question:
        scale[design.space.columns("question")] = 0

    def loss(flat: Array) -> tuple[float, Array]:
        x = flat.reshape(-1, k)
        weights = scale * x[:-1]
        rows = design.rows(weights.astype(np.float32))
        z = form.whole * design.scores(design.comments, weights, rows) + design.asked(weights) + x[-1]
        if form.best:
            clauses = design.scores(design.clauses, weights, rows)
            chosen = form.best * best_clauses(clauses, table)
            z += np.add.reduceat(chosen * clauses, table.first_clauses, axis=0)
        lost, slope = lost_and_slope(z, target)
        slope *= counts
        of_rows = [(design.comments, form.whole * slope)]
        if form.best:
            of_rows.append((design.clauses, chosen * slope[table.comment_of_clause]))
        gradient = design.slopes(*of_rows, asked=slope)
        total = choices.c * float((lost * counts).sum()) + 0.5 * float((x[:-1] ** 2).sum())
        steep = choices.c * np.vstack([scale * gradient, slope.sum(axis=0)])
        steep[:-1] += x[:-1]
        return total / n, steep.ravel() / n

    x = _least(loss, (len(scale) + 1) * k, form.steps, choices.by_scipy).reshape(-1, k)
    return scale * x[:-1], x[-1]


def each_alone(z: Array, target: Array) -> tuple[Array, Array]:
    """Return the loss of each output by itself, and its slope."""
    z = z.astype(np.float64)
    return np.logaddexp(0, z) - target * z, 1 / (1 + np.exp(-z)) - target


def one_of_all(z: Array, target: Array) -> tuple[Array, Array]:
    """Return the loss of each row where one output holds, and its slope."""
    z = z.astype(np.float64)
    log_p = z - z.max(axis=1, keepdims=True)
    log_p -= np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    return -(target * log_p).sum(axis=1, keepdims=True), np.exp(log_p) - target


def _telling(design: Design, target: Array, share: float) -> Array:
    """Return the weight of each feature: the log of how much more it stands beside the code than elsewhere."""
    beside, elsewhere = (
        np.maximum(design.slopes((design.comments, side)), 0) + _SMALL for side in (target, 1 - target)
    )
    ratio = np.abs(np.log(beside / beside.sum(axis=0)) - np.log(elsewhere / elsewhere.sum(axis=0)))
    ratio[design.space.columns("vectors")] = np.median(ratio, axis=0)
    size = np.maximum(np.sqrt(np.mean(ratio**2, axis=0)), 1e-9)
    scale = (1 - share) + share * ratio / size
    scale[design.space.columns("question")] = 1
    return np.asarray(scale)


def rare_weights(target: npt.NDArray[np.generic], power: float) -> Array:
    """Return how much each comment counts, by how rare its class is; one on average. See :class:`Choices`."""
    target = target.astype(np.int64)
    frequency = np.maximum(1, np.bincount(target))
    weights = (frequency.max() / frequency)[target] ** power
    return np.asarray(weights * len(target) / weights.sum())


def _least(loss: Loss, size: int, steps: int, by_scipy: bool) -> Array:
    if not by_scipy:
        return least(loss, size, steps)
    from scipy.optimize import minimize

    options = {"maxiter": steps, "maxcor": REMEMBERED, "ftol": ENOUGH, "gtol": 1e-9}
    return np.asarray(minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options=options).x)
