"""SPSS files: questions from the column labels, choices from the value labels, missing values empty."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from infoshare_text.errors import InputError, MissingExtraError
from infoshare_text.reading.archives import Zipped

if TYPE_CHECKING:
    import pandas as pd


REFUSED = 3
"""Exit code of the process for a file that pyreadstat refuses."""
_ENDED_BY_WINDOWS = 0xC0000000
_DAMAGED = "the SPSS file is damaged and cannot be read. Export it again."


@dataclass(frozen=True)
class SpssFile:
    """A ``.sav`` file, every cell as the text that a respondent saw.

    Attributes
    ----------
    path : Path or Zipped
    columns : list of str
        Names of the variables.
    labels : list of str
        Their labels: the wording of the question, or empty.
    length : int
    first : list of list of str
        The first cases; in most files all of them.
    notes : list of str
    """

    path: Path | Zipped
    columns: list[str]
    labels: list[str]
    length: int
    first: list[list[str]]
    notes: list[str] = field(default_factory=list)

    format = "sav"
    description = "SPSS"

    @classmethod
    def open(cls, path: Path | Zipped) -> SpssFile:
        """Read names, labels, the length and the first cases.

        Raises
        ------
        InputError
            Not readable as SPSS, or no case in it.
        MissingExtraError
            The extra ``spss`` is not installed.
        """
        head, *first = _told(path)
        if not all(head["columns"]):
            raise InputError(f"{path}: {_DAMAGED}")
        if not head["length"]:
            raise InputError(f"{path}: the file holds no case.")
        missing = head["missing"]
        notes = [f"values that {missing:,} variables declare missing are read as empty"] if missing else []
        return cls(path, head["columns"], head["labels"], head["length"], first, notes)

    def chunks(self, size: int, names: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """Yield the cases, or these columns of them, as DataFrames of text of at most ``size`` rows."""
        import pandas as pd

        wanted = self.columns if names is None else list(names)
        cases = self._cases(wanted, size)
        while chunk := list(islice(cases, size)):
            yield pd.DataFrame(chunk, columns=wanted, dtype=str)

    def _cases(self, names: list[str], size: int) -> Iterator[list[str]]:
        if self.length > len(self.first):
            return _told(self.path, names, self.length, size)
        places = [self.columns.index(name) for name in names]
        return ([case[place] for place in places] for case in self.first)


def _told(path: Path | Zipped, *how: Any) -> Iterator[Any]:
    """Yield what the process that reads the file writes; see :mod:`infoshare_text.reading.spss_process`."""
    if find_spec("pyreadstat") is None:
        raise MissingExtraError("pyreadstat", "spss")
    command = [sys.executable, "-P", "-m", "infoshare_text.reading.spss_process"]
    places = {**os.environ, "PYTHONPATH": os.pathsep.join(place for place in sys.path if isinstance(place, str))}
    with _on_disk(path) as file, Popen([*command, str(file)], stdin=PIPE, stdout=PIPE, env=places) as process:
        try:
            yield from _lines(process, how)
            process.wait()
        except (OSError, ValueError):  # it ended in the middle of a line, or before it was told what to read
            process.wait()
            raise InputError(f"{path}: {_DAMAGED}") from None
        finally:
            process.kill()
    code = process.returncode
    if code == REFUSED or code < 0 or code >= _ENDED_BY_WINDOWS:
        raise InputError(f"{path}: {_DAMAGED}")
    if code:
        raise InputError(f"{path}: the process that reads SPSS files ended with code {code}; see what it says above.")


def _lines(process: Popen[bytes], how: tuple[Any, ...]) -> Iterator[Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(how).encode())
    process.stdin.close()
    yield from map(json.loads, process.stdout)


@contextmanager
def _on_disk(path: Path | Zipped) -> Iterator[Path]:
    """Give a file that lies in an archive a place of its own while it is read: pyreadstat takes nothing else."""
    if isinstance(path, Path):
        yield path
        return
    with TemporaryDirectory() as folder:
        file = Path(folder, f"export{path.suffix}")
        file.write_bytes(path.read_bytes())
        yield file
