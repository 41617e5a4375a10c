"""Which encoding a text file is in: by its mark, by its bytes, by which reading gives words."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from infoshare_text.errors import InputError
from infoshare_text.reading.archives import Zipped

UTF8, UTF8_MARKED, WINDOWS, MAC = "utf-8", "utf-8-sig", "cp1252", "mac_roman"
NAMES = {UTF8_MARKED: "UTF-8 with BOM", UTF8: "UTF-8", WINDOWS: "Windows-1252", MAC: "Mac Roman"}
_BLOCK = 1 << 20
_LOOKED_AT = 20_000
_WORDS_FOR_MAC, _WORDS_FOR_WINDOWS = 0.9, 0.75
# What people type, or a word processor writes for them.
_USUAL_SIGNS = frozenset("‘’‚“”„–—…•·£€¥§©®™°±²³¼½¾«»¿¡×÷\u00a0")


def checked_codec(path: Path | Zipped, encoding: str) -> str:
    """Return Python's name of an encoding that a person named.

    Raises
    ------
    InputError
        There is none of this name.
    """
    try:
        "".encode(encoding)
        name = codecs.lookup(encoding).name
        return {UTF8: UTF8_MARKED, "mac-roman": MAC}.get(name, name)
    except LookupError:
        raise InputError(
            f"{path}: there is no encoding {encoding!r}. Common ones: utf-8, utf-16, cp1252, mac_roman."
        ) from None


def decide_encoding(path: Path | Zipped, notes: list[str]) -> str:
    """Decide the encoding of a text file.

    Parameters
    ----------
    path : Path or Zipped
    notes : list of str
        Receives what a person should know of the decision.

    Returns
    -------
    str
        Python codec name: that of a byte-order mark; else UTF-8 where all of the file is; else of Windows-1252 and
        Mac Roman the one in which the letters stand where letters stand in words.

    Raises
    ------
    InputError
        NUL bytes, two encodings in one file, or bytes that no encoding here allows.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    wide = _utf16_without_mark(start)
    if wide:
        notes.append(f"no byte-order mark, but every second byte is zero: read as {wide.upper()}")
        return wide
    lines, good = _lines_outside_utf8(path)
    if lines and good > len(lines):
        raise InputError(
            f"{path}: {good:,} lines with letters such as é or – are UTF-8, but {_shown(lines)} is not, so the file "
            "mixes two encodings. Mend that line, or name one encoding with --encoding."
        )
    if not lines:
        return UTF8_MARKED if start.startswith(codecs.BOM_UTF8) else UTF8
    encoding = _of_one_byte(path, lines)
    more = f" and {len(lines) - 5} more" if len(lines) > 5 else ""
    notes.append(
        f"not UTF-8 ({_shown(lines)}{more}): read as {NAMES[encoding]}. If letters such as é, £ or – look wrong, "
        "name the encoding with --encoding"
    )
    return encoding


def _shown(lines: list[int]) -> str:
    return f"line {', '.join(str(line) for line in lines[:5])}"


def _utf16_without_mark(start: bytes) -> str | None:
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
                line.decode(UTF8)
                good += not line.isascii()
            except UnicodeDecodeError:
                outside.append(number)
    return outside, good


def _physical_lines(file: IO[bytes]) -> Iterator[bytes]:
    """Iterate over lines, a very long one in blocks cut where no character is split."""
    while line := file.readline(_BLOCK):
        while not line.endswith(b"\n") and line[-1] >= 0x80 and len(line) < _BLOCK + 4:
            following = file.read(1)
            if not following:
                break
            line += following
        yield line


def _of_one_byte(path: Path | Zipped, lines: list[int]) -> str:
    """Choose between Windows-1252 and Mac Roman by the lines that are not UTF-8."""
    wanted = set(lines)
    undefined: tuple[int, int] | None = None
    sample = b""
    with path.open("rb") as file:
        for number, line in enumerate(_physical_lines(file), 1):
            if number not in wanted:
                continue
            sample += line[:_LOOKED_AT] if len(sample) < _LOOKED_AT else b""
            try:
                line.decode(WINDOWS)
            except UnicodeDecodeError as error:
                undefined = undefined or (number, line[error.start])
    mac, windows = _share_in_words(sample.decode(MAC)), _share_in_words(sample.decode(WINDOWS, errors="replace"))
    if mac >= _WORDS_FOR_MAC and windows <= _WORDS_FOR_WINDOWS:
        return MAC
    if undefined:
        raise InputError(
            f"{path}: line {undefined[0]} holds the byte {undefined[1]:#04x}, which is neither UTF-8 nor "
            "Windows-1252. Name the encoding with --encoding (an old Mac export is mac_roman)."
        )
    return WINDOWS


def _share_in_words(text: str) -> float:
    """Return the share of letters and signs beyond ASCII that stand where a writer puts them.

    A capital inside or at the end of a word ('donÕt', 'cafŽ') is none that anybody wrote.
    """
    there = [at for at, character in enumerate(text) if not character.isascii()]
    return sum(_in_place(text, at) for at in there) / len(there) if there else 0.0


def _in_place(text: str, at: int) -> bool:
    character = text[at]
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if character in _USUAL_SIGNS:
        return True
    if character.islower():
        among_capitals = before.isupper() and (after.isupper() or not after.isalpha())
        return (before.isalpha() or after.isalpha() or character in "àé") and not among_capitals
    return character.isupper() and not before.islower() and (after.isalpha() or before.isupper())
