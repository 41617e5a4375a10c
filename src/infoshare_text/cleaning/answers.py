"""Which answers are there to be coded: blank, non-answer, or a comment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from infoshare_text.columns import BLANK, CODED, NON_ANSWER

# What people type into a box they have nothing to say in. Matched whole, never as a part.
_NON_ANSWERS = re.compile(
    r"""
    n\s*/?\s*a | na | not\s+applicable | nil(\s+return)? | none | null | nan | no | nope | nah | non
    | nothing(\s+at\s+all)?((\s+(else|more|further))?(\s+to\s+(add|say|report|comment))?)?
    | not(hing)?\s+(at\s+(present|the\s+moment|this\s+(time|stage))|really) | (i\s+have\s+)?no\s+comments?
    | (none|nothing)\s+(that\s+i\s+can\s+think\s+of|comes\s+to\s+mind|at\s+(present|the\s+moment|this\s+time))
    | no(ne|thing)?\s+(further\s+)?(additional\s+)?(comments?|answer|response|reply|opinion|view|views)
      (\s+(to\s+(add|make)|at\s+(present|the\s+moment|this\s+(time|stage)|all)))?
    | (i\s+)?(do\s+not|don'?t|dont)\s+know | dunno | d/?k | idk | unsure | (i\s*'?\s*a?m\s+)?not\s+sure | unknown
    | (please\s+)?(see|as|same\s+as|ditto)(\s+(above|before|below|previous|previously|q(uestion)?\s*\d+))?
      (\s+(answers?|comments?|response|stated|mentioned))?
    | ditto | pass | skip(ped)? | prefer\s+not\s+to\s+(say|answer) | did\s+not\s+answer | tbc | tba
    | x+ | test(ing)? | [a-z]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST_NON_ANSWER = 60
_NOT_WORDS = re.compile(r"[\W_]+")


def answer_status(comment: str) -> str:
    """Tell whether a comment is to be coded.

    Parameters
    ----------
    comment : str
        The answer as read.

    Returns
    -------
    str
        ``blank``: nothing but white space. ``non_answer``: something was typed that says nothing
        ('n/a', 'see above', '-', a lone emoji). ``coded``: everything else.

    Examples
    --------
    >>> answer_status("  "), answer_status("N/A."), answer_status("None of them ring back")
    ('blank', 'non_answer', 'coded')
    """
    if not comment or comment.isspace():
        return BLANK
    if len(comment) > _LONGEST_NON_ANSWER:
        return CODED if any(map(str.isalnum, comment)) else NON_ANSWER
    words = _NOT_WORDS.sub(" ", comment.replace("'", "").replace("’", "")).strip()
    if not words or _NON_ANSWERS.fullmatch(words) or words.isdigit():
        return NON_ANSWER
    return CODED


def answer_statuses(comments: Sequence[str]) -> list[str]:
    """Tell the status of each comment."""
    return [answer_status(comment) for comment in comments]
