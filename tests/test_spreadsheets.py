"""What is written goes through a spreadsheet and back, and nothing in it runs.

LibreOffice Calc itself does it where ``soffice`` is installed (Debian: ``apt-get install libreoffice-calc-nogui``);
openpyxl, calamine and the csv module, which know nothing of each other or of this library, do it everywhere.
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

import infoshare_text as ist
from infoshare_text.reading.long_cells import CONTINUES
from infoshare_text.writing.tables import write_table

soffice = shutil.which("soffice")
with_calc = pytest.mark.skipif(soffice is None, reason="LibreOffice Calc (soffice) is not installed")

# Comments as people type them, and as somebody types them who wants a cell to run.
TEXTS = [
    "=1+1",
    '=HYPERLINK("http://example.org","click")',
    "=cmd|' /C calc'!A0",
    "+ more staff",
    "- no time\n- no training",
    "@everyone",
    "\tindented",
    "\n\nafter two empty lines",
    "'=quoted",
    "''+twice",
    "＝wide",
    "'tis hard",
    'She said "no", and left; twice',
    "a,b;c|d\te",
    "line\nbreak",
    "  spaces  ",
    "vertical\x0btab from Word",
    "\x1b[31mred",
    "_x000B_ typed",
    "_x005F_ typed",
    "caf\u00e9 \u2013 £5, 50% \u201cquoted\u201d",
    "\u202eright to left \u0645\u0631\u062d\u0628\u0627",
    "👩‍👩‍👧 and 🙂",
    "http://example.org/page",
    "#N/A they say",
    "x" * 32_767,
    "long " * 8_000 + "end",
    "- point\n" * 300 + "end",
]
# Alone in a cell of a CSV these become a number, a date or a truth value in any spreadsheet; in XLSX they stay.
BARE = ["007", "1/2", "3 May 2024", "12:30", "TRUE", "1e5", "-0.5", "1,234", "50%", "£5"]
LINE_ENDS = ["Windows\r\nline", "old Mac\rline"]


def _table(texts: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"id": [f"r{i}" for i in range(len(texts))], "Q1": pd.Series(texts, dtype=str)})


def _read(path: Path, **how: object) -> list[str]:
    return ist.read_survey(path, text="Q1", **how).comments["comment"].tolist()  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Open a file in Calc with its usual settings and save it as another."""
    profile = tmp_path_factory.mktemp("profile")
    utf8 = "44,34,76,1"
    filters = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "csv": f"csv:Text - txt - csv (StarCalc):{utf8}"}

    def convert(source: Path, kind: str) -> Path:
        folder = source.parent / f"{source.stem}-{source.suffix[1:]}-in-calc"
        command = [str(soffice), "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to"]
        command += [filters[kind], "--outdir", str(folder)]
        if source.suffix == ".csv":
            command.append(f"--infilter=Text - txt - csv (StarCalc):{utf8}")
        subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=180)
        (saved,) = folder.glob(f"*.{kind}")
        return saved

    return convert


@with_calc
def test_a_workbook_goes_through_calc_unchanged(tmp_path: Path, calc: Callable[[Path, str], Path]) -> None:
    texts = TEXTS + BARE
    write_table(_table([*texts, *LINE_ENDS]), tmp_path / "coded.xlsx")
    saved = calc(tmp_path / "coded.xlsx", "xlsx")
    # Calc has one kind of line end.
    assert _read(saved) == [*texts, "Windows\nline", "old Mac\rline"]
    assert _formulas(saved) == []
    table = calc(tmp_path / "coded.xlsx", "csv")
    with table.open(encoding="utf-8", newline="") as file:
        shown = [row["Q1"] for row in csv.DictReader(file)]
    assert [text for text in shown[: len(texts)] if not text.endswith(CONTINUES)] == [
        text for text in texts if len(text) <= 32_767 and text.count("\n") < 254
    ]


@with_calc
def test_a_csv_goes_through_calc_and_nothing_in_it_runs(tmp_path: Path, calc: Callable[[Path, str], Path]) -> None:
    write_table(_table([*TEXTS, *LINE_ENDS]), tmp_path / "coded.csv")
    expected = [*TEXTS, "Windows\nline", "old Mac\nline"]
    book = calc(tmp_path / "coded.csv", "xlsx")
    assert _formulas(book) == []
    # In a workbook the guard is text; that it is one is for the person to say.
    assert _read(book, guarded=True)[: len(TEXTS)] == [*TEXTS[:25], *(text[:32_767] for text in TEXTS[25:])]
    again = calc(tmp_path / "coded.csv", "csv")
    assert _read(again, guarded=True) == expected
    if again.read_bytes().endswith(b"\r\n"):
        assert _read(again) == expected
    else:
        assert any("--guarded takes it off" in note for note in ist.read_survey(again, text="Q1").notes)


@with_calc
def test_calc_runs_what_has_no_guard(tmp_path: Path, calc: Callable[[Path, str], Path]) -> None:
    """The two tests above could fail."""
    write_table(_table(["=1+1"]), tmp_path / "coded.csv", for_machines=True)
    assert _formulas(calc(tmp_path / "coded.csv", "xlsx")) == ["=1+1"]


@with_calc
def test_sheets_of_questions_open_in_calc(tmp_path: Path, calc: Callable[[Path, str], Path]) -> None:
    frame = pd.DataFrame({"question": ["What stops it? [1/2]", "'History'"] * 2, "Q1": TEXTS[:4]})
    write_table(frame, tmp_path / "coded.xlsx", sheets="question")
    book = openpyxl.load_workbook(calc(tmp_path / "coded.xlsx", "xlsx"))
    assert book.sheetnames == ["What stops it 1 2", "History (2)"]
    for name, texts in zip(book.sheetnames, (TEXTS[:4:2], TEXTS[1:4:2]), strict=True):
        assert [row[1] for row in book[name].iter_rows(min_row=2, values_only=True)] == texts


def _formulas(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    return [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_independent_readers_see_the_same_workbook(tmp_path: Path) -> None:
    texts = TEXTS + BARE + LINE_ENDS
    path = tmp_path / "coded.xlsx"
    write_table(_table(texts), path)
    book = openpyxl.load_workbook(path)
    cells = [cell for (cell,) in book["comments"].iter_rows(min_row=2, min_col=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    seen = [unescape(str(cell.value)) for cell in cells]
    calamine = CalamineWorkbook.from_path(path).get_sheet_by_name("comments").to_python()[1:]
    assert seen == [row[1] for row in calamine]
    long = [
        "".join(str(row[4]) for row in book["long_cells"].iter_rows(min_row=2, values_only=True) if row[1] == n)
        for n, text in enumerate(seen, 2)
        if text.endswith(CONTINUES)
    ]
    whole = iter(long)
    assert [next(whole) if text.endswith(CONTINUES) else text for text in seen] == texts
    assert len(long) == 2


def test_a_csv_has_no_cell_that_a_spreadsheet_takes_for_a_formula(tmp_path: Path) -> None:
    """As Excel and Calc import: RFC 4180, a cell is a formula by its first character, whether quoted or not."""
    path = tmp_path / "coded.csv"
    write_table(_table(TEXTS + BARE + LINE_ENDS), path)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [row["Q1"] for row in csv.DictReader(file)]
    runs = [cell for cell in cells if re.match(r"[=+\-@\t\r\n＝＋－＠]", cell)]
    assert runs == ["-0.5"]
    assert [ist.unguarded(cell) for cell in cells] == TEXTS + BARE + LINE_ENDS
    assert _read(path) == TEXTS + BARE + LINE_ENDS
