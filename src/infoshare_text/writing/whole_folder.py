"""A folder appears whole or not at all: built beside its place, moved there at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from infoshare_text.coding.folder_swap import swap_folder
from infoshare_text.errors import OutputError, listed

_OF_THE_DESKTOP = {".DS_Store", "Thumbs.db", "desktop.ini"}


def check_folder(target: Path, is_ours: Callable[[str], bool], *sources: Path) -> None:
    """Refuse a place that cannot take the folder, before any work is done.

    Parameters
    ----------
    target : Path
    is_ours : callable
        Whether a file or folder of this name may be replaced: nothing else is ever taken away.
    *sources : Path
        Inputs, which must be neither the folder that is replaced nor in it.

    Raises
    ------
    OutputError
        The target is a file, or holds what this library did not write, or is in a place that cannot be written.
    """
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target}: this is a file. Name a folder.")
    if not target.resolve().parent.is_dir():
        raise OutputError(f"{target}: there is no folder {str(target.parent)!r}. Create it first.")
    place = target.resolve()
    if any(place in (source.resolve(), *source.resolve().parents) for source in sources):
        raise OutputError(f"{target}: an input lies in this folder, which would be replaced. Name another folder.")
    if not target.exists():
        return
    foreign = sorted(path.name for path in target.iterdir() if not is_ours(path.name))
    foreign = [name for name in foreign if name not in _OF_THE_DESKTOP]
    if foreign:
        raise OutputError(f"{target}: holds other files ({listed(foreign, 5)}), which stay. Name a new folder.")


@contextmanager
def whole_folder(target: Path, is_ours: Callable[[str], bool]) -> Iterator[Path]:
    """Give a new folder to write to, and move it to ``target`` when all went well.

    Parameters
    ----------
    target : Path
        An older folder there is replaced, if it holds only what is ours.
    is_ours : callable
        As for :func:`check_folder`.

    Yields
    ------
    Path
        An empty folder beside the target; gone when anything fails.

    Raises
    ------
    OutputError
        As for :func:`check_folder`.
    """
    check_folder(target, is_ours)
    target = target.resolve()
    try:
        building = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise _not_writable(target, error) from error
    try:
        yield building
        building.chmod(target.stat().st_mode & 0o777 if target.exists() else _mode_of_new_folders())
        swap_folder(building, target)
    except OSError as error:
        raise _not_writable(target, error) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _not_writable(target: Path, error: OSError) -> OutputError:
    why = error.strerror or str(error)
    return OutputError(f"{target}: cannot be written ({why}). Nothing was changed there. Name another place.")


def _mode_of_new_folders() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o777 & ~mask
