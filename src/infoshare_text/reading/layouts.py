"""How an export is laid out: its header rows and columns, whichever tool wrote it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

_OF_A_LINE = re.compile(r"</?(?:b|i|u|em|strong|span|font|a|sup|sub)\b[^<>]*>", re.IGNORECASE)
_RESIDUE_OF_TEXT = re.compile(r"(?<=\S) - Text$")
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")

_COLUMNS_UNDER_A_TITLE = 3

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Column:
    """One column of the export.

    Attributes
    ----------
    name : str
        Its name in the table, unique.
    question : str
        The wording a respondent saw, without mark-up.
    mark : str
        What the export itself writes over a column of free text ('Open-Ended Response'); else empty.
    about : str
        What the tool or an analyst, not the respondent, writes in the column; else empty.
    """

    name: str
    question: str
    mark: str = ""
    about: str = ""


@dataclass(frozen=True)
class Flag:
    """A column that says of each response whether it is a test or is not finished.

    Attributes
    ----------
    position : int
        Of the column, from 0.
    kind : str
        ``preview`` or ``partial``.
    values : frozenset of str
        What the column holds then, in lower case.
    """

    position: int
    kind: str
    values: frozenset[str]


@dataclass(frozen=True)
class Layout:
    """How an export is laid out.

    Attributes
    ----------
    name : str
        The tool and form, in words.
    header_rows : int
        How many rows stand above the first respondent.
    columns : list of Column
        One for each column, in order.
    notes : list of str
        What was decided that a person may want to know.
    no_answer : frozenset of str
        What the tool writes in a cell that was left empty.
    residue : tuple of (pattern, str)
        What the tool leaves behind in a text, and what it stands for.
    flags : tuple of Flag
        Where tests and unfinished responses are told.
    doubled : tuple of str
        Names that stood over more than one column, which are told apart by a number.
    """

    name: str
    header_rows: int
    columns: list[Column]
    notes: list[str] = field(default_factory=list)
    no_answer: frozenset[str] = frozenset()
    residue: tuple[tuple[re.Pattern[str], str], ...] = ()
    flags: tuple[Flag, ...] = ()
    doubled: tuple[str, ...] = ()


def plain(head: Rows) -> Layout:
    """Read the first row as the header."""
    columns = [_plain_column(name, position) for position, name in enumerate(head[0], 1)]
    notes = [
        f"column {position} has no name and is called {column.name!r}"
        for position, (column, name) in enumerate(zip(columns, head[0], strict=True), 1)
        if column.name != name
    ]
    return Layout("plain table, one header row", 1, columns, _some(notes))


def wording(text: str) -> str:
    """Return a question as a respondent saw it: no mark-up, single spaces, no ' - Text' that a tool puts after it.

    >>> wording("What stops it? <br>Please say. - Text")
    'What stops it? Please say.'
    """
    seen = " ".join(html.unescape(_TAG.sub(" ", _OF_A_LINE.sub("", text))).split())
    return _RESIDUE_OF_TEXT.sub("", seen)


def _plain_column(name: str, position: int) -> Column:
    name = name if name.strip() else f"column {position}"
    return Column(name, wording(name) or name)


def title_rows(head: Rows) -> int:
    """Count the rows above the header that hold nothing, or a title alone.

    >>> title_rows([["Survey 2026"], [], ["id", "sector", "comment"], ["1", "Public", "Fine."]])
    2
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in head]
    least = _COLUMNS_UNDER_A_TITLE if max(filled, default=0) >= _COLUMNS_UNDER_A_TITLE else 1
    above = next((number for number, cells in enumerate(filled) if cells >= least), 0)
    return above if all(cells <= 1 for cells in filled[:above]) else 0


def told_apart(layout: Layout) -> Layout:
    """Tell columns of one name apart by a number: the tools themselves write such exports."""
    taken: set[str] = set()
    last: dict[str, int] = {}
    columns, notes, doubled = [], [], []
    for column in layout.columns:
        unique, number = column.name, last.get(column.name, 1)
        while unique in taken:
            number += 1
            unique = f"{column.name} ({number})"
        taken.add(unique)
        last[column.name] = number
        if unique == column.name:
            columns.append(column)
            continue
        columns.append(replace(column, name=unique, question=f"{column.question} ({number})"))
        notes.append(f"a second column called {column.name!r} is renamed {unique!r}")
        doubled.append(column.name)
    return replace(layout, columns=columns, notes=[*layout.notes, *_some(notes)], doubled=tuple(dict.fromkeys(doubled)))


def _some(notes: list[str], at_most: int = 10) -> list[str]:
    """Keep the first of many notes of one kind, and count the others."""
    return (
        notes if len(notes) <= at_most else [*notes[:at_most], f"and {len(notes) - at_most:,} more columns like these"]
    )


def unnamed_tail(head: Rows) -> int:
    """Count the columns at the end over which no header row says anything: what a trailing comma leaves."""
    width = len(head[0])
    for tail in range(width - 1):
        if any(len(row) >= width - tail and row[width - tail - 1].strip() for row in head):
            return tail
    return 0
