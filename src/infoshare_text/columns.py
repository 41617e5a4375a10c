"""The written contract between stages: names and order of the columns each adds.

========================  =====================================================
column                    content
========================  =====================================================
``row``                   int, 1-based data row of the source
``question``              str, wording or name of the text column
``comment``               str, the text as read
``status``                ``coded``, ``blank`` or ``non_answer``
``theme_<key>``           1 or 0, empty unless coded
``p_<key>``               calibrated probability in [0, 1], empty unless coded
``stance_<key>``          ``barrier``, ``enabler``, ``need`` joined with ``;``,
                          empty where the theme is absent
``sentiment``             ``negative``, ``neutral``, ``positive`` or ``mixed``
``sentiment_score``       P(positive) - P(negative), in [-1, 1]
``review``                empty, or reasons to look, joined with ``;``
``evidence``              optional: JSON, theme -> list of [start, end, weight]
``duplicate``             ``exact`` or ``near`` where an earlier answer to the same
                          question says the same, else empty
``duplicate_of``          int, the row of that answer, else empty
========================  =====================================================

Keys, stances and sentiments are those of the codebook in the model. A model without stances or without sentiment
leaves their columns out; ``sentiment_score`` needs sentiments called ``positive`` and ``negative``.
"""

from __future__ import annotations

from collections.abc import Sequence

from infoshare_text.codebook import Theme

COMMENT_COLUMNS = ("row", "question", "comment")
CODED, BLANK, NON_ANSWER = "coded", "blank", "non_answer"
DUPLICATE_COLUMNS = ("duplicate", "duplicate_of")
"""Added after those of the coding, which look at one comment alone; these look at all that came before it."""
EXACT, NEAR = "exact", "near"
NOT_ENGLISH = "not_english"
JOIN = ";"


def theme_columns(themes: Sequence[str]) -> list[str]:
    """Name the 0/1 columns, one for each theme."""
    return [f"theme_{key}" for key in themes]


def probability_columns(themes: Sequence[str]) -> list[str]:
    """Name the probability columns, one for each theme."""
    return [f"p_{key}" for key in themes]


def stance_columns(themes: Sequence[str]) -> list[str]:
    """Name the stance columns, one for each theme."""
    return [f"stance_{key}" for key in themes]


def coding_columns(
    themes: Sequence[str],
    evidence: bool = False,
    *,
    stances: bool = True,
    sentiment: Sequence[str] = ("sentiment", "sentiment_score"),
) -> list[str]:
    """Name every column that coding adds after ``row``, ``question``, ``comment``.

    Stance and sentiment columns are there as far as the model has a word on them.

    >>> coding_columns(["leadership"])
    ['status', 'theme_leadership', 'p_leadership', 'stance_leadership', \
'sentiment', 'sentiment_score', 'review']
    """
    return [
        "status",
        *theme_columns(themes),
        *probability_columns(themes),
        *(stance_columns(themes) if stances else []),
        *sentiment,
        "review",
        *(["evidence"] if evidence else []),
    ]


REVIEW_SHEET = "coding"
REVIEW_DONE = "done"
REVIEW_ID = r"c[0-9a-f]{6}-(\d+)(?:\.\d+)?-([0-9a-f]{4})"
"""The id of a comment drawn for review: the pool it comes from, its row, its question, a check on its words."""
_REVIEW_OWN = {"id", "question", "comment", "done", "sentiment", "note", "drawn_for", "inclusion", "same", "row"}


def review_columns(themes: Sequence[Theme]) -> list[tuple[str, str]]:
    """Head each theme and its stances in a workbook to code in: by label, by key where the label is taken.

    >>> from infoshare_text.codebook import Theme
    >>> review_columns([Theme("leadership", "Leadership", ""), Theme("note_taking", "Note", "")])
    [('Leadership', 'Leadership: stance'), ('theme_note_taking', 'stance_note_taking')]
    """
    labels = [theme.label.casefold() for theme in themes]
    taken = {label for label in labels if labels.count(label) > 1} | _REVIEW_OWN
    return [
        (f"theme_{theme.key}", f"stance_{theme.key}")
        if theme.label.casefold() in taken
        else (theme.label, f"{theme.label}: stance")
        for theme in themes
    ]
