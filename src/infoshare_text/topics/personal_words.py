"""Words that are somebody's personal data: none of them stands in a label, a list of words or a saved model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from infoshare_text.cleaning.personal_data.redact import find_personal_data
from infoshare_text.cleaning.words import WordTable

_MOSTLY = 0.5
"""Half the comments with the word: 'mark' stays a word where one comment in ten is about a Mark."""


def personal_words(comments: Sequence[str]) -> frozenset[str]:
    """Return the words, in normal form, that are mostly part of names, addresses and the like.

    Parameters
    ----------
    comments : sequence of str

    Returns
    -------
    frozenset of str
        Words found as personal data in at least half the comments that hold them.

    Examples
    --------
    >>> sorted(personal_words(["Ask Ayesha Okafor about it", "Please mark it", "Mark it", "Mark Jones marks it"]))
    ['ayesha', 'jones', 'okafor']
    """
    found = [" . ".join(comment[at.start : at.end] for at in find_personal_data(comment)) for comment in comments]
    personal, every = WordTable.from_comments(found), WordTable.from_comments(comments)
    held = dict(zip(every.words, np.asarray(every.holds.sum(axis=0)).ravel(), strict=True))
    count = np.asarray(personal.holds.sum(axis=0)).ravel()
    # A word that stands only in pieces here and whole in the comment counts as personal: it is no word of theirs.
    return frozenset(word for word, n in zip(personal.words, count, strict=True) if n >= _MOSTLY * held.get(word, 0))
