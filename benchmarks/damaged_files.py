"""Ways to damage an export, for fuzz_readers.py: each takes a whole file and a random source, and gives a broken one.

A file is its name and its bytes. Nothing here reads the library: what is broken is known by format alone.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

ENDS = ("csv", "tsv", "txt", "xlsx", "parquet", "jsonl", "sav", "zip")
TEXT = ("csv", "tsv", "jsonl")
ARCHIVES = ("xlsx", "zip")
_ODD_CODECS = (
    "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7",
    "mac_roman", "cp437", "latin-1", "cp1252", "shift_jis", "cp500",
)  # fmt: skip
_MARKS = (
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"PK\x03\x04",
    b"PAR1",
    b"$FL2",
    b"\x1f\x8b",
    b"%PDF",
    b"<html>",
    b"{",
)
_LINE_ENDS = ("\r", "\n", "\r\n", "\n\r", "\x0b", "\x0c", "\x85", "\u2028", "\n\n\n")
_HUGE = 400_000_000


@dataclass(frozen=True)
class Export:
    """A whole file: how its name ends, and what is in it."""

    name: str
    end: str
    content: bytes

    @property
    def text(self) -> str:
        """What the file says, where it is text."""
        mark = self.content[:2] in (b"\xff\xfe", b"\xfe\xff")
        return self.content.decode("utf-16" if mark else "utf-8-sig", errors="replace")


Damage = Callable[[Export, Random], tuple[str, bytes]]


def bit_flips(export: Export, random: Random) -> tuple[str, bytes]:
    """Change single bits."""
    content = bytearray(export.content)
    for _ in range(random.choice((1, 2, 5, 20, 100))):
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    return export.end, bytes(content)


def truncation(export: Export, random: Random) -> tuple[str, bytes]:
    """Keep the beginning only."""
    return export.end, export.content[: random.randrange(len(export.content))]


def insertion(export: Export, random: Random) -> tuple[str, bytes]:
    """Put random bytes between the others."""
    content = export.content
    for _ in range(random.choice((1, 3, 20))):
        at = random.randrange(len(content) + 1)
        content = content[:at] + random.randbytes(random.choice((1, 2, 7, 300))) + content[at:]
    return export.end, content


def lost_piece(export: Export, random: Random) -> tuple[str, bytes]:
    """Take a piece out of the middle."""
    start, stop = sorted(random.randrange(len(export.content)) for _ in range(2))
    return export.end, export.content[:start] + export.content[stop:]


def repeated_piece(export: Export, random: Random) -> tuple[str, bytes]:
    """Write a piece many times over."""
    start = random.randrange(len(export.content))
    piece = export.content[start : start + random.choice((1, 30, 1000))]
    return export.end, export.content[:start] + piece * random.choice((2, 50, 3000)) + export.content[start:]


def zeroed_block(export: Export, random: Random) -> tuple[str, bytes]:
    """Blank a block, as a failing disk does."""
    start, long = random.randrange(len(export.content)), random.choice((1, 16, 512, 4096))
    return export.end, export.content[:start] + bytes(long) + export.content[start + long :]


def wrong_end(export: Export, random: Random) -> tuple[str, bytes]:
    """Name the file as what it is not."""
    return random.choice([end for end in (*ENDS, "xls", "doc", "pdf", "gz", "") if end != export.end]), export.content


def wrong_start(export: Export, random: Random) -> tuple[str, bytes]:
    """Begin with the mark of another kind of file or encoding."""
    return export.end, random.choice(_MARKS) * random.choice((1, 1, 2)) + export.content


def noise(export: Export, random: Random) -> tuple[str, bytes]:
    """Nothing but random bytes, or nothing but one."""
    long = random.choice((0, 1, 2, 3, 8, 100, 5000))
    return export.end, random.choice((random.randbytes(long), bytes([random.randrange(256)]) * long))


def odd_encoding(export: Export, random: Random) -> tuple[str, bytes]:
    """Write the text in an encoding that few would expect."""
    return export.end, export.text.encode(random.choice(_ODD_CODECS), errors="replace")


def mixed_encodings(export: Export, random: Random) -> tuple[str, bytes]:
    """Write each line in one of two encodings."""
    codecs = random.sample(("utf-8", "cp1252", "mac_roman", "utf-16-le", "latin-1"), 2)
    lines = export.text.splitlines(keepends=True)
    return export.end, b"".join(line.encode(random.choice(codecs), errors="replace") for line in lines)


def broken_quotes(export: Export, random: Random) -> tuple[str, bytes]:
    """Add and take away quotation marks."""
    text = export.text
    for _ in range(random.choice((1, 3, 30))):
        at = random.randrange(len(text))
        text = text[:at] + random.choice(('"', '""', "'", "“", '\\"')) + text[at + random.choice((0, 1)) :]
    if random.random() < 0.3:
        text = text.replace('"', "", random.choice((1, 5, -1)))
    return export.end, text.encode()


def mixed_delimiters(export: Export, random: Random) -> tuple[str, bytes]:
    """Write other delimiters in some of the lines."""
    lines = export.text.splitlines(keepends=True)
    swapped = [
        line.replace(random.choice(",;\t"), random.choice(",;\t|")) if random.random() < 0.4 else line for line in lines
    ]
    return export.end, "".join(swapped).encode()


def mixed_line_ends(export: Export, random: Random) -> tuple[str, bytes]:
    """End each line otherwise."""
    lines = export.text.splitlines()
    return export.end, "".join(line + random.choice(_LINE_ENDS) for line in lines).encode()


def shuffled_lines(export: Export, random: Random) -> tuple[str, bytes]:
    """Leave lines out, put some twice, in any order."""
    lines = export.text.splitlines(keepends=True)
    return export.end, "".join(random.choices(lines, k=random.randrange(2 * len(lines)))).encode()


def odd_characters(export: Export, random: Random) -> tuple[str, bytes]:
    """Put characters that are hard to see or to hold between the others."""
    text = export.text
    for _ in range(random.choice((1, 10, 60))):
        at = random.randrange(len(text) + 1)
        text = (
            text[:at]
            + random.choice("\0\x01\x1a\x1b\ufeff\u200b\u202e\ufffe\U0001f680\u0301\x85\u2029\xa0")
            + text[at:]
        )
    return export.end, text.encode()


def giant_cell(export: Export, random: Random) -> tuple[str, bytes]:
    """Make one cell enormous, closed or not."""
    text, at = export.text, random.randrange(len(export.text))
    filler = random.choice(("word ", "x", '""', "\n", ",", "é")) * random.choice(
        (*[40_000] * 30, *[400_000] * 9, 3_000_000)
    )
    return export.end, (text[:at] + random.choice(("", '"')) + filler + random.choice(("", '"')) + text[at:]).encode()


def thousands_of_columns(export: Export, random: Random) -> tuple[str, bytes]:
    """Widen every row, or only some."""
    wide, always = random.choice((*[60] * 40, *[600] * 8, 3_000, 20_000)), random.random() < 0.5
    lines = export.text.splitlines()
    ends = (f",{random.choice(('', 'x', 'Why?'))}" * wide if always or random.random() < 0.3 else "" for _ in lines)
    return export.end, "\n".join(line + end for line, end in zip(lines, ends, strict=True)).encode()


def damaged_part(export: Export, random: Random) -> tuple[str, bytes]:
    """Damage one part of an archive and pack it again, sums right."""
    parts = _parts(export.content)
    name = random.choice(list(parts))
    how = random.choice((bit_flips, truncation, insertion, lost_piece, repeated_piece, _lost_tag, _odd_value))
    parts[name] = how(Export(name, export.end, parts[name] or b" "), random)[1]
    return export.end, packed(parts)


def missing_part(export: Export, random: Random) -> tuple[str, bytes]:
    """Leave parts of an archive out, or rename them."""
    parts = _parts(export.content)
    for name in random.sample(list(parts), k=random.randrange(1, len(parts) + 1)):
        content = parts.pop(name)
        if random.random() < 0.5:
            parts[random.choice(("../../out.csv", "/etc/x.csv", "a.csv", "b.txt", name.upper(), "xl/workbook.xml"))] = (
                content
            )
    return export.end, packed(parts)


def absurd_sheet(export: Export, random: Random) -> tuple[str, bytes]:
    """Let a sheet claim to reach far, point nowhere, or hold what no cell can."""
    parts = _parts(export.content)
    sheets = [name for name in parts if name.startswith("xl/worksheets/")]
    if not sheets:
        return missing_part(export, random)
    sheet = parts[sheets[0]].decode()
    places = "XFD1048576", "ZZZZ99999999", "A1048576", "AZ9", "A0", "1A", "", "B4294967297", "XFE2000000", "CBA90000"
    far = random.choice(places if random.random() < 0.97 else ("XFD1",))
    match random.randrange(8):
        case 0:
            sheet = re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="A1:{far}"', sheet)
        case 1:
            sheet = sheet.replace(
                "</sheetData>", f'<row><c r="{far}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
            )
        case 2:
            sheet = re.sub(
                r"<v>\d+</v>", lambda _: f"<v>{random.choice((-1, 10**9, 10**30, 'x', '', '1e999', 'nan'))}</v>", sheet
            )
        case 3:
            sheet = re.sub(r' r="[A-Z]+(\d+)"', lambda m: f' r="{far}"' if random.random() < 0.1 else m[0], sheet)
        case 4:
            sheet = sheet.replace("</worksheet>", f'<mergeCells><mergeCell ref="A1:{far}"/></mergeCells></worksheet>')
        case 5:
            sheet = re.sub(r' t="s"', lambda _: f' t="{random.choice(("d", "b", "e", "str", "n", "?"))}"', sheet)
        case 6:
            sheet = _entities(sheet, random)
        case _:
            sheet = re.sub(r'<row r="\d+"', lambda _: f'<row r="{random.choice((0, 1, 2**31, 2**33, -5))}"', sheet)
    parts[sheets[0]] = sheet.encode()
    return export.end, packed(parts)


def lying_archive(export: Export, random: Random) -> tuple[str, bytes]:
    """Change what an archive says of its parts: sizes, method, sums, encryption, where the directory lies."""
    content = bytearray(export.content)
    places = [m.start() for m in re.finditer(b"PK\x01\x02|PK\x03\x04|PK\x05\x06", bytes(content))]
    for _ in range(random.choice((1, 1, 3))):
        at = random.choice(places) + 4 + random.randrange(40)
        value = random.choice((0, 1, 9, 99, 0x7FFF, 0xFFFF, random.randrange(1 << 16)))
        content[at : at + 2] = struct.pack("<H", value)
    return export.end, bytes(content)


def archive_in_archive(export: Export, random: Random) -> tuple[str, bytes]:
    """Put the file into an archive, and that into another, beside other things."""
    content, name = export.content, f"{export.name}.{export.end}"
    for _ in range(random.choice((1, 1, 2, 5))):
        parts = {name: content}
        if random.random() < 0.4:
            parts[
                random.choice(("__MACOSX/._x.csv", ".DS_Store", "folder/", "readme.md", "second.csv", "a/b/c.xlsx"))
            ] = b"x"
        content, name = packed(parts), "inner.zip"
    return random.choice(("zip", "zip", "zip", "xlsx", "csv")), content


def bomb(export: Export, random: Random) -> tuple[str, bytes]:
    """Pack hundreds of megabytes into a small archive."""
    return random.choice((("zip", _bomb("a.csv")), ("xlsx", _bomb("xl/worksheets/sheet1.xml")), ("csv", _bomb("a.csv")),
                          ("xlsx", _bomb("xl/sharedStrings.xml")), ("zip", _bomb("a.xlsx"))))  # fmt: skip


EVERYWHERE: Sequence[Damage] = (
    bit_flips, truncation, insertion, lost_piece, repeated_piece, zeroed_block, wrong_end, wrong_start, noise,
    archive_in_archive,
)  # fmt: skip
OF_TEXT: Sequence[Damage] = (
    odd_encoding, mixed_encodings, broken_quotes, mixed_delimiters, mixed_line_ends, shuffled_lines, odd_characters,
    giant_cell, thousands_of_columns,
)  # fmt: skip
OF_ARCHIVES: Sequence[Damage] = (damaged_part, missing_part, absurd_sheet, lying_archive, bomb)


def damages(export: Export) -> list[Damage]:
    """List the ways that apply to a file."""
    return [*EVERYWHERE, *(OF_TEXT if export.end in TEXT else ()), *(OF_ARCHIVES if export.end in ARCHIVES else ())]


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    """Pack an archive, the same for the same parts."""
    archived = io.BytesIO()
    with zipfile.ZipFile(archived, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return archived.getvalue()


def _lost_tag(export: Export, random: Random) -> tuple[str, bytes]:
    tags = [m.span() for m in re.finditer(rb"<[^<>]*>", export.content)]
    start, stop = random.choice(tags or [(0, 1)])
    return export.end, export.content[:start] + export.content[stop:]


def _odd_value(export: Export, random: Random) -> tuple[str, bytes]:
    values = [m.span() for m in re.finditer(rb'"[^"<>]*"', export.content)]
    start, stop = random.choice(values or [(0, 1)])
    return export.end, export.content[:start] + random.choice(
        (b'""', b'"-1"', b'"99999999999"', b'"\x00"')
    ) + export.content[stop:]


def _entities(sheet: str, random: Random) -> str:
    """Declare entities that grow a thousandfold when they are expanded."""
    lines = ['<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">']
    lines += [f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)]
    start = sheet.find("<worksheet")
    grown = sheet[:start] + "".join(lines) + "]>" + sheet[start:]
    return grown.replace("</sheetData>", '<row><c t="inlineStr"><is><t>&j;</t></is></c></row></sheetData>')


@cache
def _bomb(name: str) -> bytes:
    archived = io.BytesIO()
    with zipfile.ZipFile(archived, "w", compresslevel=1) as archive:
        if name.startswith("xl/"):
            archive.writestr(zipfile.ZipInfo("xl/workbook.xml"), "<workbook/>")
        place = zipfile.ZipInfo(name)
        place.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(place, "w", force_zip64=True) as part:
            for _ in range(_HUGE // 10_000_000):
                part.write(b"comment\n\n\n" * 1_000_000)
    return archived.getvalue()
