"""SPSS files: questions from the column labels, choices from the value labels, missing values empty."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from infoshare_text.errors import InputError, MissingExtraError
from infoshare_text.reading.archives import Zipped
from infoshare_text.reading.workbooks import cell_text

if TYPE_CHECKING:
    import pandas as pd


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
    notes : list of str
    """

    path: Path | Zipped
    columns: list[str]
    labels: list[str]
    length: int
    notes: list[str] = field(default_factory=list)

    format = "sav"
    description = "SPSS"

    @classmethod
    def open(cls, path: Path | Zipped) -> SpssFile:
        """Read names, labels and the length.

        Raises
        ------
        InputError
            Not readable as SPSS, or no case in it.
        MissingExtraError
            The extra ``spss`` is not installed.
        """
        meta = _read(path, metadataonly=True, user_missing=True)[1]
        if not all(meta.column_names):
            raise InputError(f"{path}: {_DAMAGED}")
        length = meta.number_rows
        if length is None or length < 0:
            length = len(_read(path, usecols=meta.column_names[:1])[0])
        if not length:
            raise InputError(f"{path}: the file holds no case.")
        missing = len({*meta.missing_ranges, *meta.missing_user_values})
        notes = [f"values that {missing:,} variables declare missing are read as empty"] if missing else []
        return cls(path, list(meta.column_names), [label or "" for label in meta.column_labels], length, notes)

    def chunks(self, size: int, names: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """Yield the cases, or these columns of them, as DataFrames of text of at most ``size`` rows."""
        import pandas as pd

        for start in range(0, self.length, size):
            values, _ = _read(self.path, row_offset=start, row_limit=size, apply_value_formats=True, usecols=names)
            wanted = self.columns if names is None else names
            yield pd.DataFrame({name: [_text(value) for value in values[name]] for name in wanted}, dtype=str)


def _read(path: Path | Zipped, **how: Any) -> tuple[pd.DataFrame, Any]:
    try:
        import pyreadstat
    except ImportError as error:
        raise MissingExtraError("pyreadstat", "spss") from error
    try:
        with _on_disk(path) as file, warnings.catch_warnings():
            warnings.simplefilter("error")  # of two variables of one name, which no SPSS writes
            read: tuple[pd.DataFrame, Any] = pyreadstat.read_sav(str(file), formats_as_category=False, **how)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UserWarning, ValueError) as error:
        raise InputError(f"{path}: {_DAMAGED}") from error
    return read


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


def _text(value: Any) -> str:
    missing = value is None or value != value
    return "" if missing else cell_text(value)
