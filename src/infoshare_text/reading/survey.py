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
from infoshare_text.errors import ColumnError, InputError
from infoshare_text.reading import files
from infoshare_text.reading.comment_table import as_text, is_missing, long_table, renamed_input
from infoshare_text.reading.csv_files import CsvFile
from infoshare_text.reading.dates import date_order as order_of_dates
from infoshare_text.reading.layouts import Column, Layout
from infoshare_text.reading.overrides import check_overrides, refuse_foreign_options
from infoshare_text.reading.questions import (
    SAMPLE_ROWS,
    AnswerProfile,
    choose_questions,
    no_question,
    profile_answers,
)
from infoshare_text.reading.roles import ColumnRole, column_roles, personal_columns
from infoshare_text.reading.rows import Responses, batches, data_rows, notes_on_rows, without_ghosts
from infoshare_text.reading.sources import CHUNK_ROWS, Source, laid_out, open_source, responses_of, text_rows
from infoshare_text.reading.workbooks import Workbook

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CHUNK_ROWS",
    "Survey",
    "as_text",
    "is_missing",
    "long_table",
    "open_survey",
    "read_survey",
    "renamed_columns",
    "renamed_input",
]


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
    reasons : list of str
        Why each of these columns.
    profiles : list of AnswerProfile
        What the answers in each column look like, on the first 1,000 rows.
    personal_columns : list of str
        Columns of personal data: IP and e-mail addresses, names, telephone numbers and the like. They stand in
        ``table``, and neither in ``comments`` nor in what is written. Empty where they are kept.
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
    reasons: list[str]
    profiles: list[AnswerProfile]
    personal_columns: list[str]
    length: int
    responses: Responses
    left_out: frozenset[int]
    date_order: str
    date_reason: str
    _source: Source = field(repr=False)

    @property
    def columns(self) -> list[str]:
        """Names of the export's columns, in order."""
        return [column.name for column in self.layout.columns]

    @property
    def kept_columns(self) -> list[str]:
        """Names of the columns in ``comments`` and in what is written: all but those of personal data."""
        return [name for name in self.columns if name not in self.personal_columns]

    @property
    def roles(self) -> list[ColumnRole]:
        """What each column is for, and why."""
        return column_roles(self.profiles, dict(zip(self.questions, self.reasons, strict=True)))

    @property
    def reason(self) -> str:
        """Why the columns of comments are such, all in one."""
        return "; ".join(dict.fromkeys(self.reasons))

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

        if not isinstance(self._source, (CsvFile, Workbook)):
            start = 0
            for frame in self._source.chunks(size):
                frame.index = pd.RangeIndex(start, start + len(frame))
                start += len(frame)
                yield frame.drop(index=list(self.left_out.intersection(frame.index)))
            return
        rows = enumerate(islice(data_rows(self._source, self.layout), self.responses.length))
        for numbers, batch in batches((row for row in rows if row[0] not in self.left_out), size):
            yield pd.DataFrame(batch, columns=self.columns, index=pd.Index(numbers), dtype=str)

    def comment_chunks(self, size: int = CHUNK_ROWS) -> Iterator[pd.DataFrame]:
        """Yield the comments of each piece as a long table (see :attr:`comments`)."""
        for frame in self.chunks(size):
            yield long_table(self.without_personal_columns(frame), self.questions)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The export's rows as they are, one for each respondent."""
        import pandas as pd

        pieces = list(self.chunks())
        return pd.concat(pieces) if pieces else pd.DataFrame(columns=self.columns, dtype=str)

    @property
    def comments(self) -> pd.DataFrame:
        """One row for each answer: the columns that are given out, then ``row``, ``question``, ``comment``."""
        return long_table(self.without_personal_columns(self.table), self.questions)

    def without_personal_columns(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Leave the columns of personal data out of rows of the export, unless they are kept."""
        return frame.drop(columns=self.personal_columns)


def read_survey(
    path: str | os.PathLike[str],
    *,
    text: str | Sequence[str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    guarded: bool | None = None,
    layout: str | None = None,
    header_rows: int | None = None,
    date_order: str | None = None,
    leave_out: Sequence[str] = (),
    keep_personal_columns: bool = False,
) -> Survey:
    """Open a survey export as it was downloaded.

    Parameters
    ----------
    path : str or path
        A ``.csv`` (also ``.tsv``, ``.txt``), ``.xlsx``, ``.parquet``, ``.jsonl`` or ``.sav`` file (extra ``spss``),
        or a ``.zip`` with one of these in it.
    text : str or sequence of str, optional
        Columns that hold comments. Default: those that the export marks as open-ended,
        else those whose answers read like free text.
    encoding, delimiter : str, optional
        For delimited text; default: decided from the content.
    sheet : str, optional
        For a workbook; default: the first sheet that is not empty.
    guarded : bool, optional
        Whether texts have an apostrophe against formulas, to take off (:func:`infoshare_text.unguarded`);
        default: told from a CSV, no for a workbook.
    layout : str, optional
        One of :data:`infoshare_text.reading.recognise.LAYOUTS`; default: recognised by content.
    header_rows : int, optional
        Rows above the first respondent; default: as the layout has them.
    date_order : str, optional
        ``day-first``, ``month-first`` or ``year-first``; default: told from the dates, where they tell.
    leave_out : sequence of str
        Kinds of response not to read: ``preview`` (tests), ``partial`` (not finished). Rows keep their numbers.
    keep_personal_columns : bool
        Whether ``comments`` has the columns of IP and e-mail addresses, names, telephone numbers and the like.

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
        guarded=guarded,
        layout=layout,
        header_rows=header_rows,
        date_order=date_order,
        leave_out=leave_out,
        keep_personal_columns=keep_personal_columns,
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
    guarded: bool | None = None,
    layout: str | None = None,
    header_rows: int | None = None,
    date_order: str | None = None,
    leave_out: Sequence[str] = (),
    keep_personal_columns: bool = False,
    preferred_sheet: str | None = None,
) -> Survey:
    """Open an export as :func:`read_survey` does, also where it holds no comments.

    ``preferred_sheet`` is read where the workbook has it, whichever sheet stands first.
    """
    path = Path(path)
    check_overrides(path, layout, header_rows, date_order, leave_out)
    file = files.located(path)
    kind = files.file_format(file)
    given: dict[str, object] = {"encoding": encoding, "delimiter": delimiter, "sheet": sheet}
    given |= {"guarded": guarded, "layout": layout, "header_rows": header_rows}
    refuse_foreign_options(path, kind, given)
    source = open_source(file, kind, encoding, delimiter, sheet, preferred_sheet, guarded)
    found, tail = laid_out(source, layout, header_rows)
    rows = text_rows(source, found)
    sample = list(islice(rows, SAMPLE_ROWS))
    profiles = profile_answers(found.columns, sample, rows)
    reasons = choose_questions(profiles, [text] if isinstance(text, str) else text)
    questions = list(reasons)
    responses = responses_of(source, found, tail, questions)
    width = len(found.columns) - responses.ghosts
    if responses.ghosts:
        found = without_ghosts(found, width)
    order = (date_order, "named by you") if date_order else order_of_dates(sample, [c.name for c in found.columns])
    left_out = responses.of_kinds(leave_out)
    length = responses.length - len(left_out)
    if not length:
        raise InputError(f"{path}: every row is a test or unfinished, and all of these are left out.")
    profiles = profiles[:width]
    personal = [] if keep_personal_columns else personal_columns(profiles, reasons)
    return Survey(
        path, found, questions, list(reasons.values()), profiles, personal, length, responses, left_out, *order, source
    )


def renamed_columns(survey: Survey, added: Sequence[str]) -> list[str]:
    """Name the export's columns that :func:`renamed_input` will rename beside the ``added`` ones."""
    keep = "comment" if [question.name for question in survey.questions] == ["comment"] else None
    return [name for name in survey.kept_columns if name in (*COMMENT_COLUMNS, *added) and name != keep]
