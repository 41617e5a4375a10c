"""How an export is laid out: its header rows and columns, whichever tool wrote it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

_OF_A_LINE = re.compile(r"</?(?:b|i|u|em|strong|span|font|a|sup|sub)\b[^<>]*>", re.IGNORECASE)
_RESIDUE_OF_TEXT = re.compile(r"(?<=\S) - Text$")
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")

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
    """

    name: str
    header_rows: int
    columns: list[Column]
    notes: list[str] = field(default_factory=list)
    no_answer: frozenset[str] = frozenset()
    residue: tuple[tuple[re.Pattern[str], str], ...] = ()
    flags: tuple[Flag, ...] = ()


def plain(head: Rows) -> Layout:
    """Read the first row as the header."""
    columns = [_plain_column(name, position) for position, name in enumerate(head[0], 1)]
    notes = [
        f"column {position} has no name and is called {column.name!r}"
        for position, (column, name) in enumerate(zip(columns, head[0], strict=True), 1)
        if column.name != name
    ]
    return Layout("plain table, one header row", 1, columns, notes)


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


def uniquely_named(columns: Sequence[Column]) -> tuple[list[Column], list[str]]:
    """Tell columns of one name apart by a number: the tools themselves write such exports."""
    taken: set[str] = set()
    last: dict[str, int] = {}
    told_apart, notes = [], []
    for column in columns:
        unique, number = column.name, last.get(column.name, 1)
        while unique in taken:
            number += 1
            unique = f"{column.name} ({number})"
        last[column.name] = number
        taken.add(unique)
        question = column.question if unique == column.name else f"{column.question} ({number})"
        told_apart.append(replace(column, name=unique, question=question))
        if unique != column.name:
            notes.append(f"a second column called {column.name!r} is renamed {unique!r}")
    return told_apart, notes


def doubled_names(layout: Layout) -> list[str]:
    """Return names that stand on more than one column."""
    names = sorted(column.name for column in layout.columns)
    return sorted({a for a, b in pairwise(names) if a == b})


def unnamed_tail(head: Rows) -> int:
    """Count the columns at the end over which no header row says anything: what a trailing comma leaves."""
    width = len(head[0])
    for tail in range(width - 1):
        if any(len(row) >= width - tail and row[width - tail - 1].strip() for row in head):
            return tail
    return 0
