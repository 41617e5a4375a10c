"""Where a person is found online: e-mail addresses, web addresses, handles, addresses of machines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from infoshare_text.cleaning.personal_data.spans import Place

# In every pattern a repetition is bounded, or begins where no other match can: time grows with the text alone.
_LABEL = r"[^\W_](?:[\w\-]{0,62}[^\W_])?"
_LOCAL = r"(?<![\w.+%\-])\w[\w.+%'\-]{0,63}"
_TOP = (
    r"com|org|net|edu|gov|int|info|biz|io|ai|app|dev|eu|uk|ie|fr|de|pl|es|nl|ca|au|us|tv|ly|gl|be|me|co|scot|wales|cymru|"
    r"london|online|site|health"
)
# Endings that are words too: 'Nobody asks.Me neither' lacks a space and names no page.
_WORDS_TOO = frozenset(
    {"be", "me", "co", "us", "de", "es", "ie", "ai", "int", "info", "online", "site", "health", "app"}
)

_EMAIL = re.compile(rf"{_LOCAL} ?@ ?(?:{_LABEL}\.){{1,5}}[^\W\d_]{{2,20}}(?![\w@])")
_AT = r"(?:\s?[(\[{<]\s?(?:at|@)\s?[)\]}>]\s?|\sat\s)"
_DOT = r"(?:\s?[(\[{<]\s?(?:dot|\.)\s?[)\]}>]\s?|\sdot\s)"
_SPELT_EMAIL = re.compile(
    rf"{_LOCAL}(?:{_DOT}[\w+%\-]{{1,40}}){{0,3}}{_AT}[\w\-]{{1,63}}(?:(?:{_DOT}|\.)[\w\-]{{2,40}}){{1,4}}",
    re.IGNORECASE,
)
_MAY_BE_SPELT = re.compile(r"[(\[{<\s](?:at|@)[)\]}>\s]", re.IGNORECASE)
_SPELT_OUT = re.compile(r"[(\[{<]\s?(?:at|@)|\bdot\b", re.IGNORECASE)
# 'Sheila at example.org' is a person, 'look at example.org' a page.
_AT_A_PAGE = re.compile(
    r"(?:look(?:ed|ing|s)?|see|seen|found|find|available|is|are|was|be|been|published|hosted|live|visit|online|website|"
    r"site|here|up|and|or|it|them|portal|page|info|information|details|more|stored|held|that|this|me|us|form|link|read|"
    r"start|not|meet|met)\sat\s|.*\sat\swww\.",
    re.IGNORECASE | re.DOTALL,
)

_URL = re.compile(r"(?<![\w@])(?:https?://|ftp://|www\.)[^\s<>\"\ufffc]{2,2000}", re.IGNORECASE)
_BARE_URL = re.compile(
    rf"(?<![\w@.\-/])(?:{_LABEL}\.){{1,5}}(?P<top>{_TOP})(?P<path>/[^\s<>\"\ufffc]{{0,2000}})?(?![\w@\-])",
    re.IGNORECASE,
)
_MAY_BE_URL = re.compile(r"\w\.[A-Za-z]{2}|://")
_AFTER_URL = ".,;:!?)]}'\"*…>"
# Public services that go by their address.
_SERVICES = frozenset({"gov.uk", "nhs.uk", "nhs.net", "police.uk", "gov.scot", "gov.wales", "hscni.net"})

_HANDLE = re.compile(r"(?<![\w@./])@[^\W\d_]\w{1,30}(?:[.\-]\w{1,30}){0,3}|(?<![\w/])u/\w[\w\-]{2,20}(?![\w/])")
_NO_HANDLE = re.compile(
    r"@(?:home|work|school|the|all|risk|least|times|nights?|my|our|your|this|that|an?|any|once|hospital|court|college|"
    r"university|everyone|here|gmail|hotmail|office|lunch|weekends)",
    re.IGNORECASE,
)
_NETWORK = (
    r"(?:twitter|insta(?:gram)?|facebook|fb|tik ?tok|snapchat|snap|linkedin|bluesky|mastodon|threads|youtube|discord|"
    r"telegram|skype|reddit|twitch)(?!\w)"
    r"(?P<told>(?:\s(?:user|username|user name|handle|account|name|profile|page|id|is|as|at))*\s?[:=]?)"
)
_LOGIN = r"(?:user ?name|handle|user ?id|login|log in|screen ?name)(?:\s(?:is|was|of))?\s?[:=]?"
_NAMED_HANDLE = re.compile(
    rf"\b(?:{_NETWORK}|{_LOGIN})\s?(?P<handle>[^\W_]\w{{1,30}}(?:[.\-]\w{{1,30}}){{0,4}})", re.IGNORECASE
)
_MAY_BE_NAMED = (
    *("twit", "insta", "facebook", "fb", "tik", "snap", "linkedin", "bluesky", "mastodon", "threads", "youtube"),
    *("discord", "telegram", "skype", "reddit", "user", "handle", "log", "screen"),
)
_TOLD = re.compile(r"[:=]|user|handle|\bis\b", re.IGNORECASE)
# 'a Facebook self-help group'
_HYPHENED = re.compile(r"(?:self|co|re|non|multi|e|on|off|in|up|well|follow|sign|log|drop|pre|one)-", re.IGNORECASE)

_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)")
_IPV6 = re.compile(
    r"(?<![\w:])(?=[\da-f]{0,4}:[\da-f]{0,4}:)[\da-f:]{2,39}(?::\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])", re.IGNORECASE
)
_VERSION = re.compile(r"(?:version|ver|v|release|build|paragraph|section|para)\.?\s*$", re.IGNORECASE)


def emails(text: str) -> Iterator[Place]:
    """Find e-mail addresses, also as spelt to fool machines: 'jo at example dot org'."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield match.span()
    if _MAY_BE_SPELT.search(text):
        for match in _SPELT_EMAIL.finditer(text):
            if _SPELT_OUT.search(match[0]) or (_ends_as_domain(match[0]) and not _AT_A_PAGE.match(match[0])):
                yield match.span()


def _ends_as_domain(found: str) -> bool:
    return re.search(rf"\.(?:{_TOP})$", found, re.IGNORECASE) is not None


def urls(text: str) -> Iterator[Place]:
    """Find web addresses, with or without 'https://'; GOV.UK and the like alone are names of services."""
    if not _MAY_BE_URL.search(text):
        return
    for match in _URL.finditer(text):
        yield match.start(), match.start() + len(match[0].rstrip(_AFTER_URL))
    for match in _BARE_URL.finditer(text):
        if _names_a_page(match):
            yield match.start(), match.start() + len(match[0].rstrip(_AFTER_URL))


def _names_a_page(match: re.Match[str]) -> bool:
    whole, top = match[0].rstrip("/"), match["top"]
    if match["path"] and len(match["path"]) > 1:
        return True
    if whole.lower() in _SERVICES:
        return False
    if top.lower() in _WORDS_TOO:
        return whole.count(".") > 1 and whole.islower()
    return top.islower() or whole.isupper()


def handles(text: str) -> Iterator[Place]:
    """Find handles: '@jo_bloggs', and what follows the name of a network ('insta: jo.bloggs')."""
    if "@" in text or "/" in text:
        for match in _HANDLE.finditer(text):
            if not _NO_HANDLE.fullmatch(match[0]):
                yield match.span()
    lower = text.lower()
    if not any(word in lower for word in _MAY_BE_NAMED):
        return
    for match in _NAMED_HANDLE.finditer(text):
        if _is_handle(match["handle"], match["told"]):
            yield match.span("handle")


def _is_handle(handle: str, told: str | None) -> bool:
    """Whether it is no plain word: a digit, dot or underline, or a hyphen where a handle is promised."""
    if re.search(r"[\d_.]", handle):
        return True
    return "-" in handle and (told is None or _TOLD.search(told) is not None or not _HYPHENED.match(handle))


def ip_addresses(text: str) -> Iterator[Place]:
    """Find addresses of machines, version 4 and 6; '1.2.3.4' after 'version' is none."""
    for match in _IPV4.finditer(text):
        if _is_ip(match[0]) and not _VERSION.search(text[max(0, match.start() - 12) : match.start()]):
            yield match.span()
    if "::" in text or text.count(":") > 6:
        for match in _IPV6.finditer(text):
            if len(match[0]) > 4 and _is_ip(match[0]):
                yield match.span()


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
