"""What each part of the features buys: theme macro F1 on writers not in training, with and without it.

python benchmarks/ablations.py

Writers are dealt into eight folds; a part is removed by giving it no weight. Without the best clause the whole comment
counts alone; without telling weights every feature counts alike, at half the regularisation, which suits it best.
Differences are paired and their 95% intervals come from a bootstrap that draws writers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt

from infoshare_text.coding import clauses
from infoshare_text.coding.model_folder import load_vectors
from infoshare_text.training import feature_space, fit
from infoshare_text.training.labelled import LabelledComments, read_corpus
from infoshare_text.training.learner import SHIPPED, Learnt
from infoshare_text.training.limits import best_threshold

CORPUS = Path(__file__).resolve().parent.parent / "models" / "corpus"
FOLDS, DRAWS = 8, 1000
PARTS = {"words": "WORDS", "word pairs": "PAIRS", "pieces of words": "GRAMS", "word vectors": "VECTORS"}


def main() -> None:
    """Print the table."""
    comments = read_corpus(CORPUS)
    whole = found_out_of_writer(comments)
    print("| without | macro F1 | change | 95% interval |\n| --- | --- | --- | --- |")
    print(f"| nothing | {macro_f1(whole, comments.themes):.4f} | | |")
    for part, name in PARTS.items():
        with given(feature_space, name, 0.0):
            _print(part, found_out_of_writer(comments), whole, comments)
    whole_only = replace(fit._CODES, whole=1.0, best=0.0)
    with given(fit, "_CODES", whole_only), given(clauses, "WHOLE", 1.0), given(clauses, "BEST", 0.0):
        _print("the best clause", found_out_of_writer(comments), whole, comments)
    alike = replace(SHIPPED, telling_share=0.0, c=2 * SHIPPED.c)
    _print("telling weights", found_out_of_writer(comments, alike), whole, comments)


def _print(part: str, less: npt.NDArray[np.bool_], whole: npt.NDArray[np.bool_], comments: LabelledComments) -> None:
    change, low, high = paired_change(less, whole, comments)
    score = macro_f1(less, comments.themes)
    print(f"| {part} | {score:.4f} | {change:+.4f} | {low:+.4f} to {high:+.4f} |", flush=True)


@contextmanager
def given(module: ModuleType, name: str, value: object) -> Iterator[None]:
    """Give a constant another value for a while."""
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)


def found_out_of_writer(comments: LabelledComments, choices: fit.Choices = SHIPPED) -> npt.NDArray[np.bool_]:
    """Return the themes found by models that did not see the writer, shape (n, n_themes)."""
    fold = folds(comments)
    vectors = load_vectors()
    scores = np.zeros(comments.themes.shape, dtype=np.float32)
    for number in range(FOLDS):
        training, test = (comments.only(np.flatnonzero(rows)) for rows in (fold != number, fold == number))
        learnt = Learnt.from_comments(training, vectors, choices, only_themes=True)
        scores[fold == number] = learnt.scores(test)[0]
    p = (1 / (1 + np.exp(-scores))).astype(np.float32)
    limits = [best_threshold(p[:, k], comments.themes[:, k]) for k in range(p.shape[1])]
    return np.asarray(p >= np.array(limits, dtype=np.float32))


def folds(comments: LabelledComments) -> npt.NDArray[np.int64]:
    """Deal writers into folds, the same way each time."""
    names, writer = np.unique(np.array(comments.writers), return_inverse=True)
    return np.asarray(np.random.default_rng(5).permutation(len(names))[writer] % FOLDS)


def macro_f1(found: npt.NDArray[np.bool_], target: npt.NDArray[np.bool_]) -> float:
    """Return the mean F1 over themes."""
    f1 = 2 * (found & target).sum(axis=0) / np.maximum(1, found.sum(axis=0) + target.sum(axis=0))
    return float(f1.mean())


def paired_change(
    one: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_], comments: LabelledComments
) -> tuple[float, float, float]:
    """Return the change of macro F1 from ``other`` to ``one`` with its interval."""
    names, writer = np.unique(np.array(comments.writers), return_inverse=True)
    rng = np.random.default_rng(0)
    rows = [np.flatnonzero(writer == i) for i in range(len(names))]
    draws = []
    for _ in range(DRAWS):
        pick = np.concatenate([rows[i] for i in rng.integers(0, len(names), len(names))])
        draws.append(macro_f1(one[pick], comments.themes[pick]) - macro_f1(other[pick], comments.themes[pick]))
    low, high = np.quantile(draws, [0.025, 0.975])
    return macro_f1(one, comments.themes) - macro_f1(other, comments.themes), float(low), float(high)


if __name__ == "__main__":
    main()
