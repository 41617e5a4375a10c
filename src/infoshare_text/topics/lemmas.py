"""Comments as the lemmas of their content words: what topics are counted in, and what their labels are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
from scipy import sparse

from infoshare_text.cleaning.words import WordTable
from infoshare_text.errors import MissingExtraError

Ints = npt.NDArray[np.int64]

_SAY_NOTHING = frozenset(
    """
    dr miss mr mrs ms
    able actually anybody anything bad better big bit bring come end etc everybody everything find generally get go
    going good got great half happen have having hold just kind know let like little look lot make maybe much need
    nobody nothing okay one person probably quite really right say see sit somebody sometimes sort start sure take tell
    thing think try turn use usually want way well would yes
    """.split()  # noqa: SIM905
)
_NOT_SO = {"datum": "data"}
"""Lemmas of the tables that no reader of a survey would write."""


@dataclass(frozen=True)
class LemmaTable:
    """The content words of many comments.

    Attributes
    ----------
    table : WordTable
    lemma_of_word : int array of shape (n_words,)
        Place in ``lemmas`` of each distinct word, -1 for one that says nothing by itself.
    lemmas : list of str
    """

    table: WordTable
    lemma_of_word: Ints
    lemmas: list[str]

    @classmethod
    def from_comments(cls, comments: Sequence[str], leave_out: frozenset[str] = frozenset()) -> LemmaTable:
        """Split comments and look up the lemma of each distinct word, but of none that is to be left out."""
        table = WordTable.from_comments(comments)
        lemma = [lemma_of(word) if says_something(word) and word not in leave_out else "" for word in table.words]
        # By the alphabet, not by first sight: ties fall the same way in whatever order comments come.
        lemmas = sorted(set(lemma) - {""})
        places = {name: place for place, name in enumerate(lemmas)}
        return cls(table, np.asarray([places.get(name, -1) for name in lemma], dtype=np.int64), lemmas)

    def __len__(self) -> int:
        return len(self.table)

    def only(self, places: Ints) -> LemmaTable:
        """Return some of the comments."""
        table = self.table
        parts = [np.arange(table.starts[i], table.starts[i + 1]) for i in places]
        ids = table.ids[np.concatenate(parts)] if parts else table.ids[:0]
        starts = np.concatenate([[0], np.cumsum(np.diff(table.starts)[places])])
        chosen = WordTable.of_tokens(table.words, ids, starts, np.empty(0, np.int64))
        return LemmaTable(chosen, self.lemma_of_word, self.lemmas)

    @cached_property
    def holds_word(self) -> sparse.csr_array:
        """1 where a comment holds a content word, float32 of shape (n_comments, n_words)."""
        content = (self.lemma_of_word >= 0).astype(np.float32)
        matrix = sparse.csr_array(self.table.holds @ sparse.diags_array(content))
        matrix.eliminate_zeros()
        return matrix

    @cached_property
    def holds(self) -> sparse.csr_array:
        """1 where a comment holds a lemma, float32 of shape (n_comments, n_lemmas)."""
        matrix = self._lemmas_of(self.holds_word)
        matrix.data[:] = 1
        return matrix

    def _lemmas_of(self, words: sparse.csr_array) -> sparse.csr_array:
        known = np.flatnonzero(self.lemma_of_word >= 0)
        ones = np.ones(len(known), dtype=np.float32)
        shape = (len(self.table.words), len(self.lemmas))
        return sparse.csr_array(words @ sparse.csr_array((ones, (known, self.lemma_of_word[known])), shape=shape))

    @cached_property
    def frequency(self) -> Ints:
        """Number of comments that hold each lemma, shape (n_lemmas,)."""
        return np.asarray(self.holds.sum(axis=0), dtype=np.int64).ravel()

    @cached_property
    def spelling(self) -> list[str]:
        """The word form in which each lemma stands most often."""
        count = np.bincount(self.table.ids, minlength=len(self.table.words))
        best: dict[int, int] = {}
        for word in sorted(range(len(count)), key=lambda k: (-count[k], self.table.words[k])):
            best.setdefault(int(self.lemma_of_word[word]), word)
        return [self.table.words[best[lemma]] for lemma in range(len(self.lemmas))]


def says_something(word: str) -> bool:
    """Whether a word says something by itself: no function word, number, or word that fits any subject."""
    stem = word.removesuffix("'s")
    if len(stem) < 2 or not stem.isalpha() or stem in _stop_words():
        return False
    lemma = lemma_of(word)
    return lemma not in _SAY_NOTHING and lemma not in _stop_words()


def lemma_of(word: str) -> str:
    """Return the lemma of a word in normal form, by the lookup tables of spaCy.

    >>> lemma_of("meetings"), lemma_of("data"), lemma_of("emis")
    ('meeting', 'data', 'emis')
    """
    stem = word.removesuffix("'s")
    lemma = str(_lemma_table().get(stem, stem))
    return _NOT_SO.get(lemma, lemma).casefold()


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    from spacy.lang.en.stop_words import STOP_WORDS

    return frozenset(STOP_WORDS)


@lru_cache(maxsize=1)
def _lemma_table() -> Mapping[str, str]:
    """Take the English lookup table out of a blank spaCy pipeline."""
    import spacy

    nlp = spacy.blank("en")
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    try:
        nlp.initialize()
    except ValueError:
        raise MissingExtraError("spacy-lookups-data", "topics") from None
    table: Mapping[str, str] = lemmatizer.lookups.get_table("lemma_lookup")  # type: ignore[attr-defined]
    return table
