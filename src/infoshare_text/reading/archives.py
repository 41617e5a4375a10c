"""Archives: the one export in a ``.zip`` as a tool gives it out, and what no archive may do to the reader's memory."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from infoshare_text.errors import InputError, listed

DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, UnicodeError)
_UNPACKED_LIMIT = 2_000_000_000
_RATIO_LIMIT = 150
_RATIO_MATTERS_ABOVE = 50_000_000
_HELD_IN_MEMORY = 200_000_000
_CELLS_LIMIT, _SPARSE_CELLS, _SPARSE = 50_000_000, 2_000_000, 50
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_PLACE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]*)(\d+)\s*["']""")
_LONGEST_PLACE = 1_000
_ERROR = b' t="e"'
_FORMULA_ALONE = re.compile(
    rb"""<c\b(?![^>]{0,150}\st="str")[^>]{0,150}>\s?<f\b[^>]{0,150}(?:/>|>[^<]{0,600}</f>)\s?(?:<v\s?/>|<v></v>)?\s?</c>"""
)
"""A formula whose result is not stored; an empty text is a result, and marked as text."""


class Lost(NamedTuple):
    """Cells of a workbook that say nothing: with an error such as ``#NAME?``, or a formula never worked out."""

    errors: int
    formulas: int


@dataclass(frozen=True)
class Zipped:
    """A file in an archive, read where it lies.

    Attributes
    ----------
    archive : Path
    member : str
        Its name in the archive.
    """

    archive: Path
    member: str

    def __str__(self) -> str:
        return f"{self.archive}/{self.member}"

    @property
    def suffix(self) -> str:
        """How the name ends, with the dot."""
        return PurePosixPath(self.member).suffix

    def open(self, mode: str = "r", encoding: str | None = None, newline: str | None = None) -> IO[Any]:
        """Open it as :meth:`pathlib.Path.open` does, to read."""
        with zipfile.ZipFile(self.archive) as archive:
            member = archive.open(self.member)
        return member if "b" in mode else io.TextIOWrapper(member, encoding=encoding, newline=newline)

    def read_bytes(self) -> bytes:
        """Read it whole.

        Raises
        ------
        InputError
            Too large to be held in memory.
        """
        with zipfile.ZipFile(self.archive) as archive:
            if archive.getinfo(self.member).file_size > _HELD_IN_MEMORY:
                raise InputError(f"{self}: too large to be read inside the archive. Unpack it and name the file.")
            return archive.read(self.member)


def zipped_export(path: Path, ends: Sequence[str]) -> Zipped:
    """Find the one file of an archive whose name ends as exports do, and read it through to see that it is whole.

    Raises
    ------
    InputError
        Damaged, locked, a bomb, or not exactly one such file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not _is_litter(member)]
            exports = [member for member in members if PurePosixPath(member.filename).suffix.lower() in ends]
            if len(exports) != 1:
                held = listed([member.filename for member in exports or members], at_most=10)
                many = f"{len(exports)} files that could be the export" if exports else "no file that is an export"
                raise InputError(f"{path}: the archive holds {many} ({held}). Unpack it and name the one to read.")
            if exports[0].flag_bits & 1:
                raise InputError(f"{path}: the archive is locked with a password. Unpack it and name the file inside.")
            refuse_bomb(path, "archive", exports)
            if exports[0].header_offset + exports[0].compress_size > path.stat().st_size:
                raise zipfile.BadZipFile("a member reaches beyond the end")
            with archive.open(exports[0]) as part:
                while part.read(1 << 20):
                    pass
            return Zipped(path, exports[0].filename)
    except DAMAGE as error:
        raise InputError(f"{path}: the archive is damaged and cannot be opened. Download it again.") from error


def check_workbook(path: object, archive: zipfile.ZipFile) -> Lost:
    """Refuse a workbook that would fill the memory; count the cells that say nothing."""
    members = archive.infolist()
    refuse_bomb(path, "workbook", members)
    # Sizes are the archive's own word: zipfile stops at them and checks the sum,
    # so a member that lies about its size ends here and not in memory.
    lost = [_checked_part(path, archive, member) for member in members]
    return Lost(sum(part.errors for part in lost), sum(part.formulas for part in lost))


def refuse_bomb(path: object, what: str, members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse members that unpack to more than any survey export holds."""
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if unpacked > _UNPACKED_LIMIT or (unpacked > _RATIO_MATTERS_ABOVE and unpacked / packed > _RATIO_LIMIT):
        raise InputError(
            f"{path}: the {what} would unpack from {packed:,} to {unpacked:,} bytes, which no survey export does. "
            "It was not opened. If it is real, save it as CSV."
        )


def _checked_part(path: object, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Lost:
    """Read a member to its end; refuse a sheet whose corners lie too far apart to be held in memory."""
    rows = columns = places = errors = formulas = 0
    rest = b""
    with archive.open(member) as part:
        while block := part.read(1 << 20):
            if not member.filename.startswith("xl/worksheets/"):
                continue
            text = rest + block
            # What the last block ended with is looked at again, whole, with the next.
            found = _PLACE.findall(text)
            places += len(found)
            rows = max(rows, *(int(row[:12]) for row in {row for _, row in found}), 0)
            columns = max(columns, *(_column_number(letters) for letters in {letters for letters, _ in found}), 0)
            errors += text.count(_ERROR) - rest.count(_ERROR)
            formulas += _formulas_alone(text) - _formulas_alone(rest)
            rest = text[-_LONGEST_PLACE:]
    if rows > _LAST_ROW or columns > _LAST_COLUMN:
        raise InputError(
            f"{path}: a cell of the workbook lies beyond row {_LAST_ROW:,} or column {_LAST_COLUMN:,}, where no sheet "
            "reaches. The workbook is damaged. Export it again."
        )
    area = rows * columns
    if area > _CELLS_LIMIT or (area > _SPARSE_CELLS and area > _SPARSE * places):
        raise InputError(
            f"{path}: a sheet reaches to row {rows:,} and column {columns:,}, mostly empty. "
            "Delete what lies outside the answers, or save the sheet as CSV."
        )
    return Lost(errors, formulas)


def _formulas_alone(text: bytes) -> int:
    return len(_FORMULA_ALONE.findall(text)) if b"<f" in text else 0


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:8]:
        number = number * 26 + letter - 64
    return number


def _is_litter(member: zipfile.ZipInfo) -> bool:
    """Whether a member is a folder, or what a Mac leaves in archives."""
    parts = PurePosixPath(member.filename).parts
    return not parts or member.is_dir() or "__MACOSX" in parts or parts[-1].startswith(".")
