"""In which order an export writes day, month and year, where its dates can tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "day-first", "month-first", "year-first"
ORDERS = (DAY_FIRST, MONTH_FIRST, YEAR_FIRST)
_SHORT = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)")
_YEAR = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")
_SHARE_OF_DATES = 0.8


def date_order(rows: Sequence[Sequence[str]], names: Sequence[str]) -> tuple[str, str]:
    """Tell the order of the dates in a sample of rows.

    Parameters
    ----------
    rows : sequence of rows
        Cells as text.
    names : sequence of str
        Of the columns.

    Returns
    -------
    order : str
        One of ``ORDERS``; empty where there are no dates, where all could be read both ways, or
        where they contradict each other.
    reason : str
        What told it, without a cell; empty where there are no dates.

    Examples
    --------
    >>> date_order([["01/09/2026 09:15"], ["13/09/2026 10:00"]], ["Start Date"])
    ('day-first', "a day over 12 in column 'Start Date'")
    """
    told: dict[str, str] = {}
    ambiguous = ""
    for position, name in enumerate(names):
        cells = [row[position].strip() for row in rows if position < len(row) and row[position].strip()]
        short, years = _matches(_SHORT, cells), sum(bool(_YEAR.match(cell)) for cell in cells)
        if cells and years >= _SHARE_OF_DATES * len(cells):
            told.setdefault(YEAR_FIRST, f"years come first in column {name!r}")
        elif cells and len(short) >= _SHARE_OF_DATES * len(cells):
            ambiguous = name
            if any(int(match[1]) > 12 for match in short):
                told.setdefault(DAY_FIRST, f"a day over 12 in column {name!r}")
            if any(int(match[2]) > 12 for match in short):
                told.setdefault(MONTH_FIRST, f"a day over 12 in second place in column {name!r}")
    if DAY_FIRST in told and MONTH_FIRST in told:
        return "", f"the dates contradict each other: {told[DAY_FIRST]}, {told[MONTH_FIRST]}"
    for order in (DAY_FIRST, MONTH_FIRST):
        if order in told:
            return order, told[order]
    if ambiguous:
        return "", f"the dates in column {ambiguous!r} can be read day first or month first"
    return (YEAR_FIRST, told[YEAR_FIRST]) if told else ("", "")


def _matches(pattern: re.Pattern[str], cells: Iterable[str]) -> list[re.Match[str]]:
    return [match for cell in cells if (match := pattern.match(cell))]
