"""Which comments repeat an earlier one, word for word or nearly; they are marked, never dropped.

**Exact**: the same words in the same order, whatever their case, width, spacing and punctuation.
**Near**: both have eight words at least, and of all the pairs of neighbouring words in either, seven tenths are in both
(the Jaccard index of pairs); a letter copied with a changed sentence, a line corrected. A comment is compared with
few earlier ones, found by MinHash, and the index is then counted out, so that every mark is true (over a sample of 256
pairs where there are more); a near repeat that just reaches seven tenths is found 96 times in 100, one of eight tenths
99 times.

Comments are taken in the order of the survey and each is compared with earlier ones to the same question, so that
neither the size of a piece nor other columns change a mark. Time grows with the number of comments, not with its
square. Exact repeats are found at any distance, for 16 bytes a different comment; near ones among the last hundred
thousand comments of eight words and up to as many before, in memory that grows no further.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from infoshare_text.cleaning.fingerprints import LARGEST_SKETCH, Fingerprints, Numbers, spread
from infoshare_text.cleaning.words import Ints, WordTable
from infoshare_text.columns import EXACT, NEAR

if TYPE_CHECKING:
    import pandas as pd

NEAR_FROM = 0.7
"""Two comments are nearly the same from this share of common pairs of words on."""
FEWEST_WORDS = 8
"""Shorter comments are alike too easily."""
REMEMBERED = 100_000
"""Comments in a stretch of memory; the stretch before it is kept too."""
_RUNS_APART = 6


class Repeats:
    """The comments met so far, as numbers; no text is kept."""

    def __init__(self) -> None:
        self._of_question: dict[tuple[str, int], _Answers] = {}

    def mark(
        self, table: WordTable, rows: Ints, questions: Sequence[str], places: Ints
    ) -> tuple[npt.NDArray[np.object_], Ints]:
        """Mark the next comments, and remember them.

        Parameters
        ----------
        table : WordTable
            The words of ``n`` comments.
        rows : int array of shape (n,)
            Data row that each stands in.
        questions : sequence of str, length n
            What each answers.
        places : int array of shape (n,)
            Which of the columns of that wording each comes from.

        Returns
        -------
        array of str, shape (n,)
            ``exact``, ``near`` or empty.
        int array of shape (n,)
            The row of the earlier comment, 0 for none.
        """
        prints = Fingerprints.of(table)
        kinds, of = np.full(len(rows), "", dtype=object), np.zeros(len(rows), dtype=np.int64)
        columns: dict[tuple[str, int], list[int]] = {}
        for i, column in enumerate(zip(questions, places.tolist(), strict=True)):
            columns.setdefault(column, []).append(i)
        for column, members in columns.items():
            at = np.asarray(members)
            answers = self._of_question.setdefault(column, _Answers())
            kinds[at], of[at] = answers.mark(prints if len(at) == len(rows) else prints.take(at), rows[at])
        return kinds, of


def nth_of_wording(rows: Ints, questions: Sequence[str]) -> Ints:
    """Count, among the answers of a respondent, those to questions of one wording, which are different columns.

    Parameters
    ----------
    rows : int array of shape (n,)
        The answers of one respondent stand side by side.
    questions : sequence of str, length n

    Returns
    -------
    int array of shape (n,)
        0 for the first of that wording, 1 for the second.

    Examples
    --------
    >>> nth_of_wording(np.array([1, 1, 1, 2, 2]), ["Why?", "How?", "Why?", "Why?", "How?"]).tolist()
    [0, 0, 1, 0, 0]
    """
    import pandas as pd

    respondent = np.cumsum(np.diff(rows, prepend=rows[:1]) != 0)
    if not len(rows) or respondent[-1] == len(rows) - 1:
        return np.zeros(len(rows), dtype=np.int64)
    grouped = pd.DataFrame({"respondent": respondent, "question": questions}).groupby(["respondent", "question"])
    return np.asarray(grouped.cumcount(), dtype=np.int64)


def row_numbers(rows: pd.Series) -> Ints:
    """Return the numbers that tell respondents apart: those given, or 1, 2, 3 ... where they do not; shape (n,)."""
    import pandas as pd

    if pd.api.types.is_integer_dtype(rows) and not rows.isna().any():
        numbers = rows.to_numpy(dtype=np.int64)
        heads = numbers[np.diff(numbers, prepend=numbers[:1] - 1) != 0]
        if len(np.unique(heads)) == len(heads) and (numbers > 0).all():
            return numbers
    return np.arange(1, len(rows) + 1)


class _Answers:
    """The answers to one question."""

    def __init__(self) -> None:
        self._wordings = _FirstSeen()
        self._now, self._before = _Stretch(), _Stretch()

    def mark(self, prints: Fingerprints, rows: Ints) -> tuple[npt.NDArray[np.object_], Ints]:
        kinds, of = np.full(len(rows), "", dtype=object), np.zeros(len(rows), dtype=np.int64)
        worded = np.flatnonzero(prints.words > 0)
        # A row number tells an answer: a column has one in each row.
        first = self._wordings.look_up(prints.wording[worded], rows[worded])
        again = first != rows[worded]
        kinds[worded[again]], of[worded[again]] = EXACT, first[again]
        long = worded[~again & (prints.words[worded] >= FEWEST_WORDS)]
        near = self._near(prints.take(long), rows[long])
        kinds[long[near > 0]], of[long] = NEAR, near
        return kinds, of

    def _near(self, prints: Fingerprints, rows: Ints) -> Ints:
        """Return the row of an earlier comment that each nearly repeats, 0 for none; one stretch after the other."""
        found = []
        while len(rows):
            if len(self._now) == REMEMBERED:
                self._now, self._before = _Stretch(), self._now
            n = min(len(rows), REMEMBERED - len(self._now))
            part = prints.take(np.arange(n))
            bands = part.bands()
            of = self._before.near(part, self._before.candidates(bands))
            at = np.arange(len(self._now), len(self._now) + n)
            candidates = self._now.add(part, bands, rows[:n])
            candidates[candidates >= at[:, None]] = -1
            of = np.where(of > 0, of, self._now.near(part, candidates))
            found.append(of)
            prints, rows = prints.take(np.arange(n, len(rows))), rows[n:]
        return np.concatenate([np.empty(0, np.int64), *found])


class _Stretch:
    """Comments that others are compared with."""

    def __init__(self) -> None:
        self._bands = _FirstSeen()
        self._rows, self._pairs, self._starts = _Growing(np.int64), _Growing(np.uint32), _Growing(np.int64)
        self._starts.add(np.zeros(1, np.int64))

    def __len__(self) -> int:
        return len(self._rows)

    def candidates(self, bands: Numbers) -> Ints:
        """Return for each band the first comment here that has it, -1 for none; shape of ``bands``."""
        keys = bands.reshape(-1)
        order = np.argsort(keys)
        found = np.empty(len(keys), np.int64)
        # In ascending order they are found several times faster.
        found[order] = self._bands.find(keys[order])
        return found.reshape(bands.shape)

    def add(self, prints: Fingerprints, bands: Numbers, rows: Ints) -> Ints:
        """Remember comments, and return their candidates, themselves among them."""
        at = np.repeat(np.arange(len(self), len(self) + len(rows)), bands.shape[1])
        self._rows.add(rows)
        self._starts.add(len(self._pairs) + prints.starts[1:])
        self._pairs.add(prints.pairs)
        return self._bands.look_up(bands.reshape(-1), at).reshape(bands.shape)

    def near(self, prints: Fingerprints, candidates: Ints) -> Ints:
        """Return the row of the earliest candidate that each comment nearly repeats, 0 for none."""
        n = len(candidates)
        of = np.zeros(n, dtype=np.int64)
        comment = np.repeat(np.arange(n), candidates.shape[1])
        tried = np.unique((comment * (len(self) + 1) + candidates.reshape(-1))[candidates.reshape(-1) >= 0])
        comment, candidate = np.divmod(tried, len(self) + 1)
        mine = np.diff(prints.starts)[comment]
        theirs = self._starts.values[candidate + 1] - self._starts.values[candidate]
        near_in_length = np.minimum(mine, theirs) >= NEAR_FROM * np.maximum(mine, theirs)
        comment, candidate = comment[near_in_length], candidate[near_in_length]
        my_pairs, my_starts = spread(prints.starts, comment)
        their_pairs, their_starts = spread(self._starts.values, candidate)
        alike = _jaccard(
            prints.pairs[my_pairs], my_starts, self._pairs.values[their_pairs].astype(np.uint64), their_starts
        )
        holds = np.flatnonzero(alike >= NEAR_FROM)[::-1]
        # Backwards, so that the earliest is what stays.
        of[comment[holds]] = self._rows.values[candidate[holds]]
        return of


def _jaccard(mine: Numbers, my_starts: Ints, theirs: Numbers, their_starts: Ints) -> npt.NDArray[np.float64]:
    """Return the Jaccard index of each two sets, over the least ``LARGEST_SKETCH`` members of their union.

    Both come in ascending order within each set, so that one look-up finds all that is common.
    """
    n, (mine, my_set), (theirs, _) = len(my_starts) - 1, _keyed(mine, my_starts), _keyed(theirs, their_starts)
    if not len(theirs):
        return np.zeros(n)
    at = np.minimum(np.searchsorted(theirs, mine), len(theirs) - 1)
    common = np.flatnonzero(theirs[at] == mine)
    owner = my_set[common]
    starts = np.searchsorted(owner, np.arange(n + 1))
    place_in_union = (common - my_starts[owner]) + (at[common] - their_starts[owner])
    place_in_union -= np.arange(len(common)) - starts[owner]
    union = np.diff(my_starts) + np.diff(their_starts) - np.diff(starts)
    both = np.bincount(owner[place_in_union < LARGEST_SKETCH], minlength=n)
    return np.asarray(both / np.clip(union, 1, LARGEST_SKETCH), dtype=np.float64)


def _keyed(members: Numbers, starts: Ints) -> tuple[Numbers, Ints]:
    """Return members with the number of their set before them, and that number."""
    of_set = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    return (of_set.astype(np.uint64) << np.uint64(32)) | members, of_set


class _FirstSeen:
    """A number for each key: the one that it was first seen with. Two sorted runs, the small one for what is new."""

    def __init__(self) -> None:
        self._runs = [(np.empty(0, np.uint64), np.empty(0, np.int64))] * 2

    def find(self, keys: Numbers) -> Ints:
        """Return the number of each key, -1 for one never seen."""
        found = np.full(len(keys), -1, dtype=np.int64)
        for there, values in self._runs:
            if len(there):
                at = np.minimum(np.searchsorted(there, keys), len(there) - 1)
                found = np.where(there[at] == keys, values[at], found)
        return found

    def look_up(self, keys: Numbers, values: Ints) -> Ints:
        """Return the number that each key was first seen with, now perhaps, and remember it."""
        distinct, first, back = np.unique(keys, return_index=True, return_inverse=True)
        known = self.find(distinct)
        new = known < 0
        known[new] = values[first[new]]
        old, recent = self._runs
        recent = _merged(recent, (distinct[new], known[new]))
        if len(recent[0]) * _RUNS_APART > len(old[0]):
            old, recent = _merged(old, recent), (recent[0][:0], recent[1][:0])
        self._runs = [old, recent]
        return known[back]


def _merged(one: tuple[Numbers, Ints], other: tuple[Numbers, Ints]) -> tuple[Numbers, Ints]:
    at = np.searchsorted(one[0], other[0])
    return np.insert(one[0], at, other[0]), np.insert(one[1], at, other[1])


class _Growing:
    """An array that is added to, with room to spare, so that it is seldom copied."""

    def __init__(self, dtype: type[np.generic]) -> None:
        self._room = np.empty(0, dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def values(self) -> npt.NDArray[Any]:
        """What is in it."""
        return self._room[: self._length]

    def add(self, values: npt.NDArray[Any]) -> None:
        """Add to its end."""
        length = self._length + len(values)
        if length > len(self._room):
            grown = np.empty(max(length, len(self._room) * 3 // 2), self._room.dtype)
            grown[: self._length] = self.values
            self._room = grown
        self._room[self._length : length] = values
        self._length = length
