"""A text as name rules see it: words with their capitals, and whether a closer look is worth while."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from infoshare_text.cleaning.personal_data.name_lists import key, known, lists

_WORD = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*'?")
# What a word is to a text that may hold a name: a name, a word that introduces one, a capitalised word of no list.
_NAMED, _INTRODUCES, _STRANGE, _OTHER = range(4)
# A capital, then small letters; McAllister, O'Reilly, Jean-Luc; no SystmOne and no GDPR.
_SHAPE = re.compile(
    r"[A-Z]|(?:Ma?c|[OD]'|D[ei]|L[ae]|Fitz|Van)?[A-Z][a-z]+(?:'[a-z]+)?(?:-(?:Ma?c|[OD]')?[A-Z][a-z]+){0,3}(?:-[A-Z])?"
)
_SENTENCE_END = re.compile(r"[.!?:;\n\r\"“”•|(]")


class Token(NamedTuple):
    """A word and how it stands in the text.

    Attributes
    ----------
    key : str
    start, end : int
        Without a possessive 's.
    capital : bool
        Begins with a capital, where capitals mean something in this text.
    first : bool
        Begins a sentence, so that its capital says nothing.
    owner : bool
        Has a possessive 's.
    gap : str
        What stands between the word before and this one.
    """

    key: str
    start: int
    end: int
    capital: bool
    first: bool
    owner: bool
    gap: str


def tokens_of(text: str) -> list[Token]:
    """Split a text into tokens."""
    return list(_tokens(text, _capitals_mean_something(text)))


def _has_shape(word: str) -> bool:
    if word.isascii():
        return _SHAPE.fullmatch(word) is not None
    return word[0].isupper() and (len(word) == 1 or not word.isupper())


def _capitals_mean_something(text: str) -> bool:
    """Not in a text all in capitals, nor In One Where Every Word Has One."""
    words = _WORD.findall(text)
    capitals = sum(word[0].isupper() for word in words)
    return any(map(str.islower, text)) and (len(words) < 6 or capitals <= 0.75 * len(words))


def _tokens(text: str, capitals: bool) -> Iterator[Token]:
    abbreviations = lists().abbreviations
    last, before = 0, ""
    for match in _WORD.finditer(text):
        word, start = match[0], match.start()
        gap = text[last:start]
        owner = word[-2:] in ("'s", "'S") and len(word) > 2
        core = word[:-2] if owner else word.rstrip("'")
        after_title = gap.startswith(".") and gap.strip(". ") == "" and (before in abbreviations or len(before) == 1)
        first = not last or (not after_title and _SENTENCE_END.search(gap) is not None)
        shape = capitals and _has_shape(core)
        before = key(core)
        yield Token(before, start, start + len(core), shape, first, owner or word.endswith("'"), gap)
        last = match.end()


def may_hold_names(text: str) -> bool:
    """Whether any rule could find a name: most comments hold no word that is one, and need no closer look."""
    introduced = strange = False
    for word in _WORD.findall(text):
        weight = _weight(word)
        if weight == _NAMED:
            return True
        introduced |= weight == _INTRODUCES
        strange |= weight == _STRANGE
    return introduced and strange


@lru_cache(maxsize=65_536)
def _weight(word: str) -> int:
    rules, plain = lists(), key(word[:-2] if word[-2:] in ("'s", "'S") else word)
    listed, capital = known(plain), word[0].isupper()
    if plain in rules.titles or (listed.given and not listed.word) or (capital and (listed.given or listed.surname)):
        return _NAMED
    if plain in rules.roles | rules.speaking | rules.asking | rules.closing | {"called", "named", "name"}:
        return _INTRODUCES
    return _STRANGE if capital and not listed.no_name else _OTHER
