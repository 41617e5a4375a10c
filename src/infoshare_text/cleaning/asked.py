"""What a question asks for, read from its wording: what is in the way, what helps, what is needed, or anything.

The first telling word after 'what' or 'which' decides: 'What stops information being shared well?' asks for barriers
although it says 'well'. A question that asks for two of them at once ('What helps or hinders ...?') asks for anything.
Where the wording does not say, nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

BARRIERS, HELP, NEEDS, ANYTHING = "barriers", "help", "needs", "anything"

_TELLING = re.compile(
    r"""
    (?P<anything> (?:other|further|additional|general)\s(?:\w+\s)?(?:comments?|thoughts|views|remarks) | comments
      | anything\s(?:else|more) | feedback | sylwadau )
    | (?P<needs> (?:what|which|who|where|how)\s(?:would|could|can|should|might)(?=\s(?:you|we|they|be|help|make|improve))
        (?!\s(?:you|we|they)\s(?:say|consider|describe|see|identify|name|list))
      | (?:would|could|should)\s(?:\w+\s){0,3}(?:help|improve|like|change|better|easier|want|support) | need\w*
      | want(?:ed|s)?
      | wish\w* | require\w* | suggest\w* | recommend\w* | improve(?!d)\w* | chang(?:e|es|ing)\b | resources? | support
      | overcom\w+ | address\w* | tackl\w+ | remov\w+ | reduc\w+ | resolv\w+ | solv\w+ | solutions? | fix\w*
      | mitigat\w+
      | do\sabout | dealt?\s(?:\w+\s)?with | get\s(?:a?round|past) | ideas? | better\b | angen | gwella )
    | (?P<barriers> stop(?:s|ped|ping)? | prevent\w* | hinder\w* | hindranc\w* | hamper\w* | imped\w+ | inhibit\w*
      | obstruct\w* | obstacles? | block\w* | barriers? | hurdles? | challeng\w+ | difficult\w* | hard(?:er|est)?
      | tricky
      | problem\w* | issues? | concern(?:s|ed|ing)? | worr(?:y|ies|ied|ying) | fears? | afraid | frustrat\w+
      | struggl\w+
      | bottlenecks? | drawbacks? | downsides? | disadvantages? | weak\w* | threats? | risks?
      | limit(?:s|ed|ing|ations?)?
      | restrict\w* | constrain\w* | deter(?:s|red|ring|rents?)? | discourag\w+ | delay\w* | slow\w* | wrong
      | bad(?:ly)?
      | worse | worst | poor(?:ly)? | fail\w* | lack\w* | missing | gaps? | dislik\w+ | complain\w* | annoy\w*
      | pain\spoints?
      | negatives? | negatively | unhelpful | unsatisf\w+ | reluctan\w+ | undermin\w+ | unwilling\w*
      | dissatisf\w+ | impediments? | pitfalls? | shortcomings?
      | (?:get(?:s|ting)?|stand(?:s|ing)?|got|stood|is|are|comes?)\sin\s(?:the|your|our|their|my|its)\sways?
      | (?:hold(?:s|ing)?|held|keep(?:s|ing)?|kept|set(?:s|ting)?)\s(?:\w+\s){1,2}back | put(?:s|ting)?\s(?:\w+\s)off
      | least
      | (?:not|never|n\st|less|no\slonger)\s(?:\w+\s){0,3}?(?:work\w*|well|help\w*|easy|good|like|enjoy|effective\w*)
      | (?:not|never|n\st)\s(?:\w+\s)?(?:shared|passed|reach\w*)
      | (?:does|do|did|is|are|has|have|was|were)(?:n\st|\snot)(?=\W*$) | rhwystr\w* | atal | anodd | heriau
      | problemau )
    | (?P<help> help\w* | enabl\w+ | eas(?:y|ier|iest|ily|es) | facilitat\w* | succe\w+
      | work(?:s|ed|ing)?\s(?:\w+\s)?(?:well|best) | what\s(?:has\s)?work(?:s|ed)
      | (?:go|goes|going|gone|went|done|doing)\s(?:\w+\s)?well | good | best | strengths? | benefi\w+ | positives?
      | positively
      | opportunit\w+ | advantages? | improved | like | liked | enjoy\w* | values? | valued | lets? | allow\w*
      | makes?\s(?:\w+\s)?(?:possible|work) | encourag\w+ | promot\w+ | well\b | helpu | cynorthwy\w+ )
    """,
    re.VERBOSE,
)
_ASKS = re.compile(r"\b(?:what|which|beth|pa)\b")
_YES_OR_NO = re.compile(r"(?:is|are|was|were|do|does|did|have|has|had|can|could|would|will|any|oes)\b")
_JOINED = re.compile(r"\W*(?:\w+\W+){0,2}?\b(?:and|or|versus|vs|neu|a|ac)\b\W*(?:\w+\W+){0,3}?|\W*[/&,|]\W*(?:\w+\W+)?")
_SENTENCE = re.compile(r"[^.?!;\n]+[.?!;\n]?")
_HOW = re.compile(r"^\W*(?:how|why|when|who|sut|pam)\b(?!\s(?:difficult|hard|often|much))")


@dataclass(frozen=True)
class Asked:
    """What a question asks for.

    Attributes
    ----------
    kind : str
        ``barriers``, ``help``, ``needs`` or ``anything``.
    yes_or_no : bool
        Whether 'no' answers it: 'Is there anything that stops you?'.
    """

    kind: str
    yes_or_no: bool = False


@lru_cache(maxsize=1024)
def asked_for(question: str) -> Asked:
    """Read what a question asks for.

    Parameters
    ----------
    question : str
        Its wording, a heading or the name of a column.

    Returns
    -------
    Asked

    Examples
    --------
    >>> asked_for("What stops information being shared well?").kind, asked_for("Q7_MainBarriers").kind
    ('barriers', 'barriers')
    >>> asked_for("What would help you get past these barriers?").kind, asked_for("What helps or hinders?").kind
    ('needs', 'anything')
    >>> asked_for("Do you have any concerns?")
    Asked(kind='barriers', yes_or_no=True)
    """
    found = [_read(sentence) for sentence in _questions(question)]
    kinds = {asked.kind for asked in found if asked.kind != ANYTHING}
    if len(kinds) != 1:
        return Asked(ANYTHING)
    return Asked(kinds.pop(), any(asked.yes_or_no for asked in found if asked.kind != ANYTHING))


def _questions(question: str) -> list[str]:
    """Split a wording into its sentences; where some end in a question mark, only those."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", unicodedata.normalize("NFKC", question)).casefold()
    sentences = [sentence.replace("’", "'") for sentence in _SENTENCE.findall(text)]
    return [s for s in sentences if s.endswith("?")] or sentences


def _read(sentence: str) -> Asked:
    text = " ".join(re.sub(r"[^\w/&,|]+", " ", sentence).split())
    before, _, last = text.rpartition(", ")
    yes_or_no = bool(_YES_OR_NO.match(last)) and not _ASKS.search(before)
    asks = None if yes_or_no else _ASKS.search(text)
    clause = text[asks.start() :] if asks else text
    found = list(_TELLING.finditer(clause))
    if not found or (not asks and _HOW.match(text)):
        return Asked(ANYTHING)
    first = found[0]
    for one, other in pairwise(found):
        apart = clause[one.end() : other.start()]
        if one.lastgroup != other.lastgroup and one.lastgroup == first.lastgroup and _JOINED.fullmatch(apart):
            return Asked(ANYTHING)
    return Asked(str(first.lastgroup), yes_or_no)
