"""CSV for people, safe in a spreadsheet, and for machines, plain."""

from __future__ import annotations

import csv
import re
from typing import IO, TYPE_CHECKING, Any

from infoshare_text.reading.long_cells import SHEET_ROWS, fits_cell
from infoshare_text.reading.spreadsheet_text import guarded
from infoshare_text.writing.table_writer import TableWriter, as_cell, places_in_words

if TYPE_CHECKING:
    import pandas as pd


class CsvWriter(TableWriter):
    """UTF-8 with quotes where needed.

    For people: texts guarded against formulas, lines ending in CRLF, as spreadsheets write them. For machines:
    texts as they are, lines ending in LF. The byte-order mark is the business of whoever opens the stream.
    """

    unheld = re.compile(r"[\0\ud800-\udfff]")

    def __init__(self, stream: IO[str], name: str, delimiter: str = ",", for_machines: bool = False) -> None:
        super().__init__(name)
        self._stream = stream
        self._for_machines = for_machines
        lines: Any = _LfLines(stream) if for_machines else stream
        self._lines = csv.writer(lines, delimiter=delimiter, lineterminator="\r\n")
        self._guard = str if for_machines else guarded
        self._has_header = False
        self._long: list[tuple[int, str]] = []

    def _append(self, piece: pd.DataFrame) -> None:
        if not self._has_header:
            self._lines.writerow([self._guard(str(name)) for name in piece.columns])
            self._has_header = True
        columns = [self._column(piece.iloc[:, j]) for j in range(piece.shape[1])]
        self._lines.writerows(zip(*columns, strict=True))

    def _column(self, values: pd.Series) -> list[str]:
        cells = [self._guard(as_cell(cell)) for cell in values.tolist()]
        if not self._for_machines:
            name = str(values.name)
            self._long += [(self.rows + i + 1, name) for i, cell in enumerate(cells) if not fits_cell(cell)]
        return cells

    def close(self) -> None:
        """Flush and close the stream."""
        self._stream.close()

    def remarks(self) -> list[str]:
        """Name what a spreadsheet would not show."""
        if self._for_machines:
            return []
        remarks = []
        if self.rows >= SHEET_ROWS:
            remarks.append(f"a spreadsheet shows the first {SHEET_ROWS - 1:,} of these {self.rows:,} rows")
        if self._long:
            remarks.append(
                f"{len(self._long):,} texts are longer than a cell of a spreadsheet ({places_in_words(self._long)}); "
                "as .xlsx they are kept whole"
            )
        return remarks


class _LfLines:
    """Ends each line in LF alone; a writer told to do so would leave a carriage return in a text without quotes."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        self._stream.write(line.removesuffix("\r\n") + "\n")
