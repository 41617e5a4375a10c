"""The rows under the header: which are respondents, tests or unfinished, and what each cell says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from infoshare_text.errors import InputError
from infoshare_text.reading.csv_files import CsvFile
from infoshare_text.reading.layouts import Layout
from infoshare_text.reading.workbooks import Workbook

PREVIEW, PARTIAL = "preview", "partial"
_CHUNK_CHARACTERS = 2_000_000
_TEST = re.compile(
    r"(?:(?:this is )?(?:just |only )?(?:a |an )?test(?:ing|er|s| response| answer| submission| comment| entry)?"
    r"[\s\d.!,:-]*)+(?:(?:please |- )*(?:ignore|delete|disregard)(?: this)?[.!]*)?",
    re.IGNORECASE,
)
_CARRIAGE_RETURN = "_x000D_"
_RESIDUE = re.compile(rf"(?:{_CARRIAGE_RETURN})+(?:\r?(\n)|(?=\s|$))")
"""What spreadsheets leave of a carriage return, which ends a line or the text: anywhere else somebody typed it."""


@dataclass(frozen=True)
class Responses:
    """What kinds of response an export holds; data rows counted from 0.

    Attributes
    ----------
    length : int
        Data rows, up to the last with anything in it.
    blank_lines : int
        Lines with nothing on them, and rows with nothing in them at the end.
    ghosts : int
        Columns at the end without a name and without a value.
    preview : list of int
        Rows that are tests: marked so by the tool, or with nothing but 'test' for comments.
    partial : list of int
        Rows of people who did not finish, as far as the tool says so.
    residue : int
        Cells of a CSV in which a spreadsheet left ``_x000D_`` for a carriage return.
    """

    length: int
    blank_lines: int = 0
    ghosts: int = 0
    preview: list[int] = field(default_factory=list)
    partial: list[int] = field(default_factory=list)
    residue: int = 0

    def of_kinds(self, kinds: Sequence[str]) -> frozenset[int]:
        """Return the rows of these kinds."""
        return frozenset(row for kind in kinds for row in (self.preview if kind == PREVIEW else self.partial))


def count_responses(source: CsvFile | Workbook, layout: Layout, tail: int, comments: Sequence[int]) -> Responses:
    """Look at every row once; refuse all rows of another width together.

    Parameters
    ----------
    source : CsvFile or Workbook
    layout : Layout
        With all columns, also those without a name.
    tail : int
        How many columns at the end have no name.
    comments : sequence of int
        Positions of the columns that hold comments.

    Raises
    ------
    InputError
        Rows with more or fewer cells than the header, all of them listed.
    """
    width = len(layout.columns)
    length = last = lines = residue = 0
    csv = isinstance(source, CsvFile)
    used = width - tail
    faults: list[str] = []
    found: dict[str, list[int]] = {PREVIEW: [], PARTIAL: []}
    for line, row in islice(source.numbered_rows(), layout.header_rows, None):
        lines += 1
        if is_empty_line(row, width):
            continue
        length += 1
        if row and not _fits(row, width, tail):
            faults.append(f"data row {length} (ends on line {line}) has {len(row)} cells, the header {width}")
        if csv and _CARRIAGE_RETURN in "".join(row):
            residue += sum(_RESIDUE.search(cell) is not None for cell in row)
        if used < width:
            used = max(used, _filled_up_to(row[:width]))
        if width == 1 or any(cell and not cell.isspace() for cell in row):
            last = length
            for kind in _kinds(row, layout, comments):
                found[kind].append(length - 1)
    if faults:
        raise InputError.from_faults(f"{source.path}: rows of unequal length{_hint_at_delimiter(source)}", faults)
    return Responses(last, lines - last, width - used, found[PREVIEW], found[PARTIAL], residue)


def _filled_up_to(row: Sequence[str]) -> int:
    """Count the cells up to the last with anything in it."""
    return next((position for position in range(len(row), 0, -1) if row[position - 1].strip()), 0)


def kinds_of_rows(
    rows: Iterable[Sequence[str]], layout: Layout, comments: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Return which rows are tests, and which unfinished, counted from 0."""
    found: dict[str, list[int]] = {PREVIEW: [], PARTIAL: []}
    for number, row in enumerate(rows):
        for kind in _kinds(row, layout, comments):
            found[kind].append(number)
    return found[PREVIEW], found[PARTIAL]


def _fits(row: Sequence[str], width: int, tail: int) -> bool:
    """Whether a row has the header's width, give or take cells that nobody named or filled."""
    return width - tail <= len(row) and not any(cell.strip() for cell in row[width:])


def _kinds(row: Sequence[str], layout: Layout, comments: Sequence[int]) -> set[str]:
    kinds = {
        flag.kind
        for flag in layout.flags
        if flag.position < len(row) and row[flag.position].strip().lower() in flag.values
    }
    written = [row[position].strip() for position in comments if position < len(row) and row[position].strip()]
    if written and all(len(text) < 80 and _TEST.fullmatch(text) for text in written):
        kinds.add(PREVIEW)
    return kinds


def without_ghosts(layout: Layout, width: int) -> Layout:
    """Leave out the columns from ``width`` on, which nobody named or filled."""
    ghosts = {column.name for column in layout.columns[width:]}
    kept = [note for note in layout.notes if not any(note.endswith(f"is called {name!r}") for name in ghosts)]
    return replace(layout, columns=layout.columns[:width], notes=kept)


def notes_on_rows(responses: Responses, left_out: frozenset[int]) -> list[str]:
    """Say what of the file is no respondent, and which respondents are perhaps none."""
    notes = []
    if responses.blank_lines:
        lines = f"{responses.blank_lines:,} empty lines and empty rows at the end"
        notes.append(f"{lines} are not counted as respondents")
    if responses.ghosts:
        notes.append(f"{responses.ghosts:,} columns at the end have neither a name nor a value and are not read")
    if responses.residue:
        cells = "1 cell holds" if responses.residue == 1 else f"{responses.residue:,} cells hold"
        notes.append(f"{cells} {_CARRIAGE_RETURN}, which a spreadsheet left for a carriage return; it is taken off")
    for kind, rows in ((PREVIEW, responses.preview), (PARTIAL, responses.partial)):
        if rows:
            said = "tests or previews" if kind == PREVIEW else "not finished"
            done = "left out" if left_out.issuperset(rows) else f"kept; --leave-out {kind} leaves them out"
            notes.append(f"{_count(rows)} {said} ({_listed(rows)}): {done}")
    return notes


def _count(rows: Sequence[int]) -> str:
    return "1 response is" if len(rows) == 1 else f"{len(rows):,} responses are"


def _listed(rows: Sequence[int], at_most: int = 5) -> str:
    shown = ", ".join(str(row + 1) for row in rows[:at_most])
    return f"data row {shown}" + (f" and {len(rows) - at_most:,} more" if len(rows) > at_most else "")


def data_rows(source: CsvFile | Workbook, layout: Layout) -> Iterator[list[str]]:
    """Yield the rows under the header, every one as wide as the columns, cells as the respondent left them."""
    width = len(layout.columns)
    clean = layout.no_answer or layout.residue
    csv = isinstance(source, CsvFile)
    for row in islice(source.rows(), layout.header_rows, None):
        if is_empty_line(row, width):
            continue
        row = (row + [""] * (width - len(row)))[:width]
        if clean:
            row = [_as_answered(cell, layout) for cell in row]
        if csv:
            row = [_RESIDUE.sub(r"\1", cell) if _CARRIAGE_RETURN in cell else cell for cell in row]
        yield row


def _as_answered(cell: str, layout: Layout) -> str:
    if cell.strip() in layout.no_answer:
        return ""
    for left, meant in layout.residue:
        cell = left.sub(meant, cell)
    return cell


def is_empty_line(row: Sequence[str], width: int) -> bool:
    """Whether a line holds no cell; in a table of one column it is an answer left blank."""
    return not row and width > 1


def _hint_at_delimiter(source: CsvFile | Workbook) -> str:
    if not isinstance(source, CsvFile):
        return ""
    return f" (read as {source.description}; if that is wrong, name it with --delimiter)"


def batches(rows: Iterator[tuple[int, list[str]]], size: int) -> Iterator[tuple[list[int], list[list[str]]]]:
    """Cut numbered rows into pieces of ``size`` rows or about two million characters, whichever is less."""
    numbers: list[int] = []
    batch: list[list[str]] = []
    characters = 0
    for number, row in rows:
        numbers.append(number)
        batch.append(row)
        characters += sum(map(len, row))
        if len(batch) == size or characters > _CHUNK_CHARACTERS:
            yield numbers, batch
            numbers, batch, characters = [], [], 0
    if batch:
        yield numbers, batch
