"""SurveyMonkey: two header rows as downloaded, or flattened or condensed to one.

SurveyMonkey writes the question over the first column of its block only, and under it a second row with
``Response``, ``Open-Ended Response`` or the choice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from infoshare_text.reading.layouts import Column, Layout, Rows, plain, wording

OPEN_ENDED = "Open-Ended Response"
_SINGLE = {"response", OPEN_ENDED.lower()}
_JOINED = re.compile(r"(.*\S)\s*(?: - |_|: |\| ?)(open-ended response|response)", re.IGNORECASE)
_MOST_OWN = 20
_RESPONDENT_ID = re.compile(r"respondent\s?id", re.IGNORECASE)


def two_rows(head: Rows) -> Layout | None:
    """Find the second header row, whatever title rows somebody put above the first."""
    for below in range(1, len(head)):
        if _is_sub_header(head[below - 1], [cell.strip() for cell in head[below]]):
            return under_titles(head, below)
    return None


def under_titles(head: Rows, below: int = 1) -> Layout:
    """Read row ``below`` and the one above it as the header."""
    columns = _columns(head[below - 1], [cell.strip() for cell in head[below]])
    skipped = [f"{below - 1} rows above the header are not read"] if below > 1 else []
    return Layout("SurveyMonkey, two header rows", below + 1, columns, skipped)


def condensed(head: Rows) -> Layout | None:
    """Know a header that begins with the respondent's id over a row with nothing in it."""
    if len(head) < 2 or not _begins_with_respondent_id(head) or any(cell.strip() for cell in head[1]):
        return None
    if len(head[1]) not in (0, len(head[0])):
        return None
    name = "SurveyMonkey, condensed, header and a blank row"
    return replace(one_row(head), name=name, header_rows=1 + bool(head[1]))


def flattened(head: Rows) -> Layout | None:
    """Know one header row that begins with the respondent's id."""
    return one_row(head) if _begins_with_respondent_id(head) else None


def one_row(head: Rows) -> Layout:
    """Read one header row, in which names may be doubled."""
    base = plain(head)
    columns = [_as_flattened(column) for column in base.columns]
    return Layout("SurveyMonkey, flattened to one header row", 1, columns, base.notes)


def _as_flattened(column: Column) -> Column:
    """Take the second header row off a wording that it was joined to."""
    found = _JOINED.fullmatch(column.question)
    if not found:
        return column
    return replace(column, question=found[1], mark=OPEN_ENDED if len(found[2]) > len("response") else "")


def _is_sub_header(top: Sequence[str], below: Sequence[str]) -> bool:
    if len(top) != len(below) or not any(cell.strip() for cell in top):
        return False
    if _is_respondent_id(top[0]) and not below[0] and _names_choices(top, below):
        return True
    single = sum(cell.lower() in _SINGLE for cell in below)
    said = any(cell.lower() == OPEN_ENDED.lower() for cell in below) or any(_is_respondent_id(cell) for cell in top)
    return bool(single) and (said or single > 1) and (not below[0] or below[0].lower() in _SINGLE)


def _names_choices(top: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a question stands over the first of several choices only, whatever language they are in."""
    blocks = sum(not title.strip() and bool(cell) for title, cell in zip(top, below, strict=True))
    alone = sum(bool(title.strip()) and not cell for title, cell in zip(top, below, strict=True))
    return blocks > 0 and alone <= _MOST_OWN and not any(cell.replace(".", "").isdigit() for cell in below)


def _columns(top: Sequence[str], below: Sequence[str]) -> list[Column]:
    columns: list[Column] = []
    question = ""
    for position, (title, sub) in enumerate(zip(top, below, strict=True), 1):
        question = wording(title) or (question if sub else "")
        name = _name(question, sub, position)
        seen = question if sub.lower() in _SINGLE and question else name
        columns.append(Column(name, seen, OPEN_ENDED if sub.lower() == OPEN_ENDED.lower() else ""))
    return columns


def _name(question: str, sub: str, position: int) -> str:
    if not question:
        return sub or f"column {position}"
    if not sub or sub.lower() in _SINGLE:
        return question
    return f"{question} - {wording(sub)}"


def _begins_with_respondent_id(head: Rows) -> bool:
    return bool(head[0]) and _is_respondent_id(head[0][0])


def _is_respondent_id(name: str) -> bool:
    return _RESPONDENT_ID.fullmatch(name.strip()) is not None
