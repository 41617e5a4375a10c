"""Never half a file: killed, out of room, held elsewhere, or written onto the input, the old output stands whole."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result

import infoshare_text as ist
from infoshare_text.errors import InputError, OutputError
from infoshare_text.writing import whole_file as module
from infoshare_text.writing.tables import write_table
from infoshare_text.writing.whole_file import UNFINISHED, check_target, whole_file

Run = Callable[..., Result]
KINDS = ["csv", "xlsx", "parquet", "jsonl"]
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither these signals nor these limits")

_WRITES_WITHOUT_END = """
import sys
from pathlib import Path
import pandas as pd
from infoshare_text.writing.tables import write_table

folder, generation = Path(sys.argv[1]), 0
for kind in "csv xlsx parquet jsonl".split():
    write_table(pd.DataFrame({"n": [generation] * 3000, "comment": ["Nobody owns it"] * 3000}), folder / f"t.{kind}")
print("ready", flush=True)
while True:
    generation += 1
    pieces = [pd.DataFrame({"n": [generation] * 500, "comment": ["Nobody owns it"] * 500})] * 6
    for kind in "csv xlsx parquet jsonl".split():
        write_table(pieces, folder / f"t.{kind}")
"""


@posix
def test_a_run_that_is_killed_leaves_the_old_file_whole(tmp_path: Path) -> None:
    moments = random.Random(5)
    for _ in range(3):
        command = [sys.executable, "-c", _WRITES_WITHOUT_END, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
            assert running.stdout is not None
            assert running.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0, 0.5))
            running.kill()
        for kind in KINDS:
            table = ist.read_survey(tmp_path / f"t.{kind}", text="comment").table
            assert len(table) == 3000
            assert table["n"].nunique() == 1
        litter = [path for path in tmp_path.iterdir() if path.stem != "t"]
        assert all(path.name.startswith(UNFINISHED) for path in litter)
    write_table(pd.DataFrame({"a": ["x"]}), tmp_path / "t.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"t.{kind}" for kind in KINDS)


@posix
def test_the_command_killed_leaves_one_folder_that_the_next_run_clears(example: Path, tmp_path: Path) -> None:
    out = tmp_path / "coded.xlsx"
    out.write_bytes(b"the old one")
    command = [sys.executable, "-m", "infoshare_text", "classify", str(example), "-o", str(out), "--overwrite", "-q"]
    with subprocess.Popen(command) as running:
        started = time.monotonic()
        while not list(tmp_path.glob(f"{UNFINISHED}*/*")) and time.monotonic() - started < 60:
            time.sleep(0.002)
        running.kill()
    assert out.read_bytes() == b"the old one"
    (left,) = (path for path in tmp_path.iterdir() if path != out)
    assert left.name.startswith(UNFINISHED)
    assert left.stat().st_mode & 0o077 == 0
    ist.write_table(pd.DataFrame({"a": ["x"]}), tmp_path / "other.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["coded.xlsx", "other.csv"]


def test_what_a_run_beside_is_writing_is_left_alone(tmp_path: Path) -> None:
    with whole_file(tmp_path / "slow.csv") as temporary:
        temporary.write_text("a\n1\n", encoding="utf-8")
        write_table(pd.DataFrame({"a": ["x"]}), tmp_path / "quick.csv")
    assert (tmp_path / "slow.csv").read_text(encoding="utf-8") == "a\n1\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["quick.csv", "slow.csv"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_comment_lies_elsewhere_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    elsewhere, out = tmp_path / "system", tmp_path / "out"
    elsewhere.mkdir()
    out.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))

    def pieces() -> Iterator[pd.DataFrame]:
        yield pd.DataFrame({"comment": ["Nobody owns it"] * 3000})
        assert list(elsewhere.iterdir()) == []
        assert [path.name.startswith(UNFINISHED) for path in out.iterdir()] == [True]

    write_table(pieces(), out / f"t.{kind}")
    assert [path.name for path in out.iterdir()] == [f"t.{kind}"]


@contextmanager
def _room_for(size: int) -> Iterator[None]:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@posix
@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"table.{kind}"
    path.write_bytes(b"the old one")
    words = [f"{i} {random.Random(i).random()}" for i in range(20_000)]
    with _room_for(100_000), pytest.raises(OutputError, match=r"cannot be written \(File too large\).*Make room"):
        write_table(pd.DataFrame({"comment": words}), path)
    assert path.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [path]
    write_table(pd.DataFrame({"comment": words}), path)
    assert ist.read_survey(path, text="comment").comments["comment"].tolist() == words


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_standard_output_that_is_full_is_told(example: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "infoshare_text", "redact", str(example), "-q"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "Error: the output: No space left on device\n"


class _Held:
    """Refuses to replace one file, as Windows does while a spreadsheet has it open."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, target: Path, times: int) -> None:
        self.times = times
        real = Path.replace

        def replace(source: Path, to: Path) -> Path:
            if to == target.resolve() and self.times:
                self.times -= 1
                raise PermissionError(13, "Access is denied", str(source), 5, str(to))
            return real(source, to)

        monkeypatch.setattr(Path, "replace", replace)
        monkeypatch.setattr(module, "_SECONDS", 0)


def test_a_file_open_elsewhere_is_kept_and_the_new_one_beside_it(
    run: Run, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "coded.csv"
    path.write_text("open in a spreadsheet", encoding="utf-8")
    (tmp_path / "coded-2.csv").write_text("somebody's", encoding="utf-8")
    _Held(monkeypatch, path, times=99)
    result = run("classify", example, "-o", path, "--overwrite")
    assert result.exit_code == 1
    assert "open in another program" in result.stderr
    assert f"Nothing is lost: the new file is {tmp_path / 'coded-3.csv'}" in result.stderr
    assert path.read_text(encoding="utf-8") == "open in a spreadsheet"
    assert len(pd.read_csv(tmp_path / "coded-3.csv", dtype=str)) == 3 * 430
    assert sorted(path.name for path in tmp_path.iterdir()) == ["coded-2.csv", "coded-3.csv", "coded.csv"]


def test_a_file_that_is_let_go_soon_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "table.csv"
    path.write_text("old", encoding="utf-8")
    _Held(monkeypatch, path, times=2)
    write_table(pd.DataFrame({"a": ["x"]}), path, for_machines=True)
    assert path.read_text(encoding="utf-8") == "a\nx\n"


def test_a_file_open_elsewhere_is_told_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "table.csv"
    path.write_text("old", encoding="utf-8")
    real = Path.open

    def held(self: Path, *args: object, **given: object) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied", str(path))
        return real(self, *args, **given)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(OutputError, match="protected from writing, or open in another program"):
        check_target(path)


@pytest.mark.parametrize("command", ["inspect", "classify", "redact", "review"])
def test_nothing_is_written_where_the_input_lies(run: Run, example: Path, tmp_path: Path, command: str) -> None:
    """A read-only share is one more place where nothing may be written; as root only the absence can be seen."""
    share = tmp_path / "share"
    share.mkdir()
    source = share / "export.xlsx"
    shutil.copy(example.with_suffix(".xlsx"), source)
    source.chmod(0o444)
    share.chmod(0o555)
    before = (share.stat().st_mtime_ns, source.stat().st_mtime_ns)
    try:
        output = [] if command == "inspect" else ["-o", tmp_path / "out.xlsx"]
        assert run(command, source, *output).exit_code == 0
    finally:
        share.chmod(0o755)
    assert (share.stat().st_mtime_ns, source.stat().st_mtime_ns) == before
    assert list(share.iterdir()) == [source]


@posix
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_the_input_under_another_name_is_never_overwritten(
    run: Run, example: Path, tmp_path: Path, link: Callable[[Path, Path], None]
) -> None:
    source, other = tmp_path / "in.csv", tmp_path / "out.csv"
    shutil.copy(example, source)
    link(source, other)
    for command in ("classify", "redact"):
        result = run(command, source, "-o", other, "--overwrite")
        assert result.exit_code == 1
        assert "this is the input, which is never overwritten" in result.stderr
    assert source.read_bytes() == example.read_bytes()


def test_an_older_file_is_replaced_only_where_that_was_said(run: Run, example: Path, tmp_path: Path) -> None:
    path = tmp_path / "coded.csv"
    path.write_text("corrected by hand for a week", encoding="utf-8")
    result = run("classify", example, "-o", path)
    assert result.exit_code == 1
    assert f"{path}: there already. Name another file, or replace it with --overwrite." in result.stderr
    assert path.read_text(encoding="utf-8") == "corrected by hand for a week"
    assert run("classify", example, "-o", path, "--overwrite").exit_code == 0
    assert len(pd.read_csv(path, dtype=str)) == 3 * 430


@posix
def test_a_pipe_or_device_is_not_replaced_by_a_file(run: Run, example: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    result = run("classify", example, "-o", pipe, "--overwrite")
    assert result.exit_code == 1
    assert "no file but a device or a pipe" in result.stderr
    assert pipe.is_fifo()


def test_an_input_that_breaks_off_is_not_blamed_on_the_output(tmp_path: Path) -> None:
    def pieces() -> Iterator[pd.DataFrame]:
        yield pd.DataFrame({"a": ["x"]})
        raise OSError(5, "Input/output error")

    with pytest.raises(InputError, match=r"the input: cannot be read to its end \(Input/output error\)"):
        write_table(pieces(), tmp_path / "table.csv")
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_new_file_has_the_rights_that_new_files_have(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_table(pd.DataFrame({"a": ["x"]}), tmp_path / "new.csv")
    finally:
        os.umask(before)
    assert (tmp_path / "new.csv").stat().st_mode & 0o777 == 0o640
    (tmp_path / "new.csv").chmod(0o600)
    write_table(pd.DataFrame({"a": ["y"]}), tmp_path / "new.csv")
    assert (tmp_path / "new.csv").stat().st_mode & 0o777 == 0o600
