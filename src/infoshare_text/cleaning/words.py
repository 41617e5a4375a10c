"""Split comments into words, with exact places in the original text.

Nothing is ever cleaned away from the comment itself: a word is a slice of it, and its
normal form (case, width, apostrophes) is only what models look up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

Ints = npt.NDArray[np.int64]

CLEANING_VERSION = 2
"""Goes up when the same comment could give other words; models carry the one they were trained with."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[!?]")
_BREAK = r"[.;:,()\n]|(?<=\s)[-–—](?=\s)"
_WORD_OR_BREAK = re.compile(f"{_WORD.pattern}|{_BREAK}")
_ENDS_CLAUSE = frozenset("!?")
_BEGINS_CLAUSE = frozenset({"but", "although", "though", "however", "whereas", "yet", "except", "while"})
_CLAUSE_WORDS = 3
"""A clause of fewer words joins the next one: a heading or 'Yes,' says nothing by itself."""


def normal_form(word: str) -> str:
    """Return the form under which a word is looked up.

    >>> normal_form("Don’t"), normal_form("ＧＤＰＲ")
    ("don't", 'gdpr')
    """
    return unicodedata.normalize("NFKC", word).casefold().replace("’", "'")


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each word, in characters of ``text``."""
    return [match.span() for match in _WORD.finditer(text)]


def word_list(text: str) -> list[str]:
    """Return the normal forms of the words of a text, in order.

    >>> word_list("Nobody's told us: GDPR?!")
    ["nobody's", 'told', 'us', 'gdpr', '?', '!']
    """
    return [normal_form(word) for word in _WORD.findall(text)]


@dataclass(frozen=True)
class WordTable:
    """The words of many comments, each distinct word stored once.

    Attributes
    ----------
    words : list of str
        Distinct normal forms.
    ids : int array of shape (n_tokens,)
        Place in ``words`` of every token, comments one after another.
    starts : int array of shape (n_comments + 1,)
        Comment ``i`` has the tokens ``starts[i]:starts[i + 1]``.
    clause_starts : int array of shape (n_clauses + 1,)
        The same for clauses. Every comment has one clause at least.
    comment_of_clause : int array of shape (n_clauses,)
    """

    words: list[str]
    ids: Ints
    starts: Ints
    clause_starts: Ints
    comment_of_clause: Ints

    @classmethod
    def from_comments(cls, comments: Sequence[str]) -> WordTable:
        """Split comments; the spelling a word came in is normalised once, not each time."""
        places = _Places()
        place = places.__getitem__
        lengths = np.empty(len(comments), dtype=np.int64)
        tokens: list[int] = []
        for i, comment in enumerate(comments):
            before = len(tokens)
            tokens.extend(map(place, _WORD_OR_BREAK.findall(comment)))
            lengths[i] = len(tokens) - before
        forms = _Places()
        renumber = np.fromiter((_form(word, forms) for word in places), np.int64, len(places))
        ids = renumber[np.asarray(tokens, dtype=np.int64)] if tokens else np.empty(0, np.int64)
        words_before = np.concatenate([[0], np.cumsum(ids >= 0)])
        starts = words_before[np.concatenate([[0], np.cumsum(lengths)])]
        breaks = words_before[np.flatnonzero(ids < 0)]
        return cls.of_tokens(list(forms), ids[ids >= 0], starts, breaks)

    @classmethod
    def of_tokens(cls, words: list[str], ids: Ints, starts: Ints, breaks: Ints) -> WordTable:
        """Divide comments that are split into words already.

        Parameters
        ----------
        words, ids, starts
            See the attributes.
        breaks : int array
            Tokens before which a mark of punctuation stands.
        """
        ends = np.fromiter((word in _ENDS_CLAUSE for word in words), np.bool_, len(words))
        begins = np.fromiter((word in _BEGINS_CLAUSE for word in words), np.bool_, len(words))
        at = np.concatenate([breaks, np.flatnonzero(begins[ids]), np.flatnonzero(ends[ids]) + 1])
        return cls(words, ids, starts, *_clauses(at, starts))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def comment_of_token(self) -> Ints:
        """Number of the comment that each token stands in, shape (n_tokens,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def first(self, n: int) -> WordTable:
        """Return the first ``n`` comments."""
        starts = self.starts[: n + 1]
        clauses = self.comment_of_clause[self.comment_of_clause < n]
        return WordTable(self.words, self.ids[: starts[-1]], starts, self.clause_starts[: len(clauses) + 1], clauses)

    @property
    def clause_of_token(self) -> Ints:
        """Number of the clause that each token stands in, shape (n_tokens,)."""
        return np.repeat(np.arange(len(self.comment_of_clause)), np.diff(self.clause_starts))

    @cached_property
    def by_clause(self) -> WordTable:
        """The same words with each clause as a comment of its own."""
        each = np.arange(len(self.comment_of_clause))
        return WordTable(self.words, self.ids, self.clause_starts, self.clause_starts, each)

    @cached_property
    def holds(self) -> sparse.csr_array:
        """1 where a comment holds a word, float32 of shape (n_comments, n_words)."""
        ones = np.ones(len(self.ids), dtype=np.float32)
        matrix = sparse.csr_array((ones, self.ids, self.starts), shape=(len(self), len(self.words)), copy=True)
        matrix.sum_duplicates()
        matrix.data[:] = 1
        return matrix

    @property
    def distinct_words(self) -> Ints:
        """Number of distinct words of each comment, shape (n_comments,)."""
        return np.asarray(np.diff(self.holds.indptr), dtype=np.int64)

    @cached_property
    def first_clauses(self) -> Ints:
        """Number of the first clause of each comment, shape (n_comments,)."""
        return np.searchsorted(self.comment_of_clause, np.arange(len(self)))


def _form(word: str, forms: _Places) -> int:
    """Return the number of a word's normal form, -1 for a mark that only divides clauses."""
    return forms[normal_form(word)] if _WORD.match(word) else -1


def _clauses(at: Ints, starts: Ints) -> tuple[Ints, Ints]:
    """Divide comments at some tokens, joining what is too short to stand alone to what follows it."""
    first = starts[:-1]
    inside = np.setdiff1d(at, starts)
    owner = np.searchsorted(starts, inside, side="right") - 1
    begin = np.concatenate([first, inside])
    comment = np.concatenate([np.arange(len(first)), owner])
    order = np.lexsort((begin, comment))
    begin, comment = begin[order], comment[order]
    length = np.diff(np.append(begin, starts[-1]))
    opens = np.append(True, comment[1:] != comment[:-1])
    closes = np.append(opens[1:], True)
    after_short = np.append(False, length[:-1] < _CLAUSE_WORDS)
    kept = opens | ~(after_short | (closes & (length < _CLAUSE_WORDS)))
    return np.append(begin[kept], starts[-1]), comment[kept]


class _Places(dict[str, int]):
    """Numbers handed out in order of first sight."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number
