"""What a model sees of a comment: words, word pairs, pieces of words, and word vectors.

Every feature belongs to one word or to one pair of words close together; a comment is their sum divided by
one number, the square root of its distinct words. So what a word adds to a score is a constant:
a chunk of comments needs one row for each distinct word, and evidence is exact, not estimated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from infoshare_text.cleaning.words import WordTable

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

GRAM_LENGTHS = (3, 4, 5)
PAIR_GAPS = (1, 2)


@dataclass(frozen=True)
class WordVectors:
    """A fixed vector for each of many English words.

    Attributes
    ----------
    words : list of str
    values : float32 array of shape (n_words, n_dimensions)
    """

    words: list[str]
    values: Floats

    @cached_property
    def place(self) -> dict[str, int]:
        """Row of each word."""
        return {word: i for i, word in enumerate(self.words)}


@dataclass(frozen=True)
class Vocabulary:
    """The features that a model knows.

    Attributes
    ----------
    words : list of str
    word_weights : float32 array of shape (n_words,)
        Inverse document frequency.
    pairs : int array of shape (n_pairs, 3)
        Two words, as places in ``words``, and how far apart they stand (1 or 2); sorted.
    pair_weights : float32 array of shape (n_pairs,)
    grams : list of str
        Pieces of 3 to 5 characters; ``_`` marks the edge of a word.
    gram_weights : float32 array of shape (n_grams,)
    """

    words: list[str]
    word_weights: Floats
    pairs: Ints
    pair_weights: Floats
    grams: list[str]
    gram_weights: Floats
    _place: dict[str, int] = field(init=False, repr=False)
    _gram_place: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_place", {word: i for i, word in enumerate(self.words)})
        object.__setattr__(self, "_gram_place", {gram: i for i, gram in enumerate(self.grams)})

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Number of words, pairs and grams."""
        return len(self.words), len(self.pairs), len(self.grams)

    def places(self, words: Sequence[str]) -> Ints:
        """Return the place of each word, -1 where it is not known; shape (n,)."""
        return np.fromiter((self._place.get(word, -1) for word in words), np.int64, len(words))

    def word_matrix(self, words: Sequence[str]) -> sparse.csr_array:
        """Return the weighted words, shape (n, n_words)."""
        places = self.places(words)
        known = np.flatnonzero(places >= 0)
        found = places[known]
        return _csr(self.word_weights[found], known, found, (len(words), len(self.words)))

    def gram_matrix(self, words: Sequence[str]) -> sparse.csr_array:
        """Return the pieces of each word, each row of length 1 or 0; shape (n, n_grams)."""
        rows: list[int] = []
        columns: list[int] = []
        for i, word in enumerate(words):
            found = {self._gram_place.get(gram, -1) for gram in grams_of(word)}
            found.discard(-1)
            columns.extend(sorted(found))
            rows.extend([i] * len(found))
        at = np.asarray(columns, dtype=np.int64)
        matrix = _csr(self.gram_weights[at], np.asarray(rows, np.int64), at, (len(words), len(self.grams)))
        norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        return sparse.csr_array(sparse.diags_array(1 / np.maximum(norms, 1e-9)) @ matrix).astype(np.float32)


def grams_of(word: str) -> list[str]:
    """Return the pieces of a word, its edges marked.

    >>> grams_of("gp")
    ['_gp', 'gp_', '_gp_']
    """
    marked = f"_{word}_"
    return [marked[i : i + n] for n in GRAM_LENGTHS for i in range(len(marked) - n + 1)]


def pair_codes(pairs: Ints, n_words: int) -> Ints:
    """Return one number for each row (left word, right word, gap); ascending for sorted rows."""
    codes: Ints = (pairs[:, 0] * n_words + pairs[:, 1]) * len(PAIR_GAPS) + pairs[:, 2] - 1
    return codes


def pairs_in(table: WordTable, places: Ints, n_words: int) -> tuple[Ints, Ints, Ints]:
    """Find every two known words of a comment that stand one or two words apart.

    Parameters
    ----------
    table : WordTable
    places : int array of shape (n_distinct_words,)
        Place of each distinct word in a vocabulary, -1 for none.
    n_words : int
        Size of that vocabulary.

    Returns
    -------
    tuple of int arrays of shape (n_found,)
        Left token, right token, and the code of the pair (see :func:`pair_codes`).
    """
    place, comment = places[table.ids], table.comment_of_token
    lefts, rights, codes = [], [], []
    for gap in PAIR_GAPS:
        left, right = place[:-gap], place[gap:]
        valid = np.flatnonzero((left >= 0) & (right >= 0) & (comment[:-gap] == comment[gap:]))
        lefts.append(valid)
        rights.append(valid + gap)
        codes.append((left[valid] * n_words + right[valid]) * len(PAIR_GAPS) + gap - 1)
    return np.concatenate(lefts), np.concatenate(rights), np.concatenate(codes)


def found_among(codes: Ints, known: Ints) -> tuple[Ints, Ints]:
    """Return (which of ``codes`` are known, where in the ascending ``known``)."""
    if not len(known):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    at = np.minimum(np.searchsorted(known, codes), len(known) - 1)
    found = np.flatnonzero(known[at] == codes)
    return found, at[found]


def scale_for(distinct_words: npt.ArrayLike) -> Floats:
    """Return the scale for a number of distinct words: one over its square root."""
    scale: Floats = (1 / np.sqrt(np.maximum(np.asarray(distinct_words), 1))).astype(np.float32)
    return scale


def vector_matrix(words: Sequence[str], vectors: WordVectors) -> Floats:
    """Return the vector of each word, zero where it has none; shape (n, n_dimensions)."""
    places = np.fromiter((vectors.place.get(word, -1) for word in words), np.int64, len(words))
    matrix = vectors.values[places]
    matrix[places < 0] = 0
    return matrix


def _csr(data: Floats, rows: Ints, columns: Ints, shape: tuple[int, int]) -> sparse.csr_array:
    return sparse.csr_array((data.astype(np.float32), (rows, columns)), shape=shape)
