"""Comments that show a topic: close to it, and far from one another."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.features import Floats
from infoshare_text.topics.lemmas import LemmaTable

Ints = npt.NDArray[np.int64]

EXAMPLES = 5
_CLOSEST = 30
_WORDS = (6, 60)
_WORDS_HELD = 3


def spread(comments: LemmaTable, score: Floats, lemmas: Collection[str]) -> list[int]:
    """Choose up to five comments of a topic for spread.

    Of the comments that are long enough to say something and short enough to be quoted, those are looked at that
    speak most of the topic, in its own words; the first is taken, then each time the one that shares fewest content
    words with those taken.

    Parameters
    ----------
    comments : LemmaTable
        The distinct comments of the topic.
    score : float32 array of shape (n_comments,)
        How far each speaks of it.
    lemmas : collection of str
        Those of the words of the topic.

    Returns
    -------
    list of int
        Places in ``comments``.
    """
    length = np.diff(comments.table.starts)
    fits = (length >= _WORDS[0]) & (length <= _WORDS[1])
    if fits.sum() < EXAMPLES:
        fits[:] = True
    telling = np.asarray([lemma in lemmas for lemma in comments.lemmas], dtype=np.float32)
    held = np.minimum(comments.holds @ telling, _WORDS_HELD) / _WORDS_HELD
    worth = score / max(float(score.max(initial=0)), 1e-9) + held
    pool = np.flatnonzero(fits)
    pool = pool[np.argsort(-np.round(worth[pool], 6), kind="stable")][:_CLOSEST]
    worth = worth[pool]
    rows = comments.holds[pool]
    shared = np.asarray((rows @ rows.T).todense(), dtype=np.float64)
    size = np.maximum(np.diag(shared), 1)
    alike = shared / np.maximum(size[:, None] + size[None, :] - shared, 1)
    taken: list[int] = []
    while len(taken) < min(EXAMPLES, len(pool)):
        value = worth - (alike[:, taken].max(axis=1) if taken else 0)
        value[taken] = -np.inf
        taken.append(int(np.argmax(value)))
    return [int(pool[i]) for i in taken]
