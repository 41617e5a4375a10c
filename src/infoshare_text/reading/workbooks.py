"""XLSX workbooks as grids of text: the value of each cell, without formulas and number formats."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from infoshare_text.errors import InputError, listed
from infoshare_text.reading.archives import DAMAGE, Lost, Zipped, check_workbook
from infoshare_text.reading.long_cells import HEAD, LONG_CELLS, put_back
from infoshare_text.reading.spreadsheet_text import unguarded

_COLUMNS_OF_A_COVER, _ROWS_OF_A_COVER = 2, 30


@dataclass(frozen=True)
class Workbook:
    """One sheet of a workbook, every cell as text.

    Attributes
    ----------
    path : Path or Zipped
    sheet : str
    cells : list of list
        Rows of raw cell values, all of one length.
    notes : list of str
    guarded : bool
        Whether texts have an apostrophe against formulas, which is taken off.
    """

    path: Path | Zipped
    sheet: str
    cells: list[list[Any]]
    notes: list[str] = field(default_factory=list)
    guarded: bool = False

    format = "xlsx"

    @classmethod
    def open(
        cls, path: Path | Zipped, sheet: str | None = None, preferred: str | None = None, guarded: bool = False
    ) -> Workbook:
        """Read one sheet: the named one, else the preferred or first visible one that is not empty.

        A sheet with a title and some notes is a cover, and passed over where another is a table.

        Raises
        ------
        InputError
            The workbook cannot be parsed, has no such sheet, or is empty.
        """
        from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

        lost = _checked(path)
        try:
            book = CalamineWorkbook.from_object(path if isinstance(path, Path) else BytesIO(path.read_bytes()))
            names = list(book.sheet_names)
            if sheet is not None and sheet not in names:
                raise InputError(f"{path}: there is no sheet {sheet!r}. The sheets are: {listed(names)}.")
            visible = [meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
            # What is put back into its cells is no table of its own.
            visible = [name for name in visible if name != LONG_CELLS] or visible
            visible.sort(key=lambda name: name != preferred)
            name, cells = _chosen(book, [sheet] if sheet is not None else visible, preferred)
            if cells:
                whole = _made_whole(book, name, cells)
                others = [other for other in names if other != name and not (whole and other == LONG_CELLS)]
                notes = [f"sheet {name!r} is read, not {listed(others)}"] if others else []
                return cls(path, name, cells, notes + whole + _doubts(cells, lost), guarded)
        except CalamineError as error:
            raise InputError(f"{path}: the workbook cannot be read ({error}). Export it again.") from error
        raise InputError(f"{path}: every visible sheet of the workbook is empty.")

    @property
    def description(self) -> str:
        """Sheet in words."""
        return f"XLSX, sheet {self.sheet!r}"

    def rows(self) -> Iterator[list[str]]:
        """Yield every row, header rows included."""
        for row in self.cells:
            texts = [cell_text(cell) for cell in row]
            yield [unguarded(text) for text in texts] if self.guarded else texts

    def numbered_rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (row number in the sheet, cells)."""
        return enumerate(self.rows(), 1)


def _made_whole(book: Any, sheet: str, cells: list[list[Any]]) -> list[str]:
    """Put texts that were too long for a cell back where they came from, and say so."""
    if sheet == LONG_CELLS or LONG_CELLS not in book.sheet_names:
        return []
    kept = book.get_sheet_by_name(LONG_CELLS).to_python(skip_empty_area=False)
    if not kept or tuple(kept[0][: len(HEAD)]) != HEAD:
        return []
    done = put_back(cells, sheet, kept)
    return [f"{done:,} texts too long for a cell are read whole from sheet {LONG_CELLS!r}"] if done else []


def _chosen(book: Any, names: list[str], preferred: str | None) -> tuple[str, list[list[Any]]]:
    """Return the sheet to read and its cells, which are none where all are empty."""
    cover: tuple[str, list[list[Any]]] = ("", [])
    for name in names:
        cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if not any(_filled(row) for row in cells):
            continue
        if name == preferred or not _is_cover(cells):
            return name, cells
        cover = cover if cover[1] else (name, cells)
    return cover


def _is_cover(cells: list[list[Any]]) -> bool:
    """Whether a sheet is a title and some notes rather than a table."""
    width = len(cells[0])
    filled = sum(_filled(row) > 1 for row in cells)
    return len(cells) <= _ROWS_OF_A_COVER if width == 1 else width == _COLUMNS_OF_A_COVER and 2 * filled < len(cells)


def _filled(row: list[Any]) -> int:
    return sum(cell not in ("", None) for cell in row)


def _checked(path: Path | Zipped) -> Lost:
    """Look through the archive before any of it is held in memory; count the cells that say nothing."""
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            return check_workbook(path, archive)
    except DAMAGE as error:
        raise InputError(f"{path}: the workbook is damaged and cannot be opened. Export it again.") from error


def _doubts(cells: list[list[Any]], lost: Lost) -> list[str]:
    """Say what the workbook itself has lost already."""
    notes = []
    long = sum(isinstance(cell, float) and abs(cell) >= 1e15 for row in cells for cell in row)
    if long:
        notes.append(f"{long:,} cells hold numbers over 15 digits, whose last digits Excel does not keep")
    if lost.errors:
        notes.append(f"{lost.errors:,} cells of the workbook hold an error such as #NAME? and are read as empty")
    if lost.formulas:
        notes.append(
            f"{lost.formulas:,} cells of the workbook hold a formula that was never worked out and are read as empty; "
            "open it in a spreadsheet, save it, and read it again"
        )
    return notes


def cell_text(cell: Any) -> str:
    """Write one cell value as text; whole numbers without a decimal point.

    >>> cell_text(3292879998.0), cell_text(True), cell_text("None")
    ('3292879998', 'TRUE', 'None')
    """
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)
