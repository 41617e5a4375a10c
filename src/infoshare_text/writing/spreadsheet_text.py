"""The rule that keeps a spreadsheet from running a comment as a formula, and its reverse.

A text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break (OWASP, 'CSV injection'), or with apostrophes
before one of these, gets one apostrophe in front. Taking one apostrophe off such texts gives the
original back. Plain numbers are left alone. Used for CSV only: XLSX and the other formats mark text as text.
"""

from __future__ import annotations

import re

_RUNS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
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
