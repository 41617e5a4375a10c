"""What a person is filed under: case and reference numbers, vehicle registrations, dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

Place = tuple[int, int]

# -- case and reference numbers ------------------------------------------------------------------------------------

_SURE = (
    r"ref(?:erence|s)?|upn|uln|mrn|passport|payroll|rio|mosaic|liquid ?logic|carefirst|lcs|datix|system ?one|systmone|emis|"
    r"unique (?:learner|pupil)|(?:driving )?licen[cs]e|tenancy"
)
_THINGS = (
    r"case|crime|incident|complaint|claim|log|customer|client|patient|hosp(?:ital)?|staff|employee|member(?:ship)?|account|application|"
    r"planning|policy|ticket|file|folder|record|court|council tax|housing|rent|ehcp?|marac|police|service user|user|referral|invoice|order|"
    r"booking|job|report|service|person|pupil|student|prison(?:er)?|id"
)
_NUMBER_WORD = r"(?:ref(?:erence)?|number|num|no|nr|id|code|identifier|#)"
_FILL = r"(?:\s?\.)?(?:\s(?:is|was|are|of|:))?[\s:#=(\-]{1,4}"
_TOKEN = r"[^\W_]{1,20}(?:[/\-.][^\W_]{1,20}){0,6}"
_SPACED = rf"(?:{_TOKEN}|(?-i:[A-Z]{{2,3}}))(?:\s\d[\d/\-]{{2,11}}){{0,3}}"
_CALLED = re.compile(
    rf"(?<!\w)(?P<words>(?:(?:{_SURE}|{_THINGS})\s)*(?:{_SURE}|{_THINGS}|{_NUMBER_WORD})(?:\s?{_NUMBER_WORD}\b)*)(?!\w)"
    rf"{_FILL}(?P<token>(?=[^\s]{{0,40}}\d|(?-i:[A-Z]{{2,3}})\s\d){_SPACED})(?!\w)",
    re.IGNORECASE,
)
_SAYS_NUMBER = re.compile(rf"(?:^|\s)(?:{_SURE}|{_NUMBER_WORD})(?!\w)|#", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SHAPE = re.compile(
    r"(?<![\w/\-.£$€#@])(?=[A-Z\d/\-]{0,30}[A-Z])[A-Z\d]{1,14}(?:[/\-][A-Z\d]{1,14}){0,5}(?![\w]|[/\-.]\w)"
)
_POLICE_LOG = re.compile(r"(?<!\w)CAD\s?\d{2,6}(?!\w)")
_STANDARDS = re.compile(r"(?:ISO|IEC|BS|EN|RFC|PAS|COVID|SARS|DCB|ISN|SCCI|HTM|CVE|WCAG|GCSE|BTEC|H\d+N)")


def references(text: str) -> Iterator[Place]:
    """Find numbers that a case, a person or a form is filed under."""
    for match in _CALLED.finditer(text):
        token = match["token"]
        if _enough(match["words"], token) and not _after_in(text, match.start()):
            yield match.start("token"), match.start("token") + len(token)
    for match in _POLICE_LOG.finditer(text):
        yield match.span()
    for match in _SHAPE.finditer(text):
        if sum(map(str.isdigit, match[0])) >= 5 and not _STANDARDS.match(match[0]):
            yield match.span()


def _enough(words: str, token: str) -> bool:
    """A word such as 'number' or 'ref' needs three digits after it, 'case' alone a token that is plainly no amount."""
    digits = sum(map(str.isdigit, token))
    if _YEAR.fullmatch(token[-4:]) and not any(map(str.isdigit, token[:-4])) and not _SAYS_NUMBER.search(words):
        return False
    if _SAYS_NUMBER.search(words):
        return digits >= 3 or (digits >= 2 and len(token) >= 5)
    if words.lower().endswith("log"):
        return digits >= 3
    letters = any(map(str.isalpha, token)) or "/" in token or "-" in token
    return digits >= 5 or (digits >= 4 and letters)


def _after_in(text: str, start: int) -> bool:
    """'In case 15,000 people ask' names no case."""
    return re.search(r"\b(?:in|just)\s$", text[max(0, start - 5) : start], re.IGNORECASE) is not None


# -- vehicle registrations -----------------------------------------------------------------------------------------

_CURRENT = r"[A-HJ-PR-Y][A-HJ-PR-Y](?:0[1-9]|[12]\d|[5-7]\d)[ \-]?[A-HJ-PR-Z]{3}"
_OLDER = r"[A-Z]\d{1,3}[ \-]?[A-Z]{3}|[A-Z]{3}[ \-]?\d{1,3}[A-Z]|(?-i:[A-Z]{3} ?[013-9]\d{3})"
_PLATE = re.compile(rf"(?<![\w\-/])(?:{_CURRENT})(?![\w\-/])")
_ANY_PLATE = re.compile(rf"(?<![\w\-/])(?:{_CURRENT}|{_OLDER})(?![\w\-/])", re.IGNORECASE)
_VEHICLE = re.compile(
    r"\b(?:reg|regs|registration|plates?|car|cars|van|vans|vehicles?|lorry|taxi|motorbike|bike|drove|driving|parked|parking|minibus|"
    r"corsa|astra|fiesta|focus|golf|polo|audi|bmw|ford|vauxhall|nissan|toyota|transit)\b",
    re.IGNORECASE,
)


def vehicles(text: str) -> Iterator[Place]:
    """Find vehicle registrations; older forms and lower case only where a vehicle is spoken of."""
    for match in _PLATE.finditer(text):
        yield match.span()
    if _VEHICLE.search(text):
        for match in _ANY_PLATE.finditer(text):
            near = text[max(0, match.start() - 60) : match.end() + 40]
            if _VEHICLE.search(near) and match[0][-3:].lower() not in ("and", "the", "for", "was"):
                yield match.span()


# -- dates of birth ------------------------------------------------------------------------------------------------

_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:\d{{1,2}}\s?[/.\-]\s?\d{{1,2}}\s?[/.\-]\s?(?:\d{{4}}|\d\d)|\d{{1,2}} \d\d (?:\d{{4}}|\d\d)|\d{{4}}[/.\-]\d\d[/.\-]\d\d|"
    rf"{_DAY}(?:\sof)?[\s\-]{_MONTH}[.,]?(?:[\s\-]'?(?:\d{{4}}|\d\d))?|{_MONTH}\s{_DAY}(?:,?\s\d{{4}})?|\d{{8}}|\d{{6}})"
)
_BORN = r"\b(?:d\.?\s?o\.?\s?b\b\.?|dates?\sof\sbirth|birth\s?dates?|birthdays?|births?|born)"
_FIRST_DATE = re.compile(rf"{_BORN}(?P<between>[^.!?\n\ufffc\d]{{0,25}}?)(?<!\w)(?P<date>{_DATE})(?!\w)", re.IGNORECASE)
_NEXT_DATE = re.compile(
    rf"(?=[^.!?\n]{{0,45}}\b(?:and|or|not|when|but|instead|then)\b|/)[^.!?\n\ufffc\d]{{1,45}}?(?<!\w)(?P<date>{_DATE})(?!\w)",
    re.IGNORECASE,
)


def dates_of_birth(text: str) -> Iterator[Place]:
    """Find dates that are called somebody's birth, and those they are set against ('... and 10/05/80 on the other')."""
    for match in _FIRST_DATE.finditer(text):
        yield match.span("date")
        after = _NEXT_DATE.match(text, match.end())
        if after:
            yield after.span("date")
