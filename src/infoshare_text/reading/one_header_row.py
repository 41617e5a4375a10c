"""Tools that write one header row, each known by its leading columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from infoshare_text.reading.layouts import Column, Flag, Layout, Rows, plain

_NUMBER = re.compile(r"(?:Q\s?)?\d+(?:\.\d+)*\.?[a-z]?(?:\.[ivx]+)?[.:)]\s*(?=\S*[^\W\d])")
_CODE = re.compile(r"\w+(?:\[[^\[\]]*\])*(?:\.|:| -)\s+(?=\S)")
_TIMING = re.compile(r"interviewtime|total time|group ?time.*|question time.*")
_MOST_NUMBERED = 0.9
_QUIZ = re.compile(r"total points|quiz feedback|(?:points|feedback) - .*", re.IGNORECASE | re.DOTALL)
_ANALYST = re.compile(r"(?:.* )?(?:notes?|tags?)|(?:analyst|internal)\b.*", re.IGNORECASE)
_TIMESTAMP = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}[ T,]+\d{1,2}[:.]\d{2}.*", re.DOTALL)
_TIMESTAMPS = {"timestamp", "stamp amser", "horodateur", "zeitstempel", "marca temporal", "tijdstempel"}
_ANONYMOUS = re.compile(r"(?:ANON|BHLF)-\w{4}-\w{4}-\w")
_OF_OTHER_TOOLS = {"ip address", "contact id", "response status", "legacy comments", "collector id", "user agent"}
_URN = re.compile(r"\d+-\d+-\d+")


def microsoft_forms(head: Rows) -> Layout | None:
    """Know ``Start time`` and ``Completion time`` among the leading columns."""
    return microsoft_forms_columns(head) if {"start time", "completion time"} <= set(_names(head)[:4]) else None


def microsoft_forms_columns(head: Rows) -> Layout:
    """Read a Microsoft Forms header."""
    return _told(_one_header_row(head, "Microsoft Forms"), _QUIZ, "marks of a quiz")


def google_forms(head: Rows) -> Layout | None:
    """Know a first column called ``Timestamp``, in the language of the account, with times in it."""
    if _names(head)[0] not in _TIMESTAMPS or not any(row and _TIMESTAMP.fullmatch(row[0].strip()) for row in head[1:]):
        return None
    return google_forms_columns(head)


def google_forms_columns(head: Rows) -> Layout:
    """Read a Google Forms header; it doubles a name where two questions have one title."""
    return _one_header_row(head, "Google Forms")


def smartsurvey(head: Rows) -> Layout | None:
    """Know ``UserID`` and ``UserNo`` among the leading columns."""
    return smartsurvey_columns(head) if {"userid", "userno"} <= set(_names(head)[:12]) else None


def smartsurvey_columns(head: Rows) -> Layout:
    """Read a SmartSurvey header; '-' and '.' stand for no answer, ``@SQ@`` for an apostrophe."""
    base = _one_header_row(head, "SmartSurvey", _NUMBER)
    return replace(
        base,
        notes=[*base.notes, "cells that hold only '-' or '.' are SmartSurvey's sign for no answer: read as empty"],
        no_answer=frozenset({"-", "."}),
        residue=((re.compile("@SQ@"), "'"),),
        flags=_unfinished(head, {"ended"}),
    )


def jisc(head: Rows) -> Layout | None:
    """Know a first column of unique response numbers; an export without it has a number before every question."""
    first = _names(head)[0]
    numbered = any(row and _URN.fullmatch(row[0].strip()) for row in head[1:])
    known = first.startswith("unique response number") or (first in ("urn", "response id") and numbered)
    return jisc_columns(head) if known or _all_numbered(head) else None


def jisc_columns(head: Rows) -> Layout:
    """Read a Jisc Online Surveys header, whose questions are numbered."""
    return _one_header_row(head, "Jisc Online Surveys", _NUMBER)


def limesurvey(head: Rows) -> Layout | None:
    """Know the submission date and the last page, by code, by text or by both."""
    names = {code for name in _names(head)[:12] for code in (name, _code(name))}
    known = names & {"submitdate", "date submitted"} and names & {"lastpage", "last page", "startlanguage"}
    return limesurvey_columns(head) if known else None


def limesurvey_columns(head: Rows) -> Layout:
    """Read a LimeSurvey header: code, text, or code and text; it may have timed every question."""
    names = _names(head)
    base = _one_header_row(head, "LimeSurvey", _CODE if _code(names[0]) != names[0] else None)
    known = {_code(name) for name in names}
    columns = [
        replace(column, about="LimeSurvey's timing") if _is_timing(_code(name), known) else column
        for column, name in zip(base.columns, names, strict=True)
    ]
    return replace(base, columns=columns, flags=_unfinished(head, {"submitdate", "date submitted"}))


def _is_timing(code: str, codes: set[str]) -> bool:
    return bool(_TIMING.fullmatch(code)) or (code.endswith("time") and code.removesuffix("time") in codes)


def citizen_space(head: Rows) -> Layout | None:
    """Know a first column called ``Response ID``, or ids such as ``ANON-1ABC-2DEF-3`` in it."""
    coded = any(row and _ANONYMOUS.fullmatch(row[0].strip()) for row in head[1:])
    named = _names(head)[0] == "response id" and not _OF_OTHER_TOOLS & set(_names(head))
    return citizen_space_columns(head) if coded or named else None


def citizen_space_columns(head: Rows) -> Layout:
    """Read a Citizen Space header, one column for each part of an answer."""
    return _told(_one_header_row(head, "Citizen Space", _NUMBER), _ANALYST, "an analyst's notes")


def _one_header_row(head: Rows, tool: str, number: re.Pattern[str] | None = None) -> Layout:
    """Read one header row; a number or code before a question was none of its wording."""
    base = plain(head)
    columns: Sequence[Column] = base.columns
    if number is not None:
        columns = [replace(column, question=_without(number, column.question)) for column in columns]
    return Layout(f"{tool}, one header row", 1, list(columns), base.notes)


def _told(layout: Layout, names: re.Pattern[str], about: str) -> Layout:
    """Say of the columns of these names that no respondent wrote them."""
    columns = [
        replace(column, about=about) if names.fullmatch(" ".join(column.name.split())) else column
        for column in layout.columns
    ]
    return replace(layout, columns=columns)


def _unfinished(head: Rows, names: set[str]) -> tuple[Flag, ...]:
    return tuple(
        Flag(position, "partial", frozenset({""}))
        for position, name in enumerate(_names(head))
        if name in names or _code(name) in names
    )


def _all_numbered(head: Rows) -> bool:
    numbered = sum(_NUMBER.match(name.strip()) is not None for name in head[0])
    return len(head[0]) > 1 and numbered >= _MOST_NUMBERED * len(head[0])


def _code(name: str) -> str:
    """Return the code before a question's text, or the whole name."""
    return re.split(r"(?:\.|:| -)\s", name, maxsplit=1)[0]


def _names(head: Rows) -> list[str]:
    return [" ".join(name.split()).lower() for name in head[0]]


def _without(number: re.Pattern[str], question: str) -> str:
    found = number.match(question)
    return question[found.end() :] if found else question
