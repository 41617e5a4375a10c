"""What a person typed into a cell, as codes of a codebook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from infoshare_text.codebook import Codebook
from infoshare_text.reading.survey import is_missing

PRESENT, ABSENT, NOT_SAID = 1, 0, -1

_PRESENT = {"1", "yes", "y", "true", "t", "x", "✓", "✔", "present"}
_ABSENT = {"0", "no", "n", "false", "f", "absent"}
_NO_CODE = {"none", "no_theme", "no_themes", "no_code", "no_codes"}
_SEPARATORS = re.compile(r"([;|,\n\r])")
_BETWEEN_STANCES = re.compile(r"[;|,/+&\n\r]")
_NOT_OF_A_NAME = re.compile(r"[\W_]+")


def normal_name(text: str) -> str:
    """Return the form under which names of codes and columns are compared.

    >>> normal_name(" Risk  management "), normal_name("Parking/ access?")
    ('risk_management', 'parking_access')
    """
    return _NOT_OF_A_NAME.sub("_", text.casefold()).strip("_")


def cell_texts(values: Iterable[Any]) -> list[str]:
    """Write cells as text: missing as empty, lists with a line for each entry."""
    return [_cell_text(value) for value in values]


@lru_cache(maxsize=1024)
def truth(cell: str) -> int | None:
    """Read a cell that says whether a code applies: 1, 0, -1 for an empty cell, None for anything else.

    >>> truth("x"), truth("0.0"), truth(""), truth("maybe")
    (1, 0, -1, None)
    """
    typed = cell.strip().casefold()
    if not typed:
        return NOT_SAID
    if typed in _PRESENT:
        return PRESENT
    if typed in _ABSENT:
        return ABSENT
    try:
        return {1.0: PRESENT, 0.0: ABSENT}.get(float(typed))
    except ValueError:
        return None


class CodeNames:
    """The names under which the codes of a codebook are known: key and label, in any case.

    Parameters
    ----------
    codebook : Codebook
    """

    def __init__(self, codebook: Codebook) -> None:
        self._names: dict[str, int] = {}
        self._literal: dict[str, int] = {}
        labels = [theme.label for theme in codebook.themes]
        for place, name in [*enumerate(codebook.keys), *enumerate(labels)]:
            self._names.setdefault(normal_name(name), place)
            self._literal.setdefault(_single_spaced(name), place)
        self._shown = {name: codebook.keys[place] for name, place in self._names.items()}

    def in_cell(self, cell: str) -> tuple[list[int], list[str], bool]:
        """Read a cell of codes joined with ``;``, ``|``, ``,`` or line breaks.

        A label may itself hold a separator: the longest run of pieces that spells one wins.

        Returns
        -------
        list of int
            Places of the codes.
        list of str
            Pieces that are no code.
        bool
            Whether the cell says that no code applies.

        Examples
        --------
        >>> from infoshare_text.codebook import default_codebook
        >>> CodeNames(default_codebook()).in_cell("Leadership; risk_management, ledership")
        ([0, 2], ['ledership'], False)
        """
        pieces = _SEPARATORS.split(cell)
        places: list[int] = []
        unknown: list[str] = []
        said_none = False
        start = 0
        while start < len(pieces):
            for end in range(len(pieces), start, -2):
                piece = "".join(pieces[start:end]).strip()
                place = self._place(piece, whole=end == start + 1)
                if place is not None:
                    places.append(place)
                    break
            else:
                end = start + 1
                said_none |= normal_name(pieces[start]) in _NO_CODE
                if pieces[start].strip() and normal_name(pieces[start]) not in _NO_CODE:
                    unknown.append(pieces[start].strip())
            start = end + 1
        return sorted(set(places)), unknown, said_none

    def nearest(self, name: str) -> str:
        """Say which code was perhaps meant; empty where none is near."""
        close = get_close_matches(normal_name(name).removeprefix("theme_"), list(self._shown), n=1, cutoff=0.6)
        return f" Did you mean {self._shown[close[0]]!r}?" if close else ""

    def _place(self, piece: str, whole: bool) -> int | None:
        literal = self._literal.get(_single_spaced(piece))
        return self._names.get(normal_name(piece)) if literal is None and whole else literal


def stances_in_cell(cell: str, stances: Sequence[str]) -> tuple[list[int], list[str]]:
    """Read the stances of one theme: (places, pieces that are no stance)."""
    place = {normal_name(stance): i for i, stance in enumerate(stances)}
    pieces = [piece.strip() for piece in _BETWEEN_STANCES.split(cell) if piece.strip()]
    known = sorted({place[normal_name(piece)] for piece in pieces if normal_name(piece) in place})
    return known, [piece for piece in pieces if normal_name(piece) not in place]


def stances_by_code(cell: str) -> list[tuple[str, str]]:
    """Read a cell such as ``leadership: barrier, need; risk: need``: (code, stances) as they were typed.

    >>> stances_by_code("leadership: barrier, need; risk: need")
    [('leadership', 'barrier, need'), ('risk', 'need')]
    """
    pieces = [piece for piece in re.split(r"[;|\n\r]", cell) if piece.strip()]
    return [(code.strip(), held.strip()) for code, _, held in (piece.rpartition(":") for piece in pieces)]


def _cell_text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple, set)):
        return "\n".join(str(entry) for entry in value) or "none"
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_cell_text(held)}".replace("\n", ", ") for key, held in value.items() if held)
    return "" if is_missing(value) else str(value)


def _single_spaced(text: str) -> str:
    return " ".join(text.casefold().split())
