"""Masks: what is written in place of personal data, and where the rest of the text then stands.

A mask says the kind of what stood there and its length class, never its length: ``[PHONE]``, ``[POSTCODE]``; a name of
one word is ``[NAME]`` and of several ``[FULL NAME]``, since a first name and a full name are not the same find. All
other kinds have one form, so their kind is their length class.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from infoshare_text.cleaning.personal_data.spans import COVER, KINDS, NAME, PersonalData

_FULL_NAME = "FULL NAME"
_MASK = re.compile(rf"\[(?:{'|'.join([_FULL_NAME, *(kind.upper().replace('_', ' ') for kind in KINDS)])})\]")


def mask_of(kind: str, words: int = 1) -> str:
    """Return the mask for something of a kind.

    >>> mask_of("nhs_number"), mask_of("name"), mask_of("name", words=2)
    ('[NHS NUMBER]', '[NAME]', '[FULL NAME]')
    """
    if kind == NAME and words > 1:
        return f"[{_FULL_NAME}]"
    return f"[{kind.upper().replace('_', ' ')}]"


def cover_masks(text: str) -> str:
    """Hide masks that stand in a text already, so that nothing is masked twice."""
    return _MASK.sub(lambda mask: COVER * len(mask[0]), text) if "[" in text else text


class MaskedText:
    """A text with its personal data masked.

    Parameters
    ----------
    text : str
    found : sequence of PersonalData
        In order of place, not overlapping.

    Attributes
    ----------
    text : str
        The masked text.
    kinds : list of str
        The kind of each mask that was written.
    """

    def __init__(self, text: str, found: Sequence[PersonalData]) -> None:
        parts: list[str] = []
        # Start and end in the original, start and end in the masked text.
        self._places: list[tuple[int, int, int, int]] = []
        last = length = 0
        for kind, start, end in found:
            mask = mask_of(kind, len(text[start:end].split()))
            parts += [text[last:start], mask]
            length += start - last + len(mask)
            self._places.append((start, end, length - len(mask), length))
            last = end
        self.kinds = [item.kind for item in found]
        self.text = "".join([*parts, text[last:]])
        self._starts = [place[0] for place in self._places]

    def moved(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of the original stands in the masked text; a part of what was masked is the whole mask.

        >>> masked = MaskedText("ring Jo now", [PersonalData("name", 5, 7)])
        >>> masked.text, masked.moved(0, 4), masked.moved(8, 11), masked.moved(6, 7)
        ('ring [NAME] now', (0, 4), (12, 15), (5, 11))
        """
        return self._at(start)[0], self._at(max(start, end - 1), after=end)[1]

    def _at(self, place: int, after: int | None = None) -> tuple[int, int]:
        after = place if after is None else after
        i = bisect_right(self._starts, place) - 1
        if i < 0:
            return place, after
        _, end, new_start, new_end = self._places[i]
        if place < end:
            return new_start, new_end
        return place - end + new_end, after - end + new_end
