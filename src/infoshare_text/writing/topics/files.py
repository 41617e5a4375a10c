"""Topics as files: a folder of tables, pictures, a page and the saved topics, or one workbook of the tables."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from infoshare_text.errors import OutputError
from infoshare_text.reading.files import FORMATS, XLSX
from infoshare_text.reading.survey import is_missing
from infoshare_text.topics.report import MODEL, WITHIN, TopicPart, TopicReport
from infoshare_text.writing.tables import check_fits, write_table
from infoshare_text.writing.topics.page import BARS, MAP, page, pictures
from infoshare_text.writing.whole_file import check_target, whole_file
from infoshare_text.writing.whole_folder import check_folder, whole_folder

if TYPE_CHECKING:
    import pandas as pd

ASSIGNMENTS, PAGE = "assignments.csv", "topics.html"
_TABLES = ("topics", "examples", "quality", "phrases")
_OURS = {ASSIGNMENTS, PAGE, MAP, BARS, MODEL, WITHIN, *(f"{name}.csv" for name in _TABLES)}
_SHEET_NAME, _CELL = 31, 32_767
_CUT = " […cut: a cell holds no more]"


def write_topics(report: TopicReport, target: str | os.PathLike[str]) -> None:
    """Write topics to a folder, or to a workbook; either appears whole or not at all.

    Parameters
    ----------
    report : TopicReport
    target : str or path
        A folder, or a file that ends in ``.xlsx``: a sheet for each table, without pictures and saved topics. A
        folder that was written by this function before is replaced.

    Raises
    ------
    OutputError
        The target holds something else, or cannot be written.
    """
    target = Path(target)
    check_topics_target(target)
    if target.suffix.lower() == ".xlsx":
        check_fits(target, len(report.assignments), len(report.assignments.columns))
        _write_workbook(report, target)
        return
    with whole_folder(target, _is_ours) as folder:
        write_table(report.assignments, folder / ASSIGNMENTS)
        drawn = [pictures(part) for part in report.parts]
        for part, svgs in zip(report.parts, drawn, strict=True):
            _write_part(part, svgs, folder / WITHIN / part.key if part.key else folder)
        _write_text(folder / PAGE, page(report, drawn))


def check_topics_target(target: Path, *sources: Path) -> None:
    """Refuse a place that cannot take the topics, before any work is done.

    Raises
    ------
    OutputError
        See :func:`write_topics`; or an input lies in that place.
    """
    kind = FORMATS.get(target.suffix.lower())
    if kind == XLSX:
        check_target(target, *sources)
    elif kind is not None:
        raise OutputError(f"{target}: topics are several tables and pictures. Name a folder, or a file in .xlsx.")
    else:
        check_folder(target, _is_ours, *sources)


def _is_ours(name: str) -> bool:
    return name in _OURS or bool(re.fullmatch(r"by_.+\.csv", name))


def _write_part(part: TopicPart, svgs: dict[str, str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in _TABLES:
        write_table(getattr(part.topics, name), folder / f"{name}.csv")
    for name, table in zip(group_files(part.by), part.by.values(), strict=True):
        write_table(table, folder / f"{name}.csv")
    for name, svg in svgs.items():
        _write_text(folder / name, svg)
    if part.topics.model is not None:
        part.topics.model.save(folder / MODEL)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def group_files(columns: dict[str, pd.DataFrame]) -> list[str]:
    """Name a file for each column of groups, in letters that every system takes.

    >>> group_files({"Sector?": None, "SECTOR": None, "...": None})
    ['by_sector', 'by_sector_2', 'by_column']
    """
    names: list[str] = []
    for column in columns:
        name = "by_" + (re.sub(r"\W+", "_", column.casefold()).strip("_")[:60].rstrip("_") or "column")
        names.append(name if name not in names else f"{name}_{1 + sum(each.startswith(name) for each in names)}")
    return names


def _write_workbook(report: TopicReport, target: Path) -> None:
    from xlsxwriter import Workbook

    with whole_file(target) as temporary:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        book = Workbook(str(temporary), options)
        # A fixed date: the same topics give the same bytes.
        book.set_properties({"created": datetime(2000, 1, 1)})
        for name, table in _sheets(report).items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, [str(column) for column in table.columns])
            for j in range(table.shape[1]):
                for i, value in enumerate(table.iloc[:, j].tolist(), 1):
                    if is_missing(value) or value == "":
                        continue
                    if isinstance(value, str):
                        sheet.write_string(i, j, value if len(value) <= _CELL else value[: _CELL - len(_CUT)] + _CUT)
                    else:
                        sheet.write_number(i, j, value)
        book.close()


def _sheets(report: TopicReport) -> dict[str, pd.DataFrame]:
    sheets: dict[str, pd.DataFrame] = {}
    for name in _TABLES:
        sheets[name] = _together(report, [getattr(part.topics, name) for part in report.parts])
    columns = report.parts[0].by
    for place, name in enumerate(group_files(columns)):
        sheet = name[:_SHEET_NAME] if name[:_SHEET_NAME] not in sheets else f"by_{place + 1}"
        sheets[sheet] = _together(report, [list(part.by.values())[place] for part in report.parts])
    sheets["assignments"] = report.assignments
    return sheets


def _together(report: TopicReport, tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Put the tables of all parts under one another, the theme in front."""
    import pandas as pd

    if len(tables) == 1:
        return tables[0]
    named = [
        table.assign(within=part.key)[["within", *table.columns]]
        for part, table in zip(report.parts, tables, strict=True)
    ]
    return pd.concat([table for table in named if len(table)] or named[:1], ignore_index=True)
