"""Where on a map each topic and its label stand, so that no two cover each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

LARGEST, _FEW = 58.0, 12
"""Radius of the largest circle, in pixels, among so many circles; smaller among more."""
LETTER, LINE = 7.8, 17.0
"""Width of a letter on average in the wider of the usual fonts, and height of a line, in pixels."""
_GAP, _MARGIN = 10.0, 12.0
_LINE_LETTERS = 20
_SPREAD, _ROUNDS = 1.6, 400


@dataclass(frozen=True)
class Layout:
    """A map in pixels, from the upper left corner.

    Attributes
    ----------
    width, height : float
    x, y : float array of shape (n,)
        Centres of circles.
    radius : float array of shape (n,)
    lines : list of list of str
        The label under each circle.
    """

    width: float
    height: float
    x: Doubles
    y: Doubles
    radius: Doubles
    lines: list[list[str]]


def lay_out(places: Doubles, sizes: Sequence[int], labels: Sequence[Sequence[str]]) -> Layout:
    """Lay out circles, each with its label under it.

    Parameters
    ----------
    places : float array of shape (n, 2)
        Where each would stand if there were room; only their order and relative distance count.
    sizes : sequence of int
        Areas are in proportion to these.
    labels : sequence of sequence of str
        Paragraphs of each label, which are broken into lines.

    Returns
    -------
    Layout
        In which the boxes around circle and label do not meet.
    """
    lines = [[line for text in label for line in broken(text)] for label in labels]
    n = np.asarray(sizes, dtype=np.float64)
    largest = LARGEST * min(1.0, float(np.sqrt(_FEW / max(1, len(n)))))
    radius = np.sqrt(n / max(1.0, float(n.max(initial=0)))) * largest
    widest = np.array([max(map(len, each)) * LETTER for each in lines])
    box = np.column_stack([np.maximum(2 * radius, widest), 2 * radius + np.array([len(each) for each in lines]) * LINE])
    box += _GAP
    room = np.sqrt(_SPREAD * float(box.prod(axis=1).sum()))
    centres = apart(np.asarray(places, dtype=np.float64) * [0.6 * room, -0.4 * room], box)
    low = (centres - box / 2).min(axis=0) - _MARGIN
    high = (centres + box / 2).max(axis=0) + _MARGIN
    centres -= low
    top = centres[:, 1] - (box[:, 1] - _GAP) / 2
    width, height = (float(value) for value in np.ceil(high - low))
    return Layout(width, height, np.round(centres[:, 0], 1), np.round(top + radius, 1), np.round(radius, 2), lines)


def apart(centres: Doubles, box: Doubles) -> Doubles:
    """Move boxes apart until no two meet, each pair along the way that is shorter.

    Parameters
    ----------
    centres, box : float arrays of shape (n, 2)
        Middle, and width and height.

    Returns
    -------
    float array of shape (n, 2)
    """
    centres = centres.copy()
    # Equal places get an order, or nothing would tell which goes where.
    centres += np.arange(len(centres))[:, None] * [1e-3, 1e-3]
    while not _pushed(centres, box):
        centres *= 1.1
    return centres


def _pushed(centres: Doubles, box: Doubles) -> bool:
    """Push boxes apart in place; return whether all stand free."""
    for _ in range(_ROUNDS):
        free = True
        for i in range(len(centres)):
            for j in range(i):
                between = centres[i] - centres[j]
                overlap = (box[i] + box[j]) / 2 - np.abs(between)
                if (overlap > 1e-6).all():
                    free = False
                    axis = int(overlap[1] < overlap[0])
                    push = (overlap[axis] / 2 + 1e-3) * (1 if between[axis] >= 0 else -1)
                    centres[i, axis] += push
                    centres[j, axis] -= push
        if free:
            return True
    return False


def broken(text: str, letters: int = _LINE_LETTERS) -> list[str]:
    """Break a text into lines between words.

    >>> broken("Social workers, people, staff")
    ['Social workers,', 'people, staff']
    """
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
