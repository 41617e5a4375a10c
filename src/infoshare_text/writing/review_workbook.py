"""A workbook to code comments in: one row a comment, a drop-down for each theme, its stance and the sentiment.

A coder writes 1 where a theme is there, then ``yes`` under *done*: what was left empty in that row then counts as
absent, which saves most of the typing. The sheet is not protected, since Excel neither sorts nor opens groups on a
protected one; ids with a check on the words find out what was moved or overwritten. The cells to fill in are marked as
unlocked, so that one click protects the rest.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infoshare_text.codebook import Codebook, Theme
from infoshare_text.columns import (
    JOIN,
    REVIEW_DONE,
    REVIEW_SHEET,
    probability_columns,
    review_columns,
    stance_columns,
    theme_columns,
)
from infoshare_text.errors import ColumnError, OutputError, listed
from infoshare_text.reading.files import XLSX
from infoshare_text.reading.survey import is_missing
from infoshare_text.writing.tables import output_format
from infoshare_text.writing.whole_file import whole_file

if TYPE_CHECKING:
    import pandas as pd

_ASKED = ("id", "question", "comment", "same", "drawn_for", "inclusion")
_COMBINED_AT_MOST = 3
_STANCE_RANGE, _SENTIMENT_RANGE = "=lists!$A$1:$A$", "=lists!$B$1:$B$"


@dataclass(frozen=True)
class _Column:
    """One column of the coding sheet: its head, a note on it, its width, the form of its cells and its list."""

    name: str
    values: list[Any]
    width: float
    form: str = "fixed"
    note: str = ""
    choices: str = ""
    hidden: bool = False


def write_review(
    draw: pd.DataFrame,
    target: str | os.PathLike[str],
    codebook: Codebook,
    *,
    coders: int = 1,
) -> list[Path]:
    """Write drawn comments to a workbook to code in.

    Parameters
    ----------
    draw : DataFrame
        From :func:`infoshare_text.draw_for_review`.
    target : str or path
        An ``.xlsx`` file. For several coders each gets ``<name>-coder1.xlsx`` and so on: the same
        comments, each in another order.
    codebook : Codebook
        What to code by; that of the model which made the suggestions.
    coders : int
        How many people code the same comments on their own.

    Returns
    -------
    list of Path
        The files written: all of them, or none.

    Raises
    ------
    ColumnError
        The table is no draw, or its suggestions are from another codebook.
    OutputError
        The target is no ``.xlsx`` file, is there already (coding is never overwritten), or cannot be written.
    """
    target = Path(target)
    if output_format(target) != XLSX:
        raise OutputError(f"{target}: a workbook to code in is an .xlsx file. Name one.")
    if coders < 1:
        raise OutputError(f"coders={coders}: one coder at least.")
    _check_draw(draw, codebook)
    targets = [target] if coders == 1 else [_of_coder(target, k) for k in range(1, coders + 1)]
    there = [str(path) for path in targets if path.exists()]
    if there:
        raise OutputError(f"{listed(there)}: there already, perhaps with somebody's coding. Name another file.")
    with ExitStack() as files:
        for k, path in enumerate(targets):
            temporary = files.enter_context(whole_file(path))
            _write(draw if k == 0 else _reordered(draw, k), temporary, codebook, path)
    return targets


def _of_coder(target: Path, number: int) -> Path:
    return target.with_name(f"{target.stem}-coder{number}{target.suffix}")


def _reordered(draw: pd.DataFrame, coder: int) -> pd.DataFrame:
    """Put the rows in another order for each coder, so that tiredness does not look like agreement."""
    keys = [hashlib.sha256(f"{coder}\n{id}".encode()).hexdigest() for id in draw["id"]]
    return draw.iloc[sorted(range(len(keys)), key=keys.__getitem__)]


def _check_draw(draw: pd.DataFrame, codebook: Codebook) -> None:
    for name in _ASKED:
        if name not in draw.columns:
            raise ColumnError.absent(name, map(str, draw.columns))
    suggested = [name for name in map(str, draw.columns) if name.startswith("theme_")]
    if suggested and suggested != theme_columns(codebook.keys):
        raise ColumnError(
            f"the suggestions in this draw are not for the codebook {codebook.name!r}. "
            "Give the codebook of the model that was drawn with."
        )


def _write(draw: pd.DataFrame, temporary: Path, codebook: Codebook, target: Path) -> None:
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import XlsxWriterException

    book = Workbook(str(temporary), {"strings_to_formulas": False, "strings_to_urls": False})
    # A fixed date: the same draw gives the same bytes.
    book.set_properties({"created": datetime(2000, 1, 1)})
    try:
        forms = {name: book.add_format(form) for name, form in _FORMS.items()}
        sheet = book.add_worksheet(REVIEW_SHEET)
        _write_codebook(book.add_worksheet("codebook"), codebook, forms)
        lists = book.add_worksheet("lists")
        lists.hide()
        for j, entries in enumerate((_stance_choices(codebook), list(codebook.sentiments))):
            lists.write_column(0, j, entries)
        _write_coding(sheet, _columns(draw, codebook), forms)
        book.close()
    except XlsxWriterException as error:
        raise OutputError(f"{target}: the workbook cannot be written ({error}).") from error
    except UnicodeEncodeError as error:
        raise OutputError(f"{target}: a comment holds half a surrogate pair, which no file can hold.") from error


_FORMS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#D9E2EC", "border": 1},
    "fixed": {"text_wrap": True, "valign": "top", "font_color": "#606060"},
    "comment": {"text_wrap": True, "valign": "top"},
    "entry": {"valign": "top", "align": "center", "locked": False, "border": 1, "border_color": "#C0C0C0"},
    "free": {"valign": "top", "text_wrap": True, "locked": False, "border": 1, "border_color": "#C0C0C0"},
    "title": {"bold": True, "font_size": 12},
    "present": {"bg_color": "#CFE8CF"},
    "missing": {"bg_color": "#FFE8B3"},
    "done": {"bg_color": "#F0F0F0"},
}


def _columns(draw: pd.DataFrame, codebook: Codebook) -> list[_Column]:
    columns = [_Column("id", draw["id"].tolist(), 9)]
    questions = set(draw["question"])
    if len(questions) > 1 or any(" " in question for question in questions):
        columns.append(_Column("question", draw["question"].tolist(), 22))
    columns.append(_Column("comment", draw["comment"].tolist(), 62, "comment"))
    columns += _entries(codebook, [""] * len(draw))
    if set(theme_columns(codebook.keys)) <= set(draw.columns):
        columns.append(_Column("suggested by the model", _suggestions(draw, codebook), 40, hidden=True))
    columns += [_Column(name, draw[name].tolist(), 14, hidden=True) for name in ("drawn_for", "inclusion", "same")]
    return columns


def _entries(codebook: Codebook, empty: list[Any]) -> list[_Column]:
    """Return the columns that a coder fills in."""
    stances, sentiments = _in_lines(codebook.stances), _in_lines(codebook.sentiments)
    stance_range = f"{_STANCE_RANGE}{len(_stance_choices(codebook))}"
    done = "yes when the row is finished; themes left empty then count as 0"
    columns = [_Column(REVIEW_DONE, empty, 7, "entry", done, "yes")]
    for theme, (name, stance_name) in zip(codebook.themes, review_columns(codebook.themes), strict=True):
        columns.append(_Column(name, empty, 14, "entry", _in_full(theme), "1,0"))
        if codebook.stances:
            columns.append(_Column(stance_name, empty, 14, "entry", stances, stance_range))
    if codebook.sentiments:
        sentiment_range = f"{_SENTIMENT_RANGE}{len(codebook.sentiments)}"
        columns.append(_Column("sentiment", empty, 11, "entry", sentiments, sentiment_range))
    return [*columns, _Column("note", empty, 30, "free", "Anything you want to say; it is not read back.")]


def _in_lines(meanings: dict[str, str]) -> str:
    return "\n".join(f"{name}: {meaning}" for name, meaning in meanings.items())


def _suggestions(draw: pd.DataFrame, codebook: Codebook) -> list[str]:
    """Write what the model found, with probabilities and stances: ``Leadership 0.91 barrier; negative``."""
    written = []
    for _, row in draw.iterrows():
        parts = []
        names = zip(*(of(codebook.keys) for of in (theme_columns, probability_columns, stance_columns)), strict=True)
        for theme, (present, p, stance) in zip(codebook.themes, names, strict=True):
            if row[present] == 1:
                parts.append(f"{theme.label} {row[p]:.2f} {row.get(stance, '')}".strip())
        sentiment = str(row.get("sentiment", ""))
        written.append(f"{JOIN} ".join([*parts, *([sentiment] if sentiment else [])]) or "none")
    return written


def _write_coding(sheet: Any, columns: Sequence[_Column], forms: dict[str, Any]) -> None:
    length = len(columns[0].values)
    for j, column in enumerate(columns):
        sheet.write_string(0, j, column.name, forms["head"])
        if column.note:
            lines = 2 + len(column.note) // 45 + column.note.count("\n")
            sheet.write_comment(0, j, column.note, {"width": 340, "height": 18 * lines})
        group = {"level": 1, "hidden": True} if column.hidden else {}
        sheet.set_column(j, j, column.width, None, group)
        for i, value in enumerate(column.values, 1):
            _write_cell(sheet, i, j, value, forms[column.form])
        if column.choices:
            sheet.data_validation(1, j, length, j, _validation(column.choices))
    sheet.set_column(len(columns), len(columns), None, None, {"collapsed": True})
    sheet.set_row(0, 48)
    names = [column.name for column in columns]
    sheet.freeze_panes(1, names.index("comment") + 1)
    sheet.autofilter(0, 0, length, len(columns) - 1)
    _highlight(sheet, columns, length, forms)


def _write_cell(sheet: Any, row: int, column: int, value: Any, form: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value, form) if value else sheet.write_blank(row, column, None, form)
    elif is_missing(value):
        sheet.write_blank(row, column, None, form)
    else:
        sheet.write_number(row, column, float(value), form)


def _validation(choices: str) -> dict[str, Any]:
    """Return the list of a cell: typed out, or a range of the sheet ``lists``."""
    if not choices.startswith("="):
        listed = choices.split(",")
        return {"validate": "list", "source": listed, "error_message": f"Write {' or '.join(listed)}, or nothing."}
    # Stances may also be joined by hand where the list does not hold the combination: hence a warning, no stop.
    kind = "warning" if choices.startswith(_STANCE_RANGE) else "stop"
    return {"validate": "list", "source": choices, "error_type": kind, "error_message": "Choose from the list."}


def _highlight(sheet: Any, columns: Sequence[_Column], length: int, forms: dict[str, Any]) -> None:
    """Colour what is coded as present, a present theme without a stance, and rows that are done."""
    from xlsxwriter.utility import xl_col_to_name

    names = [column.name for column in columns]
    letters = [xl_col_to_name(j) for j in range(len(columns))]
    done = letters[names.index(REVIEW_DONE)]

    def colour(j: int, formula: str, form: str) -> None:
        sheet.conditional_format(1, j, length, j, {"type": "formula", "criteria": formula, "format": forms[form]})

    for j, column in enumerate(columns):
        if column.choices == "1,0":
            colour(j, f"=${letters[j]}2=1", "present")
        if column.choices.startswith(_STANCE_RANGE):
            colour(j, f'=AND(${letters[j - 1]}2=1,${letters[j]}2="")', "missing")
    colour(names.index("comment"), f'=${done}2<>""', "done")


def _write_codebook(sheet: Any, codebook: Codebook, forms: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 3, 60)
    sheet.write_string(0, 0, codebook.name, forms["title"])
    guide = _guide(codebook)
    for i, line in enumerate(guide, 1):
        sheet.write_string(i, 0, f"{i}. {line}")
    row = len(guide) + 2
    for head, entries in _definitions(codebook):
        for i, cells in enumerate([head, *entries] if entries else []):
            for j, cell in enumerate(cells):
                sheet.write_string(row, j, cell, forms["head" if i == 0 else "comment"])
            row += 1
        row += 1
    sheet.protect()


def _guide(codebook: Codebook) -> list[str]:
    """Say step by step how to code, of this codebook's columns alone."""
    ones = "each theme that it speaks to" if codebook.multi_label else "the one theme that it speaks to most"
    further = ["say how it speaks of a theme under 'stance'"] if codebook.stances else []
    further += ["choose the sentiment of the whole comment"] if codebook.sentiments else []
    return [
        f"Read the comment, then write 1 under {ones} (or choose it from the list).",
        *([f"{', and '.join(further).capitalize()}."] if further else []),
        "Write yes under 'done' when you have finished a row: themes left empty then count as 0. "
        "Leave 'done' empty and the row counts as not coded.",
        "Sort, filter and delete rows as you like. Do not change the columns 'id' and 'comment'. Rename no column.",
        "To the right of the last column, [+] above the sheet shows why a comment was drawn, and what the model "
        "suggests where that was not left out. Code first, look then.",
    ]


def _definitions(codebook: Codebook) -> list[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """Return the tables of the codebook: (head, rows)."""
    themes = [(theme.label, theme.definition, theme.include, theme.exclude) for theme in codebook.themes]
    return [
        (("theme", "meaning", "code it for", "not for"), [*themes]),
        (("stance", "meaning"), [*codebook.stances.items()]),
        (("sentiment", "meaning"), [*codebook.sentiments.items()]),
    ]


def _in_full(theme: Theme) -> str:
    parts = [theme.definition, f"Code it for: {theme.include}" if theme.include else ""]
    return "\n\n".join(part for part in [*parts, f"Not for: {theme.exclude}" if theme.exclude else ""] if part)


def _stance_choices(codebook: Codebook) -> list[str]:
    """List stances, alone and, where they are few, together."""
    names = list(codebook.stances)
    sizes = range(1, len(names) + 1) if len(names) <= _COMBINED_AT_MOST else [1]
    return [JOIN.join(chosen) for size in sizes for chosen in combinations(names, size)]
