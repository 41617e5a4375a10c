"""JSON lines: one object a row."""

from __future__ import annotations

import json
import math
from typing import IO, TYPE_CHECKING, Any

from infoshare_text.reading.survey import is_missing
from infoshare_text.writing.table_writer import TableWriter

if TYPE_CHECKING:
    import pandas as pd


class JsonLinesWriter(TableWriter):
    """One JSON object a line, missing values as null; dates and what else JSON has no form for as text."""

    def __init__(self, stream: IO[str], name: str) -> None:
        super().__init__(name)
        self._stream = stream

    def _append(self, piece: pd.DataFrame) -> None:
        names = [str(name) for name in piece.columns]
        columns = [[_json_value(value) for value in piece.iloc[:, j].tolist()] for j in range(len(names))]
        for values in zip(*columns, strict=True):
            self._stream.write(json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


def _json_value(value: Any) -> Any:
    if is_missing(value):
        return None
    if isinstance(value, float) and math.isinf(value):
        return str(value)
    if isinstance(value, (str, int, float, bool, dict, list)):
        return value
    return str(value)
