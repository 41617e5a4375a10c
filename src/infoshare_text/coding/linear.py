"""A linear model of comments, ready to run: one row of scores for each word, word pair and piece.

The score of a comment is ``intercept + question + scale * (sum of its words + sum of its pairs)``, so the
table of distinct words of a chunk is scored once and every comment is a sum over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

from infoshare_text.cleaning.words import WordTable, word_list
from infoshare_text.coding.features import (
    Floats,
    Ints,
    found_among,
    grams_of,
    pair_codes,
    pairs_in,
    scale_for,
)

_REMEMBERED_WORDS = 300_000


Scores = TypeVar("Scores", bound=npt.NDArray[Any])


@dataclass(frozen=True)
class Found:
    """What a model knows of some comments.

    Attributes
    ----------
    table : WordTable
    places : int array of shape (n_distinct_words,)
        Row of each distinct word, -1 for none.
    left, right, pair : int arrays of shape (n_found,)
        Tokens of every known pair, and which it is.
    """

    table: WordTable
    places: Ints
    left: Ints
    right: Ints
    pair: Ints

    @property
    def by_clause(self) -> Found:
        """The same with each clause as a comment of its own: no pair crosses its end."""
        clause = self.table.clause_of_token
        within = clause[self.left] == clause[self.right]
        left, right, pair = self.left[within], self.right[within], self.pair[within]
        return Found(self.table.by_clause, self.places, left, right, pair)


@dataclass(frozen=True)
class LinearModel:
    """Scores of words, pairs and pieces for each of ``n_outputs`` outputs.

    Attributes
    ----------
    outputs : list of str
        Names of the outputs.
    words : list of str
        Words with a row of their own.
    word_scores : float32 array of shape (n_words, n_outputs)
    trained : bool array of shape (n_words,)
        Whether the word stood in two training comments at least.
    pairs : int array of shape (n_pairs, 3)
        Two words, as places in ``words``, and how far apart they stand; in ascending order.
    pair_scores : float32 array of shape (n_pairs, n_outputs)
    grams : list of str
        Pieces that score a word which has no row.
    gram_scores : float32 array of shape (n_grams, n_outputs)
    gram_weights : float32 array of shape (n_grams,)
        The score of an unknown word is the sum of its pieces' over the length of their weights.
    intercept : float32 array of shape (n_outputs,)
    question_words : list of str
    question_scores : float32 array of shape (n_question_words, n_outputs)
    """

    outputs: list[str]
    words: list[str]
    word_scores: Floats
    trained: npt.NDArray[np.bool_]
    pairs: Ints
    pair_scores: Floats
    grams: list[str]
    gram_scores: Floats
    gram_weights: Floats
    intercept: Floats
    question_words: list[str]
    question_scores: Floats
    _unknown: dict[str, Floats] = field(default_factory=dict, init=False, repr=False, compare=False)

    def scores(self, table: WordTable, questions: Sequence[str] | None = None) -> Floats:
        """Score comments.

        Parameters
        ----------
        table : WordTable
            The words of ``n`` comments.
        questions : sequence of str, optional
            The question each answers; none: no word on it.

        Returns
        -------
        float32 array of shape (n, n_outputs)
        """
        return self.sums(self.find(table)) + self.base(len(table), questions)

    def find(self, table: WordTable) -> Found:
        """Look up the words and pairs of comments."""
        places = np.fromiter((self._place.get(word, -1) for word in table.words), np.int64, len(table.words))
        left, right, code = pairs_in(table, places, len(self.words))
        known, pair = found_among(code, self._pair_codes)
        return Found(table, places, left[known], right[known], pair)

    def sums(self, found: Found, outputs: slice = slice(None)) -> Floats:
        """Add up the words and pairs of comments, without what there is before any word.

        Parameters
        ----------
        found : Found
        outputs : slice
            Which outputs are wanted.

        Returns
        -------
        float32 array of shape (n, n_outputs)
        """
        table = found.table
        total = table.holds @ self.rows(found)[:, outputs]
        if len(found.pair):
            ones = np.ones(len(found.pair), dtype=np.float32)
            shape = (len(table), len(self.pairs))
            held = sparse.csr_array((ones, (table.comment_of_token[found.left], found.pair)), shape=shape)
            held.data[:] = 1
            total += held @ self.pair_scores[:, outputs]
        total *= scale_for(table.distinct_words)[:, None]
        return np.asarray(total, dtype=np.float32)

    def base(self, n: int, questions: Sequence[str] | None) -> Floats:
        """Return the scores of ``n`` comments before any word: intercept and question; shape (n, n_outputs)."""
        base = np.broadcast_to(self.intercept, (n, len(self.outputs)))
        return base if questions is None else base + self.question_rows(questions)

    def rows(self, found: Found) -> Floats:
        """Return what each distinct word adds, before scaling; shape (n_distinct_words, n_outputs)."""
        rows = self.word_scores[found.places]
        unknown = np.flatnonzero(found.places < 0)
        if len(unknown):
            rows[unknown] = self._unknown_rows([found.table.words[i] for i in unknown.tolist()])
        return rows

    def known_share(self, found: Found) -> Floats:
        """Return the share of each comment's words that training knew, shape (n,); 1 for no words."""
        table = found.table
        known = (found.places >= 0) & self.trained[found.places]
        sums = np.concatenate([[0], np.cumsum(known[table.ids])])
        length = np.diff(table.starts)
        share = (sums[table.starts[1:]] - sums[table.starts[:-1]]) / np.maximum(length, 1)
        return np.where(length == 0, 1, share).astype(np.float32)

    def sees_as(self, other: LinearModel) -> bool:
        """Whether what one model finds is what the other would find."""
        return self.words == other.words and np.array_equal(self.pairs, other.pairs)

    def question_rows(self, questions: Sequence[str]) -> Floats:
        """Return what each question adds, shape (n, n_outputs)."""
        distinct = {question: i for i, question in enumerate(dict.fromkeys(questions))}
        rows = np.zeros((len(distinct), len(self.outputs)), dtype=np.float32)
        place = {word: i for i, word in enumerate(self.question_words)}
        for question, i in distinct.items():
            known = sorted({place[word] for word in word_list(question) if word in place})
            if known:
                rows[i] = self.question_scores[known].sum(axis=0) / np.sqrt(len(known))
        return rows[[distinct[question] for question in questions]]

    def _unknown_rows(self, words: list[str]) -> list[Floats]:
        """Return the rows of words without one of their own, each spelt out once and remembered.

        What is returned never depends on the memory alone: another thread may empty it at any time.
        """
        known = {word: self._unknown.get(word) for word in dict.fromkeys(words)}
        fresh = [word for word, row in known.items() if row is None]
        spelled = dict(zip(fresh, self._spelled_rows(fresh), strict=True))
        if len(self._unknown) + len(spelled) > _REMEMBERED_WORDS:
            self._unknown.clear()
        self._unknown.update(spelled)
        rows = {word: row for word, row in known.items() if row is not None} | spelled
        return [rows[word] for word in words]

    def _spelled_rows(self, words: list[str]) -> Floats:
        columns: list[int] = []
        ends = [0]
        for word in words:
            found = {self._gram_place.get(gram, -1) for gram in grams_of(word)}
            found.discard(-1)
            columns.extend(sorted(found))
            ends.append(len(columns))
        ones = np.ones(len(columns), dtype=np.float32)
        held = sparse.csr_array((ones, columns, ends), shape=(len(words), len(self.grams)))
        length = np.sqrt(held @ np.square(self.gram_weights))
        return np.asarray((held @ self.gram_scores) / np.maximum(length, 1e-9)[:, None], dtype=np.float32)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.words)}

    @cached_property
    def _gram_place(self) -> dict[str, int]:
        return {gram: i for i, gram in enumerate(self.grams)}

    @cached_property
    def _pair_codes(self) -> Ints:
        return pair_codes(self.pairs, len(self.words))


def mean_of(scores: Scores, encoded: Scores | None) -> Scores:
    """Return the mean of a linear model's scores and an encoder's; the linear ones alone where it has none (NaN)."""
    if encoded is None:
        return scores
    return np.asarray(np.where(np.isnan(encoded), scores, (scores + encoded) / 2), dtype=scores.dtype)  # type: ignore[return-value]


_OF_OUTPUTS = ("word_scores", "pair_scores", "gram_scores", "intercept", "question_scores")


def beside(one: LinearModel, other: LinearModel) -> LinearModel:
    """Put the outputs of two models over the same features side by side."""
    scores: dict[str, Any] = {
        name: np.concatenate([getattr(one, name), getattr(other, name)], axis=-1) for name in _OF_OUTPUTS
    }
    return replace(one, outputs=[*one.outputs, *other.outputs], **scores)


def parted(model: LinearModel, outputs: slice) -> LinearModel:
    """Take some of the outputs of a model."""
    scores: dict[str, Any] = {name: np.ascontiguousarray(getattr(model, name)[..., outputs]) for name in _OF_OUTPUTS}
    return replace(model, outputs=model.outputs[outputs], **scores)
