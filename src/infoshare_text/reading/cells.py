"""What the cells of a column look like: numbers, dates, addresses, lists of choices, or words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

NUMBER, DATE, EMAIL, IP, PHONE, ADDRESS, HANDLE, LINK, CODE, STRUCTURED, LIST = (
    "number",
    "date",
    "e-mail address",
    "IP address",
    "phone number",
    "address",
    "handle",
    "link",
    "code",
    "structured data",
    "list of choices",
)
_DAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:day)?\.?,? +)?"
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
_MONTH += r"|nov(?:ember)?|dec(?:ember)?)"
_IN_WORDS = (
    rf"{_DAY}(?:\d{{1,2}}(?:st|nd|rd|th)? +{_MONTH}\.?,?(?: +\d{{2,4}})?"
    rf"|{_MONTH}\.? +\d{{1,2}}(?:st|nd|rd|th)?(?:,? +\d{{4}})?)"
    r"(?:,? +(?:at +)?\d{1,2}[:.]\d{2}.{0,60})?"
    rf"|\d{{1,2}}-{_MONTH}-\d{{2,4}}(?: \d{{1,2}}[:.]\d{{2}}.{{0,20}})?|{_MONTH}[- ]\d{{2,4}}"
)
_STREET = r"(?:street|st|road|rd|lane|avenue|ave|close|drive|crescent|court|gardens|terrace|grove|square|parade|way)"
_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
# In the order they are tried; a contact is one also with a name before it.
_KINDS = {
    EMAIL: re.compile(r"(?:.{0,60}[\s,;:(<])?[^\s@,;:]+@[^\s@]+\.[^\s@]+(?:\s.{0,40})?", re.DOTALL),
    IP: re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}", re.IGNORECASE),
    DATE: re.compile(
        r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?:[ T,]+\d{1,2}[:.]\d{2}.{0,20})?|\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?"
        rf"|{_IN_WORDS}",
        re.DOTALL | re.IGNORECASE,
    ),
    PHONE: re.compile(r"(?=(?:\D*\d){10,14}\D*$)(?:\+|\(?0|\(\+)[\d\s()-]+"),
    ADDRESS: re.compile(
        rf"(?=.{{1,120}}$)(?:flat \w+,? )?\d{{1,4}}[a-z]?,? \w+(?: \w+)?,? {_STREET}\b.*"
        rf"|{_POSTCODE}|(?=.{{1,120}}$).*\b\d.*\b{_POSTCODE}\W*",
        re.IGNORECASE | re.DOTALL,
    ),
    HANDLE: re.compile(r"@\w{2,30}"),
    NUMBER: re.compile(r"[-+]?[£$€]?\s?\d[\d,.: ]*%?"),
    LINK: re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
    CODE: re.compile(r"(?=.{8,80}$)(?=\D*\d\D*\d)[A-Za-z\d][\w/.:-]*"),
    STRUCTURED: re.compile(r"\{.*:.*\}|\[.*\]|Mozilla/\d.*", re.DOTALL),
}
_LONGEST = 300
_MOST = 0.8
_SEPARATOR = re.compile(r"[;,]\s*")


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
    if len(cell) > _LONGEST:
        return STRUCTURED if _KINDS[STRUCTURED].fullmatch(cell) else ""
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(cell)), "")


def _are_lists(cells: Sequence[str]) -> bool:
    """Whether cells hold several choices each: few different pieces, or a separator after the last."""
    if cells and all(cell.endswith(";") for cell in cells):
        return True
    pieces = [piece for cell in cells for piece in _SEPARATOR.split(cell) if piece]
    several = len(pieces) > 1.2 * len(cells)
    few = len(set(pieces)) <= min(0.5 * len(pieces), len(set(cells)))
    return several and few and len(pieces) > 3
