"""Which survey tool wrote the export, told from its first rows; one recogniser for each layout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from infoshare_text.reading import ids_and_wordings, one_header_row, surveymonkey
from infoshare_text.reading.layouts import Layout, Rows, plain

_Recogniser = Callable[[Rows], Layout | None]
_Reader = Callable[[Rows], Layout]

# In the order they are tried: how a layout is known, and how it is read where a person names it.
_LAYOUTS: dict[str, tuple[_Recogniser, _Reader]] = {
    "qualtrics": (ids_and_wordings.qualtrics, ids_and_wordings.three_rows),
    "qualtrics-legacy": (ids_and_wordings.qualtrics_legacy, ids_and_wordings.legacy),
    "surveymonkey": (surveymonkey.two_rows, surveymonkey.under_titles),
    "surveymonkey-condensed": (surveymonkey.condensed, surveymonkey.one_row),
    "surveymonkey-flat": (surveymonkey.flattened, surveymonkey.one_row),
    "microsoft-forms": (one_header_row.microsoft_forms, one_header_row.microsoft_forms_columns),
    "google-forms": (one_header_row.google_forms, one_header_row.google_forms_columns),
    "smartsurvey": (one_header_row.smartsurvey, one_header_row.smartsurvey_columns),
    "limesurvey": (one_header_row.limesurvey, one_header_row.limesurvey_columns),
    "jisc": (one_header_row.jisc, one_header_row.jisc_columns),
    "citizen-space": (one_header_row.citizen_space, one_header_row.citizen_space_columns),
    "blank-second-row": (ids_and_wordings.over_blank_row, ids_and_wordings.header_and_blank_row),
    "ids-and-wordings": (ids_and_wordings.ids_over_wordings, ids_and_wordings.ids_and_wordings),
    "plain": (plain, plain),
}
LAYOUTS = tuple(_LAYOUTS)
_MOST_READ = 3


def recognise(head: Rows, layout: str | None = None, header_rows: int | None = None) -> Layout:
    """Decide the layout from the first rows of a grid.

    Parameters
    ----------
    head : sequence of rows
        The first rows as text, at least one.
    layout : str, optional
        One of ``LAYOUTS``, taken as given.
    header_rows : int, optional
        Rows above the first respondent, taken as given: a layout with as many is looked for.

    Returns
    -------
    Layout
        Of the first recogniser that knows the rows; a plain table with one header row otherwise.

    Examples
    --------
    >>> recognise([["id", "comment"], ["1", "Fine."]]).name
    'plain table, one header row'
    >>> recognise([["id", "comment"], ["", ""], ["1", "Fine."]]).header_rows
    2
    """
    if layout is not None:
        found = _known_or_read(layout, head)
        return found if header_rows is None else replace(found, header_rows=header_rows)
    for known, _ in _LAYOUTS.values():
        found_now = known(head)
        if found_now is not None and header_rows in (None, found_now.header_rows):
            return found_now
    if header_rows is not None and header_rows > 1:
        return replace(
            ids_and_wordings.two_rows(head, f"{header_rows} header rows, named by you"), header_rows=header_rows
        )
    return plain(head)


def _known_or_read(layout: str, head: Rows) -> Layout:
    known, read = _LAYOUTS[layout]
    return known(head) or read(_squared(head))


def _squared(head: Rows) -> Rows:
    """Make the rows as wide as the first, and three at least: a layout named by a person may not fit the file."""
    width = len(head[0])
    rows = [*head, *[[""] * width] * (_MOST_READ - len(head))]
    return [[*row, *[""] * (width - len(row))][:width] for row in rows]
