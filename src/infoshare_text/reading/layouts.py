"""Which survey tool wrote the export, told from its first rows; one recogniser for each layout.

Facts behind the rules: SurveyMonkey writes the question over the first column of its block only,
and under it a second row with ``Response``, ``Open-Ended Response`` or the choice.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_OPEN_ENDED = "open-ended response"
_SINGLE = {"response", _OPEN_ENDED}
_OF_A_LINE = re.compile(r"</?(?:b|i|u|em|strong|span|font|a|sup|sub)\b[^<>]*>", re.IGNORECASE)
_RESPONDENT_ID = re.compile(r"respondent\s?id", re.IGNORECASE)
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
    open_ended : bool
        Whether the export itself says that the column holds free text.
    """

    name: str
    question: str
    open_ended: bool = False


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
    """

    name: str
    header_rows: int
    columns: list[Column]
    notes: list[str] = field(default_factory=list)


def recognise(head: Rows) -> Layout:
    """Decide the layout from the first rows of a grid.

    Parameters
    ----------
    head : sequence of rows
        The first rows as text, at least one.

    Returns
    -------
    Layout
        Of the first recogniser that knows the rows; a plain table with one header row otherwise.

    Examples
    --------
    >>> recognise([["id", "comment"], ["1", "Fine."]]).name
    'plain table, one header row'
    """
    for recogniser in _RECOGNISERS:
        layout = recogniser(head)
        if layout is not None:
            return layout
    return plain(head)


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
    """Return a question as a respondent saw it: no mark-up, single spaces.

    >>> wording("What stops it? <br>Please say.")
    'What stops it? Please say.'
    """
    return " ".join(html.unescape(_TAG.sub(" ", _OF_A_LINE.sub("", text))).split())


def _plain_column(name: str, position: int) -> Column:
    name = name if name.strip() else f"column {position}"
    return Column(name, wording(name) or name)


def _surveymonkey_two_rows(head: Rows) -> Layout | None:
    """Find the second header row, whatever title rows somebody put above the first."""
    for below in range(1, len(head)):
        if _is_sub_header(head[below - 1], [cell.strip() for cell in head[below]]):
            layout = _surveymonkey_columns(head[below - 1], [cell.strip() for cell in head[below]])
            skipped = [f"{below - 1} rows above the header are not read"] if below > 1 else []
            name = "SurveyMonkey, two header rows"
            return Layout(name, below + 1, layout.columns, skipped + layout.notes)
    return None


def _is_sub_header(top: Sequence[str], below: Sequence[str]) -> bool:
    if len(top) != len(below) or not any(cell.strip() for cell in top):
        return False
    single = sum(cell.lower() in _SINGLE for cell in below)
    said = any(cell.lower() == _OPEN_ENDED for cell in below) or any(_is_respondent_id(cell) for cell in top)
    return bool(single) and (said or single > 1) and (not below[0] or below[0].lower() in _SINGLE)


def _surveymonkey_columns(top: Sequence[str], below: Sequence[str]) -> Layout:
    names: list[str] = []
    questions: list[str] = []
    question = ""
    for position, (title, sub) in enumerate(zip(top, below, strict=True), 1):
        question = wording(title) or (question if sub else "")
        names.append(_surveymonkey_name(question, sub, position))
        questions.append(question if sub.lower() in _SINGLE and question else names[-1])
    open_ended = [sub.lower() == _OPEN_ENDED for sub in below]
    columns, notes = _uniquely_named(names, questions, open_ended)
    return Layout("SurveyMonkey", 2, columns, notes)


def _surveymonkey_name(question: str, sub: str, position: int) -> str:
    if not question:
        return sub or f"column {position}"
    if not sub or sub.lower() in _SINGLE:
        return question
    return f"{question} - {wording(sub)}"


def _header_and_blank_row(head: Rows) -> Layout | None:
    if len(head) < 2 or not _begins_with_respondent_id(head) or any(cell.strip() for cell in head[1]):
        return None
    if len(head[1]) not in (0, len(head[0])):
        return None
    flat = _surveymonkey_flattened(head)
    columns, notes = (flat.columns, flat.notes) if flat else ([], [])
    return Layout("SurveyMonkey, condensed, header and a blank row", 1 + bool(head[1]), columns, notes)


def _surveymonkey_flattened(head: Rows) -> Layout | None:
    if not _begins_with_respondent_id(head):
        return None
    base = plain(head)
    names = [column.name for column in base.columns]
    columns, notes = _uniquely_named(names, [column.question for column in base.columns])
    return Layout("SurveyMonkey, flattened to one header row", 1, columns, [*base.notes, *notes])


def _qualtrics_three_rows(head: Rows) -> Layout | None:
    if len(head) < 3 or not any(cell.startswith('{"ImportId"') for cell in head[2]):
        return None
    return _ids_over_wordings(head, "Qualtrics, three header rows", 3)


def _qualtrics_legacy(head: Rows) -> Layout | None:
    if len(head) < 2 or head[0][0] != "V1" or head[1][:1] != ["ResponseID"]:
        return None
    return _ids_over_wordings(head, "Qualtrics legacy, two header rows", 2)


def _ids_over_wordings(head: Rows, name: str, header_rows: int) -> Layout:
    base = plain(head)
    columns = [
        Column(column.name, wording(text) or column.question)
        for column, text in zip(base.columns, head[1], strict=False)
    ]
    return Layout(name, header_rows, columns, base.notes)


def _begins_with_respondent_id(head: Rows) -> bool:
    return bool(head[0]) and _is_respondent_id(head[0][0])


def _is_respondent_id(name: str) -> bool:
    return _RESPONDENT_ID.fullmatch(name.strip()) is not None


def _uniquely_named(
    names: Sequence[str], questions: Sequence[str], open_ended: Sequence[bool] | None = None
) -> tuple[list[Column], list[str]]:
    """Tell columns of one name apart by a number: the tool itself writes such exports."""
    taken: set[str] = set()
    columns, notes = [], []
    for name, question, free in zip(names, questions, open_ended or [False] * len(names), strict=True):
        unique, number = name, 1
        while unique in taken:
            number += 1
            unique = f"{name} ({number})"
        taken.add(unique)
        columns.append(Column(unique, question if unique == name else unique, free))
        if unique != name:
            notes.append(f"a second column called {name!r} is renamed {unique!r}")
    return columns, notes


def doubled_names(layout: Layout) -> list[str]:
    """Return names that stand on more than one column."""
    names = sorted(column.name for column in layout.columns)
    return sorted({a for a, b in pairwise(names) if a == b})


_RECOGNISERS: tuple[Callable[[Rows], Layout | None], ...] = (
    _qualtrics_three_rows,
    _qualtrics_legacy,
    _surveymonkey_two_rows,
    _header_and_blank_row,
    _surveymonkey_flattened,
)
