"""Files whose columns have names and types of their own: Parquet and JSON lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infoshare_text.errors import InputError, listed
from infoshare_text.reading.archives import Zipped
from infoshare_text.reading.csv_files import CELL_LIMIT

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ParquetTable:
    """A Parquet file, its types kept (integers with gaps stay integers)."""

    path: Path | Zipped
    columns: list[str]
    length: int
    notes: list[str] = field(default_factory=list)

    format = "parquet"
    description = "Parquet"

    @classmethod
    def open(cls, path: Path | Zipped) -> ParquetTable:
        """Read the schema and the length.

        Raises
        ------
        InputError
            Not readable as Parquet, or two columns of one name.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            with pq.ParquetFile(_seekable(path)) as file:
                names = [str(name) for name in file.schema_arrow.names]
                length = file.metadata.num_rows
        except (pa.ArrowException, OSError, UnicodeError) as error:
            raise InputError(f"{path}: cannot be read as Parquet. Export it again.") from error
        _refuse_doubles(path, names)
        if not length:
            raise InputError(f"{path}: the file holds no record.")
        return cls(path, names, length)

    def chunks(self, size: int, names: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """Yield the rows, or these columns of them, as DataFrames of at most ``size`` rows."""
        import pandas as pd
        import pyarrow as pa
        import pyarrow.parquet as pq

        read = 0
        try:
            with pq.ParquetFile(_seekable(self.path)) as file:
                for batch in file.iter_batches(batch_size=size, columns=names):
                    # Otherwise bytes that are no text are found out only when a cell is looked at.
                    batch.validate(full=True)
                    read += batch.num_rows
                    yield pa.Table.from_batches([batch]).to_pandas(types_mapper=pd.ArrowDtype, ignore_metadata=True)
        except (pa.ArrowException, OSError, UnicodeError) as error:
            raise InputError(f"{self.path}: the Parquet file is damaged. Export it again.") from error
        if read != self.length:
            raise InputError(
                f"{self.path}: the Parquet file is damaged: it says {self.length:,} rows and holds {read:,}. "
                "Export it again."
            )


@dataclass(frozen=True)
class JsonLines:
    """A file with one JSON object a line; columns are the keys in order of appearance."""

    path: Path | Zipped
    columns: list[str]
    length: int
    notes: list[str] = field(default_factory=list)

    format = "jsonl"
    description = "JSON lines, UTF-8"

    @classmethod
    def open(cls, path: Path | Zipped) -> JsonLines:
        """Check every line and collect the keys.

        Raises
        ------
        InputError
            All lines that are not one JSON object, with their numbers.
        """
        keys: dict[str, None] = {}
        faults: list[str] = []
        length = 0
        for number, line in _lines(path):
            record, fault = _parsed(line)
            if fault:
                faults.append(f"line {number} {fault}")
                continue
            length += 1
            keys.update(dict.fromkeys(record))
        if faults:
            raise InputError.from_faults(str(path), faults)
        if not length:
            raise InputError(f"{path}: the file holds no record.")
        return cls(path, list(keys), length)

    def chunks(self, size: int, names: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """Yield the rows, or these columns of them, as DataFrames (dtype object) of at most ``size`` rows."""
        import pandas as pd

        lines = _lines(self.path)
        while batch := [json.loads(line) for _, line in islice(lines, size)]:
            keys = self.columns if names is None else names
            yield pd.DataFrame({key: pd.Series([row.get(key) for row in batch], dtype=object) for key in keys})


def _seekable(path: Path | Zipped) -> Path | BytesIO:
    return path if isinstance(path, Path) else BytesIO(path.read_bytes())


def _lines(path: Path | Zipped) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: JSON lines must be UTF-8, and byte {error.start:,} is not.") from error


def _parsed(line: str) -> tuple[dict[str, Any], str]:
    doubled: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        doubled.extend(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        return dict(pairs)

    try:
        record = json.loads(line, object_pairs_hook=once, parse_constant=_refused_constant)
        line.encode("utf-8")
        json.dumps(record, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        return {}, f"is not JSON ({error.msg}, character {error.pos + 1})"
    except UnicodeEncodeError:
        return {}, "holds half a surrogate pair (\\ud800 to \\udfff), which is no character"
    except RecursionError:
        return {}, "is nested too deeply"
    except ValueError as error:
        return {}, str(error)
    if len(line) > CELL_LIMIT and any(isinstance(value, str) and len(value) > CELL_LIMIT for value in _values(record)):
        return {}, f"holds a value of over {CELL_LIMIT:,} characters"
    if not isinstance(record, dict):
        return {}, "is not an object with named values"
    if doubled:
        return {}, f"names a value twice: {listed(doubled)}"
    return record, ""


def _values(record: Any) -> Iterable[Any]:
    return record.values() if isinstance(record, dict) else ()


def _refused_constant(name: str) -> None:
    raise ValueError(f"holds {name}, which JSON does not have")


def _refuse_doubles(path: Path | Zipped, names: list[str]) -> None:
    doubled = [name for name, times in Counter(names).items() if times > 1]
    if doubled:
        raise InputError(f"{path}: two columns of one name: {listed(doubled)}. Rename one of each.")
