"""Every layout in every encoding, delimiter and file format is coded as the plain table is, without one option."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import Result
from conftest import EXPORTS
from golden import ANSWERS, CODED, LAYOUTS, TEXT_FILES, plain_coded, rows_of

import infoshare_text as ist

# How Python writes it, what goes before it, and how inspect tells it.
ENCODINGS = {
    "utf-8": ("utf-8", b"", "UTF-8"),
    "utf-8 with mark": ("utf-8", codecs.BOM_UTF8, "UTF-8 with BOM"),
    "utf-16 little": ("utf-16-le", codecs.BOM_UTF16_LE, "UTF-16"),
    "utf-16 big": ("utf-16-be", codecs.BOM_UTF16_BE, "UTF-16"),
    "utf-16 without mark": ("utf-16-le", b"", "UTF-16-LE"),
    "utf-32": ("utf-32-le", codecs.BOM_UTF32_LE, "UTF-32"),
    "windows": ("cp1252", b"", "Windows-1252"),
    "mac": ("mac_roman", b"", "Mac Roman"),
}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def _same_as_plain(survey: ist.Survey) -> None:
    coded = ist.classify(survey.comments)
    pd.testing.assert_frame_equal(coded[ANSWERS], plain_coded()[ANSWERS])
    pd.testing.assert_frame_equal(coded.loc[:, CODED], plain_coded().loc[:, CODED])


def _text(rows: list[list[str]], delimiter: str, end: str = "\r\n") -> str:
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("name", LAYOUTS)
def test_an_export_as_it_comes(name: str) -> None:
    survey = ist.read_survey(EXPORTS / name)
    assert survey.layout.name == LAYOUTS[name]
    _same_as_plain(survey)


@pytest.mark.parametrize("name", LAYOUTS)
def test_by_the_command(run: Callable[..., Result], tmp_path: Path, name: str) -> None:
    coded = []
    for export in ("plain.csv", name):
        out = tmp_path / f"{export}.jsonl"
        result = run("classify", EXPORTS / export, "-o", out)
        assert "16 answers = 9 coded + 3 blank + 4 non-answers" in result.stderr
        coded.append(pd.read_json(out, lines=True, dtype=False).loc[:, CODED])
    pd.testing.assert_frame_equal(*coded)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", TEXT_FILES)
def test_any_encoding_and_delimiter(tmp_path: Path, name: str, encoding: str) -> None:
    codec, mark, told = ENCODINGS[encoding]
    rows = rows_of(name)
    for delimiter, word in DELIMITERS.items():
        path = tmp_path / "export.csv"
        path.write_bytes(mark + _text(rows, delimiter).encode(codec))
        survey = ist.read_survey(path)
        assert survey.layout.name == TEXT_FILES[name]
        assert survey.file_description == f"{told}, {word}-separated"
        _same_as_plain(survey)


@pytest.mark.parametrize("end", ["\n", "\r"])
@pytest.mark.parametrize("name", TEXT_FILES)
def test_any_line_end(tmp_path: Path, name: str, end: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(_text(rows_of(name), ",", end).encode())
    _same_as_plain(ist.read_survey(path))


def _as_text(cell: str) -> object:
    return cell or None


def _typed(cell: str) -> object:
    """Turn a cell into what a tool writes into a workbook: numbers as numbers, times as times."""
    for form in ("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S"):
        try:
            return datetime.strptime(cell, form)
        except ValueError:
            continue
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 12 and cell[0] != "0" else cell or None


def _workbook(rows: list[list[str]], path: Path, cell: Callable[[str], object], blank: int = 0) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([cell(text) for text in row])
    for line in sheet.iter_rows():
        for written in line:
            if isinstance(written.value, str):
                written.data_type = "s"
    for n in range(blank):
        sheet.cell(len(rows) + 1 + n, len(rows[0]) + 1 + n).number_format = "@"
    book.save(path)


@pytest.mark.parametrize("cell", [_as_text, _typed])
@pytest.mark.parametrize("name", TEXT_FILES)
def test_a_workbook(tmp_path: Path, name: str, cell: Callable[[str], object]) -> None:
    path = tmp_path / "export.xlsx"
    _workbook(rows_of(name), path, cell, blank=3)
    survey = ist.read_survey(path)
    assert survey.layout.name == TEXT_FILES[name]
    _same_as_plain(survey)


@pytest.mark.parametrize("name", sorted(set(LAYOUTS) - {"google_forms.zip"}))
def test_in_a_zip(tmp_path: Path, name: str) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("__MACOSX/._x.csv", b"left by a Mac")
        archive.write(EXPORTS / name, f"CSV/{name}")
    _same_as_plain(ist.read_survey(path))


@pytest.mark.parametrize("name", TEXT_FILES)
def test_under_a_title_and_blank_rows(tmp_path: Path, name: str) -> None:
    rows = rows_of(name)
    path = tmp_path / "export.csv"
    width = len(rows[0])
    titled = [["Information sharing 2026", *[""] * (width - 1)], [""] * width, *rows]
    path.write_text(_text(titled, ","), encoding="utf-8", newline="")
    survey = ist.read_survey(path)
    _same_as_plain(survey)
    assert "2 rows above the header are not read" in survey.notes
    path.write_text("Information sharing 2026\n\n" + _text(rows, ","), encoding="utf-8", newline="")
    _same_as_plain(ist.read_survey(path))


def test_thousands_of_columns(tmp_path: Path) -> None:
    rows = rows_of("surveymonkey.csv")
    extra = [f"Rate partner {n // 7}" if n % 7 == 0 else "" for n in range(7_000)]
    below = [f"aspect {n % 7}" for n in range(7_000)]
    widened = [rows[0][:-1] + extra, rows[1][:-1] + below, *[row[:-1] + ["3", ""] * 3_500 for row in rows[2:]]]
    path = tmp_path / "export.csv"
    path.write_text(_text(widened, ","), encoding="utf-8", newline="")
    survey = ist.read_survey(path)
    assert len(survey.columns) == 7_018
    _same_as_plain(survey)


def test_cells_of_a_workbook_that_say_nothing_are_counted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [["id", "comment"], [1, "Nobody owns it"], [2, '=CONCATENATE("a"," comment")'], [3, "=A1"], [4, "Fine"]]:
        sheet.append(row)
    path = tmp_path / "formulas.xlsx"
    book.save(path)
    survey = ist.read_survey(path, text="comment")
    assert survey.comments["comment"].tolist() == ["Nobody owns it", "", "", "Fine"]
    [note] = [note for note in survey.notes if "formula" in note]
    assert note.startswith("2 cells of the workbook hold a formula that was never worked out")


def test_a_formula_that_gave_an_empty_text_is_worked_out(tmp_path: Path) -> None:
    path, whole = tmp_path / "whole.xlsx", tmp_path / "edited.xlsx"
    book = openpyxl.Workbook()
    for row in [["id", "comment"], [1, "Nobody owns it"], [2, "=A9"]]:
        book.worksheets[0].append(row)
    book.save(path)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(whole, "w") as new:
        for name in old.namelist():
            sheet = re.sub(rb'(<c r="B3")( t="\w+")?(>.*?)<v ?/?>(</v>)?', rb'\1 t="str"\3<v></v>', old.read(name))
            new.writestr(name, sheet)
    assert not [note for note in ist.read_survey(whole, text="comment").notes if "formula" in note]


def test_what_a_spreadsheet_leaves_of_a_line_end_is_taken_off_with_a_word(tmp_path: Path) -> None:
    path = tmp_path / "residue.csv"
    path.write_text('id,comment\n1,"One line_x000D_\nand another_x000D_"\n2,typed _x000D_in a word\n', encoding="utf-8")
    survey = ist.read_survey(path, text="comment")
    assert survey.comments["comment"].tolist() == ["One line\nand another", "typed _x000D_in a word"]
    assert "1 cell holds _x000D_, which a spreadsheet left for a carriage return; it is taken off" in survey.notes
