"""What people type into a box when they have nothing to say, in the wordings of real surveys; matched whole.

Three kinds: what never says anything ('n/a', 'see above', 'no comment'); what says that there is nothing of what was
asked for ('none', 'nothing'), whose meaning hangs on the question; and what is an answer by itself ('no problems').
They are compared with an answer in small letters without apostrophes and marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_NOTHING_TO_SAY = [
    "null|nan|blank|empty|unknown|unsure|dunno|idk|above|ditto|pass|tbc|tba|amherthnasol",
    "declined?|skip(?:ped)?|test(?:ing)?",
    "[a-z]",
    "x+",
    r"\d+(?: \d+)*",
    "n ?/? ?a",
    "[dn] ?/? ?k",
    "not (?:applicable|relevant)(?: (?:to|for) (?:me|us))?",
    "(?:does not|doesnt) apply(?: to (?:me|us))?",
    "nil returns?",
    "not answered",
    "(?:did not|didnt) answer",
    "declined to answer",
    # Nothing to add.
    "(?:(?:ive|weve|(?:i|we) have) )?nothing(?: (?:else|more|further|new))?(?: i have)?"
    " to (?:add|say|report|comment|declare|contribute|note)(?: (?:to (?:the )?above|on this(?: one)?))?",
    "nothing (?:else|more|further|new)",
    "none? to add",
    "nowt (?:(?:else|more) )?to (?:add|say)",
    "no (?:more|further) to (?:add|say)",
    "no further info(?:rmation)?",
    "nothing (?:specific|in particular|obvious|of note)",
    "(?:thats|that is) all",
    "no thank ?(?:s| you)",
    # Nothing comes to mind.
    r"(?:nothing|none) (?:that |really )?(?:comes?|springs?|jumps?) (?:immediately )?(?:to mind|out)(?: \w+ now)?",
    "not(?:hing)? (?:at (?:present|the moment|this (?:time|stage))|currently|(?:right|just|for) now)",
    "(?:i )?(?:cant|cannot|can not|couldnt|could not) (?:really )?"
    "(?:think of (?:any(?:thing| others?)?|one)|say|comment|answer(?: this)?)"
    "(?: (?:else|specific|at (?:present|the moment)|right now|just now|rn))?",
    "unable to (?:comment|say|answer)",
    # No comment, no view.
    "nae comment",
    "(?:i |we )?(?:have )?no (?:(?:further|other|more|additional|particular|strong|special) )*"
    "(?:comments?|remarks?|observations?|opinions?|views?|thoughts?|feelings|input|suggestions?|points?|idea|clue)"
    "(?: either way| on this(?: question)?| to (?:add|make|say))?"
    "(?: at (?:present|the moment|this (?:time|stage)|all))?",
    "(?:i|we) (?:dont|do not) have any (?:(?:other|further|more) )?(?:comments?|views?|thoughts?|suggestions?)",
    "prefer not to (?:say|answer)",
    "rather not say",
    # Don't know.
    "(?:i )?(?:do not|dont|dinnae|wouldnt|would not) (?:really )?k(?:now|en)",
    "(?:i )?havent (?:got )?a clue",
    "who knows",
    "not known",
    "(?:im |i am )?not (?:really |too )?sure",
    # See above.
    "(?:please |pls )?(?:see|as|as per|same as|ditto|refer to|like)"
    "(?: (?:my|the|in|to|i|we|is|was|has|have|been|per|q|question|answers?|comments?|response|reply|box|all"
    "|above|below|before|previous(?:ly)?|earlier|last|first|already|mentioned|stated|said|noted|given|attached"
    r"|q?\d+))*",
    "already (?:answered|stated|mentioned|covered|said)(?: above| before)?",
    "(?:answered|covered|stated) above",
    # Welsh: no comment, do not know, see above; then some of other languages.
    "dim (?:sylw(?:adau)?|barn|syniad)(?: (?:pellach|ychwanegol|arall))?",
    "dim (?:byd )?i?w (?:ychwanegu|ddweud)",
    "(?:dwi |dw i |rwy )?n? ?ddim yn (?:gwybod|si[wŵ]r|berthnasol)",
    "wn i ddim",
    "(?:gweler|fel) (?:yr )?uchod",
    "nie (?:wiem|dotyczy)",
    "nu (?:știu|stiu|este cazul)",
    "no s[eé]",
    "sans (?:objet|r[eé]ponse)",
]
_NO_REPLY = ["no(?:ne)? (?:answer|response|reply)"]
"""Says nothing, unless the question is what goes wrong."""
_THERE_IS = "(?:(?:there (?:is|are|was|were)|theres|(?:i|we) (?:have|had|face|see|know of|experience)) )?"
_THERE_IS_NOT = (
    "(?:(?:there (?:is|are)nt|there (?:is|are) not)"
    "|(?:i|we) (?:dont|do not|havent|have not)(?: have| had| got| face| see)?)"
)
_TROUBLE = (
    "(?:barriers?|problems?|issues?|challenges?|difficult(?:y|ies)|obstacles?|concerns?|complaints?|worries|hurdles?"
    "|blockers?|risks?|faults?|downsides?|negatives?|hindrances?|frustrations?|gaps?|delays?)"
)
_STOPS = (
    "(?:stops?|prevents?|hinders?|blocks?|is (?:stopping|preventing)|gets? in (?:the|our|my) way|holds? (?:us|me) back"
    "|went wrong|goes wrong|is wrong|is missing)"
)
_NONE = [
    f"{_THERE_IS}(?:absolutely |literally |currently |honestly |really )?"
    "(?:nothing|none|nil|non|zero|nowt|nuffin|naething|nada|dim|dim byd|dim o gwbl"
    "|rien|aucune?|brak|nic|żadne|niciun[aă]?|nimic|ninguno|nichts|keine)",
    f"{_THERE_IS_NOT} any(?:thing)?",
]
_NO_TROUBLE = [
    f"{_THERE_IS}no (?:real |major |particular |significant |known |such |big )?{_TROUBLE}",
    f"{_THERE_IS_NOT} any {_TROUBLE}",
    f"(?:absolutely |really )?nothing (?:really |currently )?{_STOPS}(?: (?:it|us|me|this|sharing|that))?",
    "dim (?:problem(?:au)?|rhwystrau)",
]
_NO = [
    "no|nope|nah|naw|nage|nac oes",
    "not (?:really|at all|that (?:i|we)(?: can|m| am|re| are)? (?:think|know|aware)(?: of)?)",
]
_TAIL = [
    "at all|really|whatsoever|honestly|personally|tbh|sorry|mate|please|known|here|yet|currently|so far|to date",
    "(?:thanks|ta|cheers|diolch|thank you)(?: very much)?(?: for asking)?",
    "(?:right|just|for) now",
    "at (?:present|the moment|this (?:time|stage|moment(?: in time)?))",
    "(?:that |which )?(?:i|we)(?: (?:can|could))?(?: ?m| am|re| are)? (?:think of|know of|aware of|recall|see)",
    "(?:that )?im aware of",
    "come to mind",
    "to my knowledge",
    "as far as i (?:know|am aware)",
    "(?:for|from|with|by) (?:me|us|my side|our side|our (?:team|area|organisation))",
    "in (?:my|our) (?:case|area|team|view)",
]


def _whole(wordings: Sequence[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(wordings)})(?: (?:{'|'.join(_TAIL)}))*")


NO_REPLY, NONE, NO, NO_TROUBLE = map(_whole, (_NO_REPLY, _NONE, _NO, _NO_TROUBLE))
NO_ANSWER = _whole([*_NOTHING_TO_SAY, *_NO_REPLY, *_NONE, *_NO])
COURTESY = re.compile(
    "(?:no )?(?:many )?(?:thanks|thank you|cheers|ta|sorry|diolch|regards)(?: very much| for asking)?"
)
