"""A workbook whose texts are texts: nothing is run, nothing is cut in silence."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infoshare_text.errors import OutputError
from infoshare_text.reading.long_cells import HEAD, LONG_CELLS, SHEET_ROWS, beginning, fits_cell, in_parts
from infoshare_text.writing.table_writer import TableWriter, as_cell, places_in_words

if TYPE_CHECKING:
    import pandas as pd

SHEET = "comments"
_NAME_LENGTH = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ufffe\uffff\s]+")


class XlsxWriter(TableWriter):
    """One worksheet, or one for each value of a column.

    Parameters
    ----------
    temporary : Path
        Where to write; XlsxWriter keeps rows in other files beside it until the end.
    name : str
        The target, for messages.
    sheets : str, optional
        The column whose values part the rows into sheets.
    """

    unheld = re.compile(r"[\ud800-\udfff\ufffe\uffff]")

    def __init__(self, temporary: Path, name: str, sheets: str | None = None) -> None:
        from xlsxwriter import Workbook

        super().__init__(name)
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = Workbook(str(temporary), {**options, "tmpdir": str(temporary.parent)})
        self._book.use_zip64()
        # A fixed date: the same table gives the same bytes.
        self._book.set_properties({"created": datetime(2000, 1, 1)})
        self._by = sheets
        self._sheets: dict[str, _Sheet] = {}

    def _append(self, piece: pd.DataFrame) -> None:
        names = [str(name) for name in piece.columns]
        if not all(map(fits_cell, names)):
            raise OutputError(f"{self.name}: the name of a column does not fit a cell of a worksheet. Shorten it.")
        if self._by is None:
            parts = [(SHEET, piece)]
        elif self._by in names:
            keys = [as_cell(value) for value in piece.iloc[:, names.index(self._by)].tolist()]
            parts = [(key, piece[[other == key for other in keys]]) for key in dict.fromkeys(keys)]
        else:
            raise OutputError(f"{self.name}: there is no column {self._by!r} to part the sheets by.")
        for key, part in parts:
            self._sheet(key, names).append(part, self.name)

    def _sheet(self, key: str, names: list[str]) -> _Sheet:
        if key not in self._sheets:
            title = sheet_name(key, {sheet.title for sheet in self._sheets.values()})
            self._sheets[key] = _Sheet(self._book.add_worksheet(title), title, names)
        return self._sheets[key]

    def close(self) -> None:
        """Write the long cells and finish the workbook."""
        from xlsxwriter.exceptions import XlsxWriterException

        if long := self._long():
            self._write_long_cells(long)
        try:
            self._book.close()
        except XlsxWriterException as error:
            raise _cause(error, self.name) from error

    def remarks(self) -> list[str]:
        """Name the texts that do not fit their cells."""
        long = self._long()
        if not long:
            return []
        places = places_in_words([(row, column) for _, row, column, _ in long])
        return [
            f"{len(long):,} texts do not fit a cell of a worksheet ({places}, counted with the header); they "
            f"stand whole, in parts, on the sheet {LONG_CELLS!r}"
        ]

    def _long(self) -> list[tuple[str, int, str, str]]:
        return [(sheet.title, *place) for sheet in self._sheets.values() for place in sheet.long]

    def abandon(self) -> None:
        """Let go of the files that hold the rows so far."""
        for sheet in self._book.worksheets():
            sheet.row_data_fh.close()

    def _write_long_cells(self, long: list[tuple[str, int, str, str]]) -> None:
        sheet = self._book.add_worksheet(LONG_CELLS)
        sheet.write_row(0, 0, HEAD)
        i = 0
        for title, row, column, text in long:
            for k, part in enumerate(in_parts(text), 1):
                i += 1
                for j, value in enumerate((title, row, column, k, part)):
                    (sheet.write_number if isinstance(value, int) else sheet.write_string)(i, j, value)


class _Sheet:
    """One worksheet and the texts on it that do not fit their cells."""

    def __init__(self, sheet: Any, title: str, names: list[str]) -> None:
        self.title = title
        self.long: list[tuple[int, str, str]] = []
        self._sheet = sheet
        self._names = names
        self._row = 1
        for j, name in enumerate(names):
            sheet.write_string(0, j, name)

    def append(self, piece: pd.DataFrame, target: str) -> None:
        if self._row + len(piece) > SHEET_ROWS:
            raise OutputError(
                f"{target}: more rows than the {SHEET_ROWS - 1:,} that a worksheet holds. Write .csv or .parquet."
            )
        for values in piece.itertuples(index=False, name=None):
            for j, value in enumerate(values):
                self._write(j, value)
            self._row += 1

    def _write(self, j: int, value: Any) -> None:
        if isinstance(value, bool):
            self._sheet.write_boolean(self._row, j, value)
        elif isinstance(value, (int, float)) and value == value and abs(value) < 10**15:
            self._sheet.write_number(self._row, j, value)
        elif text := as_cell(value):
            if not fits_cell(text):
                self.long.append((self._row + 1, self._names[j], text))
                text = beginning(text)
            self._sheet.write_string(self._row, j, text)


def sheet_name(wanted: str, taken: set[str]) -> str:
    """Shorten a text to a name that a worksheet may have and that no other has.

    >>> sheet_name("What stops information being shared well?", set())
    'What stops information being…'
    >>> sheet_name("Any other thoughts?", {"any other thoughts"})
    'Any other thoughts (2)'
    """
    there = {name.casefold() for name in taken} | {"history", LONG_CELLS}
    plain = _NOT_IN_NAMES.sub(" ", wanted).strip(" '") or "sheet"
    number = 1
    while True:
        tail = f" ({number})" if number > 1 else ""
        name = _cut(plain, _NAME_LENGTH - len(tail)) + tail
        if name.casefold() not in there:
            return name
        number += 1


def _cut(text: str, length: int) -> str:
    """Cut at a space where one is near; characters beyond the basic plane count twice, as Excel counts."""
    if _width(text) <= length:
        return text
    while _width(text) > length - 1:
        text = text[:-1]
    start, space, _ = text.rpartition(" ")
    return (start if space and len(start) > length / 2 else text).rstrip(" '") + "…"


def _width(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cause(error: Exception, target: str) -> Exception:
    """Return the system's own error where the file could not be stored, else one in words."""
    inner = error.args[0] if error.args else None
    return inner if isinstance(inner, OSError) else OutputError(f"{target}: the workbook cannot be written ({error}).")
