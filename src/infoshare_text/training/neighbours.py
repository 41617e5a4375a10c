"""Comments that say nearly the same: the cosine of their words, rare words counting more than common ones."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from infoshare_text.cleaning.words import WordTable

NEAR = 0.6
_COMMON_SHARE, _COMMON_AT_LEAST = 0.1, 50
_BLOCK = 500

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def near_pairs(table: WordTable, at_least: float = NEAR) -> tuple[Ints, Ints, Floats]:
    """Find every two comments that are nearly the same.

    Words in more than a tenth of the comments are left out of account: they make nothing alike, and
    without them the work grows little faster than the number of comments.

    Parameters
    ----------
    table : WordTable
        The words of ``n`` comments.
    at_least : float
        The least cosine.

    Returns
    -------
    tuple of arrays of shape (n_pairs,)
        First comment, second comment (the later one), cosine in [0, 1].
    """
    vectors = _word_vectors(table.holds)
    turned = vectors.T.tocsc()
    firsts, seconds, cosines = [], [], []
    for start in range(0, len(table), _BLOCK):
        product = (vectors[start : start + _BLOCK] @ turned).tocoo()
        first, second = product.row + start, product.col
        near = (product.data >= at_least) & (second > first)
        firsts.append(first[near])
        seconds.append(second[near])
        cosines.append(product.data[near])
    if not firsts:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    return (
        np.concatenate(firsts).astype(np.int64),
        np.concatenate(seconds).astype(np.int64),
        np.minimum(np.concatenate(cosines), 1.0),
    )


def _word_vectors(held: sparse.csr_array) -> sparse.csr_array:
    n = held.shape[0]
    frequency = np.bincount(held.indices, minlength=held.shape[1])
    weight = np.log(1 + n / np.maximum(frequency, 1))
    weight[frequency > max(_COMMON_AT_LEAST, _COMMON_SHARE * n)] = 0
    weighted = sparse.csr_array(held.astype(np.float64) @ sparse.diags_array(weight))
    weighted.eliminate_zeros()
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return sparse.csr_array(sparse.diags_array(1 / np.maximum(length, 1e-12)) @ weighted)
