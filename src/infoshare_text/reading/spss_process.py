"""Reads an SPSS file in a process of its own: some damaged ones end the process in the C library under pyreadstat.

Run by :mod:`infoshare_text.reading.spss`; writes lines of JSON to standard output: what the file says of itself and its
first cases, or, told names, a length and a size on standard input, these columns of all cases. A case is a list of
texts.
"""

from __future__ import annotations

import json
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import pyreadstat

from infoshare_text.reading.spss import REFUSED
from infoshare_text.reading.workbooks import cell_text

FIRST = 1000
"""Cases that are written beside the head: most files hold no more, and need no second process."""


def head(path: str) -> dict[str, Any]:
    """Return names, labels, the number of cases and how many variables declare values missing."""
    meta = _read(path, metadataonly=True, user_missing=True)[1]
    length = meta.number_rows
    if length is None or length < 0:
        length = len(_read(path, usecols=meta.column_names[:1])[0])
    missing = len({*meta.missing_ranges, *meta.missing_user_values})
    labels = [label or "" for label in meta.column_labels]
    return {"columns": meta.column_names, "labels": labels, "length": length, "missing": missing}


def cases(path: str, names: Sequence[str], length: int, size: int) -> Iterator[list[str]]:
    """Yield these columns of each case, read ``size`` cases at a time."""
    for start in range(0, length, size):
        values, meta = _read(path, row_offset=start, row_limit=size, usecols=names)
        labels = [meta.variable_value_labels.get(name, {}) for name in names]
        columns = [
            [_text(seen.get(value, value)) for value in values[name]] for seen, name in zip(labels, names, strict=True)
        ]
        yield from zip(*columns, strict=True)


def _read(path: str, **how: Any) -> tuple[Any, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # of two variables of one name, which no SPSS writes
        read: tuple[Any, Any] = pyreadstat.read_sav(path, output_format="dict", **how)  # saves loading pandas
    return read


def _text(value: Any) -> str:
    missing = value is None or value != value
    return "" if missing else cell_text(value)


def _write(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")


def main() -> None:
    """Write what is asked for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever reads what is written here ends this process too
    path, how = sys.argv[1], json.load(sys.stdin)
    try:
        if not how:
            said = head(path)
            how = [said["columns"], min(FIRST, said["length"]), FIRST]
            _write(said)
        for case in cases(path, *how):
            _write(case)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UserWarning, ValueError, OverflowError):
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
