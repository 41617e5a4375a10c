"""Comments that show a topic: close to it, and far from one another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.features import Floats
from infoshare_text.topics.lemmas import LemmaTable

Ints = npt.NDArray[np.int64]

EXAMPLES = 5
_CLOSEST = 30
_WORDS = (6, 60)


def spread(comments: LemmaTable, members: Ints, score: Floats) -> list[int]:
    """Choose up to five comments of a topic for spread.

    Of the comments closest to the topic that are long enough to say something and short enough to be quoted, the
    closest is taken, then each time the one that shares fewest content words with those taken.

    Parameters
    ----------
    comments : LemmaTable
    members : int array of shape (n,)
        The comments of the topic.
    score : float32 array of shape (n,)
        How far each speaks of it.

    Returns
    -------
    list of int
        Places in ``comments``.
    """
    length = np.diff(comments.table.starts)[members]
    fits = (length >= _WORDS[0]) & (length <= _WORDS[1])
    if fits.sum() < EXAMPLES:
        fits[:] = True
    order = np.lexsort((members[fits], -np.round(score[fits], 6)))[:_CLOSEST]
    pool, worth = members[fits][order], score[fits][order]
    rows = comments.holds[pool]
    shared = np.asarray((rows @ rows.T).todense(), dtype=np.float64)
    size = np.maximum(np.diag(shared), 1)
    alike = shared / np.maximum(size[:, None] + size[None, :] - shared, 1)
    taken: list[int] = []
    while len(taken) < min(EXAMPLES, len(pool)):
        value = worth - (2 * alike[:, taken].max(axis=1) if taken else 0)
        value[taken] = -np.inf
        taken.append(int(np.argmax(value)))
    return [int(pool[i]) for i in taken]
