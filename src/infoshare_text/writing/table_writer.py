"""What every format has in common: pieces come in, each is checked for what the format cannot hold, notes come out."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from infoshare_text.errors import OutputError, listed
from infoshare_text.reading.survey import is_missing

if TYPE_CHECKING:
    import pandas as pd

_SHOWN_AT_MOST = 5


class TableWriter(ABC):
    """Writes pieces of one table; all pieces have the same columns."""

    unheld = re.compile(r"[\ud800-\udfff]")
    """Characters that the format cannot hold."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows = 0

    def write(self, piece: pd.DataFrame) -> None:
        """Append rows.

        Raises
        ------
        OutputError
            A text holds a character that the format cannot hold; named with row and column.
        """
        self._check(piece)
        self._append(piece)
        self.rows += len(piece)

    @abstractmethod
    def _append(self, piece: pd.DataFrame) -> None:
        """Write rows; ``self.rows`` are written already."""

    @abstractmethod
    def close(self) -> None:
        """Finish the file."""

    def remarks(self) -> list[str]:
        """Return what a person may want to know of the finished file."""
        return []

    def abandon(self) -> None:
        """Let go of a file that will not be finished."""
        with suppress(Exception):
            self.close()

    def _check(self, piece: pd.DataFrame) -> None:
        if self.unheld.search("".join(map(str, piece.columns))):
            raise OutputError(f"{self.name}: the name of a column {_no_character(self.unheld, piece.columns)}")
        for j in range(piece.shape[1]):
            values = piece.iloc[:, j]
            if not _may_hold_text(values):
                continue
            texts = [value if isinstance(value, str) else "" for value in values.tolist()]
            if self.unheld.search("".join(texts)):
                i = next(i for i, text in enumerate(texts) if self.unheld.search(text))
                place = f"row {self.rows + i + 1:,}, column {str(piece.columns[j])!r}"
                raise OutputError(f"{self.name}: {place} {_no_character(self.unheld, [texts[i]])}")


def _may_hold_text(values: pd.Series) -> bool:
    import pandas as pd

    return not (pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values))


def _no_character(unheld: re.Pattern[str], texts: Any) -> str:
    """Say which character cannot be held, and what can be done."""
    (found,) = [match for text in texts if (match := unheld.search(str(text)))][:1]
    code = ord(found[0])
    if 0xD800 <= code <= 0xDFFF:
        what, remedy = f"holds half a surrogate pair (U+{code:04X}), which no file can hold", "Mend it in the input."
    else:
        what = f"holds U+{code:04X}, which this format cannot hold"
        remedy = "Mend it in the input, or write .parquet or .jsonl."
    return f"{what}. {remedy}"


def places_in_words(places: list[tuple[int, str]]) -> str:
    """Name some places, (row, column) each, and count the rest.

    >>> places_in_words([(3, "comment"), (8, "Q2")])
    "row 3 of 'comment', row 8 of 'Q2'"
    """
    shown = [f"row {row:,} of {listed([column])}" for row, column in places[:_SHOWN_AT_MOST]]
    if len(places) > _SHOWN_AT_MOST:
        shown.append(f"and {len(places) - _SHOWN_AT_MOST:,} more")
    return ", ".join(shown)


def as_cell(value: Any) -> str:
    """Write a value as the text of a cell, a missing one as nothing."""
    if is_missing(value):
        return ""
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
