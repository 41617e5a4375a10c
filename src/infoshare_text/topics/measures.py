"""How good topics are, told with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from infoshare_text.topics.lemmas import LemmaTable
from infoshare_text.topics.wording import pair_npmi

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Measure:
    """One measure of a set of topics: its name, its value, and what it says, in a line."""

    measure: str
    value: float
    meaning: str


_MEANING = {
    "share_other": "Share of comments that belong to no topic; lower is better.",
    "largest_topic": "Share of comments in the largest topic; a topic over a quarter tells little.",
    "npmi": "Whether a topic's ten words stand in the same comments (-1 never, 0 by chance, 1 always).",
    "diversity": "Share of the topics' words that belong to one topic only.",
    "stability_bootstraps": "Agreement (mean adjusted Rand index) of the topics of five resamples of the comments: "
    "1 the same, 0 by chance.",
    "stability_seeds": "The same agreement over five seeds; the seed only draws the sample that very large surveys "
    "are fitted on, so that it is 1 below 100,000 comments.",
}


def measured(values: dict[str, float]) -> list[Measure]:
    """Put each value beside what it means."""
    return [Measure(name, round(value, 4), _MEANING[name]) for name, value in values.items()]


def npmi(words: Sequence[Sequence[int]], comments: LemmaTable) -> float:
    """Return the mean NPMI of every two words of a topic, then of topics; comments are the windows."""
    columns = comments.holds.tocsc()
    values = []
    for topic in words:
        if len(topic) < 2:
            continue
        block = columns[:, list(topic)]
        together = np.asarray((block.T @ block).todense(), dtype=np.float64) / len(comments)
        pairs = pair_npmi(together, np.diag(together).copy())
        values.append(float(pairs[np.triu_indices(len(topic), 1)].mean()))
    return float(np.mean(values)) if values else float("nan")


def diversity(words: Sequence[Sequence[int]]) -> float:
    """Return the share of distinct words among the words of all topics."""
    every = [word for topic in words for word in topic]
    return len(set(every)) / len(every) if every else float("nan")


def agreement(labellings: Sequence[Ints]) -> float:
    """Return the mean adjusted Rand index of every two labellings of the same comments."""
    from sklearn.metrics import adjusted_rand_score

    return float(np.mean([adjusted_rand_score(a, b) for a, b in combinations(labellings, 2)]))
