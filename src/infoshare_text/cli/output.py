"""Where a command writes its table, and the options that say so."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from infoshare_text.cli.pipes import is_stream, streams_are_one
from infoshare_text.errors import OutputError
from infoshare_text.reading.files import CSV, JSONL, PARQUET, XLSX

if TYPE_CHECKING:
    import pandas as pd

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Output:
    """A file, or standard output, and the form in which the table goes there."""

    path: Path
    format: str
    for_machines: bool
    overwrite: bool

    @property
    def to_stdout(self) -> bool:
        """Whether the table goes to standard output."""
        return str(self.path) == "-"

    @property
    def written_to(self) -> str:
        """End a sentence with where the table was written, where that is a file."""
        return "" if self.to_stdout else f"; written to {self.path}"

    def check(self, source: Path) -> None:
        """Refuse, before the input is read, a place that cannot take the table."""
        from infoshare_text.writing.whole_file import check_target

        if not self.to_stdout:
            if is_stream(self.path, sys.stdin):
                raise OutputError(f"{self.path}: this is the input, which is never overwritten. Name another file.")
            check_target(self.path, source, overwrite=self.overwrite)
        elif is_stream(source, sys.stdout) or streams_are_one():
            raise OutputError(f"{source}: standard output goes into the input, which is never overwritten.")
        elif self.format in (XLSX, PARQUET) and sys.stdout.isatty():
            raise click.UsageError(f"{self.format} cannot be shown on a terminal. Name a file: -o FILE.")

    def check_fits(self, rows: int, columns: int) -> None:
        """Refuse, before any work is done, a table that the format cannot hold."""
        from infoshare_text.writing.tables import check_fits

        check_fits(self.path, rows, columns, self.format)

    def write(
        self, pieces: Iterable[pd.DataFrame], source: Path, told: Callable[[str], None], sheets: str | None = None
    ) -> None:
        """Write the table."""
        from infoshare_text.writing.tables import write_stream, write_table

        how: dict[str, Any] = {"format": self.format, "for_machines": self.for_machines, "sheets": sheets, "told": told}
        if self.to_stdout:
            write_stream(pieces, sys.stdout.buffer, **how)
        else:
            write_table(pieces, self.path, source=source, **how)


def overwriting(function: F) -> F:
    """Add the option that lets an older file be replaced."""
    return click.option("--overwrite", is_flag=True, help="Replace FILE if it is there already.")(function)


def writing(function: F) -> F:
    """Add the options that say where the table goes; the command receives them as ``output``, an :class:`Output`."""

    @wraps(function)
    def gathered(
        *args: Any, output: Path, format: str | None, for_machines: bool, overwrite: bool, **given: Any
    ) -> Any:
        from infoshare_text.writing.tables import output_format

        kind = (format or CSV) if str(output) == "-" else output_format(output, format)
        return function(*args, output=Output(output, kind, for_machines, overwrite), **given)

    command: Any = gathered
    for decorator in reversed(
        [
            click.option(
                "--output",
                "-o",
                metavar="FILE",
                type=click.Path(path_type=Path, allow_dash=True),
                default="-",
                help="File to write: .csv, .xlsx, .parquet or .jsonl; '-' for stdout. Default: stdout.",
            ),
            click.option(
                "--format",
                type=click.Choice([CSV, XLSX, PARQUET, JSONL]),
                help="Format, where no extension says it. Default: CSV.",
            ),
            click.option(
                "--for-machines",
                is_flag=True,
                help="CSV without byte-order mark and guard against formulas, lines ending in LF.",
            ),
            overwriting,
        ]
    ):
        command = decorator(command)
    return cast(F, command)
