"""Which answers are there to be coded: blank, non-answer, or a comment; with the question in mind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from infoshare_text.cleaning.asked import BARRIERS, asked_for
from infoshare_text.cleaning.non_answers import COURTESY, NO, NO_ANSWER, NO_REPLY, NO_TROUBLE, NONE
from infoshare_text.columns import BLANK, CODED, NON_ANSWER

_LONGEST_NON_ANSWER = 80
_NOT_WORDS = re.compile(r"[\W_]+")
_PART = re.compile(r"[.,;:!?()\n]+|\s[-–—]+\s")
_APOSTROPHE = re.compile("['’‘`]")


def answer_status(comment: str, question: str = "") -> str:
    """Tell whether a comment is to be coded.

    Parameters
    ----------
    comment : str
        The answer as read.
    question : str
        What it answers: to 'What stops it?', 'Nothing' says something (see :func:`says_all_is_well`).

    Returns
    -------
    str
        ``blank``: nothing but white space. ``non_answer``: something was typed that says nothing
        ('n/a', 'see above', '-', a lone emoji). ``coded``: everything else.

    Examples
    --------
    >>> answer_status("  "), answer_status("N/A."), answer_status("None of them ring back")
    ('blank', 'non_answer', 'coded')
    >>> answer_status("Nothing", "What stops it?"), answer_status("Nothing", "What helps?")
    ('coded', 'non_answer')
    """
    if not comment or comment.isspace():
        return BLANK
    if len(comment) > _LONGEST_NON_ANSWER:
        return CODED if any(map(str.isalnum, comment)) else NON_ANSWER
    if not all(map(NO_ANSWER.fullmatch, _parts(comment))):
        return CODED
    if asked_for(question).kind == BARRIERS and _says_something_of_barriers(list(_parts(comment)), question):
        return CODED
    return NON_ANSWER


def answer_statuses(comments: Sequence[str], questions: Sequence[str] | None = None) -> list[str]:
    """Tell the status of each comment, given the question that each answers."""
    if questions is None:
        return [answer_status(comment) for comment in comments]
    return [answer_status(comment, question) for comment, question in zip(comments, questions, strict=True)]


def says_all_is_well(comment: str, question: str) -> bool:
    """Tell whether a comment says that there is nothing of the bad that was asked for, and no more.

    'Nothing' or 'no problems' to 'What stops it?' is praise; 'no' is to 'Does anything stop it?'. 'Nothing' to 'What
    helps?', 'n/a' and 'nothing comes to mind' to either are not.

    Parameters
    ----------
    comment : str
        The answer as read.
    question : str
        What it answers.

    Examples
    --------
    >>> says_all_is_well("None that I know of.", "What gets in the way?"), says_all_is_well("None", "What do you need?")
    (True, False)
    """
    if len(comment) > _LONGEST_NON_ANSWER or asked_for(question).kind != BARRIERS:
        return False
    return _denied(list(_parts(comment)), question)


def which_say_all_is_well(comments: Sequence[str], questions: Sequence[str]) -> list[bool]:
    """Tell for each comment, given the question that it answers, whether it says that all is well."""
    asks = {question: asked_for(question).kind == BARRIERS for question in set(questions)}
    return [
        asks[question] and says_all_is_well(comment, question)
        for comment, question in zip(comments, questions, strict=True)
    ]


def _parts(comment: str) -> Iterator[str]:
    """Divide a short answer at its marks, without empty parts and courtesies."""
    plain = _APOSTROPHE.sub("", comment.casefold()).replace("n/a", "na")
    for piece in _PART.split(plain):
        part = _NOT_WORDS.sub(" ", piece).strip()
        if part and not COURTESY.fullmatch(part):
            yield part


def _says_something_of_barriers(parts: Sequence[str], question: str) -> bool:
    return _denied(parts, question) or any(map(NO_REPLY.fullmatch, parts))


def _denied(parts: Sequence[str], question: str) -> bool:
    no_will_do = asked_for(question).yes_or_no
    enough = (NONE, NO_TROUBLE, NO) if no_will_do else (NONE, NO_TROUBLE)
    denials = [any(pattern.fullmatch(part) for pattern in enough) for part in parts]
    return any(denials) and all(denial or NO.fullmatch(part) for denial, part in zip(denials, parts, strict=True))
