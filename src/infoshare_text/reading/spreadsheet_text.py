"""The rule that keeps a spreadsheet from running a comment as a formula, and its reverse.

A text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break (OWASP, 'CSV injection'), or with apostrophes
before one of these, gets one apostrophe in front. Taking one apostrophe off such texts gives the
original back. Plain numbers are left alone. Used for CSV only: XLSX and the other formats mark text as text.

So in a CSV that was written with the guard no text stands bare before a formula, which is how such a file is known
again. What is written for machines has no guard and ends its lines otherwise, and is never taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SIGNS = "=+-@\t\r\n＝＋－＠"
_RUNS = re.compile(rf"'*[{re.escape(_SIGNS)}]")
_GUARDED = re.compile(rf"'+[{re.escape(_SIGNS)}]")
_STARTS = frozenset(f"'{_SIGNS}")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet runs.

    >>> guarded("=more training"), guarded("-0.5"), guarded("fine")
    ("'=more training", '-0.5', 'fine')
    """
    if _RUNS.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unguarded(text: str) -> str:
    """Return the text that :func:`guarded` was given.

    >>> unguarded(guarded("'=quoted")), unguarded("'tis")
    ("'=quoted", "'tis")
    """
    return text[1:] if _GUARDED.match(text) else text


def all_guarded(rows: Iterable[Sequence[str]]) -> bool:
    """Whether some text in a table has the guard and none is without it that needs it.

    >>> all_guarded([["id", "comment"], ["1", "'=more training"]]), all_guarded([["'=x", "- none"]])
    (True, False)
    """
    found = False
    for row in rows:
        for cell in row:
            if cell and cell[0] in _STARTS and guarded(cell) != cell:
                if cell[0] != "'":
                    return False
                found = True
    return found
