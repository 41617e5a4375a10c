"""Concepts: what a topic can be about, and how near each word is to each of them."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from infoshare_text.coding.features import Floats, WordVectors
from infoshare_text.coding.model_folder import load_vectors
from infoshare_text.errors import InputError

_SHIPPED = Path(__file__).with_name("concepts.toml")
_FLOOR_SHARP, _FLOOR_SOFT = 0.30, 0.20
_RIVALS = 0.6
"""A word counts for a concept only where no other concept is much nearer."""


@dataclass(frozen=True)
class Concepts:
    """Concepts, each given by a few words that belong to it.

    Attributes
    ----------
    names : list of str
    words : list of list of str
        Of each concept; lower case.
    """

    names: list[str]
    words: list[list[str]]


@dataclass(frozen=True)
class Closeness:
    """How near words are to concepts, both in [0, 1].

    Attributes
    ----------
    sharp : float32 array of shape (n_words, n_concepts)
        0 where another concept is much nearer: decides what is a topic, and whose a comment is.
    soft : float32 array of shape (n_words, n_concepts)
        For comments in which no word is sharply near any topic.
    """

    sharp: Floats
    soft: Floats


def read_concepts(path: str | os.PathLike[str] | None = None) -> Concepts:
    """Read concepts from a TOML file.

    Parameters
    ----------
    path : path, optional
        A file with one table ``[concepts]``, name = list of words. Default: those that come with the library.

    Returns
    -------
    Concepts

    Raises
    ------
    InputError
        All that is wrong with the file, at once.

    Examples
    --------
    >>> read_concepts().names[:2]
    ['Sharing agreements', 'Joint working']
    """
    place = Path(path) if path is not None else _SHIPPED
    try:
        table = tomllib.loads(place.read_text(encoding="utf-8")).get("concepts")
    except OSError as error:
        raise InputError(f"{place}: cannot be read ({error.strerror}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{place}: is not TOML in UTF-8 ({error}).") from None
    if not isinstance(table, dict) or len(table) < 2:
        raise InputError(f"{place}: needs a table [concepts] with two concepts at least, each name = list of words.")
    wrong = [name for name, words in table.items() if not _is_words(words)]
    if wrong:
        faults = [f"{name!r} must be a list of one or more words, each in quotes." for name in wrong]
        raise InputError.from_faults(str(place), faults)
    return Concepts(list(table), [[word.casefold() for word in words] for words in table.values()])


def _is_words(words: object) -> bool:
    return isinstance(words, list) and bool(words) and all(isinstance(word, str) and word.strip() for word in words)


class ConceptSpace:
    """Concepts as places among the word vectors that ship.

    Parameters
    ----------
    concepts : Concepts
    vectors : WordVectors, optional
        Default: those that come with the library.

    Raises
    ------
    InputError
        A concept has no word with a vector.
    """

    def __init__(self, concepts: Concepts, vectors: WordVectors | None = None) -> None:
        self.concepts = concepts
        vectors = vectors or load_vectors()
        self._values, self._place = unit(vectors.values), vectors.place
        known = [[self._place[word] for word in words if word in self._place] for words in concepts.words]
        lost = [name for name, places in zip(concepts.names, known, strict=True) if not places]
        if lost:
            faults = [
                f"concept {name!r} has no word that the word vectors know; give it a plainer one." for name in lost
            ]
            raise InputError.from_faults("concepts", faults)
        self._centres = unit(np.array([self._values[places].mean(axis=0) for places in known]))

    def knows(self, word: str) -> bool:
        """Whether a word has a vector."""
        return word in self._place

    def closeness(self, words: Sequence[str]) -> Closeness:
        """Return how near each word is to each concept; 0 for words without a vector."""
        places = np.array([self._place.get(word, -1) for word in words], dtype=np.int64)
        cosine = np.zeros((len(words), len(self._centres)), dtype=np.float32)
        cosine[places >= 0] = self._values[places[places >= 0]] @ self._centres.T
        sharp = _above(cosine, _FLOOR_SHARP) ** 2
        sharp[sharp < _RIVALS * sharp.max(axis=1, keepdims=True, initial=0)] = 0
        return Closeness(sharp, _above(cosine, _FLOOR_SOFT))


def _above(cosine: Floats, floor: float) -> Floats:
    return np.asarray(np.clip((cosine - floor) / (1 - floor), 0, None), dtype=np.float32)


def unit(values: Floats) -> Floats:
    """Return vectors, one or a row each, at length 1."""
    length = np.linalg.norm(values, axis=-1, keepdims=True)
    return np.asarray(values / np.maximum(length, 1e-9), dtype=np.float32)
