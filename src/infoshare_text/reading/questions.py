"""Which columns hold comments: said by the user, by the export, or read off the answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from infoshare_text.errors import ColumnError, listed
from infoshare_text.reading.layouts import Column

SAMPLE_ROWS = 1000
_USUAL_NAMES = {"comment", "comments", "text", "free text", "verbatim", "feedback", "free_text"}
_WORDS_ON_AVERAGE = 4.0
_SHARE_DISTINCT = 0.7
_NOT_PROSE = re.compile(r"[\d\s:/.,+\-TZ]+|\S+@\S+|https?://\S+")


@dataclass(frozen=True)
class AnswerProfile:
    """What the answers in one column look like, on a sample of the rows.

    Attributes
    ----------
    column : Column
    answered : int
        Cells that are not empty.
    distinct : int
        Different values among them.
    words : float
        Words in an answer, on average.
    """

    column: Column
    answered: int
    distinct: int
    words: float

    @property
    def free_text(self) -> bool:
        """Whether the answers read like prose: several words each, seldom the same twice."""
        return (
            self.answered > 0 and self.words >= _WORDS_ON_AVERAGE and self.distinct / self.answered >= _SHARE_DISTINCT
        )


def profile_answers(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> list[AnswerProfile]:
    """Describe each column by a sample of its cells."""
    values: list[list[str]] = [[] for _ in columns]
    for row in rows:
        for cells, cell in zip(values, row, strict=False):
            if cell.strip():
                cells.append(cell.strip())
    return [
        AnswerProfile(column, len(cells), len(set(cells)), _average_words(cells))
        for column, cells in zip(columns, values, strict=True)
    ]


def choose_questions(profiles: Sequence[AnswerProfile], wanted: Sequence[str] | None) -> tuple[list[Column], str]:
    """Choose the columns to read as comments.

    Parameters
    ----------
    profiles : sequence of AnswerProfile
        All columns in order.
    wanted : sequence of str or None
        Names given by the user, taken as they are.

    Returns
    -------
    list of Column
        In the order of the export; empty where nothing looks like a comment.
    str
        Why these were chosen.

    Raises
    ------
    ColumnError
        A wanted column is absent.
    """
    columns = [profile.column for profile in profiles]
    if wanted:
        named = {_named(name, columns) for name in wanted}
        return [column for column in columns if column in named], "named by you"
    if chosen := [column for column in columns if column.mark]:
        return chosen, f"marked {chosen[0].mark!r} in the export"
    usual = [profile for profile in profiles if profile.column.name.strip().lower() in _USUAL_NAMES]
    if chosen := [profile.column for profile in usual if profile.words > 0 or not profile.answered]:
        return chosen, "by the usual name"
    return [profile.column for profile in profiles if profile.free_text], "the answers read like free text"


def _named(wanted: str, columns: Sequence[Column]) -> Column:
    """Find a column by its name, else by its wording."""
    by_name = [column for column in columns if column.name == wanted]
    by_wording = [column for column in columns if wanted.strip() in (column.name.strip(), column.question)]
    if by_name or by_wording:
        return (by_name or by_wording)[0]
    raise ColumnError.absent(wanted, [column.name for column in columns])


def candidates(profiles: Sequence[AnswerProfile], at_most: int = 8) -> list[AnswerProfile]:
    """Return the columns that come nearest to free text: wordy answers that seldom repeat."""
    answered = [profile for profile in profiles if profile.answered and profile.words > 0]
    return sorted(answered, key=lambda profile: -profile.words * profile.distinct / profile.answered)[:at_most]


def no_question(profiles: Sequence[AnswerProfile]) -> str:
    """Say that no text column was found, and which come nearest."""
    near = candidates(profiles)
    if not near:
        return (
            "no text column was found: no column holds words. "
            f"The columns are: {listed(profile.column.name for profile in profiles)}."
        )
    described = "\n".join(
        f"  - {profile.column.name!r}: {profile.answered} answers, {profile.distinct} different, "
        f"{profile.words:.1f} words on average"
        for profile in near
    )
    return (
        "no text column was found: nothing is marked 'Open-Ended Response' and no column reads like free text. "
        f"Name the one to read with --text (in Python text=...). The nearest are:\n{described}"
    )


def _average_words(cells: Sequence[str]) -> float:
    if not cells:
        return 0.0
    return sum(0 if _NOT_PROSE.fullmatch(cell) else len(cell.split()) for cell in cells) / len(cells)
