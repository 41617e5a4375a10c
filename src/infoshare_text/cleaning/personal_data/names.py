"""People's names, by lists and by what stands beside them; no trained model.

A listed given name that is no other word ('Ayesha') is a name wherever it stands, with the capitalised words after it.
A name that is also a word ('Hope', 'Victoria') or that no list holds needs a sign: a title, a role ('my social worker
...'), a verb ('spoke to ...', '... told us'), another name, or a capital that nothing else explains. 'Victoria
Hospital', 'the Munro review' and 'Martha's Rule' are no people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from infoshare_text.cleaning.personal_data.name_lists import known, lists
from infoshare_text.cleaning.personal_data.name_tokens import Token, may_hold_names, tokens_of
from infoshare_text.cleaning.personal_data.spans import Place

_LONGEST = 4
_LEANS_ON = {" ", "  ", ", ", ",", " (", "(", ": ", ":", " - ", ' "', " '", "/", " / ", " & "}
_ARTICLES = {"the", "a", "an", "any", "this", "that", "each", "every", "no", "some", "another"}
_AT_A_PLACE = _ARTICLES | {"on", "in", "at", "of", "to", "from", "near", "our"}
_WHOSE = {"my", "our", "his", "her", "their", "the", "a", "an"}
_FAMILY = {"family", "household", "children", "brothers", "sisters"}
# 'Dr Khan', 'Dr. Khan', 'PC 1234 Khan'
_TITLE_GAP = re.compile(r"\.? ?(?:\d{1,5} )?")
_LAWS = {"law", "laws", "rule", "rules", "act"}
# What a sign lets follow: no name at all, nothing new, a name of the lists, or any capitalised word of no other use.
_NEVER, _NOTHING, _LISTED, _ANY = -1, 0, 1, 2


def names(text: str) -> Iterator[Place]:
    """Find names of people: the words of the name, without its title and without a possessive 's."""
    if not may_hold_names(text):
        return
    tokens = tokens_of(text)
    i, last = 0, -9
    while i < len(tokens):
        if (end := _phrase_end(tokens, i)) > i:
            i = end
        elif (end := _name_end(tokens, i, last)) > i:
            yield tokens[i].start, tokens[end - 1].end
            i, last = end, end - 1
        else:
            i += 1


def _phrase_end(tokens: Sequence[Token], i: int) -> int:
    """Return where a body or a phrase that goes by a person's name ends; ``i`` where none begins."""
    token = tokens[i]
    for rest in lists().phrases.get(_owned(token), []) + (lists().phrases.get(token.key, []) if token.owner else []):
        end = i + 1 + len(rest)
        if tuple(map(_owned, tokens[i + 1 : end])) == rest or tuple(t.key for t in tokens[i + 1 : end]) == rest:
            return end
    if token.key in lists().saints and (token.capital or token.key in ("st", "saint")):
        end = i + 1
        while end < len(tokens) and tokens[end].capital and tokens[end].gap in (" ", ". ", "."):
            end += 1
        return end if end > i + 1 else i
    return i


def _owned(token: Token) -> str:
    return f"{token.key}s" if token.owner and not token.key.endswith("s") else token.key


def _name_end(tokens: Sequence[Token], i: int, last: int) -> int:
    """Return where the name that begins at token ``i`` ends; ``i`` where none begins."""
    sign = _sign(tokens, i, last)
    title = tokens[i].key in lists().titles and (i == 0 or tokens[i - 1].key not in lists().titles)
    if title or sign == _NEVER:
        return i
    if not tokens[i].capital:
        return _lower_name_end(tokens, i, sign)
    if len(tokens[i].key) == 1:
        return _initials_end(tokens, i, sign)
    end = _run_end(tokens, i)
    return end if end > i and not _is_body(tokens, i, end) and _is_name(tokens, i, end, sign) else i


def _is_name(tokens: Sequence[Token], i: int, end: int, sign: int) -> bool:
    """Whether capitalised words that belong together are a name."""
    token = tokens[i]
    first = known(token.key)
    if first.given and not first.word:
        return True
    second = known(tokens[i + 1].key) if end > i + 1 else None
    if second and second.surname and not second.word and (first.given or not token.first):
        return True
    if first.given or first.surname:
        if sign == _ANY or (
            sign == _LISTED and (not first.word or (first.given and token.key not in lists().abstract))
        ):
            return True
        if i and tokens[i - 1].key in _ARTICLES:
            return first.surname and end < len(tokens) and tokens[end].key in _FAMILY
        if _does(tokens, i, end) or _beside_a_name(tokens, i, end):
            return True
        return first.given and not first.always_capital and _capital_says_it(tokens, i, end)
    usual = first.always_capital or token.key in lists().roles or _next_is_capital(tokens, end)
    return sign == _ANY and len(token.key) > 2 and not usual


def _sign(tokens: Sequence[Token], i: int, last: int) -> int:
    """Tell what the words before a token let it be."""
    if i == 0:
        return _NOTHING
    rules, before, gap = lists(), tokens[i - 1], tokens[i].gap
    if before.key in rules.titles and _follows_title(before, gap):
        return _ANY
    if before.key in rules.closing and gap.strip() in ("", ",", "-", ":"):
        return _ANY if before.key in ("signed", "regards", "sincerely") else _LISTED
    if last == i - 1 and gap in (", ", " & ", "/", " / "):
        return _LISTED
    if gap not in _LEANS_ON:
        return _NOTHING
    two = tokens[i - 2].key if i > 1 else ""
    if last == i - 2 and before.key in ("and", "or"):
        return _ANY
    if before.key in rules.roles and not before.owner:
        return _LISTED if gap.startswith(",") or (before.capital and not before.first) else _ANY
    if before.key in ("called", "named"):
        if two in rules.things:
            return _NEVER
        near = {token.key for token in tokens[max(0, i - 6) : i - 1]}
        return _ANY if near & (rules.roles | rules.titles | {"she", "he", "her", "him", "who"}) else _NOTHING
    if (before.key == "name" and (before.owner or ":" in gap)) or (before.key == "is" and two == "name"):
        return _ANY
    if before.key == "im" or (before.key == "am" and two == "i"):
        return _LISTED
    if before.key in rules.asking and gap == " ":
        return _ANY
    if two in rules.speaking and before.key in ("to", "with", "from", "by", "for"):
        return _ANY if before.key in ("to", "with") else _LISTED
    return _NOTHING


def _follows_title(title: Token, gap: str) -> bool:
    dotted = gap.startswith(".")
    return gap != "" and _TITLE_GAP.fullmatch(gap) is not None and (not dotted or title.key in lists().abbreviations)


def _run_end(tokens: Sequence[Token], i: int) -> int:
    """Return where the capitalised words end that could be one name."""
    if known(tokens[i].key).no_name:
        return i
    end = i + 1
    while end < len(tokens) and end - i < _LONGEST and _goes_on(tokens, end):
        end += 1
        if not tokens[end - 1].capital:
            end += 1
    return end


def _goes_on(tokens: Sequence[Token], j: int) -> bool:
    """Whether token ``j`` can be part of the name before it."""
    token, before = tokens[j], tokens[j - 1]
    initial = len(before.key) == 1
    if before.owner or token.gap not in ((" ", "  ", ". ", ".") if initial else (" ", "  ")):
        return False
    if token.capital:
        return not known(token.key).no_name and (token.key not in lists().bodies or token.key in lists().bodies_too)
    after = tokens[j + 1] if j + 1 < len(tokens) else None
    return token.key in lists().particles and after is not None and after.capital and after.gap in (" ", "-")


def _is_body(tokens: Sequence[Token], i: int, end: int) -> bool:
    """Whether the words are the name of a ward, a law, a review or another body."""
    rules, token, final = lists(), tokens[i], tokens[end - 1]
    first = known(token.key)
    article = i > 0 and tokens[i - 1].key in _AT_A_PLACE
    if end > i + 1 and final.key in rules.bodies_too:
        return article or first.word or not first.given or token.key in rules.royals
    after = tokens[end] if end < len(tokens) and tokens[end].gap == " " else None
    if after is None:
        return False
    if final.owner:
        return after.key in _LAWS or (after.capital and after.key in rules.bodies_owned)
    if after.key not in rules.bodies and after.key not in rules.bodies_too:
        return False
    return after.capital or article or first.word or not first.given


def _does(tokens: Sequence[Token], i: int, end: int) -> bool:
    """Whether what follows is what people do: '... said', '... from housing'."""
    if end >= len(tokens) or tokens[end - 1].owner:
        return False
    if tokens[end].gap == ", " and tokens[end].key in _WHOSE:
        next_words = {token.key for token in tokens[end + 1 : end + 4]}
        return tokens[i].key not in lists().abstract and bool(next_words & lists().roles)
    if tokens[end].gap != " ":
        return False
    rules, first, after = lists(), known(tokens[i].key), tokens[end].key
    if after in rules.telling:
        return first.given or not first.word
    if after in rules.doing:
        return (first.given and tokens[i].key not in rules.abstract) or not first.word
    if not first.word:
        return after == "from" or after in rules.doing_too
    return after == "from" and first.given and tokens[i].key not in rules.abstract


def _beside_a_name(tokens: Sequence[Token], i: int, end: int) -> bool:
    """Whether a sure name is joined on: 'Lee and Kim'."""
    if end >= len(tokens):
        return False
    j = end + 1 if tokens[end].key in ("and", "or") and tokens[end].gap == " " else end
    if j == end and tokens[end].gap not in (", ", " & ", "/"):
        return False
    other = known(tokens[j].key) if j < len(tokens) and tokens[j].capital else None
    return other is not None and other.given and not other.word and tokens[i].key not in lists().abstract


def _capital_says_it(tokens: Sequence[Token], i: int, end: int) -> bool:
    """Whether a word has a capital for no other reason than being a name."""
    before = tokens[i - 1]
    if before.key in ("of", "in", "on") and tokens[i].key in lists().abstract:
        return False
    alone = not before.capital or (before.first and not known(before.key).no_name) or known(before.key).word
    if end < len(tokens) and tokens[end].gap.lstrip()[:1].isdigit():
        return False
    return not tokens[i].first and alone and not _next_is_capital(tokens, end) and end - i <= 2


def _next_is_capital(tokens: Sequence[Token], end: int) -> bool:
    return end < len(tokens) and tokens[end].gap in (" ", ". ") and tokens[end].capital and not tokens[end].first


def _initials_end(tokens: Sequence[Token], i: int, sign: int) -> int:
    """Return the end of 'J. Smith' or 'A. B. Patel'; ``i`` for any other single letter."""
    end = i + 1
    while end < min(i + _LONGEST, len(tokens)) and _follows_initial(tokens[end]) and len(tokens[end].key) == 1:
        end += 1
    if end >= len(tokens) or not _follows_initial(tokens[end]):
        return i
    surname = known(tokens[end].key)
    dotted = tokens[end].gap != " "
    sure = surname.surname and (dotted or not surname.word) and (dotted or tokens[i].key not in ("a", "i"))
    if not (sure or (sign == _ANY and not surname.no_name)):
        return i
    run = _run_end(tokens, end)
    return i if run == end or _is_body(tokens, end, run) else run


def _follows_initial(token: Token) -> bool:
    return token.capital and token.gap in (". ", ".", " ")


def _lower_name_end(tokens: Sequence[Token], i: int, sign: int) -> int:
    """Return the end of a name typed without capitals; ``i`` where none begins."""
    token = tokens[i]
    name = known(token.key)
    titled = i > 0 and sign == _ANY and tokens[i - 1].key in lists().titles
    if titled and token.key in lists().particles and (end := _run_end(tokens, i)) > i + 1:
        return end
    if titled:
        clear = not name.word or tokens[i - 1].key not in lists().titles_that_are_words
        if not ((name.given or name.surname) and clear):
            return i
    else:
        sure = name.given and not name.word and (len(token.key) > 3 or sign > _NOTHING)
        if not sure or (i and tokens[i - 1].key in _ARTICLES):
            return i
    if _is_body(tokens, i, i + 1):
        return i
    end = i + 1
    while end < len(tokens) and end - i < 3 and not tokens[end - 1].owner and tokens[end].gap == " ":
        more = known(tokens[end].key)
        if more.word or not (more.surname or more.given):
            break
        end += 1
    return end
