"""Where a person is found online: e-mail addresses, web addresses, handles, addresses of machines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

Place = tuple[int, int]

# Every repetition is bounded or begins where no other match can, so time grows with the length of the text alone.
_LABEL = r"[^\W_](?:[\w\-]{0,62}[^\W_])?"
_DOMAIN = rf"(?:{_LABEL}\.){{1,5}}[^\W\d_]{{2,20}}"
_EMAIL = re.compile(rf"(?<![\w.+%\-])[\w][\w.+%'\-]{{0,63}} ?@ ?{_DOMAIN}(?![\w@])")
_AT = r"(?:\s?[(\[{<]\s?(?:at|@)\s?[)\]}>]\s?|\s(?:at|AT)\s)"
_DOT = r"(?:\s?[(\[{<]\s?(?:dot|\.)\s?[)\]}>]\s?|\s(?:dot|DOT)\s)"
_SPELT_LOCAL = rf"(?<![\w.+%\-])[\w][\w.+%'\-]{{0,63}}(?:{_DOT}[\w+%\-]{{1,40}}){{0,3}}"
_SPELT_EMAIL = re.compile(rf"{_SPELT_LOCAL}{_AT}[\w\-]{{1,63}}(?:(?:{_DOT}|\.)[\w\-]{{2,40}}){{1,4}}", re.IGNORECASE)
_MAY_BE_SPELT = re.compile(r"[(\[{<\s](?:at|@)[)\]}>\s]", re.IGNORECASE)
# 'look at example.org' is a page, 'sheila at example.org' a person.
_AT_A_PAGE = set(
    "look looking looked see seen found find available is are was be been published hosted live visit online website site here up and or "
    "it them portal page info information details more stored held that this me us form link read start not".split()
)

_TOP = (
    "com|org|net|edu|gov|int|info|biz|io|ai|app|dev|eu|uk|ie|fr|de|pl|es|nl|ca|au|us|tv|ly|gl|be|me|co|scot|wales|cymru|"
    "london|online|site|org\\.uk|health"
)
_WORDS_TOO = {
    "be",
    "me",
    "co",
    "us",
    "de",
    "es",
    "ie",
    "ai",
    "au",
    "ca",
    "int",
    "info",
    "online",
    "site",
    "health",
    "app",
    "london",
}
_URL = re.compile(r"(?<![\w@])(?:https?://|ftp://|www\.)[^\s<>\"\ufffc]{2,2000}", re.IGNORECASE)
_BARE_URL = re.compile(
    rf"(?<![\w@.\-/])(?:{_LABEL}\.){{1,5}}({_TOP})(/[^\s<>\"\ufffc]{{0,2000}})?(?![\w@\-])", re.IGNORECASE
)
_MAY_BE_URL = re.compile(r"\w\.[A-Za-z]{2}|://")
# Public services that go by their address.
_SERVICES = {"gov.uk", "nhs.uk", "police.uk", "gov.scot", "gov.wales", "hscni.net", "nhs.net"}
_AFTER_URL = ".,;:!?)]}'\"*…>"

_HANDLE = re.compile(r"(?<![\w@./])@[^\W\d_]\w{1,30}(?:[.\-]\w{1,30}){0,3}")
_NOT_HANDLES = set(
    "home work school the all risk least times night nights my our your this that a an any once hospital court college university "
    "everyone here gmail hotmail office lunch weekends".split()
)
_NETWORKS = "twitter|insta(?:gram)?|facebook|fb|tiktok|tik tok|snapchat|snap|linkedin|bluesky|mastodon|threads|youtube|discord|telegram|skype|reddit|twitch"
_NAMED_HANDLE = re.compile(
    rf"\b(?:(?:{_NETWORKS})(?!\w)(?P<after>(?:\s(?:user|username|user name|handle|account|name|profile|page|id|is|as|at))*\s?[:=]?\s?)"
    rf"|(?:user ?name|handle|user ?id|login|log in|screen ?name)(?:\s(?:is|was|of))?\s?[:=]?\s?)"
    r"(?P<handle>[^\W_]\w{1,30}(?:[.\-]\w{1,30}){0,4})",
    re.IGNORECASE,
)
_HYPHENED_WORDS = (
    "self-",
    "co-",
    "re-",
    "non-",
    "multi-",
    "e-",
    "on-",
    "off-",
    "in-",
    "up-",
    "well-",
    "follow-",
    "sign-",
    "log-",
    "drop-",
    "pre-",
    "one-",
)

_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
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
            if "@" not in match[0] and _is_spelt_email(match[0]):
                yield match.span()


def _is_spelt_email(found: str) -> bool:
    """A spelt 'dot' or a bracket is enough; 'sheila at example.org' is taken where no page is meant."""
    lower = found.lower()
    if re.search(r"[(\[{<]\s?at\b", lower):
        return True
    if re.search(r"\bdot\b", lower):
        return True
    local, _, domain = lower.partition(" at ")
    return (
        local not in _AT_A_PAGE and not domain.startswith("www.") and re.search(rf"\.(?:{_TOP})$", domain) is not None
    )


def urls(text: str) -> Iterator[Place]:
    """Find web addresses, with or without 'https://'; GOV.UK and the like alone are names of services."""
    if not _MAY_BE_URL.search(text):
        return
    for match in _URL.finditer(text):
        end = match.start() + len(_trimmed(match[0]))
        yield match.start(), end
    for match in _BARE_URL.finditer(text):
        if _is_address(match):
            yield match.start(), match.start() + len(_trimmed(match[0]))


def _is_address(match: re.Match[str]) -> bool:
    whole, top, path = match[0], match[1], match[2]
    if path and len(path) > 1:
        return True
    if whole.rstrip("/").lower() in _SERVICES:
        return False
    if top.lower() in _WORDS_TOO:
        # 'Nobody asks.Me neither' lacks a space; it names no page.
        return whole.count(".") > 1 and whole == whole.lower()
    return top.islower() or whole.isupper()


def _trimmed(url: str) -> str:
    url = url.rstrip(_AFTER_URL)
    return url


def handles(text: str) -> Iterator[Place]:
    """Find handles: '@jo_bloggs', and what follows the name of a network ('insta: jo.bloggs')."""
    if "@" in text:
        for match in _HANDLE.finditer(text):
            if match[0][1:].lower() not in _NOT_HANDLES:
                yield match.span()
    for match in _NAMED_HANDLE.finditer(text):
        handle = match["handle"].lower()
        if not re.search(r"[\d._\-]", handle):
            continue
        told = match["after"] is None or re.search(r"[:=]|user|handle|\bis\b", match["after"], re.IGNORECASE)
        sure = re.search(r"[\d_.]", handle) or told
        if sure or not handle.startswith(_HYPHENED_WORDS):
            yield match.span("handle")


def ip_addresses(text: str) -> Iterator[Place]:
    """Find addresses of machines, version 4 and 6; '1.2.3.4' after 'version' is none."""
    for match in _IPV4.finditer(text):
        if _is_ip(match[0]) and not _VERSION.search(text[max(0, match.start() - 12) : match.start()]):
            yield match.span()
    if "::" in text or text.count(":") > 6:
        for match in _IPV6.finditer(text):
            if _is_ip(match[0]) and len(match[0]) > 4:
                yield match.span()


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
