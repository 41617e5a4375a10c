"""Invented comments on a library, labelled: what the tests of retraining learn from."""

from __future__ import annotations

import numpy as np

from infoshare_text.codebook import Codebook
from infoshare_text.training.labelled import LabelledComments

PHRASES = {
    "opening_hours": [
        "shut when I finish work",
        "open on Sunday please",
        "the doors close too early",
        "longer evening hours",
        "closed all bank holiday",
    ],
    "quiet": [
        "too noisy to read",
        "people shouting on phones",
        "a silent room would be lovely",
        "children running and screaming",
        "so loud upstairs",
    ],
    "staff": [
        "the librarian was so helpful",
        "nobody at the desk",
        "kind people behind the counter",
        "the assistant found my book",
        "rude volunteers",
    ],
}
PLACES = ["Northfield", "the mobile van", "our branch", "the old building", "Hill Road", "the annexe", "town"]
TAILS = ["last week", "again", "as always", "in winter", "for my mother", "most days", "honestly", "since March"]
STANCES, SENTIMENTS = ("barrier", "enabler"), ("negative", "neutral", "positive")
KEYS = tuple(PHRASES)


def codebook(*, multi_label: bool = True, stances: bool = False, sentiments: bool = False) -> Codebook:
    return Codebook.from_dict(
        {
            "name": "Library survey",
            "version": "1",
            "multi_label": multi_label,
            "themes": [{"key": key, "label": key.replace("_", " ").capitalize()} for key in KEYS],
            "stances": {name: name for name in STANCES} if stances else {},
            "sentiments": {name: name for name in SENTIMENTS} if sentiments else {},
        }
    )


def comments(
    n: int = 150, seed: int = 0, *, multi_label: bool = True, stances: bool = False, sentiments: bool = False
) -> LabelledComments:
    """Return comments by n / 2 respondents, each of one or two phrases in random surroundings."""
    rng = np.random.default_rng(seed)
    themes = np.zeros((n, len(KEYS)), dtype=bool)
    texts = []
    for i in range(n):
        found = rng.permutation(len(KEYS))[: 1 + (multi_label and rng.random() < 0.4)]
        themes[i, found] = True
        said = [PHRASES[KEYS[k]][rng.integers(5)] for k in found]
        texts.append(f"{' and '.join(said)} at {PLACES[rng.integers(7)]} {TAILS[rng.integers(8)]} {i % 9 + 1}")
    held = np.zeros((n, len(KEYS), len(STANCES) if stances else 0), dtype=bool)
    praise = np.array([any(word in text for word in ("helpful", "lovely", "kind", "found")) for text in texts])
    if stances:
        held[~praise, :, 0], held[praise, :, 1] = themes[~praise], themes[praise]
    tone = np.where(praise, "positive", np.where(rng.random(n) < 0.3, "neutral", "negative")).tolist()
    return LabelledComments(
        codebook(multi_label=multi_label, stances=stances, sentiments=sentiments),
        ids=[f"{seed}-{i}" for i in range(n)],
        texts=texts,
        questions=["What would you change?"] * n,
        writers=[f"{seed}-{i // 2}" for i in range(n)],
        sectors=[""] * n,
        themes=themes,
        stances=held,
        sentiments=tone if sentiments else [""] * n,
    )
