"""What people type into a box when they have nothing to say, in the wordings of real surveys; matched whole.

Three kinds: what never says anything ('n/a', 'see above', 'no comment'); what says that there is nothing of what was
asked for ('none', 'nothing'), whose meaning hangs on the question; and what is an answer by itself ('no problems').
"""

from __future__ import annotations

import re

_NOTHING_TO_SAY = r"""
    n\s?/?\s?a | not\s(?:applicable|relevant)(?:\s(?:to|for)\s(?:me|us))?
      | (?:does\snot|doesnt)\sapply(?:\sto\s(?:me|us))?
    | nil\sreturns? | null | nan | blank | empty | not\sanswered | (?:did\snot|didnt)\sanswer
      | declined?(?:\sto\sanswer)?
    | nothing\s(?:(?:else|more|further|new)\s?)?(?:i\shave\s)?(?:to\s(?:add|say|report|comment|declare|contribute)
      (?:\s(?:to\s(?:the\s)?above|on\sthis(?:\sone)?))?)?
    | non(?:e)?\sto\sadd | nothing\s(?:specific|in\sparticular) | nowt\s(?:else|more)?\s?to\s(?:add|say)
    | (?:nothing|none)\s(?:really\s)?(?:comes|springs|jumps)\s(?:immediately\s)?(?:to\smind|out)(?:\s\w+\snow)?
    | not(?:hing)?\s(?:at\s(?:present|the\smoment|this\s(?:time|stage)))
    | (?:i\s)?(?:cant|cannot|can\snot|couldnt|could\snot)\s(?:really\s)?(?:think\sof\s(?:any(?:thing|\sothers?)?|one)
      | say | comment | answer(?:\sthis)?)(?:\s(?:else|specific|at\s(?:present|the\smoment)|right\snow|just\snow|rn))?
    | unable\sto\s(?:comment|say|answer)
    | (?:i\s|we\s)?(?:have\s)?no\s(?:(?:further|other|more|additional|particular|strong|special)\s)*
      (?:comments?|remarks?|observations?|opinions?|views?|thoughts?|feelings|input|suggestions?|points?|idea|clue)
      (?:\seither\sway|\son\sthis|\sto\s(?:add|make|say))?
      (?:\sat\s(?:present|the\smoment|this\s(?:time|stage)|all))?
    | no\s(?:more|further)\sto\s(?:add|say) | nothing\sfurther | no\sthank\s?(?:s|\syou) | nae\scomment
    | (?:i\s)?(?:do\snot|dont|dinnae|wouldnt|would\snot)\s(?:really\s)?k(?:now|en) | dunno | d\s?/?\s?k | idk
      | no\sidea
    | (?:i\s)?havent\s(?:got\s)?a\sclue | who\sknows | not\sknown | unknown | unsure
    | (?:im\s|i\sam\s)?not\s(?:really\s|too\s)?sure
    | (?:please\s|pls\s)?(?:see|as|as\sper|same\sas|ditto|refer\sto|like)
      (?:\s(?:my|the|in|to|i|we|is|was|has|have|been|per|q|question|answers?|comments?|response|reply|box|all
        |above|below|before|previous(?:ly)?|earlier|last|first|already|mentioned|stated|said|noted|given|attached|q?\d+))*
    | already\s(?:answered|stated|mentioned|covered|said)(?:\sabove|\sbefore)?
      | (?:answered|covered|stated)\sabove | above
    | ditto | pass | skip(?:ped)? | prefer\snot\sto\s(?:say|answer) | rather\snot\ssay | tbc | tba | x+
      | test(?:ing)? | [a-z]
    | dim\s(?:sylw(?:adau)?|barn|syniad)(?:\s(?:pellach|ychwanegol|arall))? | dim\s(?:byd\s)?i?w\s(?:ychwanegu|ddweud)
    | (?:dwi\s|dw\si\s|rwy\s)?n?\s?ddim\syn\s(?:gwybod|si[wŵ]r|berthnasol) | wn\si\sddim | amherthnasol
    | (?:gweler|fel)\s(?:yr\s)?uchod
    | nie\swiem | nie\sdotyczy | nu\s(?:știu|stiu) | nu\seste\scazul | no\ss[eé] | sans\sobjet | sans\sr[eé]ponse
"""
_NO_REPLY = r"no(?:ne)?\s(?:answer|response|reply)"
"""Says nothing, unless the question is what goes wrong."""
_TROUBLE = (
    r"(?:barriers?|problems?|issues?|challenges?|difficult(?:y|ies)|obstacles?|concerns?|complaints?|worries|hurdles?"
    r"|blockers?|risks?|faults?|downsides?|negatives?|hindrances?|frustrations?|gaps?|delays?)"
)
_STOPS = (
    r"(?:(?:really\s|currently\s)?(?:stops?|prevents?|hinders?|blocks?|is\s(?:stopping|preventing)|gets?\sin\s(?:the|our|my)\sway"
    r"|holds?\s(?:us|me)\sback|went\swrong|goes\swrong|is\swrong|is\smissing)(?:\s(?:it|us|me|this|sharing|that))?)"
)
_THERE_IS = r"(?:there\s(?:is|are|was|were)|theres|(?:i|we)\s(?:have|had|face|see|know\sof|experience))"
_NONE = rf"""
    (?:{_THERE_IS}\s)?
    (?:absolutely\s|literally\s|currently\s|honestly\s|really\s)?
    (?:nothing | none | nil | non | zero | nowt | nuffin | naething | nada | nothing\sat\sall
      | dim | dim\sbyd | dim\so\sgwbl | rien | aucune? | brak | nic | żadne | niciun[aă]?
      | nimic | ninguno | nichts | keine)
    | (?:there\s(?:is|are)nt|there\s(?:is|are)\snot)\sany(?:thing)?
    | (?:i|we)\s(?:dont|do\snot|havent|have\snot)\s(?:have\s|had\s|got\s|face\s|see\s)?any
"""
_NO_TROUBLE = rf"""
    (?:{_THERE_IS}\s)?no\s(?:real\s|major\s|particular\s|significant\s|known\s|such\s|big\s)?{_TROUBLE}
    | (?:absolutely\s|really\s)?nothing\s{_STOPS} | dim\s(?:problem(?:au)?|rhwystrau)
    | (?:there\s(?:is|are)nt|there\s(?:is|are)\snot|(?:i|we)\s(?:dont|do\snot|havent|have\snot)
      (?:\shave|\shad|\sgot|\sface|\ssee)?)\sany\s{_TROUBLE}
"""
_NO = r"no | nope | nah | naw | not\s(?:really|at\sall) | nage | nac\soes"
_TAIL = r"""
    (?:\s(?:at\sall | really | whatsoever | honestly | personally | currently | so\sfar | to\sdate | tbh | sorry
      | mate | please
      | (?:thanks|ta|cheers|diolch|thank\syou)(?:\svery\smuch)?(?:\sfor\sasking)? | right\snow | just\snow
      | at\s(?:present|the\smoment|this\s(?:time|stage)) | known
      | (?:that\s|which\s)?(?:i|we)(?:\s(?:can|could))?(?:\s?m|\sam|re|\sare)?
        \s(?:think\sof|know\sof|aware\sof|recall|see)
      | (?:that\s)?im\saware\sof | come\sto\smind | to\smy\sknowledge | as\sfar\sas\si\s(?:know|am\saware)
      | (?:for|from|with|by)\s(?:me|us|my\sside|our\sside|our\s(?:team|area|organisation))
      | in\s(?:my|our)\s(?:case|area|team|view)
      | here | yet))
"""


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern}){_TAIL}*", re.VERBOSE)


NO_REPLY, NONE, NO, NO_TROUBLE = map(_whole, (_NO_REPLY, _NONE, _NO, _NO_TROUBLE))
NO_ANSWER = _whole("|".join([_NOTHING_TO_SAY, _NO_REPLY, _NONE, _NO, r"\d+(?:\s\d+)*"]))
COURTESY = re.compile(
    r"(?:no\s)?(?:many\s)?(?:thanks|thank\syou|cheers|ta|sorry|diolch|regards)(?:\svery\smuch|\sfor\sasking)?"
)
