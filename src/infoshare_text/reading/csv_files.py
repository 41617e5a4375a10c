"""CSV and its relatives: encoding and delimiter decided, every row accounted for."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from infoshare_text.errors import InputError
from infoshare_text.reading.archives import Zipped
from infoshare_text.reading.encodings import NAMES, checked_codec, decide_encoding
from infoshare_text.reading.spreadsheet_text import all_guarded, unguarded

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
CELL_LIMIT = 1_000_000
_END = "\x00\x00"
_GUARD_EXAMPLE = "'=... or '-..."


@dataclass(frozen=True)
class CsvFile:
    """A delimited text file whose encoding and delimiter are known.

    Attributes
    ----------
    path : Path or Zipped
    encoding : str
        Python codec name.
    delimiter : str
    notes : list of str
        What was decided that a person may want to know.
    declared : bool
        Whether the first line is ``sep=;`` or the like, which is no row.
    guarded : bool
        Whether texts have an apostrophe against formulas, which is taken off.
    """

    path: Path | Zipped
    encoding: str
    delimiter: str
    notes: list[str] = field(default_factory=list)
    declared: bool = False
    guarded: bool = False

    format = "csv"

    @classmethod
    def open(
        cls,
        path: Path | Zipped,
        encoding: str | None = None,
        delimiter: str | None = None,
        guarded: bool | None = None,
    ) -> CsvFile:
        """Decide the encoding, the delimiter and whether texts are guarded, unless given.

        Raises
        ------
        InputError
            NUL bytes, bytes that no supported encoding allows, or an unknown codec.
        """
        notes: list[str] = []
        encoding = checked_codec(path, encoding) if encoding else decide_encoding(path, notes)
        declared = _declared_delimiter(path, encoding)
        if delimiter is not None:
            delimiter = _checked_delimiter(path, delimiter)
        file = cls(path, encoding, delimiter or declared or _decide_delimiter(path, encoding), notes, bool(declared))
        return replace(file, guarded=_decide_guard(file) if guarded is None else guarded)

    @property
    def description(self) -> str:
        """Encoding and delimiter in words."""
        delimiter = DELIMITERS.get(self.delimiter, repr(self.delimiter))
        return f"{NAMES.get(self.encoding, self.encoding.upper())}, {delimiter}-separated"

    def rows(self) -> Iterator[list[str]]:
        """Yield every record, header rows included; blank lines come as empty lists."""
        for _, row in self.numbered_rows():
            yield row

    def numbered_rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (number of the record's last line in the file, cells)."""
        for line, row in self._records():
            yield line, [unguarded(cell) for cell in row] if self.guarded else row

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        csv.field_size_limit(CELL_LIMIT)
        with self.path.open(encoding=self.encoding, newline="") as file:
            line = 0
            try:
                lines = _without_nul(self.path, islice(file, int(self.declared), None))
                reader = csv.reader(chain(lines, [_END]), delimiter=self.delimiter, strict=True)
                for row in reader:
                    if row == [_END]:
                        return
                    line = reader.line_num + self.declared
                    yield line, row
            except csv.Error as error:
                if "unexpected end" in str(error):
                    raise InputError(_unclosed_quote(self.path, line + 1)) from error
                raise InputError(
                    f"{self.path}: the record that begins on line {line + 1} cannot be read ({error}). "
                    'A quotation mark (") inside a quoted cell must be doubled (""), and a cell holds '
                    f"{CELL_LIMIT:,} characters at most."
                ) from error
            except UnicodeError as error:
                raise InputError(
                    f"{self.path}: what follows line {line} is not {self.encoding}. "
                    "Name the right encoding with --encoding."
                ) from error


def _without_nul(path: Path | Zipped, lines: Iterator[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            raise InputError(f"{path}: line {number} holds a NUL character. Export the file again.")
        yield line


def _unclosed_quote(path: Path | Zipped, line: int) -> str:
    return (
        f'{path}: a quotation mark (") is opened in the record that begins on line {line} and never closed, '
        "so everything after it would be one cell. Close it, or export the file again."
    )


def _checked_delimiter(path: Path | Zipped, delimiter: str) -> str:
    names = {name: character for character, name in DELIMITERS.items()} | {"\\t": "\t"}
    character = names.get(delimiter, delimiter)
    if len(character) != 1 or character in '"\r\n':
        raise InputError(
            f"{path}: {delimiter!r} cannot be a delimiter. Give one character, or one of: {', '.join(names)}."
        )
    return character


def _declared_delimiter(path: Path | Zipped, encoding: str) -> str | None:
    """Return the delimiter that a first line such as ``sep=;`` declares."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            first = file.readline(8).rstrip("\r\n")
    except UnicodeError:
        return None
    return first[4] if len(first) == 5 and first.lower().startswith("sep=") else None


def _decide_delimiter(path: Path | Zipped, encoding: str) -> str:
    """Take the delimiter that splits the first records most consistently into most cells."""
    scores: dict[str, tuple[float, int]] = {}
    for delimiter in DELIMITERS:
        sample = islice(CsvFile(path, encoding, delimiter).rows(), 50)
        try:
            widths = Counter(len(row) for row in sample if row)
        except InputError:
            continue
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        if width > 1:
            scores[delimiter] = (times / widths.total(), width)
    return max(scores, key=lambda delimiter: scores[delimiter], default=",")


def _decide_guard(file: CsvFile) -> bool:
    """Whether the file was written with the guard against formulas; its lines then end as spreadsheets write them."""
    with file.path.open("rb") as raw:
        raw.seek(max(raw.seek(0, 2) - 4, 0))
        ends_as_written = raw.read().replace(b"\0", b"").endswith(b"\r\n")
    try:
        found = all_guarded(file.rows())
    except InputError:
        # Told by whoever reads the rows, with all else that is wrong.
        return False
    if found and ends_as_written:
        file.notes.append(
            f"texts such as {_GUARD_EXAMPLE} are read without the apostrophe, which keeps a spreadsheet from running "
            "them; --not-guarded keeps it"
        )
    elif found:
        file.notes.append(
            f"texts such as {_GUARD_EXAMPLE} are read with the apostrophe; if it was put there against formulas, "
            "--guarded takes it off"
        )
    return found and ends_as_written
