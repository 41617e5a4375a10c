"""What a person is filed under: case and reference numbers, vehicle registrations, dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from infoshare_text.cleaning.personal_data.spans import Place

# Words after which a number is one that files somebody ...
_SURE = (
    r"ref(?:erence|s)?|upn|uln|uprn|mrn|passport|payroll|rio|mosaic|liquid ?logic|carefirst|lcs|datix|system ?one|"
    r"systmone|emis|unique (?:learner|pupil)|(?:driving )?licen[cs]e|tenancy"
)
# ... and those after which it needs 'number', 'no', 'ref' or a plain look of one: 'case FN-88213', not 'case 12'.
_THINGS = (
    r"case|crime|incident|complaint|claim|log|customer|client|patient|hosp(?:ital)?|staff|employee|member(?:ship)?|account|"
    r"application|planning|policy|ticket|file|folder|record|court|council tax|housing|rent|ehcp?|marac|police|"
    r"service user|user|referral|invoice|order|booking|job|report|service|person|pupil|student|prison(?:er)?|id"
)
_NUMBER_WORD = r"(?:ref(?:erence)?|number|num|no|nr|id|code|identifier|#)"
_TOKEN = r"[^\W_]{1,20}(?:[/\-.][^\W_]{1,20}){0,6}"
_CALLED = re.compile(
    rf"(?<!\w)(?P<words>(?:(?:{_SURE}|{_THINGS})\s)*(?:{_SURE}|{_THINGS}|{_NUMBER_WORD})(?:\s?{_NUMBER_WORD}\b)*)(?!\w)"
    r"(?:\s?\.)?(?:\s(?:is|was|are|of|:))?[\s:#=(\-]{1,4}"
    r"(?P<token>(?=\S{0,40}\d|(?-i:[A-Z]{2,3})\s\d)"
    rf"(?:{_TOKEN}|(?-i:[A-Z]{{2,3}}))(?:\s\d[\d/\-]{{2,11}}){{0,3}})(?!\w)",
    re.IGNORECASE,
)
_SAYS_NUMBER = re.compile(rf"(?:^|\s)(?:{_SURE}|{_NUMBER_WORD})(?!\w)|#", re.IGNORECASE)
_YEAR = re.compile(r"\D*(?:19|20)\d\d")
_IN_CASE = re.compile(r"\b(?:in|just)\s$", re.IGNORECASE)

# Without a word for it: capitals and five digits or more ('LCS0045812', '22/01184/FUL'), but no standard.
_SHAPE = re.compile(
    r"(?<![\w/\-.£$€#@])(?=[A-Z\d/\-]{0,30}[A-Z])[A-Z\d]{1,14}(?:[/\-][A-Z\d]{1,14}){0,5}(?!\w|[/\-.]\w)"
)
_STANDARD = re.compile(r"(?:ISO|IEC|BS|EN|RFC|PAS|COVID|SARS|DCB|ISN|SCCI|HTM|CVE|WCAG|GCSE|BTEC|H\d+N)")
_POLICE_LOG = re.compile(r"(?<!\w)CAD\s?\d{2,6}(?!\w)")
_DRIVING_LICENCE = re.compile(r"(?<!\w)[A-Z]{2,5}9{0,3}[ \-]?\d{6}[ \-]?[A-Z][A-Z9][ \-]?[A-Z\d]{3}(?!\w)")


def references(text: str) -> Iterator[Place]:
    """Find numbers that a case, a person or a form is filed under."""
    for match in _CALLED.finditer(text):
        if _enough(match["words"], match["token"]) and not _IN_CASE.search(
            text[max(0, match.start() - 6) : match.start()]
        ):
            yield match.span("token")
    for pattern in (_POLICE_LOG, _DRIVING_LICENCE):
        for match in pattern.finditer(text):
            yield match.span()
    for match in _SHAPE.finditer(text):
        if _count_digits(match[0]) >= 5 and not _STANDARD.match(match[0]):
            yield match.span()


def _enough(words: str, token: str) -> bool:
    """Whether a token is a number for what the words say: three digits after 'ref', five after 'case'."""
    digits = _count_digits(token)
    if _SAYS_NUMBER.search(words):
        return digits >= 3 or (digits >= 2 and len(token) >= 5)
    if _YEAR.fullmatch(token):
        return False
    if words.lower().endswith("log"):
        return digits >= 3
    return digits >= 5 or (digits >= 4 and not token.isdigit())


def _count_digits(text: str) -> int:
    return sum(map(str.isdigit, text))


_CURRENT = r"[A-HJ-PR-Y][A-HJ-PR-Y](?:0[1-9]|[12]\d|[5-7]\d)[ \-]?[A-HJ-PR-Z]{3}"
_OLDER = r"[A-Z]\d{1,3}[ \-]?[A-Z]{3}|[A-Z]{3}[ \-]?\d{1,3}[A-Z]|(?-i:[A-Z]{3} ?[013-9]\d{3})"
_PLATE = re.compile(rf"(?<![\w\-/])(?:{_CURRENT})(?![\w\-/])")
_ANY_PLATE = re.compile(rf"(?<![\w\-/])(?:{_CURRENT}|{_OLDER})(?![\w\-/])", re.IGNORECASE)
_WORD_AT_THE_END = re.compile(r"(?:and|the|for|was|are|has|had|but|not|all|any|our|you)$", re.IGNORECASE)
_VEHICLE = re.compile(
    r"\b(?:regs?|registration|plates?|cars?|vans?|vehicles?|lorry|taxi|motorbike|bike|drove|driving|parked|parking|minibus|"
    r"corsa|astra|fiesta|focus|golf|polo|audi|bmw|ford|vauxhall|nissan|toyota|transit)\b",
    re.IGNORECASE,
)


def vehicles(text: str) -> Iterator[Place]:
    """Find vehicle registrations; older forms and small letters only where a vehicle is spoken of."""
    for match in _PLATE.finditer(text):
        yield match.span()
    if not _VEHICLE.search(text):
        return
    for match in _ANY_PLATE.finditer(text):
        near = text[max(0, match.start() - 60) : match.end() + 40]
        if _VEHICLE.search(near) and not _WORD_AT_THE_END.search(match[0]):
            yield match.span()


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    r"(?P<date>\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:\d{4}|\d\d)|\d{1,2} \d\d (?:\d{4}|\d\d)|"
    r"\d{4}[/.\-]\d\d[/.\-]\d\d|"
    rf"{_DAY}(?:\sof)?[\s\-]{_MONTH}[.,]?(?:[\s\-]'?(?:\d{{4}}|\d\d))?|{_MONTH}\s{_DAY}(?:,?\s\d{{4}})?|\d{{8}}|\d{{6}})"
)
_BORN = r"\b(?:d\.?\s?o\.?\s?b\b\.?|dates?\sof\sbirth|birth\s?dates?|birthdays?|births?|born)"
_FIRST_DATE = re.compile(rf"{_BORN}[^.!?\n\ufffc\d]{{0,25}}?(?<!\w){_DATE}(?!\w)", re.IGNORECASE)
_SET_AGAINST = r"(?=[^.!?\n]{0,45}\b(?:and|or|not|when|but|instead|then)\b|/)"
_NEXT_DATE = re.compile(rf"{_SET_AGAINST}[^.!?\n\ufffc\d]{{1,45}}?(?<!\w){_DATE}(?!\w)", re.IGNORECASE)


def dates_of_birth(text: str) -> Iterator[Place]:
    """Find dates that are called somebody's birth, and those set against them ('... and 10/05/80 on the other')."""
    for match in _FIRST_DATE.finditer(text):
        yield match.span("date")
        if after := _NEXT_DATE.match(text, match.end()):
            yield after.span("date")
