"""Write a table in pieces: CSV, XLSX, Parquet or JSON lines, told by the extension."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from infoshare_text.errors import OutputError, listed
from infoshare_text.reading.files import CSV, FORMATS, JSONL, PARQUET, XLSX
from infoshare_text.reading.survey import is_missing
from infoshare_text.writing.spreadsheet_text import guarded
from infoshare_text.writing.whole_file import whole_file

if TYPE_CHECKING:
    import pandas as pd

XLSX_ROWS, XLSX_COLUMNS, XLSX_CELL = 1_048_576, 16_384, 32_767
LONG_CELLS = "long_cells"
_CONTINUES = " […continues in sheet long_cells]"


class TableWriter(ABC):
    """Writes pieces of one table; all pieces have the same columns."""

    @abstractmethod
    def write(self, piece: pd.DataFrame) -> None:
        """Append rows."""

    @abstractmethod
    def close(self) -> None:
        """Finish the file."""


def output_format(target: Path) -> str:
    """Tell the format from the extension.

    Raises
    ------
    OutputError
        No format goes by this extension.
    """
    kind = FORMATS.get(target.suffix.lower())
    if kind is None:
        raise OutputError(
            f"{target}: the extension {target.suffix!r} names no format. Use .csv, .xlsx, .parquet or .jsonl."
        )
    return kind


def check_fits(target: Path, rows: int, columns: int) -> None:
    """Refuse, before any work is done, a table that the format cannot hold.

    Raises
    ------
    OutputError
        More rows or columns than a worksheet has.
    """
    if output_format(target) != XLSX:
        return
    if rows + 1 > XLSX_ROWS or columns > XLSX_COLUMNS:
        raise OutputError(
            f"{target}: {rows:,} rows and {columns:,} columns do not fit a worksheet ({XLSX_ROWS - 1:,} and "
            f"{XLSX_COLUMNS:,} at most). Write .csv or .parquet instead."
        )


def write_table(
    table: pd.DataFrame | Iterable[pd.DataFrame],
    target: str | os.PathLike[str],
    *,
    source: Path | None = None,
    for_machines: bool = False,
) -> None:
    """Write a table to a file that appears whole or not at all.

    Parameters
    ----------
    table : DataFrame or iterable of DataFrame
        The table, or pieces of it with the same columns.
    target : str or path
        ``.csv`` (``.tsv``), ``.xlsx``, ``.parquet`` or ``.jsonl``.
    source : Path, optional
        The input, which must not be overwritten.
    for_machines : bool
        CSV only: no byte-order mark and no apostrophe before what looks like a formula.

    Raises
    ------
    OutputError
        The target cannot be written, or a piece cannot be held by the format.
    """
    import pandas as pd

    target = Path(target)
    kind = output_format(target)
    pieces = [table] if isinstance(table, pd.DataFrame) else table
    with whole_file(target, source) as temporary:
        writer = _opened(kind, temporary, target, for_machines)
        try:
            for piece in _of_one_form(pieces, target):
                writer.write(piece)
            writer.close()
        except BaseException as error:
            with suppress(Exception):
                writer.close()
            if isinstance(error, UnicodeEncodeError):
                raise OutputError(f"{target}: a text holds half a surrogate pair, which no file can hold.") from error
            raise


def _of_one_form(pieces: Iterable[pd.DataFrame], target: Path) -> Iterator[pd.DataFrame]:
    names: list[str] | None = None
    for piece in pieces:
        here = [str(name) for name in piece.columns]
        names = names or here
        if here != names:
            raise OutputError(f"{target}: the pieces of the table have different columns. Bring them into one form.")
        if len(set(here)) < len(here):
            raise OutputError(f"{target}: two columns of one name: {listed(_doubled(here))}. Rename one of each.")
        yield piece
    if names is None:
        raise OutputError(f"{target}: there is no table to write.")


def _doubled(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def write_stream(pieces: Iterable[pd.DataFrame], stream: IO[bytes], *, for_machines: bool = False) -> None:
    """Write pieces of a table as UTF-8 CSV to an open stream, without byte-order mark."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = CsvWriter(text, guard=not for_machines)
    for piece in pieces:
        writer.write(piece)
    text.detach()


class CsvWriter(TableWriter):
    """CSV with quotes where needed and CRLF line ends, as spreadsheets write it."""

    def __init__(self, stream: IO[str], delimiter: str = ",", guard: bool = True) -> None:
        self._stream = stream
        self._rows = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
        self._guard = guarded if guard else str
        self._has_header = False

    def write(self, piece: pd.DataFrame) -> None:
        """Append rows, missing values as empty cells."""
        if not self._has_header:
            self._rows.writerow([self._guard(str(name)) for name in piece.columns])
            self._has_header = True
        self._rows.writerows(zip(*(self._column(piece.iloc[:, j]) for j in range(piece.shape[1])), strict=True))

    def close(self) -> None:
        """Flush and close the stream."""
        self._stream.close()

    def _column(self, values: pd.Series) -> list[str]:
        cells, guard = values.tolist(), self._guard
        return [guard(cell) if isinstance(cell, str) else _as_cell(cell) for cell in cells]


class XlsxWriter(TableWriter):
    """A worksheet whose texts are texts: nothing is run, nothing is cut in silence."""

    def __init__(self, temporary: Path, target: Path) -> None:
        from xlsxwriter import Workbook

        self._target = target
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = Workbook(str(temporary), options)
        # A fixed date: the same table gives the same bytes.
        self._book.set_properties({"created": datetime(2000, 1, 1)})
        self._sheet = self._book.add_worksheet("comments")
        self._row = 0
        self._long: list[tuple[int, str, str]] = []

    def write(self, piece: pd.DataFrame) -> None:
        """Append rows; a text over Excel's 32,767 characters goes whole to a second sheet."""
        if self._row == 0:
            for j, name in enumerate(piece.columns):
                self._text(0, j, str(name), str(name))
            self._row = 1
        names = [str(name) for name in piece.columns]
        for values in piece.itertuples(index=False, name=None):
            if self._row >= XLSX_ROWS:
                raise OutputError(f"{self._target}: more rows than a worksheet holds. Write .csv or .parquet.")
            for j, value in enumerate(values):
                self._cell(j, names[j], value)
            self._row += 1

    def close(self) -> None:
        """Write the long cells and finish the workbook."""
        if self._long:
            sheet = self._book.add_worksheet(LONG_CELLS)
            sheet.write_row(0, 0, ["sheet_row", "column", "part", "text"])
            parts = [(r, c, k, part) for r, c, text in self._long for k, part in enumerate(_parts(text), 1)]
            for i, (row, column, k, part) in enumerate(parts, 1):
                sheet.write_number(i, 0, row)
                sheet.write_string(i, 1, column)
                sheet.write_number(i, 2, k)
                sheet.write_string(i, 3, part)
        from xlsxwriter.exceptions import XlsxWriterException

        try:
            self._book.close()
        except XlsxWriterException as error:
            raise OutputError(f"{self._target}: the workbook cannot be written ({error}).") from error

    def _cell(self, j: int, name: str, value: Any) -> None:
        if isinstance(value, str):
            if value:
                self._text(self._row, j, name, value)
        elif isinstance(value, bool):
            self._sheet.write_boolean(self._row, j, value)
        elif isinstance(value, (int, float)) and value == value and abs(value) < 10**15:
            self._sheet.write_number(self._row, j, value)
        elif text := _as_cell(value):
            self._text(self._row, j, name, text)

    def _text(self, row: int, j: int, name: str, text: str) -> None:
        if _utf16_length(text) > XLSX_CELL:
            self._long.append((row + 1, name, text))
            text = _parts(text, XLSX_CELL - len(_CONTINUES))[0] + _CONTINUES
        self._sheet.write_string(row, j, text)


class ParquetWriter(TableWriter):
    """Parquet with the types of the first piece."""

    def __init__(self, temporary: Path, target: Path) -> None:
        self._temporary = temporary
        self._target = target
        self._writer: Any = None

    def write(self, piece: pd.DataFrame) -> None:
        """Append rows."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            table = pa.Table.from_pandas(_arrow_ready(piece), preserve_index=False).replace_schema_metadata()
            if self._writer is None:
                schema = pa.schema([_not_null_type(field) for field in table.schema])
                self._writer = pq.ParquetWriter(self._temporary, schema, compression="zstd")
            self._writer.write_table(_kept(table, self._writer.schema))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError) as error:
            raise OutputError(
                f"{self._target}: a column holds values of several types, which Parquet cannot hold. "
                "Write .jsonl or .csv."
            ) from error

    def close(self) -> None:
        """Write the footer."""
        if self._writer is not None:
            self._writer.close()


class JsonLinesWriter(TableWriter):
    """One JSON object a line, missing values as null."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, piece: pd.DataFrame) -> None:
        """Append rows."""
        names = [str(name) for name in piece.columns]
        columns = [[_json_value(value) for value in piece.iloc[:, j].tolist()] for j in range(len(names))]
        for values in zip(*columns, strict=True):
            self._stream.write(json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


def _opened(kind: str, temporary: Path, target: Path, for_machines: bool) -> TableWriter:
    if kind == XLSX:
        return XlsxWriter(temporary, target)
    if kind == PARQUET:
        return ParquetWriter(temporary, target)
    if kind == JSONL:
        return JsonLinesWriter(temporary.open("w", encoding="utf-8", newline="\n"))
    assert kind == CSV
    encoding = "utf-8" if for_machines else "utf-8-sig"
    delimiter = "\t" if target.suffix.lower() in (".tsv", ".tab") else ","
    stream = temporary.open("w", encoding=encoding, newline="")
    return CsvWriter(stream, delimiter, guard=not for_machines)


def _as_cell(value: Any) -> str:
    if is_missing(value):
        return ""
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _json_value(value: Any) -> Any:
    if is_missing(value):
        return None
    if isinstance(value, float) and math.isinf(value):
        return str(value)
    if isinstance(value, (str, int, float, bool, dict, list)):
        return value
    return str(value)


def _utf16_length(text: str) -> int:
    """Excel counts characters beyond the basic plane twice."""
    return len(text) if len(text) * 2 <= XLSX_CELL else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _parts(text: str, size: int = XLSX_CELL) -> list[str]:
    """Cut a text into parts that a cell holds, never inside a character."""
    parts, start, length = [], 0, 0
    for i, character in enumerate(text):
        width = 2 if ord(character) > 0xFFFF else 1
        if length + width > size:
            parts.append(text[start:i])
            start, length = i, 0
        length += width
    return [*parts, text[start:]]


def _arrow_ready(piece: pd.DataFrame) -> pd.DataFrame:
    piece = piece.copy(deep=False)
    piece.columns = [str(name) for name in piece.columns]
    return piece


def _kept(table: Any, schema: Any) -> Any:
    """Bring a piece to the types of the first: empty columns and whole numbers among others, nothing else."""
    import pyarrow as pa

    for here, there in zip(table.schema, schema, strict=True):
        widened = pa.types.is_integer(here.type) and pa.types.is_floating(there.type)
        if here.type != there.type and not pa.types.is_null(here.type) and not widened:
            raise pa.ArrowTypeError(f"{here.type} after {there.type}")
    return table.cast(schema)


def _not_null_type(field: Any) -> Any:
    """Type a column as text that is empty so far: it may hold text later."""
    import pyarrow as pa

    return field.with_type(pa.string()) if pa.types.is_null(field.type) else field
