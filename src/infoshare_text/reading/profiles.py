"""What the answers in each column look like, on a sample of the rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from infoshare_text.reading.cells import kinds_of_cells, main_kind
from infoshare_text.reading.layouts import Column

SAMPLE_ROWS = 1000
_WORDS_ON_AVERAGE = 4.0
_SHARE_DISTINCT = 0.7
_LONG_WORDS, _LONG_SHARE = 5, 0.25
_SEVERAL_WORDS, _SHARE_VARIED, _SHARE_ONCE, _SHARE_NOTHING = 2, 0.6, 0.35, 0.9
_SHARE_TITLED, _CAPITALS, _SMALL_WORDS = 0.6, 0.8, {"of", "and", "the", "for", "in", "at", "to", "on", "with", "&", "-"}
_SHORT_CELL, _LONGEST_TITLE = 40, 30
_ENOUGH, _FEW = 100, 10
_NOTHING = re.compile(
    r"(?:n\W?/?a|not applicable|none|no|nope|nil|nothing|not really|no (?:comments?|answer|reply|idea)"
    r"|(?:i )?don'?t know|not sure|unsure|as above|see above|nothing (?:to add|else|more)|\W+|x+)\W*",
    re.IGNORECASE,
)
_NOT_PROSE = re.compile(r"[\d\s:/.,+\-TZ]+|\S+@\S+|https?://\S+")


@dataclass(frozen=True)
class AnswerProfile:
    """What the answers in one column look like.

    Attributes
    ----------
    column : Column
    answered : int
        Cells that are not empty.
    distinct : int
        Different values among them.
    words : float
        Words in an answer, on average.
    shares : mapping of str to float
        Share of the answers that are numbers, dates, e-mail addresses and so on.
    kind : str
        What most answers are of these; empty for words.
    long, long_distinct : int
        Answers of five words or more, and how many of them differ.
    digits : int
        Answers with a digit in them.
    once : int
        Answers that nobody else gave.
    nothing : int
        Answers such as 'n/a' or 'none'.
    titled : int
        Answers with Nearly Every Word Capitalised, as people write names, posts and organisations.
    only : str
        The one value, where all answers are the same.
    """

    column: Column
    answered: int
    distinct: int
    words: float
    shares: Mapping[str, float] = field(default_factory=dict)
    kind: str = ""
    long: int = 0
    long_distinct: int = 0
    digits: int = 0
    once: int = 0
    nothing: int = 0
    titled: int = 0
    only: str = field(default="", repr=False)

    @property
    def free_text(self) -> bool:
        """Whether the answers read like prose: several words each, the long ones seldom the same twice."""
        if not self.answered or self.kind or self.titled >= _SHARE_TITLED * self.answered:
            return False
        most = self.words >= _WORDS_ON_AVERAGE and self.distinct / self.answered >= _SHARE_DISTINCT
        some = self.long >= max(3, _LONG_SHARE * self.answered) and self.long_distinct >= 0.9 * self.long
        return most or some

    @property
    def varied(self) -> bool:
        """Whether people answered each in their own words, however few: choices have hardly one that nobody shares."""
        if not self.answered or self.kind:
            return False
        several_words = self.words >= _SEVERAL_WORDS and self.distinct >= max(2, _SHARE_VARIED * self.answered)
        return several_words or self.once >= max(3, _SHARE_ONCE * self.answered)

    @property
    def only_non_answers(self) -> bool:
        """Whether nobody had anything to say."""
        return self.answered > 0 and self.nothing >= _SHARE_NOTHING * self.answered


def profile_answers(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], later: Iterable[Sequence[str]] = ()
) -> list[AnswerProfile]:
    """Describe each column by a sample of its cells.

    Parameters
    ----------
    columns : sequence of Column
    rows : iterable of rows
        The sample.
    later : iterable of rows
        What follows; looked at for columns with hardly an answer in the sample, as far as there is need.
    """
    values: list[list[str]] = [[] for _ in columns]
    for row in rows:
        for cells, cell in zip(values, row, strict=False):
            if cell.strip():
                cells.append(cell.strip())
    sparse = [position for position, cells in enumerate(values) if len(cells) < _FEW]
    for row in later if sparse else ():
        for position in sparse:
            if position < len(row) and row[position].strip():
                values[position].append(row[position].strip())
        sparse = [position for position in sparse if len(values[position]) < _ENOUGH]
        if not sparse:
            break
    return [_profile(column, cells) for column, cells in zip(columns, values, strict=True)]


def _profile(column: Column, cells: Sequence[str]) -> AnswerProfile:
    different = Counter(cells)
    shares = kinds_of_cells(cells)
    long = [cell for cell in cells if len(cell.split()) >= _LONG_WORDS]
    return AnswerProfile(
        column,
        len(cells),
        len(different),
        _average_words(cells),
        shares,
        main_kind(cells, shares),
        len(long),
        len(set(long)),
        sum(any(map(str.isdigit, cell)) for cell in cells),
        sum(times == 1 for times in different.values()),
        sum(len(cell) < _SHORT_CELL and _NOTHING.fullmatch(cell) is not None for cell in cells),
        sum(map(_is_title, cells)),
        cells[0] if len(different) == 1 else "",
    )


def _is_title(cell: str) -> bool:
    words = [word for word in cell.split()[:_LONGEST_TITLE] if word.lower() not in _SMALL_WORDS]
    capital = sum(not word[0].islower() for word in words)
    return len(words) > 1 and capital >= _CAPITALS * len(words) and not cell.isupper()


def _average_words(cells: Sequence[str]) -> float:
    if not cells:
        return 0.0
    return sum(0 if _NOT_PROSE.fullmatch(cell) else len(cell.split()) for cell in cells) / len(cells)
