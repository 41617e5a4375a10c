"""What of a comment is compared to find its repeats: its words in order, and its neighbouring words two by two.

All comments of a table are taken at once: a number for each distinct word, then arithmetic modulo 2 ** 64 over the
whole table, so that nothing is done word by word in Python.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from infoshare_text.cleaning.words import Ints, WordTable

Numbers = npt.NDArray[np.uint64]

BANDS, ROWS_IN_BAND = 8, 3
LARGEST_SKETCH = 256
"""Pairs of a longer comment are sampled: those with the smallest numbers."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_LOW = np.uint64(0xFFFFFFFF)
_MULTIPLIERS = np.random.default_rng(20).integers(1, 2**31, size=BANDS * ROWS_IN_BAND, dtype=np.uint32) * 2 + 1
_MARKS = frozenset("!?")


@dataclass(frozen=True)
class Fingerprints:
    """Comments as numbers.

    Attributes
    ----------
    wording : uint64 array of shape (n,)
        The same for comments of the same words in the same order, whatever their case and punctuation.
    words : int array of shape (n,)
        Number of words.
    pairs : uint64 array of shape (n_pairs,)
        The distinct neighbouring words of each comment, in ascending order, comments one after another.
    starts : int array of shape (n + 1,)
        Comment ``i`` has ``pairs[starts[i]:starts[i + 1]]``.
    """

    wording: Numbers
    words: Ints
    pairs: Numbers
    starts: Ints

    @classmethod
    def of(cls, table: WordTable) -> Fingerprints:
        """Take the fingerprints of the comments of a table."""
        number = np.array([0 if word in _MARKS else _number(word) for word in table.words], dtype=np.uint64)[table.ids]
        kept = number > 0
        number, comment = number[kept], table.comment_of_token[kept]
        words = np.bincount(comment, minlength=len(table))
        begin = np.concatenate([[0], np.cumsum(words)])
        place = np.arange(len(number)) - begin[comment]
        powers = np.cumprod(np.full(int(words.max(initial=0)) + 1, _ODD))
        wording = _sums(number * powers[place], begin)
        together = comment[1:] == comment[:-1]
        pair = _mixed(number[:-1] * _ODD + number[1:])[together] >> np.uint64(32)
        owner = comment[1:][together].astype(np.uint64) << np.uint64(32)
        ordered = np.sort(owner | pair)
        distinct = ordered[new_in(ordered)]
        of_comment = (distinct >> np.uint64(32)).astype(np.int64)
        starts = np.searchsorted(of_comment, np.arange(len(table) + 1))
        small = np.arange(len(distinct)) - starts[of_comment] < LARGEST_SKETCH
        starts = np.concatenate([[0], np.cumsum(small)])[starts]
        return cls(_mixed(wording), words, distinct[small] & _LOW, starts)

    def take(self, which: Ints) -> Fingerprints:
        """Return those of some comments."""
        places, starts = spread(self.starts, which)
        return Fingerprints(self.wording[which], self.words[which], self.pairs[places], starts)

    def bands(self) -> Numbers:
        """Return numbers of which two comments share one the likelier the more pairs they share; shape (n, BANDS).

        MinHash (A. Broder, 'On the resemblance and containment of documents', 1997): of ``BANDS`` numbers, each made of
        the least of the pairs under ``ROWS_IN_BAND`` permutations, comments that share a part J of their pairs have
        one in common with probability ``1 - (1 - J ** ROWS_IN_BAND) ** BANDS``. Every comment must have a pair.
        """
        pairs = self.pairs.astype(np.uint32)
        bands = np.empty((len(self.starts) - 1, BANDS), dtype=np.uint64)
        for band in range(BANDS):
            together = np.full(len(bands), band, dtype=np.uint64)
            for multiplier in _MULTIPLIERS[band * ROWS_IN_BAND : (band + 1) * ROWS_IN_BAND]:
                least = np.minimum.reduceat(pairs * multiplier, self.starts[:-1]) if len(pairs) else pairs
                together = _mixed(together * _ODD + least)
            bands[:, band] = together
        return bands


def spread(starts: Ints, which: Ints) -> tuple[Ints, Ints]:
    """Return the places of the members of some groups, one group after another, and where each group starts there."""
    lengths = starts[which + 1] - starts[which]
    begin = np.concatenate([[0], np.cumsum(lengths)])
    return np.repeat(starts[which] - begin[:-1], lengths) + np.arange(begin[-1]), begin


def new_in(ordered: Numbers) -> npt.NDArray[np.bool_]:
    """Tell where ascending numbers go up; to sort and look takes a fifth of the time of ``np.unique``."""
    return np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]


@lru_cache(maxsize=100_000)
def _number(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little") or 1


def _mixed(numbers: Numbers) -> Numbers:
    """Stir all bits of each number into all (the finaliser of S. Vigna's splitmix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Numbers = numbers ^ (numbers >> np.uint64(31))
    return mixed


def _sums(numbers: Numbers, begin: Ints) -> Numbers:
    """Add up each group, modulo 2 ** 64; 0 for an empty one."""
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(numbers, dtype=np.uint64)])
    return np.asarray(sums[begin[1:]] - sums[begin[:-1]], dtype=np.uint64)
