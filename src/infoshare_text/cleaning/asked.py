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

# Words by their beginnings ('prevent*'), then what takes more than one word.
_WORDS = {
    ANYTHING: "comments feedback sylwadau",
    NEEDS: """
        need* want wanted wants wish* require* suggest* recommend* improve improves improvement* improving
        change changes changing resource* support overcom* address* tackl* remov* reduc* resolv* solv* solution*
        fix* mitigat* idea ideas better angen gwella""",
    BARRIERS: """
        stop stops stopped stopping prevent* hinder* hindranc* hamper* imped* inhibit* obstruct* obstacle*
        block* barrier* hurdle* challeng* difficult* hard harder hardest tricky problem* issue issues concerned
        concerning worry worries worried worrying fear fears afraid frustrat* struggl* bottleneck* drawback*
        downside* disadvantage* weak* threat threats limit limits limited limiting limitation* restrict*
        constrain* deter deters deterred deterrent* discourag* delay* slow* wrong bad badly worse worst poor
        poorly fail* lack* gap gaps dislik* complain* annoy* negative negatives negatively unhelpful unsatisf*
        dissatisf* reluctan* unwilling* unhappy cons undermin* pitfall* shortcoming* rhwystr* atal anodd heriau
        problemau""",
    HELP: """
        help* enabl* easy easier easiest easily eases facilitat* succe* good best strength* benefi* positive
        positives positively opportunit* advantage* improved like liked enjoy* value values valued let lets
        allow* encourag* promot* well pros helpu cynorthwy*""",
}
_PHRASES = {
    ANYTHING: [
        r"(?:other|further|additional|general)\s(?:\w+\s)?(?:comments?|thoughts|views|remarks|issues|points)",
        r"issues\s(?:that\s)?you\s(?:would|d|want|wish)",
        r"anything\s(?:else|more)",
    ],
    NEEDS: [
        r"(?:what|which|who|where|how)\s(?:would|could|can|should|might)\s(?:be|help|make|improve|(?:you|we|they)"
        r"(?!\s(?:say|consider|describe|see|identify|name|list)))",
        r"(?:would|could|should)\s(?:\w+\s){0,3}(?:help|improve|like|change|better|easier|want|support)",
        r"do\sabout",
        r"deal\s(?:\w+\s)?with",
        r"get\s(?:a?round|past)",
    ],
    BARRIERS: [
        # 'Risk management', 'children at risk' and 'missing people' are subjects, not what is wrong.
        r"(?<!at\s)risks?(?!\s(?:manage|assess|register|averse))",
        r"(?<!safeguarding\s)concerns?(?!\sabout\san?\s(?:child|adult|person|patient|family|pupil|resident))",
        r"missing(?!\s(?:persons?|people|child|adults?|from))",
        r"pain\spoints?|(?:break|fall)(?:s|ing)?\s(?:down|apart)|get\srid\sof",
        r"(?:let|trip)(?:s|ting|ped)?\s\w+(?:\s\w+)?\s(?:down|up)",
        r"(?<!at\s)least",
        r"(?:get(?:s|ting)?|stand(?:s|ing)?|got|stood|is|are|comes?)\sin\s(?:the|your|our|their|my|its)\sways?",
        r"(?:hold(?:s|ing)?|held|keep(?:s|ing)?|kept|set(?:s|ting)?)\s(?:\w+\s){1,2}back",
        r"put(?:s|ting)?\s\w+\soff",
        r"(?:not|never|\w+n\st|less|no\slonger)\s(?:\w+\s){0,3}?"
        r"(?:work(?:s|ed|ing)?|well|help\w*|easy|good|like|enjoy|effective\w*)",
        r"(?:not|never|\w+n\st)\s(?:\w+\s)?(?:shared|passed|reach\w*)",
        r"(?:does|do|did|is|are|has|have|was|were)(?:n\st|\snot)(?=\W*$)",
    ],
    HELP: [
        r"work(?:s|ed|ing)?\s(?:\w+\s)?(?:well|best)",
        r"what\s(?:has\s)?work(?:s|ed)",
        r"makes?\s(?:\w+\s)?(?:possible|work)",
    ],
}


def _telling() -> re.Pattern[str]:
    kinds = []
    for kind, words in _WORDS.items():
        stems = [word.replace("*", r"\w*") for word in words.split()]
        kinds.append(rf"(?P<{kind}>{'|'.join([*_PHRASES[kind], *stems])})")
    return re.compile(rf"\b(?:{'|'.join(kinds)})\b")


_TELLING = _telling()
_ASKS = re.compile(r"\b(?:what|which|beth|pa)\b")
_YES_OR_NO = re.compile(r"(?:is|are|was|were|do|does|did|have|has|had|can|could|would|will|any|oes)\b")
_JOINED = re.compile(r"\W*(?:\w+\W+){0,2}?\b(?:and|or|versus|vs|neu|ac?)\b\W*(?:\w+\W+){0,3}?|\W*[/&,|]\W*(?:\w+\W+)?")
"""What stands between two things asked for at once: 'and', 'or what', a stroke."""
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
