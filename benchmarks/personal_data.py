"""How much planted personal data is found, and what else is taken for it, in each half of the test list; and how fast.

python benchmarks/personal_data.py [--write]

``--write`` puts the table into docs/personal-data.md. The list is tests/personal_data/planted.tsv; 'dev' sentences were
looked at while the rules were made, 'held' sentences were not.
"""

from __future__ import annotations

import re
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import spacy
from spacy.language import Language

import infoshare_text as ist
from infoshare_text.cleaning.personal_data.spans import KINDS, NAME, PersonalData

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "personal_data" / "planted.tsv"
PAGE = ROOT / "docs" / "personal-data.md"
NAMES = ROOT / "src" / "infoshare_text" / "cleaning" / "personal_data" / "names.toml"
START, END = "<!-- rates: written by benchmarks/personal_data.py -->", "<!-- end of rates -->"
HALVES = ("dev", "held")
# All that has a form of its own; names, addresses, URLs and handles have none.
NUMBERS_AND_EMAILS = tuple(kind for kind in KINDS if kind not in (NAME, "address", "url", "handle"))
_PLANTED = re.compile(r"\{([a-z_]+)\|([^}]*)\}")


class Sentence(NamedTuple):
    """A sentence of the list, and what is planted in it."""

    half: str
    text: str
    planted: list[PersonalData]


class Rates(NamedTuple):
    """What was planted, found of it, taken for personal data, and rightly so; by kind."""

    planted: Counter[str]
    hit: Counter[str]
    taken: Counter[str]
    right: Counter[str]

    def recall(self, kinds: tuple[str, ...] = KINDS) -> float:
        """Share of what was planted that was found."""
        return _share(self.hit, self.planted, kinds)

    def precision(self, kinds: tuple[str, ...] = KINDS) -> float:
        """Share of what was taken for personal data that was planted."""
        return _share(self.right, self.taken, kinds)


def read_list() -> list[Sentence]:
    """Read the list; places are counted in the sentence without its braces."""
    sentences = []
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        half, marked = line.split("\t", 1)
        planted: list[PersonalData] = []
        text, last = "", 0
        for match in _PLANTED.finditer(marked):
            text += marked[last : match.start()]
            planted.append(PersonalData(match[1], len(text), len(text) + len(match[2])))
            text += match[2]
            last = match.end()
        sentences.append(Sentence(half, text + marked[last:], planted))
    return sentences


def rates(sentences: list[Sentence]) -> Rates:
    """Compare what is found with what was planted.

    A planted item is found if one find of its kind covers it wholly. A find is right if it meets an item
    of its kind and takes in no word beside it.
    """
    planted, hit, taken, right = (Counter[str]() for _ in range(4))
    for _, text, items in sentences:
        found = ist.find_personal_data(text)
        for item in items:
            planted[item.kind] += 1
            hit[item.kind] += any(
                find.kind == item.kind and find.start <= item.start and find.end >= item.end for find in found
            )
        for find in found:
            taken[find.kind] += 1
            right[find.kind] += _is_right(text, find, items)
    return Rates(planted, hit, taken, right)


def _is_right(text: str, find: PersonalData, items: list[PersonalData]) -> bool:
    met = [item for item in items if item.kind == find.kind and item.start < find.end and item.end > find.start]
    if not met:
        return False
    before = text[find.start : max(find.start, met[0].start)]
    after = text[min(find.end, met[-1].end) : find.end]
    return not re.search(r"\w\W*\s", before) and not re.search(r"\s\W*\w", after)


def table() -> str:
    """Write the rates of both halves, kind by kind, as Markdown."""
    sentences = read_list()
    halves = [rates([sentence for sentence in sentences if sentence.half == half]) for half in HALVES]
    lines = [
        "| kind | planted, dev | recall | precision | planted, held out | recall | precision |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    groups: list[tuple[str, tuple[str, ...]]] = [(kind.replace("_", " "), (kind,)) for kind in KINDS]
    groups += [("**numbers and e-mails**", NUMBERS_AND_EMAILS), ("**all**", KINDS)]
    for name, kinds in groups:
        cells = [
            f"{sum(half.planted[kind] for kind in kinds)} | {half.recall(kinds):.3f} | {half.precision(kinds):.3f}"
            for half in halves
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(part: Counter[str], whole: Counter[str], kinds: tuple[str, ...]) -> float:
    return sum(part[kind] for kind in kinds) / max(1, sum(whole[kind] for kind in kinds))


def _speeds() -> str:
    """Mask comments of the shipped corpus, which are much like answers to a survey; and what spaCy alone would take."""
    from infoshare_text.training.labelled import read_corpus

    texts = list(dict.fromkeys(read_corpus(ROOT / "models" / "corpus").texts))
    words = sum(len(text.split()) for text in texts) / len(texts)
    found_by: dict[str, Callable[[list[str]], object]] = {
        "redact, every kind": ist.redact,
        "spaCy's blank English tokeniser alone": lambda some: list(spacy.blank("en").pipe(some)),
        "the same with an entity ruler of our first names": lambda some: list(_ruler().pipe(some)),
    }
    lines = [f"comments a second of processor time ({len(texts):,} different ones of {words:.0f} words on average):"]
    for name, find in found_by.items():
        some = texts if find is ist.redact else texts[::5]
        find(texts[:500])
        start = time.process_time()
        find(some)
        lines.append(f"  {len(some) / (time.process_time() - start):,.0f} {name}")
    return "\n".join(lines)


def _ruler() -> Language:
    """Return a pipeline that takes a first name of our lists before a capital for a person."""
    groups = tomllib.loads(NAMES.read_text(encoding="utf-8"))["given"].values()
    names = sorted({name for group in groups for name in group.split()})
    nlp = spacy.blank("en")
    pattern = {"label": "PERSON", "pattern": [{"LOWER": {"IN": names}}, {"IS_TITLE": True}]}
    nlp.add_pipe("entity_ruler").add_patterns([pattern])  # type: ignore[attr-defined]
    return nlp


def main(write: bool) -> None:
    """Print the rates and the speeds."""
    print(table())
    print(_speeds())
    if write:
        before, rest = PAGE.read_text(encoding="utf-8").split(START)
        _, after = rest.split(END)
        PAGE.write_text(f"{before}{START}\n{table()}\n{END}{after}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
