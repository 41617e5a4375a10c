"""Where the rows come from: a file of any format opened, its columns laid out, its responses counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from infoshare_text.errors import ColumnError, InputError
from infoshare_text.reading import files
from infoshare_text.reading.archives import Zipped
from infoshare_text.reading.comment_table import as_text, is_missing
from infoshare_text.reading.csv_files import CsvFile
from infoshare_text.reading.layouts import Column, Layout, unnamed_tail
from infoshare_text.reading.profiles import SAMPLE_ROWS
from infoshare_text.reading.recognise import of_variables, recognise
from infoshare_text.reading.records import JsonLines, ParquetTable
from infoshare_text.reading.rows import Responses, count_responses, data_rows, kinds_of_rows
from infoshare_text.reading.spss import SpssFile
from infoshare_text.reading.workbooks import Workbook

Source = CsvFile | Workbook | ParquetTable | JsonLines | SpssFile
CHUNK_ROWS = 5_000
_HEAD_ROWS = 12
_LONGEST_NAME, _MOST_COLUMNS = 20_000, 50_000


def open_source(
    path: Path | Zipped,
    kind: str,
    encoding: str | None,
    delimiter: str | None,
    sheet: str | None,
    preferred_sheet: str | None,
    guarded: bool | None = None,
) -> Source:
    """Open a file of a known format; what follows it is decided unless given."""
    if kind == files.XLSX:
        return Workbook.open(path, sheet, preferred_sheet, bool(guarded))
    if kind == files.PARQUET:
        return ParquetTable.open(path)
    if kind == files.JSONL:
        return JsonLines.open(path)
    if kind == files.SPSS:
        return SpssFile.open(path)
    return CsvFile.open(path, encoding, delimiter, guarded)


def laid_out(source: Source, layout: str | None, header_rows: int | None) -> tuple[Layout, int]:
    """Decide the layout; return it with the number of columns at the end that have no name.

    Raises
    ------
    InputError
        No header, or one that cannot be whole.
    """
    found, tail = _laid_out(source, layout, header_rows)
    _refuse_giant_names(source, found)
    return found, tail


def _laid_out(source: Source, layout: str | None, header_rows: int | None) -> tuple[Layout, int]:
    if isinstance(source, SpssFile):
        return of_variables(source.columns, source.labels), 0
    if not isinstance(source, (CsvFile, Workbook)):
        return Layout("table with named columns", 0, [Column(name, name) for name in source.columns]), 0
    head = [list(row) for row in islice(source.rows(), max(_HEAD_ROWS, header_rows or 0))]
    widest = max(map(len, head), default=0)
    if widest > _MOST_COLUMNS:
        raise InputError(
            f"{source.path}: one of the first rows has {widest:,} cells, and no export has over {_MOST_COLUMNS:,} "
            "columns. The file is damaged, or its delimiter is another (--delimiter)."
        )
    if not any(cell.strip() for row in head for cell in row):
        where = " Name another sheet with --sheet if this is a cover." if isinstance(source, Workbook) else ""
        raise InputError(f"{source.path}: the first rows are empty, so the columns have no names.{where}")
    found = recognise(head, layout, header_rows)
    return found, unnamed_tail([row for row in head[: found.header_rows] if len(row) == len(found.columns)])


def _refuse_giant_names(source: Source, layout: Layout) -> None:
    for position, column in enumerate(layout.columns, 1):
        if len(column.name) > _LONGEST_NAME:
            raise InputError(
                f"{source.path}: the name of column {position} has {len(column.name):,} characters, which no question "
                "has. The header is damaged, or a quotation mark in it is never closed. Export the file again."
            )


def responses_of(source: Source, layout: Layout, tail: int, questions: Sequence[Column]) -> Responses:
    """Count the responses, and tell which are tests or unfinished.

    Raises
    ------
    InputError
        Rows of unequal length, or none.
    """
    asked = set(questions)
    positions = [position for position, column in enumerate(layout.columns) if column in asked]
    if not isinstance(source, (CsvFile, Workbook)):
        return _responses_of_records(source, layout, positions)
    responses = count_responses(source, layout, tail, positions)
    if not responses.length:
        raise InputError(f"{source.path}: there is a header but no row of answers under it.")
    return responses


def _responses_of_records(
    source: ParquetTable | JsonLines | SpssFile, layout: Layout, comments: Sequence[int]
) -> Responses:
    """Look at the columns that tell what kind of response a row is."""
    needed = sorted({*comments, *(flag.position for flag in layout.flags)})
    if not needed:
        return Responses(source.length)
    flags = tuple(replace(flag, position=needed.index(flag.position)) for flag in layout.flags)
    names = [layout.columns[position].name for position in needed]
    rows = chain.from_iterable(
        zip(*(as_text(frame[name]) for name in names), strict=True) for frame in source.chunks(CHUNK_ROWS, names)
    )
    try:
        kinds = kinds_of_rows(rows, replace(layout, flags=flags), [needed.index(position) for position in comments])
    except ColumnError as error:
        raise ColumnError(f"{source.path}: {error}") from None
    return Responses(source.length, 0, 0, *kinds)


def text_rows(source: Source, layout: Layout) -> Iterator[list[str]]:
    """Yield the rows under the header, every cell as text."""
    if isinstance(source, (CsvFile, Workbook)):
        yield from data_rows(source, layout)
        return
    for frame in source.chunks(SAMPLE_ROWS):
        for values in frame.astype(object).itertuples(index=False, name=None):
            yield ["" if is_missing(value) else str(value) for value in values]
