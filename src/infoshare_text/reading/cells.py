"""What the cells of a column look like: numbers, dates, addresses, lists of choices, or words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

NUMBER, DATE, EMAIL, IP, PHONE, LINK, STRUCTURED, LIST = (
    "number",
    "date",
    "e-mail address",
    "IP address",
    "phone number",
    "link",
    "structured data",
    "list of choices",
)
_KINDS = {
    EMAIL: re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    IP: re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}", re.IGNORECASE),
    DATE: re.compile(
        r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?:[ T,]+\d{1,2}[:.]\d{2}.{0,20})?|\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?",
        re.DOTALL | re.IGNORECASE,
    ),
    PHONE: re.compile(r"(?=(?:\D*\d){10,14}\D*$)(?:\+|\(?0|\(\+)[\d\s()-]+"),
    NUMBER: re.compile(r"[-+]?[£$€]?\s?\d[\d,.: ]*%?"),
    LINK: re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
    STRUCTURED: re.compile(r"\{.*:.*\}|\[.*\]", re.DOTALL),
}
_MOST = 0.8
_SEPARATOR = re.compile(r";\s*|,\s+")


def kinds_of_cells(cells: Sequence[str]) -> dict[str, float]:
    """Return the share of cells of each kind, empty ones left aside; the sum is 1 at most."""
    if not cells:
        return {}
    found = Counter(_kind(cell) for cell in cells)
    return {kind: times / len(cells) for kind, times in found.items() if kind}


def main_kind(cells: Sequence[str], shares: dict[str, float]) -> str:
    """Return the kind of four cells in five, or empty where they hold words."""
    for kind, share in shares.items():
        if share >= _MOST:
            return kind
    return LIST if _are_lists(cells) else ""


def _kind(cell: str) -> str:
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(cell)), "")


def _are_lists(cells: Sequence[str]) -> bool:
    """Whether cells hold several choices each: few different pieces, or a separator after the last."""
    if cells and all(cell.endswith(";") for cell in cells):
        return True
    pieces = [piece for cell in cells for piece in _SEPARATOR.split(cell) if piece]
    several = len(pieces) > 1.2 * len(cells)
    few = len(set(pieces)) <= min(0.5 * len(pieces), len(set(cells)))
    return several and few and len(pieces) > 4
