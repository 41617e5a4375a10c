"""A file appears whole or not at all: written beside its place, moved there at the end.

Everything half-written stands in one hidden folder beside the target, called :data:`UNFINISHED` and some letters. A run
that was killed without warning leaves it behind, and the next run that writes into the same place clears it away.
Folders of runs that are still going are locked, or (on Windows) cannot be renamed, and are left alone.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from infoshare_text.errors import OutputError

UNFINISHED = ".infoshare-text-unfinished-"
_TRIES, _SECONDS = 4, 0.25


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
        A file to be written, alone in a hidden folder beside the target, where other temporary files may stand too; all
        gone when anything fails.

    Raises
    ------
    OutputError
        The target is the input, a folder, or in a place that cannot be written. Where another program holds the file
        that is to be replaced, the finished one is kept beside it and named.
    """
    check_target(target, *([] if source is None else [source]))
    target = target.resolve()
    try:
        _clear_unfinished(target.parent)
        with _folder_beside(target) as folder:
            temporary = folder / target.name
            yield temporary
            _store(temporary)
            if target.exists():
                temporary.chmod(target.stat().st_mode & 0o777)
            _move(temporary, target)
    except OSError as error:
        raise _not_writable(target, error) from error


def check_target(target: Path, *sources: Path, overwrite: bool = True) -> None:
    """Refuse a place that cannot take the file, before any work is done.

    Raises
    ------
    OutputError
        The target is one of the inputs, a folder, there already without leave to overwrite it, or in a place
        that cannot be written.
    """
    if target.is_dir():
        raise OutputError(f"{target}: this is a folder. Name a file in it.")
    if not target.parent.is_dir():
        raise OutputError(f"{target}: there is no folder {str(target.parent)!r}. Create it first.")
    if not target.exists():
        if not os.access(target.parent, os.W_OK):
            raise OutputError(f"{target}: the folder is protected from writing. Name another place.")
        return
    if not target.is_file():
        raise OutputError(f"{target}: this is no file but a device or a pipe. Write to '-' and redirect that.")
    if any(source.exists() and target.samefile(source) for source in sources):
        which = "the input" if len(sources) == 1 else "an input"
        raise OutputError(f"{target}: this is {which}, which is never overwritten. Name another file.")
    if not overwrite:
        raise OutputError(f"{target}: there already. Name another file, or replace it with --overwrite.")
    try:
        with target.open("r+b"):
            pass
    except OSError as error:
        raise OutputError(
            f"{target}: the file there is protected from writing, or open in another program ({error.strerror}). "
            "Close it there, or name another file."
        ) from error


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """Make a hidden folder, locked for as long as it is used, and take it away with all that is in it."""
    while True:
        folder = target.parent / f"{UNFINISHED}{secrets.token_hex(8)}"
        # Under Windows 0o700 would stay with the file that is moved out, and nobody else could open it.
        folder.mkdir(0o777 if os.name == "nt" else 0o700)
        lock = _locked(folder)
        if folder.exists():
            break
        # Another run took it for one left behind, before it was locked.
        _unlock(lock)
    try:
        yield folder
    finally:
        _unlock(lock)
        shutil.rmtree(folder, ignore_errors=True)


def _clear_unfinished(place: Path) -> None:
    """Take away what killed runs left behind."""
    for folder in place.glob(f"{UNFINISHED}*"):
        with suppress(OSError):
            if os.name == "nt":
                # Fails while any file in it is open.
                folder.rename(folder.with_name(f"{folder.name}-left"))
                folder = folder.with_name(f"{folder.name}-left")
                lock = None
            else:
                lock = _locked(folder, wait=False)
            shutil.rmtree(folder, ignore_errors=True)
            _unlock(lock)


def _locked(folder: Path, wait: bool = True) -> int | None:
    """Lock a folder, where the system can; raise OSError where that fails and ``wait`` is false."""
    if os.name == "nt":
        # An open file in it keeps a folder from being renamed.
        return os.open(folder / "lock", os.O_CREAT)
    import fcntl

    handle = None
    try:
        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        _unlock(handle)
        if wait:
            return None
        raise
    return handle


def _unlock(handle: int | None) -> None:
    if handle is not None:
        os.close(handle)


def _store(path: Path) -> None:
    """Have the system write a file to its disk, so that no power cut leaves an empty one in the target's place."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _move(temporary: Path, target: Path) -> None:
    """Put a finished file in its place, or beside it where another program holds what stands there."""
    for attempt in range(1, _TRIES + 1):
        try:
            temporary.replace(target)
            return
        except PermissionError as error:
            # A virus scanner or a sync client lets go soon, a spreadsheet does not.
            if attempt < _TRIES:
                time.sleep(_SECONDS)
                continue
            kept = _free_name(target)
            temporary.replace(kept)
            raise OutputError(
                f"{target}: open in another program, so it was not replaced. Nothing is lost: the new file is {kept}. "
                "Close the old one and rename it."
            ) from error


def _free_name(target: Path) -> Path:
    number = 2
    while (name := target.with_name(f"{target.stem}-{number}{target.suffix}")).exists():
        number += 1
    return name


def _not_writable(target: Path, error: OSError) -> OutputError:
    why = os.strerror(error.errno) if error.errno else str(error)
    return OutputError(f"{target}: cannot be written ({why}). Nothing was changed there. {_remedy(error)}")


def _remedy(error: OSError) -> str:
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "Make room, or name a place on another disk."
    return "Close the file if it is open elsewhere, or name another place."
