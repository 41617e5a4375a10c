"""Which columns hold comments: said by the user, by the export, or read off the answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from infoshare_text.errors import ColumnError, listed
from infoshare_text.reading.layouts import Column
from infoshare_text.reading.profiles import SAMPLE_ROWS, AnswerProfile, profile_answers
from infoshare_text.reading.roles import is_short_segment, no_comment

__all__ = ["SAMPLE_ROWS", "AnswerProfile", "candidates", "choose_questions", "no_question", "profile_answers"]

_ONLY_ONE = {"comment", "text", "free_text", "verbatim"}
_USUAL_NAMES = {*_ONLY_ONE, "comments", "free text", "feedback", "further comments", "other comments", "any comments"}
_ASKS_FOR_COMMENTS = re.compile(
    r"\b(?:comments?|free[- ]text|in your (?:own )?words|anything else|suggestions?"
    r"|please (?:explain|describe|tell us))\b",
    re.IGNORECASE,
)
_OPEN_PHRASES = (
    r"comments?|free[- ]?text|thoughts|feedback|suggestions?|reasons?|concerns|benefits|improvements?|lessons",
    r"barriers?|challenges?|opportunities",
    r"in your (?:own )?(?:words|view|opinion|experience)|explain|describe|tell us|why|anything (?:else|more)",
    r"(?:give|provide|share|further|more|any) (?:views|information|details?|examples?)",
    r"(?:please )?use (?:this|the) (?:space|box)|please (?:elaborate|expand)",
    r"wh(?:at|ich)\b.{0,60}\b(?:stops?|helps?|helped|would|could|should|prevents?|hinders?|gets? in the way|makes?)",
    r"wh(?:at|ich)\b.{0,60}\b(?:works well|worked|went|changed?|improved?|support|reasons?|obstacles?|problems?)",
    r"wh(?:at|ich) (?:is|are) the (?:main|biggest|greatest|most)|what do you|how (?:could|can|might|would|should)",
    r"do you (?:think|feel|have any)",
)
_OPEN_WORDING = re.compile(rf"\b(?:{'|'.join(_OPEN_PHRASES)})\b", re.IGNORECASE | re.DOTALL)
_ASKED, _USUAL = "the question asks for comments", "by the usual name"


def choose_questions(profiles: Sequence[AnswerProfile], wanted: Sequence[str] | None) -> dict[Column, str]:
    """Choose the columns to read as comments.

    Parameters
    ----------
    profiles : sequence of AnswerProfile
        All columns in order.
    wanted : sequence of str or None
        Names given by the user, taken as they are.

    Returns
    -------
    dict of Column to str
        In the order of the export, with the reason for each; empty where nothing looks like a comment.

    Raises
    ------
    ColumnError
        A wanted column is absent.
    """
    columns = [profile.column for profile in profiles]
    if wanted:
        named = {_named(name, columns) for name in wanted}
        return {column: "named by you" for column in columns if column in named}
    told = {profile.column: reason for profile in profiles if (reason := _reason(profile))}
    one = [column for column in told if column.name in _ONLY_ONE]
    if one:
        return {column: told[column] for column in one}
    if told:
        return told
    unanswered = {profile.column: _USUAL for profile in profiles if _usually_named(profile) and not profile.answered}
    return unanswered or {profile.column: _ASKED for profile in profiles if _asks_for_comments(profile)}


def _reason(profile: AnswerProfile) -> str:
    """Say why a column is one of comments, or nothing: the export or its name says so, else the answers."""
    if profile.column.mark:
        return "" if _no_comment_though_marked(profile) else f"marked {profile.column.mark!r} in the export"
    if profile.words > 0 and _usually_named(profile):
        return _USUAL
    if no_comment(profile):
        return ""
    if profile.free_text:
        return "the answers read like free text"
    if _OPEN_WORDING.search(profile.column.question) and profile.varied:
        return "the question is open and the answers differ"
    return _ASKED if profile.only_non_answers and _OPEN_WORDING.search(profile.column.question) else ""


def _usually_named(profile: AnswerProfile) -> bool:
    return profile.column.name.strip().lower() in _USUAL_NAMES


def _asks_for_comments(profile: AnswerProfile) -> bool:
    asked = _ASKS_FOR_COMMENTS.search(profile.column.question) is not None
    return asked and not no_comment(profile) and 2 * profile.distinct >= profile.answered


def _no_comment_though_marked(profile: AnswerProfile) -> bool:
    """Whether a box for free text asks for a name, a number or what the respondent is."""
    return no_comment(profile) or (is_short_segment(profile) and not profile.free_text)


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
