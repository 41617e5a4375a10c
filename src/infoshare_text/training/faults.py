"""All faults of labelled files, gathered row by row and told at once, rows of one fault in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from infoshare_text.errors import InputError

UNCODED, BLANK, CONTRADICTORY = "uncoded", "blank", "contradictory"
LEAVABLE = (UNCODED, BLANK, CONTRADICTORY)
"""Faults of single rows, which can be left out instead of mended."""
COLUMN, CODE, STANCE, ABSENT, RARE = "column", "code", "stance", "absent", "rare"

_SHOWN_LENGTH = 40
_RANGES_SHOWN = 12


@dataclass(frozen=True)
class Source:
    """Where rows come from, and how to name a place in it.

    Attributes
    ----------
    name : str
        The file, or what stands for a table given in Python.
    sheet : str or None
        For a workbook, where rows and columns are named as the spreadsheet names them.
    header_rows : int
    columns : tuple of str
    """

    name: str
    sheet: str | None
    header_rows: int
    columns: tuple[str, ...]

    def rows(self, rows: Iterable[int]) -> str:
        """Name rows, counted from 0."""
        first = 1 if self.sheet is None else 1 + self.header_rows
        numbers = sorted({row + first for row in rows})
        kind = "data row" if self.sheet is None else "row"
        return f"{kind}{'s' if len(numbers) > 1 else ''} {in_ranges(numbers)}"

    def place(self, rows: Iterable[int]) -> str:
        """Name the file, the sheet and rows."""
        sheet = f", sheet {self.sheet!r}" if self.sheet is not None else ""
        return f"{self.name}{sheet}, {self.rows(rows)}"

    def column(self, name: str) -> str:
        """Name a column, with its letter in a workbook."""
        letter = f"{_letters(self.columns.index(name))} " if self.sheet is not None and name in self.columns else ""
        return f"column {letter}{name!r}"


class Faults:
    """Collects faults; raises them as one error."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, Source | None, str], list[int]] = {}

    def add(self, kind: str, source: Source | None, what: str, row: int | None = None) -> None:
        """Note a fault of a row (counted from 0), of a whole file, or of all together."""
        rows = self._rows.setdefault((kind, source, what), [])
        if row is not None:
            rows.append(row)

    def count(self, kind: str) -> int:
        """Return how many faults of a kind there are: rows, where rows are named."""
        return sum(max(1, len(rows)) for (of, _, _), rows in self._rows.items() if of == kind)

    def raise_any(self, subject: str, leave_out: Collection[str] = ()) -> None:
        """Raise one error for everything but the kinds that are left out.

        Raises
        ------
        InputError
            All faults; where there are too many to print, some of each kind come first.
        """
        told: list[tuple[int, str]] = []
        seen: Counter[str] = Counter()
        for (kind, source, what), rows in self._rows.items():
            if kind not in leave_out:
                told.append((seen[kind], _sentence(source, rows, what)))
                seen[kind] += 1
        if told:
            raise InputError.from_faults(
                subject, [sentence for _, sentence in sorted(told, key=lambda fault: fault[0])]
            )


def found(text: str, meant: str = "") -> str:
    """Show what a cell of codes holds, unless it may be a piece of a comment: several words that are near no code.

    Parameters
    ----------
    text : str
    meant : str
        Which code it is near to, in words; empty where it is near none.

    Examples
    --------
    >>> found("maybe"), found("Nobody rings back"), found("Wating time", " Did you mean 'waiting_time'?")
    ("'maybe'", 'a text of 17 characters', "'Wating time'")
    """
    shown = len(text) <= _SHOWN_LENGTH and (meant or len(text.split()) <= 1)
    return repr(text) if shown else f"a text of {len(text)} characters"


def in_ranges(numbers: Sequence[int]) -> str:
    """Write ascending numbers, neighbours together.

    >>> in_ranges([3, 4, 5, 9])
    '3 to 5, 9'
    """
    breaks = [i for i, (a, b) in enumerate(pairwise(numbers), 1) if b != a + 1]
    runs = [numbers[i:j] for i, j in pairwise([0, *breaks, len(numbers)])]
    shown = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs[:_RANGES_SHOWN]]
    rest = sum(map(len, runs[_RANGES_SHOWN:]))
    return ", ".join(shown) + (f" and {rest:,} more" if rest else "")


def _sentence(source: Source | None, rows: list[int], what: str) -> str:
    if source is None:
        return what
    if rows:
        return f"{source.place(rows)}: {what}"
    sheet = f", sheet {source.sheet!r}" if source.sheet is not None else ""
    return f"{source.name}{sheet}: {what}"


def _letters(position: int) -> str:
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
