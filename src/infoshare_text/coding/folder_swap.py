"""Put a finished folder in the place of an older one."""

from __future__ import annotations

import shutil
from pathlib import Path


def swap_folder(building: Path, folder: Path) -> None:
    """Move a finished folder to its place; an older one there steps aside only then, and comes back on failure.

    Two renames within one folder are all that a crash could fall between, and then both models still lie there whole.
    """
    if not folder.exists():
        building.replace(folder)
        return
    aside = building.with_name(f"{building.name}-before")
    folder.replace(aside)
    try:
        building.replace(folder)
    except BaseException:
        aside.replace(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)
