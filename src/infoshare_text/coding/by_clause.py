"""Code comments clause by clause: which part praises, which complains, and of what."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from infoshare_text.cleaning.words import WordTable, word_spans
from infoshare_text.coding.classify import Coder
from infoshare_text.coding.sentiment import MIXED, NEGATIVE, POSITIVE
from infoshare_text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


def classify_clauses(
    comments: pd.Series | Iterable[str],
    *,
    question: str = "",
    model: Coder | str | os.PathLike[str] | None = None,
) -> pd.DataFrame:
    """Code each clause of each comment: themes, stance and sentiment.

    A comment is divided at punctuation and before words such as 'but'; what is too short to stand alone stays with
    its neighbour. Each clause is read by itself, so that its codes are less sure than those of the whole comment. A
    clause has one tone: what would be called mixed goes to the side that outweighs.

    Parameters
    ----------
    comments : Series or iterable of str
    question : str
        The question that they answer.
    model : Coder or path, optional
        Folder of a theme model, or one just trained; default: the one that comes with the library.

    Returns
    -------
    DataFrame
        One row for each clause, in order: ``row`` (of the comment, from 1), ``start`` and ``end`` (in characters of
        the comment), ``clause``, then the columns that :func:`infoshare_text.classify` adds. A comment without a word
        is one clause.

    Raises
    ------
    InputError
        One text was given in place of several.
    ModelFolderError
        The model cannot be used.

    Examples
    --------
    >>> clauses = classify_clauses(["The training was brilliant, but managers never back it up."])
    >>> for clause, sentiment in zip(clauses["clause"], clauses["sentiment"]):
    ...     print(f"{clause} -> {sentiment}")
    The training was brilliant -> positive
    but managers never back it up -> negative
    """
    import pandas as pd

    from infoshare_text.reading.survey import as_text

    if isinstance(comments, str):
        raise InputError("comments are wanted as a Series or a list; one comment alone goes in a list.")
    given = comments if isinstance(comments, pd.Series) else pd.Series(list(comments), dtype=object)
    texts = as_text(given)
    places = [(row, start, end) for row, text in enumerate(texts, 1) for start, end in clause_spans(text)]
    clauses = [texts[row - 1][start:end] for row, start, end in places]
    coded = _one_tone(Coder.load(model).code(clauses, [question] * len(clauses)))
    where = pd.DataFrame(places, columns=["row", "start", "end"])
    return pd.concat([where, pd.Series(clauses, name="clause", dtype="str"), coded], axis=1)


def _one_tone(coded: pd.DataFrame) -> pd.DataFrame:
    if "sentiment_score" not in coded or MIXED not in set(coded["sentiment"]):
        return coded
    side = (coded["sentiment_score"] > 0).map({True: POSITIVE, False: NEGATIVE})
    return coded.assign(sentiment=coded["sentiment"].mask(coded["sentiment"] == MIXED, side))


def clause_spans(comment: str) -> list[tuple[int, int]]:
    """Return (start, end) of each clause, from its first word to its last.

    >>> clause_spans("Yes. We meet every week, but nobody writes it down.")
    [(0, 23), (25, 50)]
    """
    words = word_spans(comment)
    if not words:
        return [(0, len(comment))]
    starts = WordTable.from_comments([comment]).clause_starts
    bounds = zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
    return [(words[first][0], words[last - 1][1]) for first, last in bounds if last > first]
