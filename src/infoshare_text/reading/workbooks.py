"""XLSX workbooks as grids of text: the value of each cell, without formulas and number formats."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from infoshare_text.errors import InputError, listed
from infoshare_text.reading.long_cells import HEAD, LONG_CELLS, put_back
from infoshare_text.reading.spreadsheet_text import unguarded


@dataclass(frozen=True)
class Workbook:
    """One sheet of a workbook, every cell as text.

    Attributes
    ----------
    path : Path
    sheet : str
    cells : list of list
        Rows of raw cell values, all of one length.
    notes : list of str
    guarded : bool
        Whether texts have an apostrophe against formulas, which is taken off.
    """

    path: Path
    sheet: str
    cells: list[list[Any]]
    notes: list[str] = field(default_factory=list)
    guarded: bool = False

    format = "xlsx"

    @classmethod
    def open(
        cls, path: Path, sheet: str | None = None, preferred: str | None = None, guarded: bool = False
    ) -> Workbook:
        """Read one sheet: the named one, else the preferred or first visible one that is not empty.

        Raises
        ------
        InputError
            The workbook cannot be parsed, has no such sheet, or is empty.
        """
        from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

        try:
            book = CalamineWorkbook.from_path(str(path))
            names = list(book.sheet_names)
            if sheet is not None and sheet not in names:
                raise InputError(f"{path}: there is no sheet {sheet!r}. The sheets are: {listed(names)}.")
            visible = [meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
            visible.sort(key=lambda name: name != preferred)
            for name in [sheet] if sheet is not None else visible:
                cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                if cells:
                    whole = _made_whole(book, name, cells)
                    others = [other for other in names if other != name and not (whole and other == LONG_CELLS)]
                    notes = [f"sheet {name!r} is read, not {listed(others)}"] if others else []
                    return cls(path, name, cells, notes + whole + _doubts(path, cells), guarded)
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


def _doubts(path: Path, cells: list[list[Any]]) -> list[str]:
    """Say what the workbook itself has lost already."""
    notes = []
    long = sum(isinstance(cell, float) and abs(cell) >= 1e15 for row in cells for cell in row)
    if long:
        notes.append(f"{long:,} cells hold numbers over 15 digits, whose last digits Excel does not keep")
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        errors = sum(archive.read(name).count(b' t="e"') for name in sheets)
    if errors:
        notes.append(f"{errors:,} cells of the workbook hold an error such as #NAME? and are read as empty")
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
