"""What a piece of personal data is: its kind and its place. The words themselves are never kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

NAME, EMAIL, PHONE, POSTCODE, ADDRESS = "name", "email", "phone", "postcode", "address"
NHS_NUMBER, NI_NUMBER, REFERENCE, VEHICLE = "nhs_number", "ni_number", "reference", "vehicle"
DATE_OF_BIRTH, URL, HANDLE, IP_ADDRESS = "date_of_birth", "url", "handle", "ip_address"
BANK_ACCOUNT, CARD = "bank_account", "card"

KINDS = (
    NAME,
    EMAIL,
    PHONE,
    POSTCODE,
    ADDRESS,
    NHS_NUMBER,
    NI_NUMBER,
    REFERENCE,
    VEHICLE,
    DATE_OF_BIRTH,
    URL,
    HANDLE,
    BANK_ACCOUNT,
    CARD,
    IP_ADDRESS,
)
"""Every kind that is looked for."""

Place = tuple[int, int]
"""Start and end of a find, in characters."""

COVER = "\ufffc"
"""Stands, once for each character, for what was found already; no rule matches it."""


class PersonalData(NamedTuple):
    """One piece of personal data.

    Attributes
    ----------
    kind : str
        One of :data:`KINDS`.
    start, end : int
        Its place, in characters of the text: ``text[start:end]``.
    """

    kind: str
    start: int
    end: int


def covered(text: str, places: Iterable[Place]) -> str:
    """Hide parts of a text, given in order; all other places stay where they are.

    >>> covered("ring Jo now", [(5, 7)]) == f"ring {COVER * 2} now"
    True
    """
    parts, last = [], 0
    for start, end in places:
        parts += [text[last:start], COVER * (end - start)]
        last = end
    return "".join([*parts, text[last:]])


def folded(text: str) -> str:
    """Write full-width letters, odd digits, spaces, dashes and quotes in their usual form, each in its place.

    >>> folded("０７７００\u2011９００１２３"), folded("plain")
    ('07700-900123', 'plain')
    """
    return text if text.isascii() else "".join(map(_folded_character, text))


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    if character.isascii():
        return character
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category in ("Zs", "Cf"):
        return " "
    if category == "Pd":
        return "-"
    if character in "’‘ʼ＇":
        return "'"
    usual = unicodedata.normalize("NFKC", character)
    return usual if len(usual) == 1 else character
