"""Fit the weights: regularised logistic regression on the features of :mod:`infoshare_text.coding.features`.

Themes: one plain regression each. Stances: one regression a stance over all (comment, theme) pairs, whose weights
are a part common to all themes plus a part of each theme's own, so that rare pairs lean on the others
(H. Daumé, 'Frustratingly easy domain adaptation', ACL 2007). Sentiment: one multinomial regression.
"""

from __future__ import annotations

from collections import Counter
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
    scale_for,
    vector_matrix,
    words_in_comments,
)
from infoshare_text.coding.linear import LinearModel
from infoshare_text.coding.sentiment import SENTIMENTS
from infoshare_text.training.labelled import LabelledComments

WORDS, PAIRS, GRAMS, VECTORS, OWN_PART = 0.25, 0.28, 0.22, 0.1, 0.7
"""How much each kind of feature, and a theme's own part of a stance, counts before regularisation."""
C_THEMES, C_STANCES, C_SENTIMENT = 4.0, 4.0, 4.0
SEEN_AT_LEAST, PAIRS_SEEN_AT_LEAST = 2, 3
_ITERATIONS = 300

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

    def matrix(self, comments: LabelledComments) -> sparse.csr_array:
        """Return the features of comments, shape (n, n_features)."""
        table = comments.table
        held = words_in_comments(table)
        scaled = sparse.diags_array(scale_for(np.diff(held.indptr))) @ held
        rarity = self._rarity(table.words)
        vectors = sparse.csr_array(rarity[:, None] * vector_matrix(table.words, self.vectors))
        grams = sparse.diags_array(rarity) @ self.vocabulary.gram_matrix(table.words)
        pairs = _pairs_in_comments(table, self.vocabulary)
        blocks = [
            WORDS * (scaled @ self.vocabulary.word_matrix(table.words)),
            PAIRS * (sparse.diags_array(scale_for(np.diff(held.indptr))) @ pairs),
            GRAMS * (scaled @ grams),
            VECTORS * (scaled @ vectors),
        ]
        return narrow(sparse.hstack(blocks))

    def columns(self, *kinds: str) -> Ints:
        """Return the places of some kinds of feature: words, pairs, grams, vectors, question."""
        sizes = [*self.vocabulary.sizes, self.vectors.values.shape[1], len(self.question_words)]
        starts = np.cumsum([0, *sizes])
        order = ("words", "pairs", "grams", "vectors", "question")
        places = [np.arange(starts[i], starts[i + 1]) for i, kind in enumerate(order) if kind in kinds]
        return np.concatenate(places)

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
            Coefficients of shape (n_features [+ n_question_words], n_outputs), intercepts of shape (n_outputs,).
        """
        coefficients, intercept = weights
        words, pairs, grams, vectors, question = self._split(coefficients)
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
        if not len(question):
            question = np.zeros((len(self.question_words), len(outputs)))
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

    def _split(self, coefficients: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
        sizes = [*self.vocabulary.sizes, self.vectors.values.shape[1]]
        return np.split(coefficients, np.cumsum(sizes))

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
    held = words_in_comments(table)
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


def fit_themes(features: sparse.csr_array, themes: npt.NDArray[np.bool_]) -> Weights:
    """Fit one regression for each theme: (n_features, n_themes), (n_themes,)."""
    fitted = [_binary(features, column, C_THEMES) for column in themes.T]
    return _stacked(fitted)


def fit_stances(space: FeatureSpace, features: sparse.csr_array, stances: npt.NDArray[np.bool_]) -> Weights:
    """Fit the stances of themes that are present.

    The common part sees all but the word vectors, a theme's own part words, pairs and the question: measured, the
    rest adds under 0.002 F1 and triples the time.

    Parameters
    ----------
    space : FeatureSpace
        What the columns of ``features`` are.
    features : array of shape (n, n_features + n_question_words)
    stances : bool array of shape (n, n_themes, n_stances)

    Returns
    -------
    tuple of float arrays
        (n_features, n_themes * n_stances) and (n_themes * n_stances,), theme by theme.
    """
    n_themes, n_stances = stances.shape[1:]
    comment, theme = np.nonzero(stances.any(axis=2))
    common, own = space.columns("words", "pairs", "grams", "question"), space.columns("words", "pairs", "question")
    of_theme = np.eye(n_themes)[theme]
    shared, lent = features[:, common][comment], OWN_PART * features[:, own][comment]
    parts = [sparse.diags_array(of_theme[:, k]) @ lent for k in range(n_themes)]
    paired = narrow(sparse.hstack([shared, *parts, sparse.csr_array(of_theme)]))
    coefficients = np.zeros((features.shape[1], n_themes, n_stances))
    intercepts = np.zeros((n_themes, n_stances))
    for s in range(n_stances):
        weight, intercept = _binary(paired, stances[comment, theme, s], C_STANCES)
        ends = np.cumsum([len(common), *[len(own)] * n_themes])
        shared_weight, *own_weights, theme_weight = np.split(weight, ends)
        coefficients[common, :, s] = shared_weight[:, None]
        coefficients[own, :, s] += OWN_PART * np.stack(own_weights, axis=1)
        intercepts[:, s] = intercept + theme_weight
    return coefficients.reshape(features.shape[1], -1), intercepts.reshape(-1)


def fit_sentiment(features: sparse.csr_array, sentiments: list[str]) -> Weights:
    """Fit the four sentiments together: (n_features, 4), (4,)."""
    from sklearn.linear_model import LogisticRegression

    target = np.array([SENTIMENTS.index(sentiment) for sentiment in sentiments])
    model = LogisticRegression(C=C_SENTIMENT, max_iter=_ITERATIONS).fit(features, target)
    coefficients = np.zeros((features.shape[1], len(SENTIMENTS)))
    intercept = np.full(len(SENTIMENTS), -20.0)
    coefficients[:, model.classes_] = model.coef_.T
    intercept[model.classes_] = model.intercept_
    return coefficients, intercept


def _binary(features: sparse.csr_array, target: npt.NDArray[np.bool_], c: float) -> tuple[np.ndarray, float]:
    from sklearn.linear_model import LogisticRegression

    if target.all() or not target.any():
        return np.zeros(features.shape[1]), 5.0 if target.all() else -5.0
    model = LogisticRegression(C=c, max_iter=_ITERATIONS).fit(features, target)
    return model.coef_[0], float(model.intercept_[0])


def _stacked(fitted: list[tuple[np.ndarray, float]]) -> Weights:
    return np.stack([weight for weight, _ in fitted], axis=1), np.array([intercept for _, intercept in fitted])


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
    pieces = [set(grams_of(word)) for word in table.words]
    frequency: Counter[str] = Counter()
    for start, end in zip(held.indptr, held.indptr[1:], strict=False):
        frequency.update(set().union(*(pieces[word] for word in held.indices[start:end])))
    kept = sorted(gram for gram, times in frequency.items() if times >= SEEN_AT_LEAST)
    return kept, np.array([frequency[gram] for gram in kept], dtype=np.int64)


def _rarity_of(frequency: Ints, n: int) -> Floats:
    return _f32(np.log((1 + n) / (1 + frequency)) + 1)


def narrow(matrix: sparse.sparray) -> sparse.csr_array:
    """Return CSR with 32-bit indices, which halves the time of every product."""
    narrow = sparse.csr_array(matrix, dtype=np.float64)
    narrow.indices, narrow.indptr = narrow.indices.astype(np.int32), narrow.indptr.astype(np.int32)
    return narrow


def _f32(values: npt.ArrayLike) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float32)
