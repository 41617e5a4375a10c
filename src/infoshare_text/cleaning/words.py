"""Split comments into words, with exact places in the original text.

Nothing is ever cleaned away from the comment itself: a word is a slice of it, and its
normal form (case, width, apostrophes) is only what models look up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

CLEANING_VERSION = 1
"""Goes up when the same comment could give other words; models carry the one they were trained with."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[!?]")


def normal_form(word: str) -> str:
    """Return the form under which a word is looked up.

    >>> normal_form("Don’t"), normal_form("ＧＤＰＲ")
    ("don't", 'gdpr')
    """
    return unicodedata.normalize("NFKC", word).casefold().replace("’", "'")


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each word, in characters of ``text``."""
    return [match.span() for match in _WORD.finditer(text)]


def word_list(text: str) -> list[str]:
    """Return the normal forms of the words of a text, in order.

    >>> word_list("Nobody's told us: GDPR?!")
    ["nobody's", 'told', 'us', 'gdpr', '?', '!']
    """
    return [normal_form(word) for word in _WORD.findall(text)]


@dataclass(frozen=True)
class WordTable:
    """The words of many comments, each distinct word stored once.

    Attributes
    ----------
    words : list of str
        Distinct normal forms.
    ids : int array of shape (n_tokens,)
        Place in ``words`` of every token, comments one after another.
    starts : int array of shape (n_comments + 1,)
        Comment ``i`` has the tokens ``starts[i]:starts[i + 1]``.
    """

    words: list[str]
    ids: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]

    @classmethod
    def from_comments(cls, comments: Sequence[str]) -> WordTable:
        """Split comments; the spelling a word came in is normalised once, not each time."""
        places = _Places()
        place = places.__getitem__
        lengths = np.empty(len(comments), dtype=np.int64)
        tokens: list[int] = []
        for i, comment in enumerate(comments):
            before = len(tokens)
            tokens.extend(map(place, _WORD.findall(comment)))
            lengths[i] = len(tokens) - before
        forms = _Places()
        renumber = np.fromiter((forms[normal_form(word)] for word in places), np.int64, len(places))
        starts = np.concatenate([[0], np.cumsum(lengths)])
        ids = renumber[np.asarray(tokens, dtype=np.int64)] if tokens else np.empty(0, np.int64)
        return cls(list(forms), ids, starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def comment_of_token(self) -> npt.NDArray[np.int64]:
        """Number of the comment that each token stands in, shape (n_tokens,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))


class _Places(dict[str, int]):
    """Numbers handed out in order of first sight."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number
