"""A survey export, opened: what was detected, its rows in pieces, its comments as one long table."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from infoshare_text.columns import COMMENT_COLUMNS
from infoshare_text.errors import ColumnError, InputError, listed
from infoshare_text.reading import files
from infoshare_text.reading.csv_files import CsvFile
from infoshare_text.reading.dates import date_order as order_of_dates
from infoshare_text.reading.layouts import Column, Layout, doubled_names, unnamed_tail
from infoshare_text.reading.overrides import check_overrides
from infoshare_text.reading.questions import (
    SAMPLE_ROWS,
    AnswerProfile,
    choose_questions,
    no_question,
    profile_answers,
)
from infoshare_text.reading.recognise import recognise
from infoshare_text.reading.records import JsonLines, ParquetTable
from infoshare_text.reading.rows import (
    Responses,
    batches,
    count_responses,
    data_rows,
    notes_on_rows,
    without_ghosts,
)
from infoshare_text.reading.workbooks import Workbook

if TYPE_CHECKING:
    import pandas as pd

CHUNK_ROWS = 5_000
_HEAD_ROWS = 6


@dataclass(frozen=True)
class Survey:
    """An export whose layout is known.

    Attributes
    ----------
    path : Path
    layout : Layout
        Tool, header rows and columns that were detected.
    questions : list of Column
        The columns that hold comments.
    reason : str
        Why these columns.
    profiles : list of AnswerProfile
        What the answers in each column look like, on the first 1,000 rows.
    length : int
        Respondents (data rows) that are given out.
    responses : Responses
        Which rows are tests or unfinished, and what of the file is no respondent.
    left_out : frozenset of int
        Data rows, counted from 0, that are not given out.
    date_order : str
        ``day-first``, ``month-first``, ``year-first``, or empty where the dates do not tell.
    date_reason : str
        What told it.
    """

    path: Path
    layout: Layout
    questions: list[Column]
    reason: str
    profiles: list[AnswerProfile]
    length: int
    responses: Responses
    left_out: frozenset[int]
    date_order: str
    date_reason: str
    _source: CsvFile | Workbook | ParquetTable | JsonLines = field(repr=False)

    @property
    def columns(self) -> list[str]:
        """Names of the export's columns, in order."""
        return [column.name for column in self.layout.columns]

    @property
    def file_description(self) -> str:
        """File format, encoding and delimiter in words."""
        return self._source.description

    @property
    def encoding(self) -> str | None:
        """Python's name of the encoding, where the file is delimited text."""
        return self._source.encoding if isinstance(self._source, CsvFile) else None

    @property
    def delimiter(self) -> str | None:
        """What stands between cells, where the file is delimited text."""
        return self._source.delimiter if isinstance(self._source, CsvFile) else None

    @property
    def sheet(self) -> str | None:
        """The sheet that is read, where the file is a workbook."""
        return self._source.sheet if isinstance(self._source, Workbook) else None

    @property
    def notes(self) -> list[str]:
        """Everything decided that a person may want to know."""
        notes = [*self._source.notes, *self.layout.notes]
        notes += notes_on_rows(self.responses, self.left_out)
        return notes

    def chunks(self, size: int = CHUNK_ROWS) -> Iterator[pd.DataFrame]:
        """Yield the export's rows as they are.

        Parameters
        ----------
        size : int
            Rows in a piece at most; of very long answers a piece holds fewer, so that the memory
            for a CSV stays the same whatever its size.

        Yields
        ------
        DataFrame of shape (at most size, n_columns)
            Text columns (dtype str) for CSV and XLSX, the file's own types otherwise;
            the index counts data rows from 0 over the whole export.
        """
        import pandas as pd

        if isinstance(self._source, (ParquetTable, JsonLines)):
            start = 0
            for frame in self._source.chunks(size):
                frame.index = pd.RangeIndex(start, start + len(frame))
                start += len(frame)
                yield frame
            return
        rows = enumerate(islice(data_rows(self._source, self.layout), self.responses.length))
        for numbers, batch in batches((row for row in rows if row[0] not in self.left_out), size):
            yield pd.DataFrame(batch, columns=self.columns, index=pd.Index(numbers), dtype=str)

    def comment_chunks(self, size: int = CHUNK_ROWS) -> Iterator[pd.DataFrame]:
        """Yield the comments of each piece as a long table (see :attr:`comments`)."""
        for frame in self.chunks(size):
            yield long_table(frame, self.questions)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The export's rows as they are, one for each respondent."""
        import pandas as pd

        pieces = list(self.chunks())
        return pd.concat(pieces) if pieces else pd.DataFrame(columns=self.columns, dtype=str)

    @property
    def comments(self) -> pd.DataFrame:
        """One row for each answer: the export's columns, then ``row``, ``question``, ``comment``."""
        return long_table(self.table, self.questions)


def read_survey(
    path: str | os.PathLike[str],
    *,
    text: str | Sequence[str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    layout: str | None = None,
    header_rows: int | None = None,
    date_order: str | None = None,
    leave_out: Sequence[str] = (),
) -> Survey:
    """Open a survey export as it was downloaded.

    Parameters
    ----------
    path : str or path
        A ``.csv`` (also ``.tsv``, ``.txt``), ``.xlsx``, ``.parquet`` or ``.jsonl`` file.
    text : str or sequence of str, optional
        Columns that hold comments. Default: those that the export marks as open-ended,
        else those whose answers read like free text.
    encoding, delimiter : str, optional
        For delimited text; default: decided from the content.
    sheet : str, optional
        For a workbook; default: the first sheet that is not empty.
    layout : str, optional
        One of :data:`infoshare_text.reading.recognise.LAYOUTS`; default: recognised by content.
    header_rows : int, optional
        Rows above the first respondent; default: as the layout has them.
    date_order : str, optional
        ``day-first``, ``month-first`` or ``year-first``; default: told from the dates, where they tell.
    leave_out : sequence of str
        Kinds of response not to read: ``preview`` (tests), ``partial`` (not finished). Rows keep their numbers.

    Returns
    -------
    Survey
        Its layout, and its comments as a table.

    Raises
    ------
    InputError
        The file cannot be read as it is; the message lists every fault found.
    ColumnError
        A named column is absent, or no column holds comments.

    Examples
    --------
    >>> survey = read_survey("examples/state_of_the_nation.csv")
    >>> survey.layout.name, survey.date_order
    ('SurveyMonkey, two header rows', 'day-first')
    """
    survey = open_survey(
        path,
        text=text,
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        layout=layout,
        header_rows=header_rows,
        date_order=date_order,
        leave_out=leave_out,
    )
    if not survey.questions:
        raise ColumnError(f"{survey.path}: {no_question(survey.profiles)}")
    return survey


def open_survey(
    path: str | os.PathLike[str],
    *,
    text: str | Sequence[str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    layout: str | None = None,
    header_rows: int | None = None,
    date_order: str | None = None,
    leave_out: Sequence[str] = (),
) -> Survey:
    """Open an export as :func:`read_survey` does, also where it holds no comments."""
    path = Path(path)
    check_overrides(path, layout, header_rows, date_order, leave_out)
    source = _open(path, encoding, delimiter, sheet)
    found, tail = _laid_out(source, layout, header_rows)
    sample = list(_sample(source, found))
    profiles = profile_answers(found.columns, sample)
    questions, reason = choose_questions(profiles, [text] if isinstance(text, str) else text)
    responses = _responses(source, found, tail, questions)
    width = len(found.columns) - responses.ghosts
    if responses.ghosts:
        found = without_ghosts(found, width)
    order = (date_order, "named by you") if date_order else order_of_dates(sample, [c.name for c in found.columns])
    left_out = responses.of_kinds(leave_out)
    length = responses.length - len(left_out)
    if not length:
        raise InputError(f"{path}: every row is a test or unfinished, and all of these are left out.")
    return Survey(path, found, questions, reason, profiles[:width], length, responses, left_out, *order, source)


def long_table(frame: pd.DataFrame, questions: Sequence[Column]) -> pd.DataFrame:
    """Turn rows of respondents into rows of answers.

    Parameters
    ----------
    frame : DataFrame of shape (n, n_columns)
        Respondents; the index counts data rows from 0.
    questions : sequence of Column
        The columns that hold comments.

    Returns
    -------
    DataFrame of shape (n * n_questions, n_columns + 3)
        The given columns, then ``row`` (1-based), ``question``, ``comment`` (str, empty where
        nothing was answered); a respondent's answers stand together. A given column
        of one of these names is renamed ``input_<name>``, unless it is the one text column itself.
    """
    import numpy as np
    import pandas as pd

    n, k = len(frame), len(questions)
    if isinstance(frame.columns, pd.MultiIndex):
        raise ColumnError("the columns have several levels. Give the table one row of column names first.")
    respondent = np.repeat(np.arange(n), k)
    table = frame.take(respondent).reset_index(drop=True)
    answers = np.empty((n, k), dtype=object)
    for j, question in enumerate(questions):
        answers[:, j] = as_text(frame[question.name])
    comment = pd.Series(answers.reshape(-1), dtype=str)
    keep = "comment" if [q.name for q in questions] == ["comment"] else None
    table = renamed_input(table, COMMENT_COLUMNS, keep)
    table["row"] = np.asarray(frame.index)[respondent] + 1
    table["question"] = pd.Series([q.question for q in questions] * n, dtype=str)
    table["comment"] = comment
    return table


def renamed_input(table: pd.DataFrame, names: Sequence[str], keep: str | None = None) -> pd.DataFrame:
    """Give input columns that carry one of our names the prefix ``input_``."""
    taken = {*map(str, table.columns), *names}
    renamed = {}
    for name in table.columns:
        if name in names and name != keep:
            renamed[name] = f"input_{name}"
            while renamed[name] in taken:
                renamed[name] = f"input_{renamed[name]}"
            taken.add(renamed[name])
    return table.rename(columns=renamed) if renamed else table


def renamed_columns(survey: Survey, added: Sequence[str]) -> list[str]:
    """Name the export's columns that :func:`renamed_input` will rename beside the ``added`` ones."""
    keep = "comment" if [question.name for question in survey.questions] == ["comment"] else None
    return [name for name in survey.columns if name in (*COMMENT_COLUMNS, *added) and name != keep]


def as_text(values: pd.Series) -> list[str]:
    """Return a column as plain strings: missing becomes empty, numbers and dates are written out.

    Raises
    ------
    ColumnError
        The column holds lists, records or bytes, which are no comments.
    """
    import numpy as np

    texts = []
    for value in values.astype(object):
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, (list, tuple, set, dict, bytes, np.ndarray)):
            raise ColumnError(f"column {values.name!r} holds {type(value).__name__} values, which are no comments.")
        else:
            texts.append("" if is_missing(value) else str(value))
    return texts


def is_missing(value: object) -> bool:
    """Whether a cell holds nothing: None, NaN, NaT or NA."""
    import pandas as pd

    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)


def _open(
    path: Path, encoding: str | None, delimiter: str | None, sheet: str | None
) -> CsvFile | Workbook | ParquetTable | JsonLines:
    kind = files.file_format(path)
    if kind == files.XLSX:
        return Workbook.open(path, sheet)
    if kind == files.PARQUET:
        return ParquetTable.open(path)
    if kind == files.JSONL:
        return JsonLines.open(path)
    return CsvFile.open(path, encoding, delimiter)


def _laid_out(
    source: CsvFile | Workbook | ParquetTable | JsonLines, layout: str | None, header_rows: int | None
) -> tuple[Layout, int]:
    """Decide the layout; return it with the number of columns at the end that have no name."""
    if isinstance(source, (ParquetTable, JsonLines)):
        return Layout("table with named columns", 0, [Column(name, name) for name in source.columns]), 0
    head = [list(row) for row in islice(source.rows(), max(_HEAD_ROWS, header_rows or 0))]
    if not head or not any(cell.strip() for cell in head[0]):
        where = " Name another sheet with --sheet if this is a cover." if isinstance(source, Workbook) else ""
        raise InputError(f"{source.path}: the first row is empty, so the columns have no names.{where}")
    found = recognise(head, layout, header_rows)
    doubled = doubled_names(found)
    if doubled:
        raise InputError(
            f"{source.path}: two columns of one name: {listed(doubled)}. Rename one of each in the export."
        )
    return found, unnamed_tail(head[: found.header_rows])


def _responses(
    source: CsvFile | Workbook | ParquetTable | JsonLines, layout: Layout, tail: int, questions: Sequence[Column]
) -> Responses:
    if isinstance(source, (ParquetTable, JsonLines)):
        return Responses(source.length)
    positions = [position for position, column in enumerate(layout.columns) if column in questions]
    responses = count_responses(source, layout, tail, positions)
    if not responses.length:
        raise InputError(f"{source.path}: there is a header but no row of answers under it.")
    return responses


def _sample(source: CsvFile | Workbook | ParquetTable | JsonLines, layout: Layout) -> Iterator[list[str]]:
    if isinstance(source, (ParquetTable, JsonLines)):
        for frame in islice(source.chunks(SAMPLE_ROWS), 1):
            for values in frame.astype(object).itertuples(index=False, name=None):
                yield ["" if is_missing(value) else str(value) for value in values]
        return
    yield from islice(data_rows(source, layout), SAMPLE_ROWS)
