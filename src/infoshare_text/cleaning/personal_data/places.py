"""Where a person lives: postcodes and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

Place = tuple[int, int]

_AREAS = set(
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY HA HD "
    "HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S "
    "SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE ZZ".split()
)
_POSTCODE = re.compile(
    r"(?<![\w\-/.])([A-Z]{1,2})(?:\d[\dA-HJKMNPR-Y]?) {0,2}(\d[ABD-HJLNP-UW-Z]{2})(?![\w\-/])", re.IGNORECASE
)
_ORDINAL = re.compile(r"(?:1st|2nd|3rd)$")

_TYPES = (
    "Road|Rd|Street|St|Avenue|Ave|Lane|Ln|Close|Drive|Crescent|Cres|Way|Gardens|Gdns|Terrace|Terr|Place|Grove|Hill|Square|Row|Mews|Walk|Rise|"
    "Green|View|Court|Ct|Park|Parade|Fold|Croft|Quay|Wharf|Bank|Brow|Mount|Vale|Yard|Circus|Esplanade|Embankment|Promenade|Broadway|Highway|"
    "Boulevard|Path|Passage|Gate|Meadows?|Fields?|Common|Lodge|House|Tower|Mansions|Buildings|Heights|Point|Estate|Drove|Wynd|Loan|Brae|"
    "Avenue|Approach|Chase|Dene|Garth|Heath|Hollow|Orchard|Ridge|Spinney|Villas|Cottages"
)
_SURE_TYPES = "road|rd|street|avenue|ave|lane|drive|close|crescent|cres|terrace|gardens|grove|mews"
_PLURALS = r"The\s[A-Z]\w{2,20}s"
_UNIT = r"(?:(?:flat|apartment|apt|unit|suite|plot)\s?\d{1,4}[a-z]?(?:/\d{1,3})?)"
_HOUSE_NUMBER = r"(?:(?:no\.?|number)\s)?(?<![\d.,£$€])\d{1,4}[A-Za-z]?(?:\s?[\-/]\s?\d{1,4}[A-Za-z]?)?"
_CAP = r"(?:(?:[A-Z][\w'.]{0,25}|of|the|upon|le|St\.?)[ \-]){0,3}[A-Z][\w'.]{0,25}[ \-]"
_HOUSE_NAME = r"(?:(?:[A-Z][\w']{1,20}\s){1,3}(?:House|Court|View|Lodge|Tower|Mansions|Buildings?|Point|Heights|Wharf))"
_CAPITAL = re.compile(
    rf"(?<![\w£$€])(?:(?i:{_UNIT}),?\s)?(?:{_HOUSE_NAME},?\s)?(?:\d{{1,2}}/\d{{1,2}},?\s)?(?i:{_HOUSE_NUMBER}),?\s(?:{_CAP}(?:{_TYPES})|{_PLURALS}|(?:The\s)?[A-Z][\w']{{2,20}}(?:gate|way|side|ham Road))"
    rf"(?![\w])"
)
_UNIT_AND_HOUSE = re.compile(
    rf"(?<!\w)(?i:{_UNIT}),?\s{_HOUSE_NAME}(?:,\s(?:[A-Z][\w']{{1,20}}\s){{1,3}}(?:{_TYPES}))?(?!\w)"
)
_NAMED_HOUSE = re.compile(
    r"(?<!\w)(?:The\s)?(?:[A-Z][\w']{1,20}\s){1,2}?(?:House|Cottage|Rectory|Vicarage|Farm|Lodge|Barn|Manor|Mill|Grange|Bungalow|Villa|Farmhouse|Cottages|School\sHouse),\s"
    rf"(?:[A-Z][\w']{{1,20}}\s){{1,3}}(?:{_TYPES})(?!\w)"
)
_LOWER = re.compile(
    rf"(?<![\w£$€.,])(?i:(?:{_UNIT},?\s)?{_HOUSE_NUMBER},?\s)(?P<name>(?:[a-z][a-z']{{1,20}}\s){{1,3}})(?:{_SURE_TYPES})(?!\w)(?!\s(?:surgery|clinic|practice|banks?|shops?|hearings?|ranger|worker|team))",
    re.IGNORECASE,
)
_NO_STREET = set(
    "minute minutes min mins hour hours day days week weeks month months year years mile miles km metre metres people person staff of in on at and "
    "or to is are was were from for with by per percent police serious social different close long short new old lane way more other separate "
    "agencies services teams times road street one two three four five way".split()
)
_LIVES = r"(?:\b(?:live|lives|lived|living|resides?|residing|staying|stays|moved|home|house|flat|address|evicted|lodging|neighbours?)\b[^.!?\n\d]{0,24}?\b(?:on|in|at|from|to|is|was)\s|\baddress:?\s)"
_LIVED_IN = re.compile(rf"{_LIVES}(?P<street>(?:[A-Z][\w']{{1,20}}\s){{1,3}}(?:{_TYPES}))(?!\w)(?!\s[A-Z])")
_PO_BOX = re.compile(r"(?<!\w)p\.?\s?o\.?\s?box\s\d{1,6}(?!\w)", re.IGNORECASE)


def postcodes(text: str) -> Iterator[Place]:
    """Find whole postcodes, in capitals or not, with or without the space; 'LS11' alone is an area, not a person."""
    for match in _POSTCODE.finditer(text):
        if match[1].upper() in _AREAS and not _ORDINAL.search(match[2]):
            yield match.span()


def addresses(text: str) -> Iterator[Place]:
    """Find a house and its street; the town after it is left, and a street alone is found where somebody lives in it."""
    for pattern in (_CAPITAL, _UNIT_AND_HOUSE, _PO_BOX):
        for match in pattern.finditer(text):
            yield match.span()
    for match in _NAMED_HOUSE.finditer(text):
        yield match.span()
    for match in _LOWER.finditer(text):
        if _NO_STREET.isdisjoint(match["name"].lower().split()):
            yield match.span()
    for match in _LIVED_IN.finditer(text):
        yield match.span("street")
