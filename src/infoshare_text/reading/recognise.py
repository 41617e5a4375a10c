"""Which survey tool wrote the export, told from its first rows; one recogniser for each layout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from infoshare_text.reading import ids_and_wordings, one_header_row, surveymonkey
from infoshare_text.reading.layouts import Column, Layout, Rows, plain, title_rows, told_apart, wording

_Recogniser = Callable[[Rows], Layout | None]
_Reader = Callable[[Rows], Layout]

# In the order they are tried: how a layout is known, and how it is read where a person names it.
_LAYOUTS: dict[str, tuple[_Recogniser, _Reader]] = {
    "qualtrics": (ids_and_wordings.qualtrics, ids_and_wordings.three_rows),
    "qualtrics-cut": (ids_and_wordings.qualtrics_cut, ids_and_wordings.cut),
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
_MOST_READ, _MOST_LOOKED_AT = 3, 6


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
    return told_apart(_recognised(head, layout, header_rows))


def _recognised(head: Rows, layout: str | None, header_rows: int | None) -> Layout:
    if layout is not None:
        found = _known_or_read(layout, head)
        return found if header_rows is None else replace(found, header_rows=header_rows)
    if header_rows is not None:
        return _of_so_many_rows(head, header_rows)
    above = title_rows(head)
    if not above or surveymonkey.two_rows(head):
        return _first_known(head)
    under = _first_known(head[above:])
    skipped = f"{above} rows above the header are not read"
    return replace(under, header_rows=under.header_rows + above, notes=[skipped, *under.notes])


def _first_known(head: Rows) -> Layout:
    """Take the first recogniser that knows the rows; the last knows any."""
    return next(found for known, _ in _LAYOUTS.values() if (found := known(head[:_MOST_LOOKED_AT])) is not None)


def _of_so_many_rows(head: Rows, header_rows: int) -> Layout:
    for known, _ in _LAYOUTS.values():
        found = known(head[:_MOST_LOOKED_AT])
        if found is not None and found.header_rows == header_rows:
            return found
    read = ids_and_wordings.two_rows(head, f"{header_rows} header rows, named by you")
    return replace(read, header_rows=header_rows)


def of_variables(names: Sequence[str], labels: Sequence[str]) -> Layout:
    """Lay out an SPSS file: labels are the questions; what Qualtrics and LimeSurvey write themselves has their names.

    Parameters
    ----------
    names, labels : sequence of str
        Of the variables; a label may be empty.
    """
    times = Counter(map(wording, labels))
    columns = [
        Column(name, f"{label} ({name})" if times[label] > 1 else label or name)
        for name, label in zip(names, map(wording, labels), strict=True)
    ]
    tool = ids_and_wordings.qualtrics_cut([names]) or one_header_row.limesurvey([names])
    if tool is None:
        return Layout("SPSS, labels as questions", 0, columns)
    columns = [replace(column, about=own.about) for column, own in zip(columns, tool.columns, strict=True)]
    name = f"{tool.name.split(',')[0]} as SPSS, labels as questions"
    return Layout(name, 0, columns, flags=tool.flags)


def _known_or_read(layout: str, head: Rows) -> Layout:
    known, read = _LAYOUTS[layout]
    return known(head) or read(_squared(head))


def _squared(head: Rows) -> Rows:
    """Make the rows as wide as the first, and three at least: a layout named by a person may not fit the file."""
    width = len(head[0])
    rows = [*head, *[[""] * width] * (_MOST_READ - len(head))]
    return [[*row, *[""] * (width - len(row))][:width] for row in rows]
