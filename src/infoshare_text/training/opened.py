"""Open a labelled file or take a table: where it is from, its rows, and the columns that may hold comments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infoshare_text.columns import REVIEW_SHEET
from infoshare_text.errors import InfoshareTextError, InputError, listed
from infoshare_text.reading.files import file_format, located
from infoshare_text.reading.layouts import Column
from infoshare_text.reading.overrides import options_of
from infoshare_text.reading.questions import SAMPLE_ROWS, choose_questions, profile_answers
from infoshare_text.reading.survey import open_survey
from infoshare_text.training.code_cells import cell_texts
from infoshare_text.training.faults import Source

if TYPE_CHECKING:
    import pandas as pd


def opened(
    data: Any, text: str | None, name: str, reading: Mapping[str, Any]
) -> tuple[Source, pd.DataFrame, list[str]]:
    """Open a labelled file, or take a table.

    Parameters
    ----------
    data : path or DataFrame
        Of a workbook that was written to code in, the sheet ``coding`` is read, wherever it stands.
    text : str or None
        The column of comments, where it is named.
    name : str
        What to call a DataFrame in messages.
    reading : mapping
        Options of :func:`infoshare_text.reading.survey.open_survey`; those for files of another kind are passed over.

    Returns
    -------
    Source
        Where the rows are from.
    DataFrame
        The rows.
    list of str
        The columns that may hold comments.

    Raises
    ------
    InfoshareTextError
        The file cannot be read, or has two columns of one name.
    """
    import pandas as pd

    wanted = None if text is None else [text]
    if isinstance(data, pd.DataFrame):
        frame = data.reset_index(drop=True)
        frame.columns = pd.Index([str(column) for column in frame.columns])
        doubled = sorted(set(frame.columns[frame.columns.duplicated()]))
        if doubled:
            raise InputError(f"{name}: two columns of one name: {listed(doubled)}. Rename one of each.")
        columns = [Column(column, column) for column in frame.columns]
        head = frame.head(SAMPLE_ROWS)
        cells = zip(*(cell_texts(head.iloc[:, j].astype(object)) for j in range(frame.shape[1])), strict=True)
        questions = choose_questions(profile_answers(columns, cells), wanted)
        return Source(name, None, 0, tuple(frame.columns)), frame, [question.name for question in questions]
    path = Path(data)
    fitting = options_of(file_format(located(path)), reading)
    survey = open_survey(path, text=wanted, preferred_sheet=REVIEW_SHEET, **fitting)
    if survey.layout.doubled:
        raise InputError(f"{data}: two columns of one name: {listed(survey.layout.doubled)}. Rename one of each.")
    source = Source(survey.path.name, survey.sheet, survey.layout.header_rows, tuple(survey.columns))
    return source, survey.table, [question.name for question in survey.questions]


def refuse_idle_options(sources: Iterable[Any], reading: Mapping[str, Any]) -> None:
    """Refuse an option that fits none of the files, so that nobody takes it for followed.

    Raises
    ------
    InputError
        With the options to leave out.
    """
    given = {name: value for name, value in reading.items() if value is not None}
    followed = set()
    for source in sources if given else ():
        try:
            followed |= set(options_of(file_format(located(Path(source))), given))
        except (InfoshareTextError, TypeError):
            continue
    if idle := sorted(set(given) - followed):
        raise InputError(f"{' and '.join(idle)} cannot be set for any of these files. Leave it out.")
