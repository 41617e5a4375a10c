"""What a person may set against what was detected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from infoshare_text.errors import InputError
from infoshare_text.reading.dates import ORDERS
from infoshare_text.reading.files import CSV, XLSX
from infoshare_text.reading.recognise import LAYOUTS
from infoshare_text.reading.rows import PARTIAL, PREVIEW

__all__ = [
    "KINDS",
    "LAYOUTS",
    "MOST_HEADER_ROWS",
    "ORDERS",
    "check_overrides",
    "options_of",
    "refuse_foreign_options",
]

KINDS = (PREVIEW, PARTIAL)
MOST_HEADER_ROWS = 9
_OPTIONS_OF = {
    "encoding": (CSV,),
    "delimiter": (CSV,),
    "sheet": (XLSX,),
    "guarded": (CSV, XLSX),
    "layout": (CSV, XLSX),
    "header_rows": (CSV, XLSX),
}


def check_overrides(
    path: Path, layout: str | None, header_rows: int | None, date_order: str | None, leave_out: Sequence[str]
) -> None:
    """Refuse what is none of the choices, all faults at once.

    Raises
    ------
    InputError
        With the choices there are.
    """
    faults = []
    if layout is not None and layout not in LAYOUTS:
        faults.append(f"there is no layout {layout!r}; the layouts are: {', '.join(LAYOUTS)}")
    if header_rows is not None and not 1 <= header_rows <= MOST_HEADER_ROWS:
        faults.append(f"header_rows is {header_rows}; it must be 1 to {MOST_HEADER_ROWS}")
    if date_order is not None and date_order not in ORDERS:
        faults.append(f"there is no date order {date_order!r}; choose one of: {', '.join(ORDERS)}")
    faults += [
        f"leave_out cannot be {kind!r}; choose of: {', '.join(KINDS)}" for kind in leave_out if kind not in KINDS
    ]
    if faults:
        raise InputError.from_faults(str(path), faults)


def refuse_foreign_options(path: Path, kind: str, given: Mapping[str, object]) -> None:
    """Refuse an option that says nothing of a file of this kind, so that nobody takes it for followed.

    Raises
    ------
    InputError
        With the options to leave out.
    """
    foreign = [name for name, value in given.items() if value is not None and kind not in _OPTIONS_OF[name]]
    if foreign:
        raise InputError(f"{path}: {' and '.join(foreign)} cannot be set for a file of this kind. Leave it out.")


def options_of(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that say something of a file of this kind: several files may be of several kinds.

    >>> options_of("csv", {"sheet": "Labels", "header_rows": 2, "encoding": None})
    {'header_rows': 2}
    """
    return {name: value for name, value in given.items() if value is not None and kind in _OPTIONS_OF[name]}
