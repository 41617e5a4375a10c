"""Every fault gets one clear message and exit code 1; no output is left, the input is untouched."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import Result

import infoshare_text as ist
from infoshare_text.coding.model_folder import shipped

Run = Callable[..., Result]


def _text(name: str, content: str | bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return make


def _folder(folder: Path) -> Path:
    path = folder / "answers.csv"
    path.mkdir()
    return path


def _missing(folder: Path) -> Path:
    (folder / "answers_2025.csv").write_text("comment\nx\n", encoding="utf-8")
    return folder / "answers_2026.csv"


def _workbook_named_csv(folder: Path) -> Path:
    path = folder / "answers.csv"
    pd.DataFrame({"comment": ["Nobody rings us back"]}).to_excel(folder / "answers.xlsx", index=False)
    (folder / "answers.xlsx").rename(path)
    return path


def _workbook_with_macros(folder: Path) -> Path:
    path = folder / "answers.xlsx"
    pd.DataFrame({"comment": ["x"]}).to_excel(path, index=False)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return path


def _zip_bomb(folder: Path) -> Path:
    path = folder / "answers.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 80_000_000)
    return path


def _truncated_workbook(folder: Path) -> Path:
    path = folder / "answers.xlsx"
    pd.DataFrame({"comment": ["some words"] * 500}).to_excel(path, index=False)
    path.write_bytes(path.read_bytes()[:-2000])
    return path


def _empty_workbook(folder: Path) -> Path:
    path = folder / "answers.xlsx"
    openpyxl.Workbook().save(path)
    return path


def _doubled_parquet(folder: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / "answers.parquet"
    pq.write_table(pa.table([["a"], ["b"]], names=["q", "q"]), path)
    return path


def _empty_parquet(folder: Path) -> Path:
    path = folder / "answers.parquet"
    pd.DataFrame({"comment": pd.Series([], dtype=str)}).to_parquet(path)
    return path


def _far_cell(folder: Path) -> Path:
    path = folder / "answers.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "comment", " "
    book.save(path)
    return path


FAULTS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing file": (_missing, "there is no such file. In that folder are: answers_2025.csv"),
    "folder": (_folder, "this is a folder"),
    "empty file": (_text("answers.csv", b""), "the file is empty"),
    "unknown extension": (_text("answers.doc", "comment\nx\n"), "are not read"),
    "workbook named csv": (_workbook_named_csv, "the name says csv, the content is xlsx"),
    "text named xlsx": (_text("answers.xlsx", "comment\nx\n"), "the name says xlsx, the content is csv"),
    "text named parquet": (_text("answers.parquet", "comment\nx\n"), "the name says parquet, the content is csv"),
    "old workbook": (_text("answers.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100), "old .xls workbook"),
    "pdf": (_text("answers.csv", b"%PDF-1.7 ..."), "this is a PDF"),
    "zip": (_text("answers.xlsx", b"PK\x05\x06" + b"\0" * 18), "zip archive, not a workbook"),
    "macros": (_workbook_with_macros, "holds macros"),
    "zip bomb": (_zip_bomb, "would unpack from"),
    "truncated workbook": (_truncated_workbook, "is damaged"),
    "empty workbook": (_empty_workbook, "every visible sheet of the workbook is empty"),
    "header only": (_text("answers.csv", "id,comment\n"), "no row of answers under it"),
    "ragged rows": (
        _text("answers.csv", "id,comment\n1,fine\n2,too,many\n3\n4,fine\n"),
        "2 faults\n  - data row 2 (ends on line 3) has 3 cells, the header 2\n  - data row 3",
    ),
    "doubled Parquet columns": (_doubled_parquet, "two columns of one name: 'q'"),
    "NUL bytes": (_text("answers.csv", b"comment\nfine\nba\0d\n"), "line 3 holds a NUL byte"),
    "open quote": (_text("answers.csv", 'id,comment\n1,"never closed\n2,fine\n'), "begins on line 2 and never closed"),
    "stray quotes": (_text("answers.csv", 'id,comment\n1,"He said no" and left\n'), "must be doubled"),
    "two encodings": (
        _text("answers.csv", "comment\ncafé\ncafé\n".encode() + b"caf\xe9\n"),
        "2 lines with letters such as é or – are UTF-8, but line 4 is not",
    ),
    "web page": (_text("answers.csv", "<!DOCTYPE html><p>log in"), "this is a web page"),
    "no rows in Parquet": (_empty_parquet, "the file holds no record"),
    "a cell far away": (_far_cell, "a sheet reaches to row 1,048,576 and column 16,384"),
    "lists": (_text("answers.jsonl", '{"comment": ["a", "b"]}\n'), "holds list values, which are no comments"),
    "infinity": (_text("answers.jsonl", '{"comment": "x", "n": Infinity}\n'), "holds Infinity"),
    "no encoding": (_text("answers.csv", b"comment\n caf\x81\n"), "the byte 0x81, which is neither UTF-8 nor"),
    "broken UTF-16": (_text("answers.csv", "comment\nfine\n".encode("utf-16") + b"\xd8"), "is not utf-16"),
    "no text column": (
        _text("answers.csv", "id,colour\n" + "1,light blue\n2,dark blue\n" * 5),
        "Name the one to read with --text (in Python text=...). The nearest are:\n  - 'colour': 10 answers, 2",
    ),
    "JSON faults": (
        _text("answers.jsonl", '{"comment": "fine"}\n[1]\n{"comment": \n{"a": 1, "a": 2}\n'),
        "3 faults\n  - line 2 is not an object with named values\n  - line 3 is not JSON",
    ),
    "half a character": (_text("answers.jsonl", '{"comment": "\\ud83d"}\n'), "half a surrogate pair"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_fault_is_told_and_nothing_is_left(run: Run, tmp_path: Path, fault: str) -> None:
    make, message = FAULTS[fault]
    place = tmp_path / "in"
    place.mkdir()
    path = make(place)
    before = path.read_bytes() if path.is_file() else None
    out = tmp_path / "out"
    out.mkdir()
    result = run("classify", path, "-o", out / "coded.csv")
    assert result.exit_code == 1
    assert "Error: " in result.stderr
    assert message in result.stderr
    assert list(out.iterdir()) == []
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_file_that_is_not_there_is_looked_for_by_its_name(run: Run, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "survey_2025.csv", "z.csv"):
        (tmp_path / name).touch()
    assert "In that folder are: survey_2025.csv and 3 more." in run("inspect", tmp_path / "survey2025.csv").stderr


def test_an_absent_column_lists_what_is_there(run: Run, example: Path, tmp_path: Path) -> None:
    result = run("classify", example, "--text", "What helps information sharing works?", "-o", tmp_path / "c.csv")
    assert result.exit_code == 1
    assert "Did you mean 'What helps information sharing work?'" in result.stderr
    assert "'Respondent ID'" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("end", "option"), [("csv", "sheet"), ("xlsx", "encoding"), ("xlsx", "delimiter")])
def test_an_option_that_says_nothing_of_the_file_is_refused(run: Run, example: Path, end: str, option: str) -> None:
    result = run("inspect", example.with_suffix(f".{end}"), f"--{option}", "comma")
    assert result.exit_code == 1
    assert f"{option} cannot be set for a file of this kind" in result.stderr


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("nowhere/coded.csv", "there is no folder"),
        ("there", "this is a folder"),
        ("coded.doc", "names no format"),
        ("input.csv", "this is the input, which is never overwritten"),
    ],
)
def test_an_output_that_cannot_be_written_is_refused(
    run: Run, example: Path, tmp_path: Path, target: str, message: str
) -> None:
    (tmp_path / "there").with_suffix(".csv").mkdir()
    copy = tmp_path / "input.csv"
    shutil.copy(example, copy)
    name = "there.csv" if target == "there" else target
    result = run("classify", copy, "-o", tmp_path / name)
    assert result.exit_code == 1
    assert message in result.stderr
    assert copy.read_bytes() == example.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["input.csv", "there.csv"]


def test_a_crash_in_the_middle_leaves_nothing(
    run: Run, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from infoshare_text.writing import tables

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tables.CsvWriter, "write", full)
    result = run("classify", example, "-o", tmp_path / "coded.csv")
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    assert list(tmp_path.iterdir()) == []


def _altered(folder: Path) -> None:
    with (folder / "words.txt").open("a", encoding="utf-8") as file:
        file.write("smuggled\n")


def _other_version(folder: Path) -> None:
    manifest = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    manifest["format"] = 99
    (folder / "model.json").write_text(json.dumps(manifest), encoding="utf-8")


def _other_threshold(folder: Path) -> None:
    manifest = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    manifest["thresholds"][0] = 0.999
    (folder / "model.json").write_text(json.dumps(manifest), encoding="utf-8")


def _other_cleaning(folder: Path) -> None:
    manifest = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    manifest["cleaning_version"] = 0
    (folder / "model.json").write_text(json.dumps(manifest), encoding="utf-8")


MODEL_FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "altered": (_altered, "words.txt was altered after it was written"),
    "other threshold": (_other_threshold, "model.json was altered after it was written"),
    "incomplete": (lambda folder: (folder / "grams.txt").unlink(), "grams.txt is missing"),
    "added to": (lambda folder: (folder / "notes.txt").write_text("x", encoding="utf-8"), "notes.txt does not belong"),
    "pickle": (lambda folder: (folder / "model.pkl").write_bytes(b"\x80\x04."), "can run code when it is opened"),
    "other format": (_other_version, "is of model format 99, this version of infoshare-text reads 1"),
    "other cleaning": (_other_cleaning, "was trained with text cleaning 0"),
    "damaged": (lambda folder: (folder / "model.json").write_bytes(b"{"), "model.json is damaged"),
    "foreign": (lambda folder: (folder / "model.json").unlink(), "is not a model of infoshare-text"),
    "gone": (shutil.rmtree, "there is no such model folder"),
}


@pytest.mark.parametrize("fault", MODEL_FAULTS)
def test_a_model_folder_that_is_not_whole_is_refused(run: Run, example: Path, tmp_path: Path, fault: str) -> None:
    spoil, message = MODEL_FAULTS[fault]
    folder = tmp_path / "model"
    shutil.copytree(shipped("theme-classifier"), folder)
    spoil(folder)
    for command in (["classify", example, "-o", tmp_path / "coded.csv", "--model", folder], ["model", folder]):
        result = run(*command)
        assert result.exit_code == 1
        assert message in result.stderr
    assert not (tmp_path / "coded.csv").exists()


def test_an_altered_model_says_what_to_do(run: Run, tmp_path: Path) -> None:
    shutil.copytree(shipped("sentiment"), tmp_path / "model")
    with (tmp_path / "model" / "words.txt").open("a", encoding="utf-8") as words:
        words.write("one more")
    assert "Copy the folder again from where it came" in run("model", tmp_path / "model").stderr


def test_a_model_of_another_kind_is_refused(run: Run, example: Path, tmp_path: Path) -> None:
    result = run("classify", example, "-o", tmp_path / "coded.csv", "--model", shipped("sentiment"))
    assert result.exit_code == 1
    assert "is a model for 'sentiment', not for 'themes'" in result.stderr


def test_no_comment_is_shown_in_an_error(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text('id,comment\n1,"secret words",extra secret\n2,"secret open\n', encoding="utf-8")
    result = run("classify", path)
    assert result.exit_code == 1
    assert "secret" not in result.output


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--delimiter", "||", "cannot be a delimiter"),
        ("--encoding", "base64", "there is no encoding 'base64'"),
        ("--encoding", "nonsense", "there is no encoding 'nonsense'"),
        ("--encoding", "utf-16", "is not utf-16"),
    ],
)
def test_an_option_that_does_not_fit_is_told(run: Run, example: Path, option: str, value: str, message: str) -> None:
    result = run("inspect", example, option, value)
    assert result.exit_code == 1
    assert message in result.stderr


def test_a_number_that_parquet_could_not_keep_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    rows = [{"n": 1, "comment": "Nobody rings us"}] * 5000 + [{"n": 2.75, "comment": "x y"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    result = run("classify", path, "-o", tmp_path / "coded.parquet")
    assert result.exit_code == 1
    assert "values of several types" in result.stderr
    assert not (tmp_path / "coded.parquet").exists()


def test_a_stopped_run_leaves_nothing(example: Path, tmp_path: Path) -> None:
    import signal
    import subprocess
    import sys
    import time

    if sys.platform == "win32":
        pytest.skip("Windows has no SIGTERM to catch")
    big = tmp_path / "big.csv"
    big.write_text("comment\n" + "Nobody at the top owns any of this\n" * 400_000, encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    command = [sys.executable, "-m", "infoshare_text", "classify", str(big), "-o", str(out / "coded.csv"), "-q"]
    with subprocess.Popen(command) as running:
        started = time.monotonic()
        while not list(out.iterdir()) and time.monotonic() - started < 60:
            time.sleep(0.05)
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 128 + signal.SIGTERM
    assert list(out.iterdir()) == []


def test_a_column_of_bytes_is_named_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "bytes.parquet"
    pd.DataFrame({"id": ["1", "2"], "comment": [b"Nobody owns it", b"x"]}).to_parquet(path)
    with pytest.raises(ist.ColumnError, match=r"bytes\.parquet: column 'comment' holds bytes values"):
        ist.read_survey(path, text="comment")
