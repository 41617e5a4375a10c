"""Choose the concepts that become topics, and say which topic a comment belongs to.

A topic should cover what others leave: the concepts are taken one at a time, each time the one that adds most to how
well every comment is met by its nearest topic (facility location; G. Nemhauser, L. Wolsey and M. Fisher, 'An analysis
of approximations for maximizing submodular set functions', 1978, show that this reaches 63% of the best at least).
There is no random start, so the same comments give the same topics.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.features import Floats

Ints = npt.NDArray[np.int64]

FEWEST_COMMENTS = 50
"""Distinct comments below which no topics are looked for."""
OTHER = 0
"""The number of the topic of comments that belong to none."""
FEWEST_IN_TOPIC = 3
_SMALLEST_SHARE = 0.005
_FAINTEST = 0.005
"""A comment that speaks less than this of its nearest topic belongs to none."""


def number_of_topics(n_comments: int) -> int:
    """Return how many topics a reader can hold beside so many distinct comments.

    >>> [number_of_topics(n) for n in (50, 500, 5_000, 100_000)]
    [5, 9, 17, 36]
    """
    return max(3, round(2 * float(np.sqrt(np.sqrt(n_comments)))))


def choose(scores: Floats, n_topics: int, kept: Ints | None = None, weights: Floats | None = None) -> Ints:
    """Choose the concepts that cover the comments best.

    Parameters
    ----------
    scores : float32 array of shape (n_comments, n_concepts)
        How far each comment speaks of each concept.
    n_topics : int
        Fewer come back where further ones would be of under 3 comments, or under 0.5% of them.
    kept : int array, optional
        Concepts that are topics already. Further ones are those that these comments would have had on their own.
    weights : float32 array of shape (n_comments,), optional

    Returns
    -------
    int array of shape (at most n_topics,)
        In order of choice; after ``kept``, if there are any, which may make it longer.
    """
    weights = np.ones(len(scores), np.float32) if weights is None else weights
    if kept is None or not len(kept):
        return _covering(scores, n_topics, [], weights)
    alone = _covering(scores, n_topics, [], weights)
    others = np.setdiff1d(np.arange(scores.shape[1]), np.union1d(alone, kept))
    scores = scores.copy()
    scores[:, others] = 0
    return _covering(scores, len(kept) + len(np.setdiff1d(alone, kept)), kept.tolist(), weights)


def _covering(scores: Floats, n_topics: int, chosen: list[int], weights: Floats) -> Ints:
    best = scores[:, chosen].max(axis=1, initial=0)
    smallest = max(FEWEST_IN_TOPIC, _SMALLEST_SHARE * float(weights.sum()))
    heavy = weights @ (scores > 0) >= smallest
    heavy[chosen] = False
    while len(chosen) < n_topics and heavy.any():
        gain = np.where(heavy, weights @ np.maximum(scores - best[:, None], 0), -1)
        concept = int(np.argmax(gain))
        heavy[concept] = False
        if float(weights @ (scores[:, concept] > best)) < smallest:
            continue
        chosen.append(concept)
        best = np.maximum(best, scores[:, concept])
    return np.asarray(chosen, dtype=np.int64)


def nearest(sharp: Floats, soft: Floats) -> tuple[Ints, Floats]:
    """Return the place of each comment's topic, -1 for none, and how far it speaks of it.

    Parameters
    ----------
    sharp, soft : float32 arrays of shape (n_comments, n_topics)
        The soft ones count where no sharp one is above 0.
    """
    if not sharp.shape[1]:
        return np.full(len(sharp), -1, np.int64), np.zeros(len(sharp), np.float32)
    scores = np.where((sharp.max(axis=1) > 0)[:, None], sharp, soft)
    place = scores.argmax(axis=1)
    score = scores[np.arange(len(scores)), place]
    return np.where(score >= _FAINTEST, place, -1), score
