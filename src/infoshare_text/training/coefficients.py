"""Agreement beyond chance: Cohen's kappa and Krippendorff's alpha for nominal values, with bootstrap intervals.

Both are functions of sums over units, so each unit is counted once and a thousand bootstrap draws are one product of
matrices. (The package ``krippendorff`` gives one value a call, without intervals; the tests compare with it.)

J. Cohen, 'A coefficient of agreement for nominal scales', Educational and Psychological Measurement 20, 1960;
K. Krippendorff, 'Computing Krippendorff's alpha-reliability', 2011.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

MISSING = -1

Values = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def kappa(a: Values, b: Values, draws: Floats | None = None) -> Floats:
    """Return Cohen's kappa of two coders.

    Parameters
    ----------
    a, b : int arrays of shape (n_units,)
        Nominal values from 0 on; -1 where nothing was said. Units that one of them left out do not count.
    draws : float array of shape (n_draws, n_units / m), optional
        How often each run of ``m`` units counts; default: once.

    Returns
    -------
    float array of shape (n_draws,)
        ``(p_o - p_e) / (1 - p_e)``; NaN where chance alone would agree always.

    Examples
    --------
    >>> kappa(np.array([1, 1, 0, 0]), np.array([1, 0, 0, 0])).tolist()
    [0.5]
    """
    both = (a != MISSING) & (b != MISSING)
    size = int(max(a.max(initial=0), b.max(initial=0))) + 1
    first, second = (_one_hot(np.where(both, values, MISSING), size) for values in (a, b))
    terms = np.column_stack([both, both & (a == b), first, second]).astype(np.float64)
    sums = _summed(terms, draws)
    n = sums[:, 0]
    by_chance = (sums[:, 2 : 2 + size] * sums[:, 2 + size :]).sum(axis=1)
    return _ratio(sums[:, 1] * n - by_chance, n * n - by_chance)


def alpha(values: Values, draws: Floats | None = None) -> Floats:
    """Return Krippendorff's alpha for nominal values.

    Parameters
    ----------
    values : int array of shape (n_coders, n_units)
        Nominal values from 0 on; -1 where nothing was said. Units with fewer than two values do not count.
    draws : float array of shape (n_draws, n_units / m), optional
        How often each run of ``m`` units counts; default: once.

    Returns
    -------
    float array of shape (n_draws,)
        ``1 - D_o / D_e``; NaN where all values are the same, for which it is not defined.

    Examples
    --------
    >>> alpha(np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]])).round(3).tolist()
    [0.095]
    """
    size = int(values.max(initial=0)) + 1
    counts = sum(_one_hot(row, size) for row in values) + np.zeros((values.shape[1], size))
    said = counts.sum(axis=1)
    pairable = said >= 2
    counts[~pairable] = 0
    unlike = np.where(pairable, (said**2 - (counts**2).sum(axis=1)) / np.maximum(said - 1, 1), 0)
    sums = _summed(np.column_stack([unlike, counts]), draws)
    n = sums[:, 1:].sum(axis=1)
    by_chance = n * n - (sums[:, 1:] ** 2).sum(axis=1)
    return 1 - _ratio((n - 1) * sums[:, 0], by_chance)


def mean_kappa(values: Values, draws: Floats | None = None) -> Floats:
    """Return the mean kappa of all pairs of coders for whom it is defined, shape (n_draws,)."""
    pairs = [kappa(values[i], values[j], draws) for i, j in combinations(range(len(values)), 2)]
    return mean_defined(np.stack(pairs))


def agreement_share(values: Values) -> float:
    """Return the share of pairs of coders, over all units, that said the same."""
    same = both = 0
    for i, j in combinations(range(len(values)), 2):
        there = (values[i] != MISSING) & (values[j] != MISSING)
        both += int(there.sum())
        same += int((there & (values[i] == values[j])).sum())
    return same / both if both else float("nan")


def bootstrap_draws(groups: Sequence[str], n_draws: int, seed: int) -> Floats:
    """Draw groups of units with replacement.

    Parameters
    ----------
    groups : sequence of str, length n_units
        Units of one group are drawn together.
    n_draws : int
    seed : int

    Returns
    -------
    float array of shape (n_draws, n_units)
        How often each unit counts.
    """
    names, of_unit = np.unique(np.asarray(groups, dtype=object), return_inverse=True)
    n = len(names)
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=n_draws)
    return times[:, of_unit].astype(np.float64)


def interval(drawn: Floats) -> tuple[float, float]:
    """Return the 95% percentile interval of bootstrap values; NaN where fewer than half are defined."""
    defined = drawn[~np.isnan(drawn)]
    if len(defined) * 2 < len(drawn) or not len(defined):
        return float("nan"), float("nan")
    low, high = np.quantile(defined, [0.025, 0.975])
    return float(low), float(high)


def mean_defined(values: Floats) -> Floats:
    """Return the mean over the first axis, NaN left out of it; NaN where nothing is left."""
    there = ~np.isnan(values)
    return _ratio(np.where(there, values, 0).sum(axis=0), there.sum(axis=0).astype(np.float64))


def _one_hot(values: Values, size: int) -> Floats:
    return np.asarray(values[:, None] == np.arange(size), dtype=np.float64)


def _summed(terms: Floats, draws: Floats | None) -> Floats:
    if draws is None:
        return np.asarray(terms.sum(axis=0, keepdims=True))
    together: Floats = terms.reshape(draws.shape[1], -1, terms.shape[1]).sum(axis=1)
    return draws @ together


def _ratio(above: Floats, below: Floats) -> Floats:
    undefined = np.abs(below) < 1e-9
    return np.where(undefined, np.nan, above / np.where(undefined, 1, below))
