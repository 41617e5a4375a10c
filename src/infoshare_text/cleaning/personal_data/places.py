"""Where a person lives: postcodes and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from infoshare_text.cleaning.personal_data.spans import Place

_AREA = (
    r"(?:A[BL]|B[ABDFHLNRSTX]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?|"
    r"M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|Z[EZ])"
)
_POSTCODE = re.compile(
    rf"(?<![\w\-/.]){_AREA}\d[\dA-HJKMNPR-Y]? {{0,2}}(?P<inward>\d[ABD-HJLNP-UW-Z]{{2}})(?![\w\-/])", re.IGNORECASE
)
# 'see band e3 2nd line' is none.
_ORDINAL = re.compile(r"1st|2nd|3rd")

_TYPE = (
    "Road|Rd|Street|St|Avenue|Ave|Lane|Ln|Close|Drive|Crescent|Cres|Way|Gardens|Gdns|Terrace|Terr|Place|Grove|Hill|Square|Row|"
    "Mews|Walk|Rise|Green|View|Court|Ct|Park|Parade|Fold|Croft|Quay|Wharf|Bank|Brow|Mount|Vale|Yard|Circus|Esplanade|"
    "Embankment|Promenade|Broadway|Highway|Boulevard|Path|Passage|Gate|Meadows?|Fields?|Common|Lodge|House|Tower|Mansions|"
    "Buildings|Heights|Point|Estate|Drove|Wynd|Loan|Brae|Approach|Chase|Dene|Garth|Heath|Hollow|Orchard|Ridge|Spinney|Villas|"
    "Cottages"
)
_TYPES = rf"(?:{_TYPE}|{_TYPE.upper()}|road|rd|street|avenue|ave|lane|crescent|terrace|gardens)"
_SURE_TYPES = r"(?:road|rd|street|avenue|ave|lane|drive|close|crescent|cres|terrace|gardens|grove|mews)"
_CAPITALS = r"(?:[A-Z][\w']{1,20}\s){1,3}"
_UNIT = r"(?i:(?:flat|apartment|apt|unit|suite|plot)\s?\d{1,4}[a-z]?(?:/\d{1,3})?)"
_NUMBER = r"(?i:(?:no\.?|number)\s)?(?<![\d.,£$€])\d{1,4}[A-Za-z]?(?:\s?[\-/]\s?\d{1,4}[A-Za-z]?)?"
_HOUSE = (
    rf"(?:{_CAPITALS}(?:House|Court|View|Lodge|Tower|Mansions|Buildings?|Point|Heights|Wharf)|The\s[A-Z]\w{{2,20}}s)"
)
_STREET = (
    rf"(?:(?:(?:[A-Z][\w'.]{{0,25}}|of|the|upon|le)[ \-]){{0,3}}[A-Z][\w'.]{{0,25}}[ \-]{_TYPES}|The\s[A-Z]\w{{2,20}}s|"
    r"(?:The\s)?[A-Z][\w']{2,20}(?:gate|way|side))"
)
_NUMBERED = re.compile(
    rf"(?<![\w£$€])(?:{_UNIT},?\s)?(?:{_HOUSE},?\s)?(?:\d{{1,2}}/\d{{1,2}},?\s)?{_NUMBER},?\s{_STREET}(?!\w)"
)
_FLAT = re.compile(rf"(?<!\w){_UNIT},?\s{_HOUSE}(?:,\s{_CAPITALS}{_TYPES})?(?!\w)")
_NAMED_HOUSE = re.compile(
    r"(?<!\w)(?:The\s)?(?:[A-Z][\w']{1,20}\s){1,2}?(?:House|Cottages?|Rectory|Vicarage|Farm|Farmhouse|Lodge|Barn|Manor|Mill|Grange|"
    rf"Bungalow|Villa),\s{_CAPITALS}{_TYPES}(?!\w)"
)
_PO_BOX = re.compile(r"(?<!\w)p\.?\s?o\.?\s?box\s\d{1,6}(?!\w)", re.IGNORECASE)
_LIVED_IN = re.compile(
    r"(?:\b(?:lives?|lived|living|resid(?:es?|ing)|stay(?:ing|s)|moved|home|house|flat|address|evicted|lodging|neighbours?)\b"
    rf"[^.!?\n\d]{{0,24}}?\b(?:on|in|at|from|to|is|was)\s|\baddress:?\s)(?P<street>{_CAPITALS}{_TYPES})(?!\w)(?!\s[A-Z])"
)
_SMALL_LETTERS = re.compile(
    rf"(?<![\w£$€.,])(?:{_UNIT},?\s)?{_NUMBER},?\s(?P<name>(?:[a-z][a-z']{{1,20}}\s){{1,3}}){_SURE_TYPES}(?!\w)"
    r"(?!\s(?:surgery|clinic|practice|banks?|shops?|hearings?|ranger|worker|team))"
)
# '10 minutes drive', '2 police road blocks'
_NO_STREET = re.compile(
    r"\b(?:minutes?|mins?|hours?|days?|weeks?|months?|years?|miles?|km|metres?|people|person|staff|of|in|on|at|and|or|to|is|are|was|"
    r"were|from|for|with|by|per|percent|police|serious|social|different|close|long|short|way|more|other|separate|agenc(?:y|ies)|"
    r"services?|teams?|times?|road|street|one|two|three|four|five)\b"
)


_MAY_BE_STREET = re.compile(rf"\s{_TYPES}\b")
_DIGIT = re.compile(r"\d")


def postcodes(text: str) -> Iterator[Place]:
    """Find whole postcodes, in capitals or not, with or without the space; 'LS11' alone is an area, not a person."""
    for match in _POSTCODE.finditer(text):
        if not _ORDINAL.fullmatch(match["inward"]):
            yield match.span()


def _numbered(text: str) -> Iterator[Place]:
    for pattern in (_NUMBERED, _FLAT, _PO_BOX):
        for match in pattern.finditer(text):
            yield match.span()
    for match in _SMALL_LETTERS.finditer(text):
        if not _NO_STREET.search(match["name"]):
            yield match.span()


def addresses(text: str) -> Iterator[Place]:
    """Find a house and its street, not the town after it; a street alone only where somebody lives in it."""
    if _DIGIT.search(text):
        yield from _numbered(text)
    if not _MAY_BE_STREET.search(text):
        return
    for match in _NAMED_HOUSE.finditer(text):
        yield match.span()
    for match in _LIVED_IN.finditer(text):
        yield match.span("street")
