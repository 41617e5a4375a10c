"""Who belongs together: one respondent's comments, and comments of the same words, are never parted by a split."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from infoshare_text.cleaning.duplicates import normal_text
from infoshare_text.training.labelled import LabelledComments

Ints = npt.NDArray[np.int64]


def groups_of(texts: Sequence[str], writers: Sequence[str]) -> Ints:
    """Return the group of each comment: those linked by a common writer or by the same normalised text.

    Parameters
    ----------
    texts : sequence of str, length n
    writers : sequence of str, length n
        Respondents; an empty one is nobody else.

    Returns
    -------
    int array of shape (n,)
        Numbers from 0, in the order of first appearance.

    Examples
    --------
    >>> groups_of(["Trust.", "More staff", "trust", "Nothing"], ["a", "a", "b", ""]).tolist()
    [0, 0, 0, 1]
    """
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    n = len(texts)
    links: dict[tuple[str, str], int] = {}
    edges = []
    for i, (text, writer) in enumerate(zip(texts, writers, strict=True)):
        for link in [("text", normal_text(text)), *([("writer", writer)] if writer else [])]:
            edges.append((i, n + links.setdefault(link, len(links))))
    rows, columns = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    size = n + len(links)
    graph = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    label = connected_components(graph, directed=False)[1][:n]
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[inverse], dtype=np.int64)


def deal_folds(groups: Ints, codes: npt.NDArray[np.bool_], folds: int, seed: int) -> Ints:
    """Deal groups into folds so that each fold has its share of comments and of every code.

    Groups come in a random order, those of rare codes first, and go where their rarest code is scarcest so far.

    Parameters
    ----------
    groups : int array of shape (n,)
    codes : bool array of shape (n, n_codes)
    folds : int
    seed : int

    Returns
    -------
    int array of shape (n,)
    """
    n_groups = int(groups.max()) + 1
    held = np.zeros((n_groups, codes.shape[1] + 1), dtype=np.int64)
    np.add.at(held, groups, np.column_stack([codes, np.ones(len(codes), dtype=bool)]))
    frequency = held.sum(axis=0)
    rarest = np.where(held > 0, frequency, len(groups) + 1).argmin(axis=1)
    order = np.random.default_rng(seed).permutation(n_groups)
    order = order[np.argsort(frequency[rarest[order]], kind="stable")]
    fold_of_group = np.zeros(n_groups, dtype=np.int64)
    so_far = np.zeros((folds, held.shape[1]), dtype=np.int64)
    for group in order.tolist():
        code = rarest[group]
        fold = int(np.lexsort((so_far[:, -1], so_far[:, code]))[0])
        fold_of_group[group] = fold
        so_far[fold] += held[group]
    return fold_of_group[groups]


def without_texts_of(comments: LabelledComments, others: Iterable[str]) -> LabelledComments:
    """Leave out the comments whose normalised text stands among others."""
    taken = {normal_text(text) for text in others}
    return comments.only(np.flatnonzero([normal_text(text) not in taken for text in comments.texts]))
