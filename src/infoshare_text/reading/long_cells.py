"""Texts that no cell of a worksheet holds: they stand whole, in parts, on a sheet of their own.

The cell itself shows the beginning and says where the rest is; reading the workbook puts the whole text back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SHEET_ROWS, SHEET_COLUMNS, CELL, LINE_FEEDS = 1_048_576, 16_384, 32_767, 253
"""What a worksheet of Excel holds: rows, columns; UTF-16 units and line feeds in a cell."""
LONG_CELLS = "long_cells"
HEAD = ("sheet", "sheet_row", "column", "part", "text")
CONTINUES = " […continues in sheet long_cells]"


def fits_cell(text: str) -> bool:
    r"""Whether a cell of a worksheet holds the text.

    >>> fits_cell("a" * 32_767), fits_cell("🙂" * 20_000), fits_cell("-\n" * 254)
    (True, False, False)
    """
    if len(text) <= LINE_FEEDS:
        return True
    if 2 * len(text) <= CELL:
        return text.count("\n") <= LINE_FEEDS
    # Excel counts characters beyond the basic plane twice.
    return len(text.encode("utf-16-le", "surrogatepass")) <= 2 * CELL and text.count("\n") <= LINE_FEEDS


def beginning(text: str) -> str:
    """Return what the cell of a text shows that is kept on the other sheet."""
    return in_parts(text, CELL - len(CONTINUES))[0] + CONTINUES


def in_parts(text: str, size: int = CELL) -> list[str]:
    """Cut a text into parts that a cell holds, never inside a character."""
    parts, start, length, lines = [], 0, 0, 0
    for i, character in enumerate(text):
        width = 2 if ord(character) > 0xFFFF else 1
        line = character == "\n"
        if length + width > size or lines + line > LINE_FEEDS:
            parts.append(text[start:i])
            start, length, lines = i, 0, 0
        length += width
        lines += line
    return [*parts, text[start:]]


def put_back(cells: list[list[Any]], sheet: str, kept: Sequence[Sequence[Any]]) -> int:
    """Put whole texts into the cells of a sheet that show their beginning, in place.

    Parameters
    ----------
    cells : list of list
        The sheet, with its header.
    sheet : str
        Its name.
    kept : sequence of rows
        The sheet ``long_cells``, with its header.

    Returns
    -------
    int
        How many texts are whole again. In a sheet that was sorted or cut since, a cell is known by its beginning, and
        stays as it is where two texts begin so.
    """
    texts = _texts(sheet, kept)
    places = {name: j for j, name in enumerate(cells[0])}
    if all(_begins(cells, row - 1, places.get(column, -1), text) for (row, column), text in texts.items()):
        for (row, column), text in texts.items():
            cells[row - 1][places[column]] = text
        return len(texts)
    done = 0
    for column in {column for _, column in texts} & places.keys():
        own = {text for (_, name), text in texts.items() if name == column}
        for i in range(1, len(cells)):
            meant = [text for text in own if _begins(cells, i, places[column], text)]
            if len(meant) == 1:
                cells[i][places[column]] = meant[0]
                done += 1
    return done


def _texts(sheet: str, kept: Sequence[Sequence[Any]]) -> dict[tuple[int, str], str]:
    """Join the parts of each text: (row, column) -> text."""
    parts: dict[tuple[int, str], dict[float, str]] = {}
    for name, row, column, part, text in (cells[: len(HEAD)] for cells in kept[1:] if len(cells) >= len(HEAD)):
        if name == sheet and isinstance(row, float) and isinstance(part, float):
            parts.setdefault((int(row), str(column)), {})[part] = str(text)
    return {place: "".join(texts[part] for part in sorted(texts)) for place, texts in parts.items()}


def _begins(cells: list[list[Any]], i: int, j: int, text: str) -> bool:
    """Whether a cell shows the beginning of a text; there is none in row or column -1."""
    cell = cells[i][j] if 0 <= i < len(cells) and j >= 0 else None
    return isinstance(cell, str) and cell.endswith(CONTINUES) and text.startswith(cell.removesuffix(CONTINUES))
