"""A file appears whole or not at all: written beside its place, moved there at the end."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infoshare_text.errors import OutputError


@contextmanager
def whole_file(target: Path, source: Path | None = None) -> Iterator[Path]:
    """Give a temporary path to write to, and move it to ``target`` when all went well.

    Parameters
    ----------
    target : Path
        Where the file is to appear; an older file there is replaced.
    source : Path, optional
        The input being read, which must not be the target.

    Yields
    ------
    Path
        A new empty file in the target's folder; gone when anything fails.

    Raises
    ------
    OutputError
        The target is the input, a folder, or in a place that cannot be written.
    """
    check_target(target, *([] if source is None else [source]))
    target = target.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
        os.close(handle)
    except OSError as error:
        raise _not_writable(target, error) from error
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else _mode_of_new_files())
        temporary.replace(target)
    except OSError as error:
        raise _not_writable(target, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def check_target(target: Path, *sources: Path) -> None:
    """Refuse a place that cannot take the file, before any work is done.

    Raises
    ------
    OutputError
        The target is one of the inputs, a folder, or in a place that cannot be written.
    """
    if target.is_dir():
        raise OutputError(f"{target}: this is a folder. Name a file in it.")
    if not target.parent.is_dir():
        raise OutputError(f"{target}: there is no folder {str(target.parent)!r}. Create it first.")
    if target.exists() and any(source.exists() and target.samefile(source) for source in sources):
        which = "the input" if len(sources) == 1 else "an input"
        raise OutputError(f"{target}: this is {which}, which is never overwritten. Name another file.")
    if target.exists() and not os.access(target, os.W_OK):
        raise OutputError(f"{target}: the file there is protected from writing. Name another file.")


def _not_writable(target: Path, error: OSError) -> OutputError:
    why = error.strerror or str(error)
    return OutputError(f"{target}: cannot be written ({why}). Close it if it is open elsewhere, or name another place.")


def _mode_of_new_files() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
