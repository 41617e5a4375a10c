"""Which comments are in another language than English, wholly or in part.

Two witnesses must agree on a stretch of a comment: the model, which does not know its words, and py3langid (the
maintained form of Lui and Baldwin's langid.py; its data comes in the package), which does not take it for English.
The first alone would mark dialect and typing errors, the second alone would misread lists, names and what is
short. Words with a capital are left out, as names are no language. Another script needs no second witness.
As the model has a say, one that was trained on Welsh comments marks no Welsh.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence, Set
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from infoshare_text.cleaning.words import WordTable, normal_form

Flags = npt.NDArray[np.bool_]

STRETCH = 8
"""Words looked at together, so that one sentence of another language is found in a long comment."""
UNKNOWN_SHARE, FEWEST_UNKNOWN = 0.25, 2
"""A stretch is doubtful from this share of unknown words on, and this number."""
ENGLISH_BELOW = 0.1
"""A doubtful stretch is not English where py3langid gives English less than this probability."""
OTHER_SCRIPT_SHARE, MANY_OTHER_LETTERS = 0.25, 12
"""Letters of another script mark a comment from this share of its letters on, or from this number."""

_REACH = STRETCH + STRETCH // 2
_LONGEST_ABBREVIATION = 5
_NEAR_ENGLISH = frozenset({"en", "la", "pcm", "zxx"})
"""English, and what py3langid takes slang, phrases of lawyers and lists of abbreviations for."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_ENDS = re.compile(r"(?:^|[.!?:\n])\W*$")
_JOINT = re.compile(r"['’-]")


def not_english(comments: Sequence[str], table: WordTable, known: Flags) -> Flags:
    """Tell which comments are in another language than English, wholly or in part.

    Parameters
    ----------
    comments : sequence of str, length n
    table : WordTable
        Their words.
    known : bool array of shape (n_distinct_words,)
        Whether the model knows each distinct word of the table.

    Returns
    -------
    bool array of shape (n,)
        A comment has the same flag in any company.
    """
    flags = np.zeros(len(comments), dtype=bool)
    doubtful = np.flatnonzero(_worth_a_look(table, known)).tolist()
    words = {word for word, there in zip(table.words, known.tolist(), strict=True) if there} if doubtful else set()
    for i in doubtful:
        flags[i] = _in_other_script(comments[i]) or _reads_otherwise(comments[i], words)
    return flags


def _worth_a_look(table: WordTable, known: Flags) -> Flags:
    """Find, for a whole table at once, every comment that could be marked, and few others."""
    foreign = np.fromiter(
        (not word.isascii() and _letters(word)[1] > 0 for word in table.words), np.bool_, len(table.words)
    )
    unknown = np.concatenate([[0], np.cumsum(~known[table.ids])])
    begin = np.arange(len(table.ids))
    end = np.minimum(begin + _REACH, table.starts[1:][table.comment_of_token])
    at = (unknown[end] - unknown[begin] >= FEWEST_UNKNOWN) | foreign[table.ids]
    flags = np.zeros(len(table), dtype=bool)
    flags[table.comment_of_token[at]] = True
    return flags


def _in_other_script(comment: str) -> bool:
    letters, others = _letters(comment)
    return others >= MANY_OTHER_LETTERS or (others > 1 and others >= OTHER_SCRIPT_SHARE * letters)


def _letters(text: str) -> tuple[int, int]:
    """Count the letters of a text, and those that are not Latin.

    >>> _letters("Ask Zoë: 没有人")
    (9, 3)
    """
    if text.isascii():
        return sum(map(str.isalpha, text)), 0
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters), sum(not (letter.isascii() or _is_latin(letter)) for letter in letters)


@cache
def _is_latin(letter: str) -> bool:
    # Names of the standard: 'LATIN SMALL LETTER Z WITH CARON', 'FULLWIDTH LATIN CAPITAL LETTER G', 'FEMININE ORDINAL'.
    return "LATIN" in unicodedata.name(unicodedata.normalize("NFKC", letter)[0], "LATIN")


def _reads_otherwise(comment: str, known: Set[str]) -> bool:
    words = _words_to_judge(comment)
    stretch, unknown = _strangest_stretch(words, [not _is_known(word, known) for word in words])
    if unknown < FEWEST_UNKNOWN or unknown < UNKNOWN_SHARE * len(stretch):
        return False
    chances = dict(_identifier().rank(" ".join(stretch)))
    return bool(sum(chances.get(language, 0.0) for language in _NEAR_ENGLISH) < ENGLISH_BELOW)


def _words_to_judge(comment: str) -> list[str]:
    """Take the words of a comment without names and abbreviations.

    >>> _words_to_judge("Zapytaj Annę z NHS. Nikt nic nie wie")
    ['Zapytaj', 'z', 'Nikt', 'nic', 'nie', 'wie']
    """
    found = list(_WORD.finditer(comment))
    shouted = sum(match.group().isupper() and len(match.group()) > 1 for match in found)
    if 2 * shouted > len(found) and any(len(match.group()) > _LONGEST_ABBREVIATION for match in found):
        return [match.group().lower() for match in found]
    return [match.group() for match in found if _is_no_name(match, comment)]


def _is_no_name(match: re.Match[str], comment: str) -> bool:
    word = match.group()
    if word == word.lower():
        return True
    before = comment[max(0, match.start() - 4) : match.start()]
    return not word.isupper() and bool(_SENTENCE_ENDS.search(before) if match.start() > 3 else not before.strip())


def _is_known(word: str, known: Set[str]) -> bool:
    form = normal_form(word)
    return form in known or all(part in known or len(part) < 2 for part in _JOINT.split(form))


def _strangest_stretch(words: list[str], unknown: list[bool]) -> tuple[list[str], int]:
    """Return the first stretch with the most unknown words, and their number."""
    if len(words) <= STRETCH:
        return words, sum(unknown)
    sums = np.concatenate([[0], np.cumsum(unknown)])
    held = sums[STRETCH:] - sums[:-STRETCH]
    at = int(held.argmax())
    return words[at : at + STRETCH], int(held[at])


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
