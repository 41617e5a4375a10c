"""Find where a loss is least: L-BFGS for many weights without bounds.

SciPy's L-BFGS-B keeps its history so that every step strides through it, and plans for bounds that we do not have; with
hundreds of thousands of weights, most of its time goes there. Here the history is two tables of rows, and a step reads
each twice (R. Byrd, J. Nocedal and R. Schnabel, 'Representations of quasi-Newton matrices', 1994, eq. 3.1).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Loss = Callable[[Array], tuple[float, Array]]

REMEMBERED = 6
ENOUGH = 1e-6
"""A step that lowers the loss by less is the last."""
_SHARE_OF_SLOPE = 1e-4
_SHORTEST = 1e-10


def least(loss: Loss, size: int, steps: int) -> Array:
    """Return where a loss is least, from nought on, after so many steps at most.

    Parameters
    ----------
    loss : callable
        Returns the loss at a point, a number of the order of one, and its gradient.
    size : int
    steps : int

    Returns
    -------
    array of shape (size,)

    Examples
    --------
    >>> least(lambda x: (float(((x - [1, 2]) ** 2).sum()), 2 * (x - [1, 2])), 2, 20).round(3).tolist()
    [1.0, 2.0]
    """
    x, past = np.zeros(size), _Past(size)
    value, slope = loss(x)
    for _ in range(steps):
        way = past.way(slope)
        fall = float(way @ slope)
        step = _step(loss, x, value, way, fall) if fall < 0 else None
        if step is None:
            return x
        new, lower, new_slope = step
        gain = value - lower
        past.remember(new - x, new_slope - slope, new_slope)
        x, value, slope = new, lower, new_slope
        if gain <= ENOUGH * max(1.0, abs(value)):
            return x
    return x


def _step(loss: Loss, x: Array, value: float, way: Array, fall: float) -> tuple[Array, float, Array] | None:
    """Go the whole way, or the part of it that lowers the loss as its slope promises; None where no part does."""
    part = 1.0
    while part > _SHORTEST:
        new = x + part * way
        lower, slope = loss(new)
        if lower <= value + _SHARE_OF_SLOPE * part * fall:
            return new, lower, slope
        bend = lower - value - part * fall
        part *= min(0.5, max(0.1, -0.5 * part * fall / bend))
    return None


class _Past:
    """The last moves and how the slope turned with each: what a step is drawn from.

    Rows are overwritten in turn; small matrices hold the products of all rows.
    """

    def __init__(self, size: int) -> None:
        self._moves, self._turns = np.zeros((REMEMBERED, size)), np.zeros((REMEMBERED, size))
        self._mixed, self._turned = np.zeros((REMEMBERED, REMEMBERED)), np.zeros((REMEMBERED, REMEMBERED))
        self._along_moves, self._along_turns = np.zeros(REMEMBERED), np.zeros(REMEMBERED)
        self._order: list[int] = []

    def way(self, slope: Array) -> Array:
        """Return the way down: minus the inverse of the remembered bend, times the slope."""
        if not self._order:
            return np.asarray(-slope / max(1e-12, float(np.sqrt(slope @ slope))))
        at = np.array(self._order)
        rising = np.triu(self._mixed[np.ix_(at, at)])
        turned, last = self._turned[np.ix_(at, at)], self._order[-1]
        scale = self._mixed[last, last] / self._turned[last, last]
        of_turns = np.linalg.solve(rising, self._along_moves[at])
        bend = np.diag(np.diag(rising)) + scale * turned
        of_moves = np.linalg.solve(rising.T, bend @ of_turns - scale * self._along_turns[at])
        weights = np.zeros((2, REMEMBERED))
        weights[0, at], weights[1, at] = of_moves, scale * of_turns
        return np.asarray(weights[1] @ self._turns - weights[0] @ self._moves - scale * slope)

    def remember(self, move: Array, turn: Array, slope: Array) -> None:
        """Take in a move; one that found the loss bending down tells nothing, and is passed over."""
        row, bend = None, float(move @ turn)
        if bend > 0:
            row = len(self._order) if len(self._order) < REMEMBERED else self._order.pop(0)
            self._moves[row], self._turns[row] = move, turn
        along_moves, along_turns = self._moves @ slope, self._turns @ slope
        if row is not None:
            # A row's product with a turn is how its product with the slope changed: no table is read for it.
            self._mixed[:, row] = along_moves - self._along_moves
            self._turned[:, row] = self._turned[row] = along_turns - self._along_turns
            self._mixed[row, row], self._turned[row, row] = bend, float(turn @ turn)
            self._order.append(row)
        self._along_moves, self._along_turns = along_moves, along_turns
