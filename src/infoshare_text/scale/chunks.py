"""Code a survey piece by piece, in memory that does not grow with the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from infoshare_text.cleaning.repeats import Repeats
from infoshare_text.coding.classify import Coder
from infoshare_text.columns import COMMENT_COLUMNS, NOT_ENGLISH
from infoshare_text.reading.survey import CHUNK_ROWS, Survey, as_text, renamed_input

if TYPE_CHECKING:
    import pandas as pd


def code_in_chunks(
    survey: Survey,
    coder: Coder,
    *,
    evidence: bool = False,
    wide: bool = False,
    rows: int = CHUNK_ROWS,
    counts: Counter[str] | None = None,
    told: Callable[[int], None] = lambda _: None,
    finish: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
) -> Iterator[pd.DataFrame]:
    """Yield the coded survey.

    Parameters
    ----------
    survey : Survey
        With one question at least.
    coder : Coder
    evidence : bool
        Whether to add the deciding words.
    wide : bool
        One row for each respondent, the columns of each question side by side and named after it; otherwise one
        row for each answer.
    rows : int
        Respondents in a piece; changes nothing in what is coded.
    counts : Counter, optional
        Receives how many answers have each status, repeat an earlier one, and are not in English.
    told : callable
        Called with the number of respondents done after each piece.
    finish : callable, optional
        Changes each coded piece, one row for each answer, before it is given out; for example
        :func:`infoshare_text.redact`.

    Yields
    ------
    DataFrame
        See :mod:`infoshare_text.columns`.
    """
    import pandas as pd

    repeats = Repeats()
    for long in survey.comment_chunks(rows):
        added = coder.code(
            as_text(long["comment"]),
            as_text(long["question"]),
            evidence,
            repeats=repeats,
            rows=long["row"].to_numpy(dtype="int64"),
        )
        if counts is not None:
            counts.update(added["status"].tolist())
            counts.update(added["duplicate"][added["duplicate"] != ""].tolist())
            counts[NOT_ENGLISH] += int(added["review"].str.contains(NOT_ENGLISH, regex=False).sum())
        coded = pd.concat([renamed_input(long, list(added.columns)), added], axis=1)
        if finish is not None:
            coded = finish(coded)
        yield widened(coded, survey) if wide else coded
        told(len(long) // len(survey.questions))


def widened(coded: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """Put the answers of each respondent side by side, ``<question>: <column>``; one question needs no name."""
    import pandas as pd

    names = list(coded.columns)
    first_ours = names.index("question")
    k = len(survey.questions)
    parts = [coded.iloc[::k, :first_ours].reset_index(drop=True)]
    for j, question in enumerate(survey.questions):
        part = coded.iloc[j::k, first_ours:].reset_index(drop=True)
        part = part.drop(columns=[name for name in COMMENT_COLUMNS if name in part])
        if k > 1:
            part.columns = pd.Index([f"{question.name}: {name}" for name in part.columns])
        parts.append(part)
    return pd.concat(parts, axis=1)
