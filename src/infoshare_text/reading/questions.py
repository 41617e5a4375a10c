"""Which columns hold comments: said by the user, by the export, or read off the answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from infoshare_text.errors import ColumnError, listed
from infoshare_text.reading.layouts import Column
from infoshare_text.reading.profiles import SAMPLE_ROWS, AnswerProfile, profile_answers
from infoshare_text.reading.roles import is_short_segment, no_comment

__all__ = ["SAMPLE_ROWS", "AnswerProfile", "candidates", "choose_questions", "no_question", "profile_answers"]

_USUAL_NAMES = {"comment", "comments", "text", "free text", "verbatim", "feedback", "free_text"}
_ASKS_FOR_COMMENTS = re.compile(
    r"\b(?:comments?|free[- ]text|in your (?:own )?words|anything else|suggestions?"
    r"|please (?:explain|describe|tell us))\b",
    re.IGNORECASE,
)
_OPEN_WORDING = re.compile(
    r"\b(?:comments?|free[- ]text|in your (?:own )?words|explain|describe|tell us|why|anything else|suggestions?"
    r"|what (?:stops|helps|would|could|is the (?:main|biggest)|are the (?:main|biggest))|how (?:could|can|might|would)"
    r"|thoughts|feedback|reasons? for|further (?:views|information|detail)|please use this (?:space|box))\b",
    re.IGNORECASE,
)


def choose_questions(profiles: Sequence[AnswerProfile], wanted: Sequence[str] | None) -> tuple[list[Column], str]:
    """Choose the columns to read as comments.

    Parameters
    ----------
    profiles : sequence of AnswerProfile
        All columns in order.
    wanted : sequence of str or None
        Names given by the user, taken as they are.

    Returns
    -------
    list of Column
        In the order of the export; empty where nothing looks like a comment.
    str
        Why these were chosen.

    Raises
    ------
    ColumnError
        A wanted column is absent.
    """
    columns = [profile.column for profile in profiles]
    if wanted:
        named = {_named(name, columns) for name in wanted}
        return [column for column in columns if column in named], "named by you"
    marked = [profile for profile in profiles if profile.column.mark and not _no_comment_though_marked(profile)]
    if marked:
        return [profile.column for profile in marked], f"marked {marked[0].column.mark!r} in the export"
    usual = [profile for profile in profiles if profile.column.name.strip().lower() in _USUAL_NAMES]
    if chosen := [profile.column for profile in usual if profile.words > 0 or not profile.answered]:
        return chosen, "by the usual name"
    chosen = [profile.column for profile in profiles if _reads_like_comments(profile) and not no_comment(profile)]
    if chosen:
        return chosen, "the answers read like free text"
    asked = [profile for profile in profiles if _ASKS_FOR_COMMENTS.search(profile.column.question)]
    varied = [profile for profile in asked if not no_comment(profile) and 2 * profile.distinct >= profile.answered]
    return [profile.column for profile in varied], "the question asks for comments"


def _no_comment_though_marked(profile: AnswerProfile) -> bool:
    """Whether a box for free text asks for a name, a number or what the respondent is."""
    return no_comment(profile) or (is_short_segment(profile) and not profile.free_text)


def _reads_like_comments(profile: AnswerProfile) -> bool:
    """Whether the answers read like prose, or are short and different under a question that asks for prose."""
    asked = bool(_OPEN_WORDING.search(profile.column.question))
    varied = profile.answered > 0 and profile.distinct >= 0.6 * profile.answered and profile.words >= 2
    return profile.free_text or (asked and varied)


def _named(wanted: str, columns: Sequence[Column]) -> Column:
    """Find a column by its name, else by its wording."""
    by_name = [column for column in columns if column.name == wanted]
    by_wording = [column for column in columns if wanted.strip() in (column.name.strip(), column.question)]
    if by_name or by_wording:
        return (by_name or by_wording)[0]
    raise ColumnError.absent(wanted, [column.name for column in columns])


def candidates(profiles: Sequence[AnswerProfile], at_most: int = 8) -> list[AnswerProfile]:
    """Return the columns that come nearest to free text: wordy answers that seldom repeat."""
    answered = [profile for profile in profiles if profile.answered and profile.words > 0]
    return sorted(answered, key=lambda profile: -profile.words * profile.distinct / profile.answered)[:at_most]


def no_question(profiles: Sequence[AnswerProfile]) -> str:
    """Say that no text column was found, and which come nearest."""
    near = candidates(profiles)
    if not near:
        return (
            "no text column was found: no column holds words. "
            f"The columns are: {listed(profile.column.name for profile in profiles)}."
        )
    described = "\n".join(
        f"  - {profile.column.name!r}: {profile.answered} answers, {profile.distinct} different, "
        f"{profile.words:.1f} words on average"
        for profile in near
    )
    return (
        "no text column was found: nothing is marked 'Open-Ended Response' and no column reads like free text. "
        f"Name the one to read with --text (in Python text=...). The nearest are:\n{described}"
    )
