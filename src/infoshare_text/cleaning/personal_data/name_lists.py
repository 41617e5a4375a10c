"""The words that name rules look up: names by how far they can be trusted, and what may stand beside them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

_FOLDER = Path(__file__).parent
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe"})


class Known(NamedTuple):
    """What the lists say of one word."""

    given: bool
    surname: bool
    word: bool
    always_capital: bool
    no_name: bool


class Lists(NamedTuple):
    """Words by what they do beside a name; see ``name_contexts.toml``."""

    titles: frozenset[str]
    titles_that_are_words: frozenset[str]
    abbreviations: frozenset[str]
    roles: frozenset[str]
    speaking: frozenset[str]
    asking: frozenset[str]
    closing: frozenset[str]
    telling: frozenset[str]
    doing: frozenset[str]
    doing_too: frozenset[str]
    abstract: frozenset[str]
    bodies: frozenset[str]
    bodies_owned: frozenset[str]
    bodies_too: frozenset[str]
    royals: frozenset[str]
    saints: frozenset[str]
    phrases: dict[str, list[tuple[str, ...]]]


def key(word: str) -> str:
    """Return the form under which a word is looked up: lower case, no accents, no apostrophes.

    >>> key("O'Reilly"), key("Siobhán"), key("Łukasz")
    ('oreilly', 'siobhan', 'lukasz')
    """
    word = word.lower().replace("'", "")
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFKD", word).translate(_LETTERS)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=65_536)
def known(word: str) -> Known:
    """Look a word up, given by its key; of 'jean-luc' or 'okoro-smith' the parts count where the whole is not listed."""
    given, surnames, ordinary, always_capital, no_names, grammar = _names()
    parts = [part for part in word.split("-") if part]
    if word in grammar or not parts:
        return Known(False, False, True, False, True)
    if len(parts) > 1 and word not in given and word not in surnames:
        first, final = known(parts[0]), known(parts[-1])
        plain = [part for part in (first, final) if (part.given or part.surname) and not part.word]
        listed = bool(plain) and not first.no_name
        return Known(
            first.given and listed, (first.surname or final.surname) and listed, not listed, False, first.no_name
        )
    named = word in given or word in surnames
    return Known(
        given=word in given,
        surname=word in surnames,
        word=word in ordinary or word in always_capital,
        always_capital=word in always_capital,
        no_name=word in no_names and not named,
    )


@cache
def lists() -> Lists:
    """Read ``name_contexts.toml``."""
    data = _read("name_contexts.toml")
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for phrase in data.pop("phrases").split("|"):
        first, *rest = phrase.split()
        phrases.setdefault(first, []).append(tuple(rest))
    del data["not_names"], data["grammar"]
    return Lists(phrases=phrases, **{name: frozenset(words.split()) for name, words in data.items()})


@cache
def signs() -> frozenset[str]:
    """Return every word without which there is no name: names themselves, titles, and what introduces a name."""
    given, surnames, *_ = _names()
    rules = lists()
    return (
        given | surnames | rules.titles | rules.roles | rules.asking | {"called", "named", "name", "names", "im", "am"}
    )


@cache
def _names() -> tuple[frozenset[str], ...]:
    data, contexts = _read("names.toml"), _read("name_contexts.toml")
    return (
        frozenset(word for words in data["given"].values() for word in words.split()),
        frozenset(word for words in data["surnames"].values() for word in words.split()),
        frozenset(data["also"]["ordinary"].split()),
        frozenset(data["also"]["always_capital"].split()),
        frozenset(contexts["not_names"].split()),
        frozenset(contexts["grammar"].split()),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


_WORD = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*'?")
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
