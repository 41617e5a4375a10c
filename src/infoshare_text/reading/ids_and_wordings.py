"""Two header rows, ids over wordings: Qualtrics, and tables that departments send round."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace

from infoshare_text.reading.layouts import Column, Flag, Layout, Rows, plain, wording

TEXT_ENTRY = "text entry"
_OPEN_QUESTION = re.compile(r"(?:\d+_)?QID\d+_TEXT")
_TEXT_IQ = re.compile(r"_TEXT_\w+")
_OWN = re.compile(
    r"startDate|endDate|status|progress|duration|finished|recordedDate|externalDataReference|distributionChannel"
    r"|userLanguage"
)
_NAMES = frozenset(
    {"startdate", "enddate", "status", "progress", "finished", "recordeddate", "responseid", "userlanguage"}
)
_NAMES_ENOUGH = 5
_PREVIEWS = frozenset({"survey preview", "survey test", "preview", "test", "1", "2"})
_NOT_FINISHED = frozenset({"false", "0"})

_CODE = re.compile(r"[A-Za-z][A-Za-z ]{0,14}[ _.-]?\d{1,4}[A-Za-z0-9]*(?:[ _.-][A-Za-z0-9]+)*")
_ID = re.compile(r"(?:(?:response|respondent|submission|unique)[ _]?)?(?:id|ref|reference|number|urn)", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:what|which|how|who|where|when|why|do|does|did|are|is|was|were|have|has|would|will|should|can|could|please|"
    r"tell|describe|explain|if|in|to|on|thinking|any|overall|we|your|the)\b.*[?:.)]|.*\?(?: - .*)?",
    re.IGNORECASE | re.DOTALL,
)
_SEEN_BUT_UNANSWERED = frozenset({"-99"})
_NO_ANSWER = frozenset({"-", '""'})
_RESIDUE = ((re.compile(r"\r\n"), "\n"), (re.compile(r"(?:^|\s+)- Text$"), ""))


def qualtrics(head: Rows) -> Layout | None:
    """Know three header rows by the JSON in the third, whatever the language of the second."""
    if len(head) < 3 or not any(cell.lstrip().startswith('{"ImportId"') for cell in head[2]):
        return None
    return three_rows(head)


def three_rows(head: Rows) -> Layout:
    """Read ids, wordings and import ids; a question of free text has an import id such as ``QID2_TEXT``."""
    imported = [_import_id(cell) for cell in head[2]] if len(head) > 2 else []
    base = two_rows(head, "Qualtrics, three header rows")
    columns = [
        replace(column, mark=TEXT_ENTRY if _OPEN_QUESTION.fullmatch(known) else "", about=_about(known))
        for column, known in zip(base.columns, [*imported, *[""] * len(base.columns)], strict=False)
    ]
    flags = _flags(imported, {"status": ("preview", _PREVIEWS), "finished": ("partial", _NOT_FINISHED)})
    return replace(base, header_rows=3, columns=columns, flags=flags, no_answer=_SEEN_BUT_UNANSWERED)


def qualtrics_cut(head: Rows) -> Layout | None:
    """Know the names that Qualtrics gives its own columns, where somebody took header rows away."""
    names = {cell.strip().lower() for cell in head[0]}
    return cut(head) if len(names & _NAMES) >= _NAMES_ENOUGH else None


def cut(head: Rows) -> Layout:
    """Read the ids, and the wordings where they still stand under them."""
    labels = [cell.strip().lower() for cell in head[0]]
    below = ["".join(cell.lower().split()) for cell in head[1]] if len(head) > 1 else []
    worded = below[: len(labels)] != [] and "enddate" in below
    base = (
        two_rows(head, "Qualtrics, two header rows")
        if worded
        else replace(plain(head), name="Qualtrics, one header row")
    )
    columns = [
        replace(column, about="Qualtrics' own" if _OWN.fullmatch(column.name[:1].lower() + column.name[1:]) else "")
        for column in base.columns
    ]
    flags = _flags(labels, {"status": ("preview", _PREVIEWS), "finished": ("partial", _NOT_FINISHED)})
    return replace(base, columns=columns, flags=flags, no_answer=_SEEN_BUT_UNANSWERED)


def qualtrics_legacy(head: Rows) -> Layout | None:
    """Know two header rows, ``V1`` over ``ResponseID``."""
    if len(head) < 2 or head[0][0].strip() != "V1" or head[1][:1] != ["ResponseID"]:
        return None
    return legacy(head)


def legacy(head: Rows) -> Layout:
    """Read ids and wordings of the export that Qualtrics wrote until 2018."""
    labels = [cell.strip().lower() for cell in head[1]]
    flags = _flags(labels, {"status": ("preview", _PREVIEWS), "finished": ("partial", _NOT_FINISHED)})
    base = two_rows(head, "Qualtrics legacy, two header rows")
    return replace(base, flags=flags, no_answer=_SEEN_BUT_UNANSWERED)


def ids_over_wordings(head: Rows) -> Layout | None:
    """Know a row of short ids over a row of questions, with answers that are no questions under it."""
    if len(head) < 3 or len(head[0]) < 2 or len(head[1]) != len(head[0]):
        return None
    ids, wordings = [cell.strip() for cell in head[0]], [cell.strip() for cell in head[1]]
    if not _are_ids(ids) or not _are_wordings(wordings):
        return None
    asked = _asking(wordings)
    below = [row for row in head[2:] if any(cell.strip() for cell in row)]
    if any(_asking(row) * 2 > asked for row in below) or not below:
        return None
    return ids_and_wordings(head)


def ids_and_wordings(head: Rows) -> Layout:
    """Read ids from the first row and wordings from the second."""
    base = two_rows(head, "ids over wordings, two header rows")
    return replace(base, no_answer=_NO_ANSWER, residue=_RESIDUE)


def over_blank_row(head: Rows) -> Layout | None:
    """Know a header over a row with nothing in it.

    Where some respondents have no id, a row with nothing in it may be one more of them.
    """
    if len(head) < 3 or len(head[0]) < 2 or len(head[1]) not in (0, len(head[0])):
        return None
    if any(cell.strip() for cell in head[1]):
        return None
    with_id = [bool(row[0].strip()) for row in head[2:] if any(cell.strip() for cell in row)]
    return header_and_blank_row(head) if all(with_id) or not any(with_id) else None


def header_and_blank_row(head: Rows) -> Layout:
    """Read the first row as the header and skip the second."""
    base = plain(head)
    return replace(
        base,
        name="header and a blank row",
        header_rows=2,
        notes=[*base.notes, "the blank row under the header is no respondent (if it is one, say --header-rows 1)"],
        no_answer=_NO_ANSWER,
        residue=_RESIDUE,
    )


def two_rows(head: Rows, name: str) -> Layout:
    """Read names from the first row and wordings from the second, whatever wrote them."""
    base = plain(head)
    below = [*(head[1] if len(head) > 1 else []), *[""] * len(base.columns)]
    columns = [
        Column(column.name, wording(text) or column.question) for column, text in zip(base.columns, below, strict=False)
    ]
    return Layout(name, 2, columns, base.notes)


def _about(known: str) -> str:
    """Say what Qualtrics itself writes in a column; answers have an import id with ``QID`` in it."""
    if "QID" in known:
        return "Text iQ" if _TEXT_IQ.search(known) else ""
    return "Qualtrics' own" if _OWN.fullmatch(known) else ""


def _import_id(cell: str) -> str:
    try:
        known = json.loads(cell)
    except ValueError:
        return ""
    return str(known.get("ImportId", "")) if isinstance(known, dict) else ""


def _flags(names: Sequence[str], wanted: dict[str, tuple[str, frozenset[str]]]) -> tuple[Flag, ...]:
    return tuple(Flag(position, *wanted[name]) for position, name in enumerate(names) if name in wanted)


def _are_ids(cells: Sequence[str]) -> bool:
    if len(set(cells)) < len(cells) or not all(0 < len(cell) <= 24 for cell in cells):
        return False
    return 2 * sum(bool(_CODE.fullmatch(cell) or _ID.fullmatch(cell)) for cell in cells) > len(cells)


def _are_wordings(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return (
        len(filled) >= 0.9 * len(cells)
        and not any(cell.isdigit() for cell in filled)
        and len(set(filled)) == len(filled)
        and 2 * _asking(filled) >= len(filled)
    )


def _asking(cells: Sequence[str]) -> int:
    return sum(bool(_ASKS.fullmatch(cell.strip())) for cell in cells)
