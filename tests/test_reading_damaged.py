"""Damaged and hostile files end in one clear message; what the fuzz run found stays mended."""

from __future__ import annotations

import importlib
import json
import re
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import Result
from conftest import EXPORTS, ROOT

import infoshare_text as ist

Run = Callable[..., Result]


def _zip(folder: Path, **parts: bytes) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__dot__", ".").replace("__in__", "/"), content)
    return path


def _locked(folder: Path) -> Path:
    path = _zip(folder, a__dot__csv=b"id,comment\n1,fine\n")
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    path.write_bytes(content)
    return path


def _without_a_name(folder: Path) -> Path:
    path = _zip(folder, x=b"fine", a__dot__csv=b"id,comment\n1,fine\n")
    content = path.read_bytes()
    at = content.index(b"PK\x01\x02")
    gone = content[: at + 28] + b"\0\0" + content[at + 30 : at + 46] + content[at + 47 :]
    end = gone.index(b"PK\x05\x06")
    size = int.from_bytes(gone[end + 12 : end + 16], "little") - 1
    path.write_bytes(gone[: end + 12] + size.to_bytes(4, "little") + gone[end + 16 :])
    return path


def _bomb(folder: Path) -> Path:
    return _zip(folder, a__dot__csv=b"comment\n" * 10_000_000)


def _workbook(folder: Path, change: Callable[[str], str]) -> Path:
    whole, path = folder / "whole.xlsx", folder / "export.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["id", "comment"], [1, "Nobody rings us back"], [2, "The forms"]):
        book.active.append(row)
    book.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()).encode() if "worksheets" in name else content)
    whole.unlink()
    return path


def _broken_stream(folder: Path) -> Path:
    path = _workbook(folder, lambda sheet: sheet)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        place = archive.getinfo("xl/worksheets/sheet1.xml")
    start = place.header_offset + 30 + len(place.filename)
    content[start : start + 40] = bytes(40)
    path.write_bytes(content)
    return path


def _text(name: str, content: str | bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def _fewer_rows_than_said(folder: Path) -> Path:
    path = folder / "export.parquet"
    pq.write_table(pa.table({"id": ["1", "2"], "comment": ["fine", "slow"]}), path)
    content = path.read_bytes()
    footer = int.from_bytes(content[-8:-4], "little")
    start = len(content) - 8 - footer
    said = b"\x16\x04"  # two rows, as the footer writes them
    at = content.index(said, start)
    path.write_bytes(content[:at] + b"\x16\x06" + content[at + 2 :])
    return path


def _bytes_that_are_no_text(folder: Path) -> Path:
    path = folder / "export.parquet"
    comments = pa.array([b"Wrapping Caf\xff owners", b"fine"]).view(pa.string())
    pq.write_table(pa.table({"id": ["1", "2"], "comment": comments}), path)
    return path


def _two_variables_of_one_name(folder: Path) -> Path:
    content = (EXPORTS / "jisc.sav").read_bytes()
    path = folder / "export.sav"
    path.write_bytes(re.sub(rb"Q2_2", b"Q2_1", content))
    return path


def _far(cell: str) -> Callable[[Path], Path]:
    return lambda folder: _workbook(folder, lambda sheet: sheet.replace('r="B3"', f'r="{cell}"'))


FAULTS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "two exports in a zip": (
        lambda folder: _zip(folder, a__dot__csv=b"id\n1\n", b__dot__xlsx=b"x"),
        "the archive holds 2 files that could be the export ('a.csv', 'b.xlsx')",
    ),
    "no export in a zip": (
        lambda folder: _zip(folder, a__dot__pdf=b"%PDF"),
        "holds no file that is an export ('a.pdf')",
    ),
    "a zip in a zip": (lambda folder: _zip(folder, b__dot__zip=b"PK\x05\x06"), "no file that is an export ('b.zip')"),
    "an empty file in a zip": (lambda folder: _zip(folder, a__dot__csv=b""), "export.zip/a.csv: the file is empty"),
    "a fault in a zip": (
        lambda folder: _zip(folder, x__in__a__dot__csv=b'id,comment\n1,"open\n'),
        'export.zip/x/a.csv: a quotation mark (")',
    ),
    "another kind in a zip": (
        lambda folder: _zip(folder, a__dot__xlsx=b"id,b\n1,2\n"),
        "the name says xlsx, the content",
    ),
    "a locked zip": (_locked, "the archive is locked with a password"),
    "a bomb in a zip": (_bomb, "the archive would unpack from"),
    "a spreadsheet of another kind": (
        lambda folder: _zip(folder, content__dot__xml=b"<x/>").rename(folder / "export.ods"),
        "files ending in '.ods' are not read. Save the export as one of",
    ),
    "no zip": (_text("export.zip", "id,comment\n1,fine\n"), "the name says zip, but the content is no zip archive"),
    "a zip by another name": (
        lambda folder: _zip(folder, a__dot__csv=b"id\n").rename(folder / "export.csv"),
        "Rename it to end in .zip",
    ),
    "a broken stream": (_broken_stream, "the workbook is damaged"),
    "a cell beyond every sheet": (_far("ZZZZ99999999"), "lies beyond row 1,048,576 or column 16,384"),
    "a cell in row 4 billion": (_far("B4294967297"), "lies beyond row 1,048,576"),
    "a cell far away": (_far("XFD1048576"), "a sheet reaches to row 1,048,576 and column 16,384, mostly empty"),
    "rows that Parquet only says": (_fewer_rows_than_said, "it says 3 rows and holds 2"),
    "bytes that are no text in Parquet": (_bytes_that_are_no_text, "the Parquet file is damaged"),
    "SPSS names twice": (_two_variables_of_one_name, "the SPSS file is damaged"),
    "SPSS without names": (
        lambda folder: _text("export.sav", (EXPORTS / "jisc.sav").read_bytes()[:180] + bytes(200))(folder),
        "the SPSS file is damaged",
    ),
    "a giant name": (
        _text("export.csv", f"id,{'word ' * 9_000}\n1,fine\n"),
        "the name of column 2 has 45,000 characters",
    ),
    "a giant value": (
        _text("export.jsonl", json.dumps({"comment": "word " * 300_000}) + "\n"),
        "line 1 holds a value of over 1,000,000 characters",
    ),
    "a giant cell": (_text("export.csv", f"id,comment\n1,{'word ' * 300_000}\n"), "1,000,000 characters at most"),
    "millions of columns": (
        _text("export.csv", f"id,comment{',' * 2_000_000}\n1,fine\n"),
        "one of the first rows has 2,000,002 cells, and no export has over 50,000 columns",
    ),
    "nothing but commas": (_text("export.csv", ",,,\n,,,\n"), "the first rows are empty"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_fault_is_told_in_words(run: Run, tmp_path: Path, fault: str) -> None:
    make, message = FAULTS[fault]
    path = make(tmp_path)
    result = run("inspect", path)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {path}")
    assert message in result.stderr


def test_thousands_of_columns_of_one_name_take_no_minutes(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"id,comment{',x' * 5_000}\n1,Nobody rings us back{',2' * 5_000}\n", encoding="utf-8")
    began = time.process_time()
    survey = ist.read_survey(path)
    assert time.process_time() - began < 10
    assert survey.columns[-1] == "x (5000)"
    assert "and 4,989 more columns like these" in survey.notes


def test_thousands_of_columns_without_names_take_no_minutes(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"id,comment{',' * 10_000}\n1,Nobody rings us back{',' * 10_000}x\n", encoding="utf-8")
    began = time.process_time()
    assert len(ist.read_survey(path).columns) == 10_002
    assert time.process_time() - began < 10


def test_a_member_without_a_name_is_passed_over(tmp_path: Path) -> None:
    assert ist.read_survey(_without_a_name(tmp_path)).comments["comment"].tolist() == ["fine"]


def test_a_cell_of_a_workbook_may_lie_at_the_edge(tmp_path: Path) -> None:
    path = _workbook(tmp_path, lambda sheet: sheet.replace('r="B3"', 'r="AZ9"'))
    assert ist.read_survey(path).length == 8


@pytest.fixture(scope="module")
def fuzz() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    yield importlib.import_module("fuzz_readers")
    sys.path.remove(str(ROOT / "benchmarks"))


@pytest.fixture(scope="module")
def exports(fuzz: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    whole: list[Any] = fuzz.whole_files(tmp_path_factory.mktemp("whole"))
    return whole


def test_the_fuzz_run_ends_in_results_and_messages(fuzz: Any, exports: list[Any], tmp_path: Path) -> None:
    secrets = fuzz._secrets()
    assert secrets
    outcomes = set()
    for number in range(100):
        way, end, content = fuzz.damaged(exports, 20_261_124, number)
        if way in ("bomb", "giant cell", "thousands of columns"):
            continue
        path = tmp_path / f"damaged_{number}.{end}"
        path.write_bytes(content)
        outcome = fuzz._outcome(path, secrets)
        assert outcome in (fuzz.READ, fuzz.REFUSED), f"--seed 20261124 --only {number}: {outcome}"
        outcomes.add(outcome)
    assert outcomes == {fuzz.READ, fuzz.REFUSED}


def test_the_fuzz_run_is_the_same_for_the_same_seed(fuzz: Any, exports: list[Any], tmp_path: Path) -> None:
    again = fuzz.whole_files(tmp_path)
    assert exports == again
    assert {"csv", "jsonl", "parquet", "sav", "tsv", "xlsx", "zip"} == {export.end for export in exports}
    made = [[fuzz.damaged(files, 7, number) for number in range(40)] for files in (exports, again)]
    assert made[0] == made[1]
    assert len({way for way, _, _ in made[0]}) > 10


def test_a_name_that_is_nearly_a_code_takes_no_minutes(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    names = [f"Q1{letter * 30}!" for letter in "abcdefghij"]
    path.write_text(",".join(names) + "\n" + ",".join(["What stops it? Please say."] * 10) + "\n1,2,3,4,5,6,7,8,9,0\n")
    start = time.process_time()
    ist.read_survey(path, text=names[0])
    assert time.process_time() - start < 5


def test_an_archive_that_lies_on_the_length_of_a_member_ends_in_words(tmp_path: Path) -> None:
    path = _zip(tmp_path, a__dot__csv=b"id,comment\r\n" + b"1,Nobody owns it\r\n" * 2_000)
    content = bytearray(path.read_bytes())
    directory = content.rindex(b"PK\x01\x02")
    # The packed length, in the directory at the end, which is what Python goes by.
    content[directory + 20 : directory + 24] = (8_388_509).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(ist.InputError, match="the archive is damaged and cannot be opened"):
        ist.read_survey(path, text="comment")
