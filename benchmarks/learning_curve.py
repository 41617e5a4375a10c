"""What more comments buy, and whether one written against the model is worth more than a plain one.

python benchmarks/learning_curve.py

Both times themes are learnt and then judged on whole batches that no training comment comes from: batches of
implied meaning and the others apart. First: random shares of the writers. Then, beside a fixed base, the same number
of comments of three kinds.
"""

from __future__ import annotations

import tomllib

import numpy as np
import numpy.typing as npt
from ablations import CORPUS, macro_f1

from infoshare_text.coding.features import WordVectors
from infoshare_text.coding.model_folder import load_vectors
from infoshare_text.training.labelled import LabelledComments, read_corpus
from infoshare_text.training.learner import SHIPPED, Learnt
from infoshare_text.training.limits import best_threshold

HELD_OUT = ("c", "i", "o", "h", "u", "v", "af", "ai", "w", "z")
KINDS = {
    "against the model": ("against the model",),
    "implied": ("implied",),
    "plain and mixed": ("plain", "mixed", "formal", "short"),
}
BASE, STEPS, ROUNDS = 6000, (0, 500, 1000, 2000), 3


def main() -> None:
    """Print both tables."""
    comments = read_corpus(CORPUS)
    writers = tomllib.loads((CORPUS / "writers.toml").read_text(encoding="utf-8"))
    register = np.array([writers[writer]["register"] for writer in comments.writers])
    held_out = np.isin(comments.writers, HELD_OUT)
    vectors = load_vectors()
    print("| training comments | held-out implied | held-out others |\n| --- | --- | --- |")
    open_rows = np.flatnonzero(~held_out)
    for share in (0.125, 0.25, 0.5, 1.0):
        picks = [_some_writers(comments, open_rows, share, seed) for seed in range(ROUNDS if share < 1 else 1)]
        _print(f"{np.mean([len(pick) for pick in picks]):,.0f}", picks, comments, held_out, register, vectors)
    print(f"\n| beside {BASE:,} others | held-out implied | held-out others |\n| --- | --- | --- |")
    pools = {kind: open_rows[np.isin(register[open_rows], names)] for kind, names in KINDS.items()}
    rest = open_rows[~np.isin(register[open_rows], [name for names in KINDS.values() for name in names])]
    for step in STEPS:
        for kind, pool in pools.items() if step else [("nothing", open_rows[:0])]:
            picks = [_base_and(rest, pools["plain and mixed"], pool, step, seed) for seed in range(ROUNDS)]
            _print(f"{step:,} {kind}", picks, comments, held_out, register, vectors)


def _some_writers(
    comments: LabelledComments, rows: npt.NDArray[np.int64], share: float, seed: int
) -> npt.NDArray[np.int64]:
    writer = np.array(comments.writers)[rows]
    names = np.unique(writer)
    kept = np.random.default_rng(seed).permutation(names)[: max(2, round(len(names) * share))]
    return rows[np.isin(writer, kept)]


def _base_and(
    rest: npt.NDArray[np.int64],
    plain: npt.NDArray[np.int64],
    pool: npt.NDArray[np.int64],
    step: int,
    seed: int,
) -> npt.NDArray[np.int64]:
    rng = np.random.default_rng(seed)
    base = rng.permutation(np.concatenate([rest, rng.permutation(plain)[: len(plain) // 2]]))[:BASE]
    fresh = np.setdiff1d(pool, base)
    return np.concatenate([base, rng.permutation(fresh)[:step]])


def _print(
    name: str,
    picks: list[npt.NDArray[np.int64]],
    comments: LabelledComments,
    held_out: npt.NDArray[np.bool_],
    register: npt.NDArray[np.str_],
    vectors: WordVectors,
) -> None:
    test = comments.only(np.flatnonzero(held_out))
    implied = register[held_out] == "implied"
    results = np.array([_judged(comments.only(np.sort(pick)), test, implied, vectors) for pick in picks])
    print(f"| {name} | {results[:, 0].mean():.4f} | {results[:, 1].mean():.4f} |", flush=True)


def _judged(
    training: LabelledComments, test: LabelledComments, implied: npt.NDArray[np.bool_], vectors: WordVectors
) -> tuple[float, float]:
    scores = Learnt.from_comments(training, vectors, SHIPPED, only_themes=True).scores(test)[0]
    p = (1 / (1 + np.exp(-scores))).astype(np.float32)
    limits = [best_threshold(p[:, k], test.themes[:, k]) for k in range(p.shape[1])]
    found = p >= np.array(limits, dtype=np.float32)
    return macro_f1(found[implied], test.themes[implied]), macro_f1(found[~implied], test.themes[~implied])


if __name__ == "__main__":
    main()
