"""What each column is for: comment, segment, choice, personal data or the tool's own; and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from infoshare_text.reading.cells import ADDRESS, CODE, DATE, EMAIL, HANDLE, IP, LIST, NUMBER, PHONE, STRUCTURED
from infoshare_text.reading.layouts import Column
from infoshare_text.reading.profiles import AnswerProfile

COMMENT, OTHER, SEGMENT, CHOICE = "comment", "other", "segment", "choice"
PERSONAL, ID, METADATA, MEASURE, SHORT, EMPTY = "personal", "id", "metadata", "number", "short text", "empty"

_OWN_WORDS = (
    r"(?:(?:what(?: is|'s)|please (?:give|enter|state|provide|confirm|add|leave|write|tell)|tell us|enter) )?"
    r"(?:us )?(?:your |the )?"
)
_WHOSE = (
    r"(?:recipient|respondent|participant|contact|work|home|personal|preferred|best|daytime|evening|student|pupil|child"
    r"|parent|carer|guardian|patient|client|customer|applicant|employee|teacher|(?:line )?manager|supervisor|main"
    r"|signatory|user)(?:'?s|s')? "
)
_LEAVE = r".*\b(?:give|leave|provide|enter|add|share|tell us|include|supply|type|write)\b(?: us)?"
_HERE = r"(?: (?:here|below|in the box(?: below)?|so that .*))?"
_PERSONAL: dict[str, re.Pattern[str]] = {
    "IP address": re.compile(r"ip(?: address)?|ipaddr"),
    "e-mail address": re.compile(
        rf"{_OWN_WORDS}(?:{_WHOSE})*e-?mail(?: address(?:es)?)?|user ?name|upn"
        rf"|{_LEAVE} (?:your|an) e-?mail address\b.*|{_LEAVE} your e-?mail{_HERE}"
    ),
    "phone number": re.compile(
        rf"{_OWN_WORDS}(?:{_WHOSE})*(?:tele|mobile ?)?(?:phone|mobile|tel)\.?(?: ?(?:number|no\.?))?"
        r"|(?:your )?contact (?:number|no\.?)"
    ),
    "contact details": re.compile(
        rf"{_OWN_WORDS}contact (?:details|information|info)|{_LEAVE} your(?: own| full| contact)* details{_HERE}"
        r"|(?:your )?(?:twitter|x|instagram|linkedin|facebook|social media) (?:handle|user ?name|account|profile|name)"
    ),
    "name": re.compile(
        rf"{_OWN_WORDS}(?:{_WHOSE})*(?:(?:full|first|last|given|family|middle|preferred) )*(?:sur|fore)?names?"
        r"|(?:.*\b)?(?:what is|what's) your (?:full |first |last )?name\b.*|initials"
        r"|(?:your )?(?:full )?name (?:and|&|/) .*"
        r"|name of (?:the )?(?:respondent|person|child|parent|carer|patient)\b.*"
        rf"|{_LEAVE} your (?:full |first |last )*name\b.*"
        r"|(?:form |survey )?(?:completed|filled in|signed|submitted) by|signed"
        r"|(?:print|printed) name|signature"
    ),
    "address": re.compile(
        rf"{_OWN_WORDS}(?:{_WHOSE}|postal |street |full |current )*(?:address(?: lines?)?(?: ?\d)?|post ?code)"
        r"|zip(?:/postal)?(?: code)?"
    ),
    "date of birth": re.compile(rf"{_OWN_WORDS}(?:{_WHOSE})*(?:date of birth|d\.?o\.?b|birth ?date|birthday)"),
    "personal number": re.compile(
        rf"{_OWN_WORDS}(?:nhs|national insurance|ni|staff|payroll|employee|student|passport|driving licence)"
        r"(?: id)? (?:number|no\.?)"
    ),
    "location": re.compile(r"location (?:latitude|longitude|accuracy)|latitude|longitude"),
}
_PROVED_BY = {"e-mail address": EMAIL, "phone number": PHONE}
_ID = re.compile(
    r"(?:(?:respondent|response|user|participant|submission|record|case|unique|collector|survey|row|entry|person) ?)*"
    r"(?:(?:response|respondent) )?(?:id|no|number|ref|reference|urn|uuid|guid|key|index|row)"
)
_METADATA = re.compile(
    r"(?:start|end|started|ended|recorded|submitted|completed|created|modified|updated|last modified|completion)"
    r"(?: ?(?:date|time|on|at|language|page))*(?: \(utc\))?|timestamp|date ?stamp|date|time|(?:date|time) submitted"
    r"|submit ?date|last ?page|status|progress|duration.*|time taken.*|finished|response (?:set|type|status)"
    r"|distribution channel|user language|language|device(?: type)?|browser|user ?agent|operating system|seed|ref ?url"
    r"|referr?er|external (?:data )?reference|custom data ?\d*|score|tracking.*|collector(?: name)?"
)
_OTHER = re.compile(
    r"other\W*(?:\W*(?:please|if other|specify|state|text|describe|explain)\b.*)?|.*\[other\]"
    r"|(?:if|where) (?:you (?:selected|ticked|chose|answered|said) )?\W*other\b.*|.*\bother \(?please .*"
    r"|please specify.*|.*\(please specify\)"
)
_OTHER_NAME = re.compile(r"Q\w*_(?:\d+|other)_TEXT|.*\[other\]", re.IGNORECASE)
_RESPONDENT = re.compile(
    r"\b(?:sector|region|county|nation|area|location|local authority|council|borough|city|town|country|organi[sz]ation"
    r"|employer|company|department|directorate|division|team|role|job|position|post|profession|occupation|grade|band"
    r"|age|gender|sex|ethnic\w*|disab\w*|religion|faith|sexual orientation|education|income|marital|household|tenure"
    r"|experience|seniority|respondent type|part of the (?:uk|country)|nationality|service type)\b"
)
_ABOUT_YOU = re.compile(
    r"(?:which|what|where|are you|do you|how (?:long|many years)|in which|at which|please (?:select|choose|state|tell)|"
    r"how would you describe|who do you)\b.{0,60}"
)
_WORKED = re.compile(
    r"(?:how (?:long|many years) have you|where do you (?:live|work)|(?:are you|is this) .*on behalf of"
    r"|(?:you are |are you )?responding (?:as|on behalf)|in what capacity).*"
)
_NUMBER = re.compile(r"^\W*(?:(?:Q\s?)?\d+(?:\.\d+)*\.?[a-z]?(?:\.[ivx]+)?[.:)]\s*)?", re.IGNORECASE)
_SUBJECT = re.compile(
    r"\b(?:stops?|helps?|shar(?:e|ed|ing)|information|agree|barrier\w*|improve\w*|better|data|why|should|could|need|think"
    r"|would you (?!describe|say|identify))\b"
)
_SHORT_LABEL, _FEW_WORDS, _FEW_FOR_A_SENTENCE, _FEW_ANSWERS, _WORDS_OF_A_NAME = 5, 8.0, 5.0, 10, 3.0


@dataclass(frozen=True)
class ColumnRole:
    """What a column is for.

    Attributes
    ----------
    column : Column
    role : str
        ``comment``; ``other`` (text beside a choice); ``segment`` (a choice about the respondent); ``choice``;
        ``personal``; ``id``; ``metadata``; ``number``; ``short text``; ``empty``.
    reason : str
        Why, without any cell's content.
    """

    column: Column
    role: str
    reason: str


def column_roles(profiles: Sequence[AnswerProfile], reasons: Mapping[Column, str]) -> list[ColumnRole]:
    """Tell the role of each column.

    Parameters
    ----------
    profiles : sequence of AnswerProfile
        All columns in order.
    reasons : mapping of Column to str
        Those that are read as comments, and why.

    Returns
    -------
    list of ColumnRole
        One for each column, in order.
    """
    return [
        ColumnRole(profile.column, COMMENT, reasons[profile.column])
        if profile.column in reasons
        else ColumnRole(profile.column, *_role(profile))
        for profile in profiles
    ]


def personal_columns(profiles: Sequence[AnswerProfile], reasons: Mapping[Column, str]) -> list[str]:
    """Name the columns of personal data, but none that is read as comments."""
    return [entry.column.name for entry in column_roles(profiles, reasons) if entry.role == PERSONAL]


def no_comment(profile: AnswerProfile) -> bool:
    """Whether a column cannot be one of comments, whatever its words look like."""
    role, _ = _role(profile)
    return role in (PERSONAL, ID, METADATA, OTHER) or bool(profile.kind) or is_short_segment(profile)


def is_short_segment(profile: AnswerProfile) -> bool:
    """Whether a column asks what the respondent is and is answered in a few words."""
    short = profile.words < (
        _FEW_WORDS if len(profile.column.question.split()) <= _SHORT_LABEL else _FEW_FOR_A_SENTENCE
    )
    return profile.answered > 0 and short and _about_respondent(profile.column)


def _role(profile: AnswerProfile) -> tuple[str, str]:
    labels = list(_labels(profile.column))
    if profile.column.about:
        return METADATA, profile.column.about
    if personal := _personal(profile, labels):
        return PERSONAL, personal
    if any(_ID.fullmatch(label) for label in labels[:2]):
        return ID, "named as an id"
    if any(_METADATA.fullmatch(label) for label in labels[:2]):
        return METADATA, "named as the tool's own"
    if any(_OTHER.fullmatch(label) for label in labels) or _OTHER_NAME.fullmatch(profile.column.name):
        return OTHER, "text beside a choice"
    if not profile.answered:
        return EMPTY, "no answer in the rows looked at"
    return _role_by_answers(profile)


def _role_by_answers(profile: AnswerProfile) -> tuple[str, str]:
    counted = f"{profile.distinct:,} different in {profile.answered:,} answers"
    if profile.kind == DATE:
        return METADATA, "holds dates"
    if profile.kind == STRUCTURED:
        return METADATA, "holds structured data"
    if profile.kind == LIST:
        return CHOICE, f"several choices in a cell: {counted}"
    if is_short_segment(profile) and profile.distinct > 1:
        return SEGMENT, f"about the respondent: {counted}"
    if profile.kind == NUMBER and profile.distinct > 1:
        return MEASURE, f"holds numbers: {counted}"
    if profile.kind == CODE and profile.distinct == profile.answered > 1:
        return ID, f"holds codes, no two alike: {counted}"
    if profile.kind and profile.kind != NUMBER:
        return SHORT, f"holds {profile.kind}s"
    repeated = profile.distinct <= 0.5 * profile.answered or profile.distinct < profile.answered < _FEW_ANSWERS
    if repeated or profile.answered < 3:
        return CHOICE, f"the answers repeat: {counted}"
    return SHORT, f"{profile.words:.1f} words on average, {counted}"


def _personal(profile: AnswerProfile, labels: Sequence[str]) -> str:
    for what, pattern in _PERSONAL.items():
        if any(pattern.fullmatch(label) for label in labels) and _bears_out(what, profile, labels):
            return f"named as {what}"
    for kind in (EMAIL, IP, PHONE, ADDRESS, HANDLE):
        if profile.shares.get(kind, 0) >= (0.8 if kind == PHONE else 0.5):
            return f"holds {kind}s".replace("addresss", "addresses")
    return ""


def _bears_out(what: str, profile: AnswerProfile, labels: Sequence[str]) -> bool:
    """Whether the cells agree with the name: 'Email' may also be a choice among ways to get in touch."""
    if not profile.answered or profile.only.lower() == "anonymous":
        return True
    if profile.distinct == 1 and (profile.only.lower() in labels or profile.only.lower() in ("1", "y", "yes", "x")):
        return False
    if what == "address":
        return profile.digits > 0
    if what in _PROVED_BY:
        varied = profile.distinct >= 0.7 * profile.answered > 7 and profile.words < _WORDS_OF_A_NAME
        return profile.shares.get(_PROVED_BY[what], 0) > 0 or varied
    if what in ("name", "contact details"):
        return profile.kind != NUMBER and profile.words < _FEW_WORDS
    return True


def _about_respondent(column: Column) -> bool:
    for label in _labels(column):
        if _SUBJECT.search(label):
            continue
        if _WORKED.fullmatch(label):
            return True
        found = _RESPONDENT.search(label)
        if found and (len(label.split()) <= _SHORT_LABEL or _ABOUT_YOU.match(label)):
            return True
    return False


def _labels(column: Column) -> Iterator[str]:
    """Yield the name and the wording in lower case, then the last part of each."""
    for text in dict.fromkeys((column.name, column.question)):
        yield _plain(text)
    for text in dict.fromkeys((column.name, column.question)):
        for separator in (" - ", ": "):
            if separator in text:
                yield _plain(text.rsplit(separator, 1)[1])


def _plain(text: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_", " ", text)
    unnumbered = _NUMBER.sub("", re.sub(r"\((?!please).*?\)", " ", spaced))
    return " ".join(unnumbered.lower().replace("’", "'").rstrip(" ?:.*").split())
