"""Parquet: every value with its type."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from infoshare_text.errors import OutputError
from infoshare_text.writing.table_writer import TableWriter

if TYPE_CHECKING:
    import pandas as pd


class ParquetWriter(TableWriter):
    """Parquet with the types of the first piece."""

    def __init__(self, temporary: Path, name: str) -> None:
        super().__init__(name)
        self._temporary = temporary
        self._writer: Any = None

    def _append(self, piece: pd.DataFrame) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        piece = piece.copy(deep=False)
        piece.columns = [str(name) for name in piece.columns]
        table = pa.table({name: self._typed(piece[name], name) for name in piece.columns})
        if self._writer is None:
            schema = pa.schema([_not_null_type(field) for field in table.schema])
            self._writer = pq.ParquetWriter(self._temporary, schema, compression="zstd")
        self._writer.write_table(table.cast(self._writer.schema))

    def _typed(self, values: pd.Series, name: str) -> Any:
        """Bring a column to the type it had in the first piece: an empty one, and whole numbers among others."""
        import pyarrow as pa

        try:
            column = pa.Table.from_pandas(values.to_frame(), preserve_index=False).column(0)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError) as error:
            raise self._mixed(name, "values of several types") from error
        if self._writer is None:
            return column
        wanted = self._writer.schema.field(name).type
        widened = pa.types.is_integer(column.type) and pa.types.is_floating(wanted)
        if column.type != wanted and not pa.types.is_null(column.type) and not widened:
            raise self._mixed(name, f"values of several types, {column.type} after {wanted},")
        try:
            return column.cast(wanted)
        except pa.ArrowInvalid as error:
            raise self._mixed(name, "numbers that cannot be kept as one type,") from error

    def _mixed(self, name: str, what: str) -> OutputError:
        return OutputError(
            f"{self.name}: column {name!r} holds {what} from row {self.rows + 1:,} on, which Parquet cannot hold. "
            "Write .jsonl or .csv."
        )

    def close(self) -> None:
        """Write the footer."""
        if self._writer is not None:
            self._writer.close()


def _not_null_type(field: Any) -> Any:
    """Type a column as text that is empty so far: it may hold text later."""
    import pyarrow as pa

    return field.with_type(pa.string()) if pa.types.is_null(field.type) else field
