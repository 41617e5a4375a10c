"""Standard input and output: '-' is a file like any other."""

from __future__ import annotations

import io
import json
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import click
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import infoshare_text as ist
from infoshare_text.cli import main
from infoshare_text.cli.pipes import piped_in

Run = Callable[..., Result]
FORMATS = ["csv", "xlsx", "parquet", "jsonl"]
posix = pytest.mark.skipif(sys.platform == "win32", reason="written for a POSIX shell")


def _piped(data: bytes, *arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=data)


@posix
def test_a_pipe_runs_through_and_may_be_closed_early(example: Path, tmp_path: Path) -> None:
    program = f"{shlex.quote(sys.executable)} -m infoshare_text"
    long = tmp_path / "long.csv"
    long.write_text("comment\n" + "Nobody at the top owns any of this\n" * 20_000, encoding="utf-8")
    line = f"cat {shlex.quote(str(long))} | {program} classify - -o - --format csv -q | head -n 2"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    header, row = done.stdout.splitlines()
    assert header.startswith("comment,row,question,status,")
    assert row.startswith("Nobody at the top owns any of this,1,comment,coded,1,")


@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_piped_in_is_known_by_its_content(example: Path, tmp_path: Path, kind: str) -> None:
    table = pd.DataFrame({"id": ["1", "2"], "comment": ["=more training é", "Nobody owns it"]})
    ist.write_table(table, tmp_path / f"in.{kind}")
    result = _piped((tmp_path / f"in.{kind}").read_bytes(), "classify", "-", "--format", "jsonl")
    assert result.exit_code == 0
    assert [json.loads(line)["comment"] for line in result.stdout.splitlines()] == table["comment"].tolist()
    assert result.stderr.startswith("standard input: ")
    assert "infoshare-text-" not in result.stderr


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_goes_to_standard_output(example: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"out.{kind}"
    result = _piped(example.read_bytes(), "classify", "-", "-o", "-", "--format", kind, "-q")
    assert result.exit_code == 0
    assert CliRunner().invoke(main, ["classify", str(example), "-o", str(target), "-q"]).exit_code == 0
    # A byte-order mark is for files; in a pipe it would be part of the first name.
    assert result.stdout_bytes == target.read_bytes().removeprefix(b"\xef\xbb\xbf")


def test_a_zip_with_one_export_may_be_piped_in(example: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(example, "export.csv")
    result = _piped(archive.getvalue(), "inspect", "-")
    assert result.exit_code == 0
    assert "SurveyMonkey, two header rows" in result.stdout


def test_inspect_redact_and_review_read_a_pipe(example: Path, tmp_path: Path) -> None:
    assert json.loads(_piped(example.read_bytes(), "inspect", "-", "--json").stdout)["file"] == "standard input"
    masked = _piped(example.read_bytes(), "redact", "-", "-o", tmp_path / "masked.csv", "--json")
    assert json.loads(masked.stdout)["file"] == "standard input"
    assert _piped(example.read_bytes(), "review", "-", "-o", tmp_path / "review.xlsx", "-n", 5).exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["masked.csv", "review.xlsx"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "standard input: the file is empty (0 bytes)"),
        (b"%PDF-1.7", "standard input: this is a PDF"),
        (b"a,comment\n1,fine\n1,2,3\n", "standard input: rows of unequal length"),
        (b"comment\nfine\nba\0d\n", "standard input: line 3 holds a NUL byte"),
        (b"PK\x05\x06" + b"\0" * 18, "standard input: "),
    ],
)
def test_faults_of_a_pipe_are_told_without_the_name_of_a_copy(data: bytes, message: str) -> None:
    result = _piped(data, "classify", "-")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {message}")


def test_no_copy_is_left(example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for data in (example.read_bytes(), b"", b"%PDF"):
        _piped(data, "classify", "-", "--format", "xlsx")
        assert list(tmp_path.iterdir()) == []


def test_a_terminal_is_no_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    with pytest.raises(click.UsageError, match="'-' reads what is piped in, and nothing is"), piped_in(Path("-")):
        pass


@posix
def test_a_file_is_not_added_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("id,comment\n1,Nobody owns it\n", encoding="utf-8")
    line = f'"{sys.executable}" -m infoshare_text classify - -q < "{path}" >> "{path}"'
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "standard output goes into the input" in done.stderr
    assert path.read_text(encoding="utf-8") == "id,comment\n1,Nobody owns it\n"


@posix
def test_the_input_is_known_behind_a_pipe(example: Path, tmp_path: Path) -> None:
    copy = tmp_path / "in.csv"
    shutil.copy(example, copy)
    program, name = f"{shlex.quote(sys.executable)} -m infoshare_text redact -q", shlex.quote(str(copy))
    for line in (f"{program} - -o {name} --overwrite < {name}", f"{program} {name} >> {name}"):
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "the input, which is never overwritten" in done.stderr
    assert copy.read_bytes() == example.read_bytes()


def test_a_format_goes_with_any_name_that_does_not_gainsay_it(run: Run, example: Path, tmp_path: Path) -> None:
    assert run("redact", example, "-o", tmp_path / "masked.dat", "--format", "csv", "-q").exit_code == 0
    assert (tmp_path / "masked.dat").read_bytes().startswith(b"\xef\xbb\xbfRespondent ID,")
    result = run("redact", example, "-o", tmp_path / "masked.xlsx", "--format", "csv")
    assert (result.exit_code, "the name says xlsx, --format csv" in result.stderr) == (1, True)
