"""The words that name rules look up: names by how far they can be trusted, and what may stand beside them."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

_FOLDER = Path(__file__).parent
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe"})


class Known(NamedTuple):
    """What the lists say of one word.

    Attributes
    ----------
    given, surname : bool
        Listed as a name.
    word : bool
        An ordinary word as well, so alone no sign of a person.
    always_capital : bool
        A month, day, place or brand as well, so its capital is no sign either.
    no_name : bool
        Listed as what is no part of a name.
    """

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
    particles: frozenset[str]
    things: frozenset[str]
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
    """Look a word up by its key; of 'jean-luc' or 'okoro-smith' the parts count where the whole is not listed."""
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
