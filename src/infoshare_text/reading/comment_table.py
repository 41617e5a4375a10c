"""Rows of respondents as rows of answers: the long table of comments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from infoshare_text.columns import COMMENT_COLUMNS
from infoshare_text.errors import ColumnError
from infoshare_text.reading.layouts import Column

if TYPE_CHECKING:
    import pandas as pd


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
