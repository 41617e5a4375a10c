"""CSV and its relatives: encoding and delimiter decided, every row accounted for."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from infoshare_text.errors import InputError
from infoshare_text.reading.archives import Zipped

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
CELL_LIMIT = 1_000_000
_BLOCK = 1 << 20
_END = "\x00\x00"


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
    """

    path: Path | Zipped
    encoding: str
    delimiter: str
    notes: list[str] = field(default_factory=list)
    declared: bool = False

    format = "csv"

    @classmethod
    def open(cls, path: Path | Zipped, encoding: str | None = None, delimiter: str | None = None) -> CsvFile:
        """Decide the encoding and the delimiter, unless given.

        Raises
        ------
        InputError
            NUL bytes, bytes that no supported encoding allows, or an unknown codec.
        """
        notes: list[str] = []
        encoding = _checked_codec(path, encoding) if encoding else _decide_encoding(path, notes)
        declared = _declared_delimiter(path, encoding)
        if delimiter is not None:
            delimiter = _checked_delimiter(path, delimiter)
        return cls(path, encoding, delimiter or declared or _decide_delimiter(path, encoding), notes, bool(declared))

    @property
    def description(self) -> str:
        """Encoding and delimiter in words."""
        name = {"utf-8-sig": "UTF-8 with BOM", "utf-8": "UTF-8", "cp1252": "Windows-1252"}
        delimiter = DELIMITERS.get(self.delimiter, repr(self.delimiter))
        return f"{name.get(self.encoding, self.encoding.upper())}, {delimiter}-separated"

    def rows(self) -> Iterator[list[str]]:
        """Yield every record, header rows included; blank lines come as empty lists."""
        for _, row in self.numbered_rows():
            yield row

    def numbered_rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (number of the record's last line in the file, cells)."""
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


def _checked_codec(path: Path | Zipped, encoding: str) -> str:
    try:
        "".encode(encoding)
        name = codecs.lookup(encoding).name
        return "utf-8-sig" if name == "utf-8" else name
    except LookupError:
        raise InputError(
            f"{path}: there is no encoding {encoding!r}. Common ones: utf-8, utf-16, cp1252, mac_roman."
        ) from None


def _decide_encoding(path: Path | Zipped, notes: list[str]) -> str:
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    wide = _utf16_without_bom(start)
    if wide:
        notes.append(f"no byte-order mark, but every second byte is zero: read as {wide.upper()}")
        return wide
    lines, good = _lines_outside_utf8(path)
    if lines and good > len(lines):
        shown = ", ".join(str(line) for line in lines[:5])
        raise InputError(
            f"{path}: {good:,} lines with letters such as é or – are UTF-8, but line {shown} is not, so the file mixes "
            "two encodings. Mend that line, or name one encoding with --encoding."
        )
    if not lines:
        return "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
    _check_windows_1252(path, lines)
    shown = ", ".join(str(line) for line in lines[:5])
    more = f" and {len(lines) - 5} more" if len(lines) > 5 else ""
    notes.append(
        f"not UTF-8 (line {shown}{more}): read as Windows-1252. If letters such as é, £ or – look wrong, "
        "name the encoding with --encoding"
    )
    return "cp1252"


def _utf16_without_bom(start: bytes) -> str | None:
    if len(start) < 4:
        return None
    even, odd = start[0::2].count(0) / len(start[0::2]), start[1::2].count(0) / len(start[1::2])
    if odd > 0.6 and even < 0.1:
        return "utf-16-le"
    if even > 0.6 and odd < 0.1:
        return "utf-16-be"
    return None


def _lines_outside_utf8(path: Path | Zipped) -> tuple[list[int], int]:
    """Return the numbers of the lines that are not UTF-8, and how many are and show it; refuse NUL bytes."""
    outside: list[int] = []
    good = 0
    with path.open("rb") as file:
        for number, line in enumerate(_physical_lines(file), 1):
            if b"\0" in line:
                raise InputError(
                    f"{path}: line {number} holds a NUL byte (0x00), so the file is damaged or is not text. "
                    "Export it again."
                )
            try:
                line.decode("utf-8")
                good += not line.isascii()
            except UnicodeDecodeError:
                outside.append(number)
    return outside, good


def _physical_lines(file: object) -> Iterator[bytes]:
    """Iterate over lines, a very long one in blocks cut where no character is split."""
    read = file.readline  # type: ignore[attr-defined]
    while line := read(_BLOCK):
        while not line.endswith(b"\n") and line[-1] >= 0x80 and len(line) < _BLOCK + 4:
            following = read(1)
            if not following:
                break
            line += following
        yield line


def _check_windows_1252(path: Path | Zipped, lines: list[int]) -> None:
    wanted = set(lines)
    with path.open("rb") as file:
        for number, line in enumerate(_physical_lines(file), 1):
            if number not in wanted:
                continue
            try:
                line.decode("cp1252")
            except UnicodeDecodeError as error:
                raise InputError(
                    f"{path}: line {number} holds the byte {line[error.start]:#04x}, which is neither UTF-8 nor "
                    "Windows-1252. Name the encoding with --encoding (an old Mac export is mac_roman)."
                ) from None


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
