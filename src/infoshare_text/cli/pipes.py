"""Standard input and output as files: '-'."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from infoshare_text.errors import InfoshareTextError

STDIN = "standard input"


@contextmanager
def piped_in(export: Path) -> Iterator[Path]:
    """Give a path to read: the one named, or for '-' a private temporary copy of standard input, gone at the end.

    A survey is read more than once (which encoding, how many rows), a pipe only once. What kind of file it is is told
    by its content. Messages say 'standard input' in place of the copy's name.
    """
    if str(export) != "-":
        yield export
        return
    if sys.stdin.isatty():
        raise click.UsageError("'-' reads what is piped in, and nothing is. Name a file.")
    with tempfile.TemporaryDirectory(prefix="infoshare-text-") as folder:
        copy = Path(folder) / STDIN
        with copy.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        try:
            copy = _with_extension(copy)
            yield copy
        except InfoshareTextError as error:
            error.args = (str(error).replace(str(copy), STDIN),)
            raise


def _with_extension(copy: Path) -> Path:
    from infoshare_text.reading.files import format_of_content

    return copy.rename(copy.with_suffix(f".{format_of_content(copy)}"))


def shown(export: Path) -> str:
    """Name an input in a message."""
    return STDIN if export.stem == STDIN else str(export)


def streams_are_one() -> bool:
    """Whether standard input and output are redirected to one and the same file."""
    try:
        read, written = os.fstat(sys.stdin.fileno()), os.fstat(sys.stdout.fileno())
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(read.st_mode) and os.path.samestat(read, written)


def is_stream(path: Path, stream: IO[Any]) -> bool:
    """Whether a file is the very one that standard input or output was redirected from or to."""
    try:
        return path.is_file() and os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except (OSError, ValueError):
        # No real stream, as in a test or under pythonw.
        return False
