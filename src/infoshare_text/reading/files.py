"""What kind of file this is, told by its content; the extension must agree."""

from __future__ import annotations

import zipfile
from difflib import get_close_matches
from pathlib import Path

from infoshare_text.errors import InputError
from infoshare_text.reading.archives import DAMAGE, Zipped, zipped_export

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
_ZIP = ".zip"


def located(path: Path) -> Path | Zipped:
    """Return the file to read: the path itself, or the one export in the ``.zip`` that a tool gave out.

    Raises
    ------
    InputError
        The file is absent, a directory, empty, or an archive without exactly one export in it.
    """
    _check_readable(path)
    if path.suffix.lower() != _ZIP:
        return path
    with path.open("rb") as file:
        start = file.read(8)
    if not start.startswith(b"PK"):
        raise InputError(f"{path}: the name says zip, but the content is no zip archive. Download it again.")
    return zipped_export(path, tuple(FORMATS | _READ_ONLY))


def file_format(path: Path | Zipped) -> str:
    """Decide the format of an existing file.

    Parameters
    ----------
    path : Path or Zipped
        The file, as :func:`located` gives it.

    Returns
    -------
    str
        ``csv``, ``xlsx``, ``parquet``, ``jsonl`` or ``sav``.

    Raises
    ------
    InputError
        The file is empty, of a kind that is not read here, or not what its extension says.
    """
    claimed = (FORMATS | _READ_ONLY).get(path.suffix.lower())
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise InputError(f"{path}: the file is empty (0 bytes). Export it again.")
    found = _format_of_content(path, start, claimed)
    if claimed is None:
        raise InputError(
            f"{path}: files ending in {path.suffix or 'nothing'!r} are not read. "
            f"Save the export as one of: {', '.join([*FORMATS, *_READ_ONLY, _ZIP])}."
        )
    if claimed != found:
        raise InputError(
            f"{path}: the name says {claimed}, the content is {found}. "
            f"Rename the file to end in .{found}, or export it again as {claimed}."
        )
    return found


def format_of_content(path: Path) -> str:
    """Tell the format of a file whose name says nothing; an archive that is no workbook is a ``zip``.

    Raises
    ------
    InputError
        The content is of a kind that is not read here.
    """
    with path.open("rb") as file:
        found = _format_of_content(path, file.read(8), None)
    return found if found in {*FORMATS.values(), *_READ_ONLY.values()} else _ZIP.removeprefix(".")


def _check_readable(path: Path) -> None:
    try:
        there = path.exists()
    except OSError as error:
        raise InputError(f"{path}: cannot be reached ({error.strerror}).") from error
    if not there:
        there_are = sorted(p.name for p in path.parent.glob("*") if p.suffix.lower() in {*FORMATS, *_READ_ONLY, _ZIP})
        near = get_close_matches(path.name, there_are, n=5) or there_are[:5]
        more = f" and {len(there_are) - len(near)} more" if len(there_are) > len(near) else ""
        hint = f" In that folder are: {', '.join(near)}{more}." if near else ""
        raise InputError(f"{path}: there is no such file.{hint}")
    if path.is_dir():
        raise InputError(f"{path}: this is a folder. Name one file in it.")
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror}).") from error


def _format_of_content(path: Path | Zipped, start: bytes, claimed: str | None) -> str:
    if start.startswith(b"PK"):
        return _format_of_archive(path, claimed)
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


def _format_of_archive(path: Path | Zipped, claimed: str | None) -> str:
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            names = {member.filename for member in archive.infolist()}
            if "xl/workbook.xml" not in names and claimed is None:
                return "another kind of document"
            if "xl/workbook.xml" not in names:
                raise InputError(
                    f"{path}: this is a zip archive, not a workbook. Rename it to end in .zip, or unpack it and name "
                    "the file inside."
                )
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise InputError(
                    f"{path}: the workbook holds macros, which are not opened. Save it as .xlsx without macros."
                )
    except DAMAGE as error:
        raise InputError(f"{path}: the workbook is damaged and cannot be opened. Export it again.") from error
    return XLSX
