"""Numbers that belong to one person: telephone, NHS, National Insurance, card, account.

What the writer calls a number counts more than what it looks like: after 'NHS no.' ten digits are taken even where the
check digit is wrong, since people mistype; without a word for it, the form and the check digit decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from infoshare_text.cleaning.personal_data.spans import Place

# One digit, or the letter O typed for a nought, after as many as three separators.
_D = r"(?:[ .\-()]{0,3}(?:\d|[Oo](?![^\W\dOo_])))"
_EXTENSION = r"(?:\s?,?\s?(?:ext(?:ension|n)?|ex|x)\.?\s?\d{1,6})?"
_NO_MONEY = r"(?<![\w+£$€#])"
_UK_PHONE = re.compile(
    rf"{_NO_MONEY}(?:\(?(?:\+|00)\s?44\)?[ .\-]?(?:\(0\))?|\(?[0O]){_D}{{9,11}}(?![\dOo])(?![\-/]\d){_EXTENSION}",
    re.IGNORECASE,
)
_ABROAD = re.compile(
    rf"{_NO_MONEY}(?:\+|00)[1-9]\d{{0,2}}(?:[ .\-()]{{0,2}}\d){{6,13}}(?!\d){_EXTENSION}", re.IGNORECASE
)
_LOCAL_PHONE = re.compile(
    r"\b(?:telephone|phone|tel|mobile|mob|cell|landline|fax|rings?|rang|call|called|text|dial|whats ?app|contact|reach)"
    r"(?:\s(?:no|num|number|me|us|him|her|them|back|is|on|at|my|the|desk|line|office|home|work))*[\s.:,\-=]{1,3}"
    rf"(?P<number>[1-9](?:[ \-]?\d){{5,9}})(?!\d)(?![\-/.]\d){_EXTENSION}",
    re.IGNORECASE,
)
_DATE = re.compile(r"\(?(?:0[1-9]|[12]\d|3[01])[.\-](?:0[1-9]|1[0-2])[.\-](?:19|20)?\d\d\b")
_YEARS = re.compile(r"(?:19|20)\d\d[ \-](?:19|20)\d\d")

_TEN_DIGITS = re.compile(r"(?<![\w+£$€])\d(?:[ .\-]?\d){9}(?![\w£$€])")
_NHS_WORD = re.compile(
    r"\bnhs\b(?:\s?(?:no|num|nr|number|id|#|is|was|of|my|\(\w{1,12}\)))*[\s.:;,#=\-()]{0,4}$", re.IGNORECASE
)

_NI = re.compile(
    r"(?<!\w)(?P<prefix>[A-Z]{2})(?:[ \-]{0,2}\d){6}(?P<suffix>[ \-]{0,2}[A-D](?!\w))?(?!\w)", re.IGNORECASE
)
_NI_PREFIX = re.compile(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]", re.IGNORECASE)
_NI_WORD = re.compile(r"\b(?:n\.?i\.?|nino|nat(?:ional)? ins(?:urance)?)(?!\w)[^!?\n]{0,20}$", re.IGNORECASE)

_CARD = re.compile(
    r"(?<![\w+£$€.])(?:\d{4}(?P<gap>[ \-]?)\d{4}(?P=gap)\d{4}(?P=gap)\d{4}|\d{4}[ \-]?\d{6}[ \-]?\d{5}|\d{13,19})(?!\w)"
)
_CARD_WORD = re.compile(r"\b(?:card|visa|mastercard|amex|debit|credit)\b[^.!?\n]{0,20}$", re.IGNORECASE)

_SORT = r"\d\d(?:-\d\d-\d\d| \d\d \d\d|\d{4})"
_SORT_AND_ACCOUNT = re.compile(rf"(?<![\w\-])(?P<number>{_SORT}[ ,/]{{1,3}}\d{{8}})(?![\w\-])")
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
        if not _DATE.match(match[0]) and _could_be_rung(match[0], "GB"):
            yield match.span()
    if "+" in text or "00" in text:
        for match in _ABROAD.finditer(text):
            if _could_be_rung(match[0], None):
                yield match.span()
    for match in _LOCAL_PHONE.finditer(text):
        if not _YEARS.fullmatch(match["number"]):
            yield match.start("number"), match.end()


def _could_be_rung(found: str, country: str | None) -> bool:
    """Whether numbers of this length exist in the country; not whether anyone has this one."""
    from phonenumbers import NumberParseException, is_possible_number, parse

    number = re.split(r"[xe]", found.lower())[0]
    if sum(map(str.isdigit, number)) < 8:
        return False
    digits = re.sub(r"[^\d+]", "", number.replace("o", "0").replace("(0)", ""))
    if country is None:
        digits = re.sub(r"^00", "+", digits)
    try:
        return is_possible_number(parse(digits, country))
    except NumberParseException:
        return False


def nhs_numbers(text: str) -> Iterator[Place]:
    """Find NHS numbers: ten digits that are called so, or whose check digit is right."""
    from stdnum.gb import nhs

    for match in _TEN_DIGITS.finditer(text):
        called = _NHS_WORD.search(_before(text, match.start()))
        if called or (match[0][0] != "0" and nhs.is_valid(_digits(match[0]))):
            yield match.span()


def ni_numbers(text: str) -> Iterator[Place]:
    """Find National Insurance numbers; of unusual form, or without the last letter, only where they are called so."""
    for match in _NI.finditer(text):
        usual = match["suffix"] and _NI_PREFIX.fullmatch(match["prefix"])
        if usual or _NI_WORD.search(_before(text, match.start())):
            yield match.span()


def cards(text: str) -> Iterator[Place]:
    """Find numbers of bank cards: 13 to 19 digits that are called so, or whose check digit (Luhn) is right."""
    from stdnum import luhn

    for match in _CARD.finditer(text):
        called = _CARD_WORD.search(_before(text, match.start()))
        if called or (match[0][0] in "23456" and luhn.is_valid(_digits(match[0]))):
            yield match.span()


def bank_accounts(text: str) -> Iterator[Place]:
    """Find sort codes, account numbers of eight digits, and IBANs with their check digits."""
    for pattern in (_SORT_AND_ACCOUNT, _SORT_CODE, _ACCOUNT):
        for match in pattern.finditer(text):
            yield match.span("number")
    for match in _IBAN.finditer(text):
        if length := _iban_length(match[0]):
            yield match.start(), match.start() + length


def _iban_length(found: str) -> int:
    """Characters of the IBAN at the start of what looks like one; words in capitals may follow it."""
    from stdnum import iban

    for end in range(len(found), 14, -1):
        if (end == len(found) or found[end] == " ") and iban.is_valid(found[:end]):
            return end
    return 0


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _before(text: str, place: int) -> str:
    """Return what stands before a place, as far as a word for it may be."""
    return text[max(0, place - 48) : place]
