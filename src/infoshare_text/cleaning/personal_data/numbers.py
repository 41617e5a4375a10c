"""Numbers that belong to one person: telephone, NHS, National Insurance, card, account.

What the writer calls a number counts more than what it looks like: after 'NHS no.' ten digits are taken even where the
check digit is wrong, since people mistype; without a word for it, the form and the check digit decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Place = tuple[int, int]

# One digit, or the letter O typed for a nought; between two of them a separator or two.
_D = r"(?:[ .\-()]{0,3}[\dOo])"
_EXTENSION = r"(?:\s?,?\s?(?:ext(?:ension|n)?|x)\.?\s?\d{1,6})?"
_UK_PHONE = re.compile(
    rf"(?<![\w+£$€#])(?:\(?(?:\+|00)\s?44\)?[ .\-]?(?:\(0\))?|\(?[0O]){_D}{{9,11}}(?![\dOo])(?![\-/]\d){_EXTENSION}",
    re.IGNORECASE,
)
_ABROAD = re.compile(
    rf"(?<![\w+£$€#])(?:\+|00)[1-9]\d{{0,2}}(?:[ .\-()]{{0,2}}\d){{6,13}}(?!\d){_EXTENSION}", re.IGNORECASE
)
_RUNG = (
    r"\b(?:tele?phone|phone|tel|mobile|mob|cell|landline|fax|ring|rings|rang|call|called|text|dial|whats ?app|contact|reach)"
    r"(?:\s(?:no|num|number|me|us|him|her|them|back|is|on|at|my|the|desk|line|office|home|work))*[\s.:,\-=]{1,3}"
)
_LOCAL_PHONE = re.compile(rf"{_RUNG}(?P<number>[1-9](?:[ \-]?\d){{5,9}})(?!\d)(?![\-/.]\d){_EXTENSION}", re.IGNORECASE)
_DATE_BEFORE = re.compile(r"\(?(?:0[1-9]|[12]\d|3[01])[.\-](?:0[1-9]|1[0-2])[.\-](?:19|20)?\d\d\b")

_TEN_DIGITS = re.compile(r"(?<![\w+£$€])\d(?:[ .\-]?\d){9}(?![\w£$€])(?![ .\-]\d)")
_NHS_WORD = re.compile(
    r"\bnhs\b(?:\s?(?:no|num|nr|number|id|#|is|was|of|my|\(\w{1,12}\)))*[\s.:;,#=\-()]{0,4}$", re.IGNORECASE
)

_NI = re.compile(
    r"(?<![\w])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[ \-]{0,2}\d){6}(?P<suffix>[ \-]{0,2}[A-D](?!\w))?(?![\w])",
    re.IGNORECASE,
)
_NI_WORD = re.compile(r"\b(?:n\.?i\.?|nino|nat(?:ional)? ins(?:urance)?)(?!\w)[^!?\n]{0,20}$", re.IGNORECASE)

_LONG_DIGITS = re.compile(r"(?<![\w+£$€.])\d(?:[ \-]?\d){12,18}(?![\w])(?![ \-]\d)")
_CARD_WORD = re.compile(r"\b(?:card|visa|mastercard|amex|debit|credit)\b[^.!?\n]{0,20}$", re.IGNORECASE)

_SORT = r"\d\d(?:-\d\d-\d\d| \d\d \d\d|\d{4})"
_SORT_AND_ACCOUNT = re.compile(rf"(?<![\w\-]){_SORT}[ ,/]{{1,3}}\d{{8}}(?![\w\-])")
_SORT_CODE = re.compile(
    rf"\bsort(?:ing)?(?:\s?code)?(?:\s(?:is|was|no|number))?[\s.:=\-]{{0,3}}(?P<number>{_SORT})(?!\d)", re.IGNORECASE
)
_ACCOUNT = re.compile(
    r"(?:\ba/c|\bacc(?:oun)?t?)\b\.?(?:\s?(?:no|num|number|nr|is|was|#))*[\s.:#=\-]{0,3}(?P<number>\d{8})(?!\d)(?![\-/]\d)",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?!\w)")


def phones(text: str) -> Iterator[Place]:
    """Find telephone numbers, with their extension, written with any or no separators."""
    for match in _UK_PHONE.finditer(text):
        if not _DATE_BEFORE.match(match[0]) and _could_be_rung(match[0], "GB"):
            yield match.span()
    if "+" in text or "00" in text:
        for match in _ABROAD.finditer(text):
            if _could_be_rung(match[0], None):
                yield match.span()
    for match in _LOCAL_PHONE.finditer(text):
        if not _is_year_range(match["number"]):
            yield match.start("number"), match.end()


def _could_be_rung(found: str, country: str | None) -> bool:
    """Whether a number of this length exists in the country; not whether anyone has it."""
    from phonenumbers import NumberParseException, is_possible_number, parse

    number = re.sub(r"[xe].*", "", found.lower(), flags=re.DOTALL)
    digits = re.sub(r"[^\d+]", "", number.replace("o", "0").replace("(0)", ""))
    if not country:
        digits = re.sub(r"^00", "+", digits)
    if sum(map(str.isdigit, number)) < 8:
        return False
    try:
        return is_possible_number(parse(digits, country))
    except NumberParseException:
        return False


def _is_year_range(found: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d[ \-](?:19|20)\d\d", found) is not None


def nhs_numbers(text: str) -> Iterator[Place]:
    """Find NHS numbers: ten digits that are called so, or whose check digit is right."""
    from stdnum.gb import nhs

    for match in _TEN_DIGITS.finditer(text):
        if _NHS_WORD.search(_before(text, match.start())) or (match[0][0] != "0" and nhs.is_valid(_digits(match[0]))):
            yield match.span()


def ni_numbers(text: str) -> Iterator[Place]:
    """Find National Insurance numbers; without the last letter only where they are called so."""
    for match in _NI.finditer(text):
        if match["suffix"] or _NI_WORD.search(_before(text, match.start())):
            yield match.span()


def cards(text: str) -> Iterator[Place]:
    """Find numbers of bank cards: 13 to 19 digits that are called so, or whose check digit (Luhn) is right."""
    from stdnum import luhn

    for match in _LONG_DIGITS.finditer(text):
        digits = _digits(match[0])
        if _CARD_WORD.search(_before(text, match.start())) or (digits[0] in "23456" and luhn.is_valid(digits)):
            yield match.span()


def bank_accounts(text: str) -> Iterator[Place]:
    """Find sort codes, account numbers of eight digits, and IBANs with their check digits."""
    for match in _SORT_AND_ACCOUNT.finditer(text):
        yield match.span()
    for pattern in (_SORT_CODE, _ACCOUNT):
        for match in pattern.finditer(text):
            yield match.span("number")
    for match in _IBAN.finditer(text):
        length = _iban_length(match[0])
        if length:
            yield match.start(), match.start() + length


def _iban_length(found: str) -> int:
    """Characters of the IBAN at the start of what looks like one; words in capitals may follow it."""
    from stdnum import iban

    for end in range(len(found), 14, -1):
        if iban.is_valid(found[:end]) and (end == len(found) or found[end] == " "):
            return end
    return 0


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _before(text: str, place: int) -> str:
    """What stands before a place, as much as a word for it may need."""
    return text[max(0, place - 48) : place]
