"""Find personal data in a text: each kind by its own rules, in an order that settles what two rules could claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from infoshare_text.cleaning.personal_data import numbers, online, places, references
from infoshare_text.cleaning.personal_data.masks import cover_masks
from infoshare_text.cleaning.personal_data.names import names
from infoshare_text.cleaning.personal_data.spans import (
    ADDRESS,
    BANK_ACCOUNT,
    CARD,
    DATE_OF_BIRTH,
    EMAIL,
    HANDLE,
    IP_ADDRESS,
    NAME,
    NHS_NUMBER,
    NI_NUMBER,
    PHONE,
    POSTCODE,
    REFERENCE,
    URL,
    VEHICLE,
    PersonalData,
    Place,
    covered,
    folded,
)

Rule = Callable[[str], Iterator[Place]]

# What looks like two things is the first of these.
_WITHOUT_DIGITS: list[tuple[str, Rule]] = [(EMAIL, online.emails), (URL, online.urls), (HANDLE, online.handles)]
_WITH_DIGITS: list[tuple[str, Rule]] = [
    (IP_ADDRESS, online.ip_addresses),
    (DATE_OF_BIRTH, references.dates_of_birth),
    (BANK_ACCOUNT, numbers.bank_accounts),
    (CARD, numbers.cards),
    (PHONE, numbers.phones),
    (NHS_NUMBER, numbers.nhs_numbers),
    (NI_NUMBER, numbers.ni_numbers),
    (VEHICLE, references.vehicles),
    (POSTCODE, places.postcodes),
    (REFERENCE, references.references),
]
_LAST: list[tuple[str, Rule]] = [(ADDRESS, places.addresses), (NAME, names)]
_DIGIT = re.compile(r"\d")
# Hiding one thing may bring another to light (a number beside a number); a text that goes on so is no comment.
_ROUNDS = 20


def find_in(text: str) -> list[PersonalData]:
    """Find personal data in one text by the rules alone, in order of place, never overlapping."""
    seen = cover_masks(folded(text))
    found: list[PersonalData] = []
    for _ in range(_ROUNDS):
        new, seen = _once(seen)
        if not new:
            break
        found += new
    return sorted(found, key=lambda item: item.start)


def _once(seen: str) -> tuple[list[PersonalData], str]:
    found: list[PersonalData] = []
    for kind, rule in [*_WITHOUT_DIGITS, *(_WITH_DIGITS if _DIGIT.search(seen) else []), *_LAST]:
        places = list(_apart(rule(seen)))
        if places:
            found += [PersonalData(kind, start, end) for start, end in places]
            seen = covered(seen, places)
    return found, seen


def _apart(places: Iterable[Place]) -> Iterator[Place]:
    """Keep the first and longest of places that overlap."""
    taken = 0
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        if start >= taken:
            yield start, end
            taken = end
