"""Write a table in pieces: CSV, XLSX, Parquet or JSON lines, told by the extension."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from infoshare_text.errors import InputError, OutputError, listed
from infoshare_text.reading.files import CSV, FORMATS, JSONL, PARQUET, XLSX
from infoshare_text.reading.long_cells import SHEET_COLUMNS, SHEET_ROWS
from infoshare_text.writing.csv_table import CsvWriter
from infoshare_text.writing.json_lines import JsonLinesWriter
from infoshare_text.writing.parquet_table import ParquetWriter
from infoshare_text.writing.table_writer import TableWriter
from infoshare_text.writing.whole_file import whole_file
from infoshare_text.writing.xlsx_table import XlsxWriter

if TYPE_CHECKING:
    import pandas as pd

STDOUT = "standard output"


def output_format(target: Path, named: str | None = None) -> str:
    """Tell the format from the extension, or from what was named where the extension says nothing else.

    Raises
    ------
    OutputError
        No format goes by this extension, or another than was named.
    """
    kind = FORMATS.get(target.suffix.lower())
    if kind is None and named is None:
        raise OutputError(
            f"{target}: the extension {target.suffix!r} names no format. Use .csv, .xlsx, .parquet or .jsonl."
        )
    if kind is not None and named not in (None, kind):
        raise OutputError(f"{target}: the name says {kind}, --format {named}. Give one of the two.")
    return kind or str(named)


def check_fits(target: Path | str, rows: int, columns: int, kind: str | None = None) -> None:
    """Refuse, before any work is done, a table that the format cannot hold.

    Raises
    ------
    OutputError
        More rows or columns than a worksheet has.
    """
    if (kind or output_format(Path(target))) != XLSX:
        return
    if rows + 1 > SHEET_ROWS or columns > SHEET_COLUMNS:
        raise OutputError(
            f"{target}: {rows:,} rows and {columns:,} columns do not fit a worksheet ({SHEET_ROWS - 1:,} and "
            f"{SHEET_COLUMNS:,} at most). Write .csv or .parquet instead."
        )


def write_table(
    table: pd.DataFrame | Iterable[pd.DataFrame],
    target: str | os.PathLike[str],
    *,
    source: Path | None = None,
    for_machines: bool = False,
    sheets: str | None = None,
    redact: bool = False,
    format: str | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> None:
    """Write a table to a file that appears whole or not at all.

    Parameters
    ----------
    table : DataFrame or iterable of DataFrame
        The table, or pieces of it with the same columns.
    target : str or path
        ``.csv`` (``.tsv``), ``.xlsx``, ``.parquet`` or ``.jsonl``; an older file there is replaced.
    source : Path, optional
        The input, which must not be overwritten.
    for_machines : bool
        CSV only: no byte-order mark, no apostrophe before what looks like a formula, lines that end in LF.
    sheets : str, optional
        XLSX only: a column (``question``, say), each value of which gets a worksheet of its own.
    redact : bool
        Whether to mask personal data in a table of comments, as :func:`infoshare_text.redact` does; call that
        for anything else.
    format : str, optional
        ``csv``, ``xlsx``, ``parquet`` or ``jsonl`` where the extension does not say.
    told : callable
        Receives what a person may want to know of the file, such as texts that no cell of a worksheet holds.

    Raises
    ------
    OutputError
        The target cannot be written, or a piece cannot be held by the format.
    ColumnError
        With ``redact``: this is no table of comments.
    """
    import pandas as pd

    target = Path(target)
    kind = output_format(target, format)
    if sheets is not None and kind != XLSX:
        raise OutputError(f"{target}: only .xlsx has sheets. Name such a file, or leave the sheets out.")
    if isinstance(table, pd.DataFrame):
        check_fits(target, 0 if sheets else len(table), table.shape[1], kind)
        table = [table]
    if redact:
        from infoshare_text.cleaning.personal_data.redact import redact as masked

        table = map(masked, table)
    with whole_file(target, source) as temporary:
        writer = _opened(kind, temporary, str(target), for_machines, sheets)
        _write_all(writer, table)
    for remark in writer.remarks():
        told(remark)


def write_stream(
    pieces: Iterable[pd.DataFrame],
    stream: IO[bytes],
    *,
    format: str = CSV,
    for_machines: bool = False,
    sheets: str | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> None:
    """Write pieces of a table to an open stream: CSV (without byte-order mark) and JSON lines as they come.

    XLSX and Parquet are finished in a temporary file first.
    """
    if format in (XLSX, PARQUET):
        with tempfile.TemporaryDirectory(prefix="infoshare-text-") as folder:
            path = Path(folder) / f"table.{format}"
            write_table(pieces, path, for_machines=for_machines, sheets=sheets, told=told)
            with path.open("rb") as file:
                shutil.copyfileobj(file, stream)
        stream.flush()
        return
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    try:
        writer: TableWriter = (
            JsonLinesWriter(text, STDOUT) if format == JSONL else CsvWriter(text, STDOUT, for_machines=for_machines)
        )
        for piece in _of_one_form(pieces, STDOUT):
            writer.write(piece)
    finally:
        text.detach()
    stream.flush()
    for remark in writer.remarks():
        told(remark)


def _write_all(writer: TableWriter, pieces: Iterable[pd.DataFrame]) -> None:
    try:
        for piece in _of_one_form(_read(pieces), writer.name):
            writer.write(piece)
        writer.close()
    except BaseException:
        writer.abandon()
        raise


def _read(pieces: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Tell a fault of the input from one of the output."""
    try:
        yield from pieces
    except OSError as error:
        raise InputError(
            f"{error.filename or 'the input'}: cannot be read to its end ({error.strerror or error})."
        ) from error


def _of_one_form(pieces: Iterable[pd.DataFrame], name: str) -> Iterator[pd.DataFrame]:
    names: list[str] | None = None
    for piece in pieces:
        here = [str(column) for column in piece.columns]
        names = names or here
        if here != names:
            raise OutputError(f"{name}: the pieces of the table have different columns. Bring them into one form.")
        if len(set(here)) < len(here):
            raise OutputError(f"{name}: two columns of one name: {listed(_doubled(here))}. Rename one of each.")
        yield piece
    if names is None:
        raise OutputError(f"{name}: there is no table to write.")


def _doubled(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _opened(kind: str, temporary: Path, name: str, for_machines: bool, sheets: str | None) -> TableWriter:
    if kind == XLSX:
        return XlsxWriter(temporary, name, sheets)
    if kind == PARQUET:
        return ParquetWriter(temporary, name)
    if kind == JSONL:
        return JsonLinesWriter(temporary.open("w", encoding="utf-8", newline="\n"), name)
    assert kind == CSV
    encoding = "utf-8" if for_machines else "utf-8-sig"
    delimiter = "\t" if temporary.suffix.lower() in (".tsv", ".tab") else ","
    return CsvWriter(temporary.open("w", encoding=encoding, newline=""), name, delimiter, for_machines)
