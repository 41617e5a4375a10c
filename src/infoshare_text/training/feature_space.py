"""The features that training comments give, and how their weights fold into scores of words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from infoshare_text.cleaning.words import WordTable, word_list
from infoshare_text.coding.features import (
    PAIR_GAPS,
    Floats,
    Ints,
    Vocabulary,
    WordVectors,
    found_among,
    grams_of,
    pair_codes,
    pairs_in,
    vector_matrix,
)
from infoshare_text.coding.linear import LinearModel
from infoshare_text.training.labelled import LabelledComments

WORDS, PAIRS, GRAMS, VECTORS = 0.25, 0.28, 0.22, 0.1
"""How much each kind of feature counts before regularisation."""
SEEN_AT_LEAST, PAIRS_SEEN_AT_LEAST = 2, 3

KINDS = ("words", "pairs", "grams", "vectors", "question")
Weights = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]


@dataclass(frozen=True)
class FeatureSpace:
    """The features that training comments gave, and the vectors beside them."""

    vocabulary: Vocabulary
    vectors: WordVectors
    question_words: list[str]

    @classmethod
    def of(cls, comments: LabelledComments, vectors: WordVectors) -> FeatureSpace:
        """Take every feature that stands in two comments at least (pairs: three)."""
        asked = {word for question in set(comments.questions) for word in word_list(question)}
        return cls(fit_vocabulary(comments.table), vectors, sorted(asked))

    @property
    def sizes(self) -> tuple[int, int, int, int, int]:
        """Number of words, pairs, grams, dimensions of vectors, and question words, in the order of weights."""
        return (*self.vocabulary.sizes, self.vectors.values.shape[1], len(self.question_words))

    def columns(self, *kinds: str) -> slice:
        """Return the places of some kinds of feature that stand side by side."""
        starts = np.cumsum([0, *self.sizes])
        places = [KINDS.index(kind) for kind in kinds]
        return slice(int(starts[min(places)]), int(starts[max(places) + 1]))

    def word_features(self, words: list[str]) -> tuple[sparse.csr_array, sparse.csr_array, Floats]:
        """Return what each distinct word holds: itself, its grams, its vector; shapes (n, ...)."""
        rarity = self._rarity(words)
        return (
            WORDS * self.vocabulary.word_matrix(words),
            GRAMS * (sparse.diags_array(rarity) @ self.vocabulary.gram_matrix(words)),
            VECTORS * rarity[:, None] * vector_matrix(words, self.vectors),
        )

    def pair_features(self, table: WordTable) -> sparse.csr_array:
        """Return the weighted pairs that each comment holds, shape (n_comments, n_pairs)."""
        return PAIRS * _pairs_in_comments(table, self.vocabulary)

    def question_matrix(self, questions: list[str]) -> sparse.csr_array:
        """Return the words of each question, each row of length 1 or 0; shape (n, n_question_words)."""
        place = {word: i for i, word in enumerate(self.question_words)}
        rows = {
            question: sorted({place[word] for word in word_list(question) if word in place})
            for question in set(questions)
        }
        lengths = np.array([len(rows[question]) for question in questions])
        columns = np.array([i for question in questions for i in rows[question]], dtype=np.int64)
        data = np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths)
        indptr = np.concatenate([[0], np.cumsum(lengths)])
        return sparse.csr_array((data, columns, indptr), shape=(len(questions), len(self.question_words)))

    def linear_model(self, outputs: list[str], weights: Weights) -> LinearModel:
        """Fold weights of features into scores of words.

        Parameters
        ----------
        outputs : list of str
        weights : tuple of float arrays
            Coefficients of shape (n_features, n_outputs), intercepts of shape (n_outputs,).
        """
        coefficients, intercept = weights
        words, pairs, grams, vectors, question = np.split(coefficients, np.cumsum(self.sizes)[:-1])
        gram_scores = GRAMS * self._rarest() * self.vocabulary.gram_weights[:, None] * grams
        everything = sorted(set(self.vocabulary.words) | set(self.vectors.words))
        known = self.vocabulary.places(everything) >= 0
        scores = WORDS * (self.vocabulary.word_matrix(everything) @ words)
        rarity = self._rarity(everything)[:, None]
        scores += GRAMS * rarity * (self.vocabulary.gram_matrix(everything) @ grams)
        scores += VECTORS * rarity * (vector_matrix(everything, self.vectors) @ vectors)
        place = {word: i for i, word in enumerate(everything)}
        moved = np.array([place[word] for word in self.vocabulary.words], dtype=np.int64)
        pair_scores = PAIRS * self.vocabulary.pair_weights[:, None] * pairs
        return LinearModel(
            outputs=outputs,
            words=everything,
            word_scores=_f32(scores),
            trained=known,
            pairs=np.column_stack([moved[self.vocabulary.pairs[:, :2]], self.vocabulary.pairs[:, 2]]),
            pair_scores=_f32(pair_scores),
            grams=self.vocabulary.grams,
            gram_scores=_f32(gram_scores),
            gram_weights=self.vocabulary.gram_weights,
            intercept=_f32(intercept),
            question_words=self.question_words,
            question_scores=_f32(question),
        )

    def _rarity(self, words: list[str]) -> Floats:
        """Return the inverse document frequency of each word; unknown ones count as the rarest."""
        places = self.vocabulary.places(words)
        if not len(self.vocabulary.words):
            return np.full(len(words), self._rarest(), dtype=np.float32)
        return np.where(places >= 0, self.vocabulary.word_weights[places], self._rarest()).astype(np.float32)

    def _rarest(self) -> float:
        return float(self.vocabulary.word_weights.max(initial=1.0))


def fit_vocabulary(table: WordTable) -> Vocabulary:
    """Collect the words and pieces that stand in two comments at least, and the pairs in three."""
    held = table.holds
    n = len(table)
    frequency = np.bincount(held.indices, minlength=len(table.words))
    order = np.argsort(np.array(table.words, dtype=object))
    kept = order[frequency[order] >= SEEN_AT_LEAST]
    words = [table.words[i] for i in kept]
    place = np.full(len(table.words), -1)
    place[kept] = np.arange(len(kept))
    pairs, pair_frequency = _frequent_pairs(table, place, len(words))
    grams, gram_frequency = _frequent_grams(table, held)
    return Vocabulary(
        words=words,
        word_weights=_rarity_of(frequency[kept], n),
        pairs=pairs,
        pair_weights=_rarity_of(pair_frequency, n),
        grams=grams,
        gram_weights=_rarity_of(gram_frequency, n),
    )


def _pairs_in_comments(table: WordTable, vocabulary: Vocabulary) -> sparse.csr_array:
    """Return the weighted pairs that each comment holds, shape (n_comments, n_pairs)."""
    n_words = len(vocabulary.words)
    left, _, codes = pairs_in(table, vocabulary.places(table.words), n_words)
    found, pair = found_among(codes, pair_codes(vocabulary.pairs, n_words))
    shape = (len(table), len(vocabulary.pairs))
    matrix = sparse.csr_array((np.ones(len(found)), (table.comment_of_token[left[found]], pair)), shape=shape)
    matrix.data[:] = 1
    return sparse.csr_array(matrix * vocabulary.pair_weights[None, :])


def _frequent_pairs(table: WordTable, places: Ints, n_words: int) -> tuple[Ints, Ints]:
    left, _, codes = pairs_in(table, places, n_words)
    distinct, code = np.unique(codes, return_inverse=True)
    once = np.unique(table.comment_of_token[left] * max(1, len(distinct)) + code) % max(1, len(distinct))
    frequency = np.bincount(once, minlength=len(distinct))
    kept = frequency >= PAIRS_SEEN_AT_LEAST
    words, gap = np.divmod(distinct[kept], len(PAIR_GAPS))
    first, second = np.divmod(words, max(1, n_words))
    return np.stack([first, second, gap + 1], axis=1), frequency[kept]


def _frequent_grams(table: WordTable, held: sparse.csr_array) -> tuple[list[str], Ints]:
    place: dict[str, int] = {}
    pieces = [sorted({place.setdefault(gram, len(place)) for gram in grams_of(word)}) for word in table.words]
    starts = np.concatenate([[0], np.cumsum([len(some) for some in pieces])]).astype(np.int64)
    columns = np.array([gram for some in pieces for gram in some], dtype=np.int64)
    of_words = sparse.csr_array((np.ones(len(columns), np.float32), columns, starts), shape=(len(pieces), len(place)))
    frequency = np.bincount((held @ of_words).indices, minlength=len(place))
    kept = sorted(gram for gram, at in place.items() if frequency[at] >= SEEN_AT_LEAST)
    return kept, frequency[[place[gram] for gram in kept]].astype(np.int64)


def _rarity_of(frequency: Ints, n: int) -> Floats:
    return _f32(np.log((1 + n) / (1 + frequency)) + 1)


def _f32(values: npt.ArrayLike) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float32)
