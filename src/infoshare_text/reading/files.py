"""What kind of file this is, told by its content; the extension must agree."""

from __future__ import annotations

import re
import zipfile
from difflib import get_close_matches
from pathlib import Path

from infoshare_text.errors import InputError

CSV, XLSX, PARQUET, JSONL, SPSS = "csv", "xlsx", "parquet", "jsonl", "sav"

FORMATS: dict[str, str] = {
    ".csv": CSV,
    ".tsv": CSV,
    ".tab": CSV,
    ".txt": CSV,
    ".xlsx": XLSX,
    ".parquet": PARQUET,
    ".pq": PARQUET,
    ".jsonl": JSONL,
    ".ndjson": JSONL,
}

_READ_ONLY = {".sav": SPSS, ".zsav": SPSS}
_NOT_READ = {
    b"%pdf": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"<!doctyp": "a web page",
    b"<html": "a web page",
}
_CELLS_LIMIT = 50_000_000
_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_UNPACKED_LIMIT = 2_000_000_000
_RATIO_LIMIT = 150
_RATIO_MATTERS_ABOVE = 50_000_000


def file_format(path: Path) -> str:
    """Decide the format of an existing file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        ``csv``, ``xlsx``, ``parquet``, ``jsonl`` or ``sav``.

    Raises
    ------
    InputError
        The file is absent, a directory, empty, of a kind that is not read here, or
        not what its extension says.
    """
    _check_readable(path)
    claimed = (FORMATS | _READ_ONLY).get(path.suffix.lower())
    with path.open("rb") as file:
        start = file.read(8)
    found = _format_of_content(path, start, claimed)
    if claimed is None:
        raise InputError(
            f"{path}: files ending in {path.suffix or 'nothing'!r} are not read. "
            f"Save the export as one of: {', '.join(FORMATS | _READ_ONLY)}."
        )
    if claimed != found:
        raise InputError(
            f"{path}: the name says {claimed}, the content is {found}. "
            f"Rename the file to end in .{found}, or export it again as {claimed}."
        )
    return found


def format_of_content(path: Path) -> str:
    """Tell the format of a file whose name says nothing.

    Raises
    ------
    InputError
        The content is of a kind that is not read here.
    """
    with path.open("rb") as file:
        return _format_of_content(path, file.read(8), None)


def _check_readable(path: Path) -> None:
    try:
        there = path.exists()
    except OSError as error:
        raise InputError(f"{path}: cannot be reached ({error.strerror}).") from error
    if not there:
        there_are = sorted(p.name for p in path.parent.glob("*") if p.suffix.lower() in FORMATS)
        near = get_close_matches(path.name, there_are, n=5) or there_are[:5]
        more = f" and {len(there_are) - len(near)} more" if len(there_are) > len(near) else ""
        hint = f" In that folder are: {', '.join(near)}{more}." if near else ""
        raise InputError(f"{path}: there is no such file.{hint}")
    if path.is_dir():
        raise InputError(f"{path}: this is a folder. Name one file in it.")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror}).") from error
    if empty:
        raise InputError(f"{path}: the file is empty (0 bytes). Export it again.")


def _format_of_content(path: Path, start: bytes, claimed: str | None) -> str:
    if start.startswith(b"PK"):
        return _format_of_archive(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(
            f"{path}: this is an old .xls workbook or one locked with a password. "
            "Open it in a spreadsheet and save it as .xlsx without a password."
        )
    if start.startswith(b"PAR1"):
        return PARQUET
    if start.startswith((b"$FL2", b"$FL3")):
        return SPSS
    for magic, kind in _NOT_READ.items():
        if start.lower().startswith(magic):
            raise InputError(f"{path}: this is {kind}, which is not read yet. Save it as CSV or XLSX.")
    if claimed in (PARQUET, XLSX, SPSS):
        return CSV
    if claimed == JSONL or start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b'{"'):
        return JSONL
    return CSV


def _format_of_archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if "xl/workbook.xml" not in names:
                raise InputError(f"{path}: this is a zip archive, not a workbook. Unpack it and name the file inside.")
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise InputError(
                    f"{path}: the workbook holds macros, which are not opened. Save it as .xlsx without macros."
                )
            _refuse_bomb(path, archive, members)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise InputError(f"{path}: the workbook is damaged and cannot be opened. Export it again.") from error
    return XLSX


def _refuse_bomb(path: Path, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if unpacked > _UNPACKED_LIMIT or (unpacked > _RATIO_MATTERS_ABOVE and unpacked / packed > _RATIO_LIMIT):
        raise InputError(
            f"{path}: the workbook would unpack from {packed:,} to {unpacked:,} bytes, which no survey export does. "
            "It was not opened. If it is real, save it as CSV."
        )
    # Sizes above are the archive's own word: zipfile stops at them and checks the sum,
    # so a member that lies about its size ends here and not in memory.
    for member in members:
        _refuse_wide_sheet(path, archive, member)


def _refuse_wide_sheet(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read a member to its end, and refuse a sheet whose corners lie too far apart to be held in memory."""
    rows = columns = 0
    rest = b""
    with archive.open(member) as part:
        while block := part.read(1 << 20):
            if member.filename.startswith("xl/worksheets/"):
                text = rest + block
                for column, row in _CELL.findall(text):
                    rows, columns = max(rows, int(row)), max(columns, _column_number(column))
                rest = text[-20:]
    if rows * columns > _CELLS_LIMIT:
        raise InputError(
            f"{path}: a sheet reaches to row {rows:,} and column {columns:,}, mostly empty. "
            "Delete what lies outside the answers, or save the sheet as CSV."
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
