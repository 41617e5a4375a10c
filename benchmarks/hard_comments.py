"""Comments that no model was trained on, written against the default one: where it stands at its worst.

python benchmarks/hard_comments.py [--accurate]

``hard_comments/comments.jsonl`` holds 7,492 comments in eight batches, as those of the corpus: synthetic, each batch by
a session of a language model with a brief of its own, a tenth coded again blind, and so what models contradicted in
all but `gf` (``second_codings.jsonl``). Writers saw which of their comments the default model misread, and kept more
of those (in all but `gf`): 41 to 48% of a batch when it was handed in. So the
figures of the default model are low by construction; what they are good for is to compare models with one another.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score

import infoshare_text as ist
from infoshare_text.coding.sentiment import SENTIMENTS
from infoshare_text.columns import JOIN, stance_columns, theme_columns
from infoshare_text.training.labelled import LabelledComments, read_corpus, read_registers

FOLDER = Path(__file__).with_name("hard_comments")
DRAWS = 500


def main(accurate: bool = False) -> None:
    """Print macro F1 of themes and sentiment and micro F1 of pairs, for each register and in all."""
    comments = read_corpus(FOLDER)
    found = _coded(comments, accurate)
    registers = read_registers(FOLDER)
    register = np.array([registers[writer] for writer in comments.writers])
    print(
        "| comments | themes, macro F1 | theme and stance, micro F1 | sentiment, macro F1 |\n| --- | --- | --- | --- |"
    )
    for name in sorted(set(register)):
        rows = np.flatnonzero(register == name)
        print(
            f"| {name}, {len(rows):,} | "
            + " | ".join(f"{value:.3f}" for value in _figures(comments, found, rows))
            + " |"
        )
    everything = np.arange(len(comments))
    rng = np.random.default_rng(0)
    draws = [_figures(comments, found, rng.choice(everything, len(everything))) for _ in range(DRAWS)]
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    shown = [
        f"{value:.3f} [{a:.3f}, {b:.3f}]"
        for value, a, b in zip(_figures(comments, found, everything), low, high, strict=True)
    ]
    print(f"| all, {len(comments):,} (intervals over comments) | " + " | ".join(shown) + " |")


def _coded(comments: LabelledComments, accurate: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return themes, stances and sentiments as the product codes them."""
    rows = range(1, len(comments) + 1)
    table = pd.DataFrame({"row": rows, "question": comments.questions, "comment": comments.texts})
    coded = ist.classify(table, accurate=accurate)
    keys, stances = comments.codebook.keys, list(comments.codebook.stances)
    themes = coded[theme_columns(keys)].fillna(0).to_numpy(dtype=bool)
    held = [
        [[s in cell.split(JOIN) for s in stances] for cell in row] for row in coded[stance_columns(keys)].to_numpy()
    ]
    tone = coded["sentiment"].where(coded["status"] == "coded", "neutral")
    return themes, np.array(held, dtype=bool), np.array([SENTIMENTS.index(one) for one in tone])


def _figures(
    comments: LabelledComments, found: tuple[np.ndarray, np.ndarray, np.ndarray], rows: np.ndarray
) -> list[float]:
    themes, stances, tone = (part[rows] for part in found)
    meant = np.array([SENTIMENTS.index(sentiment) for sentiment in comments.sentiments])[rows]
    pairs, true_pairs = stances.reshape(len(rows), -1), comments.stances[rows].reshape(len(rows), -1)
    both = int((pairs & true_pairs).sum())
    return [
        float(f1_score(comments.themes[rows], themes, average="macro", zero_division=0)),
        2 * both / max(1, int(pairs.sum() + true_pairs.sum())),
        float(f1_score(meant, tone, average="macro")),
    ]


if __name__ == "__main__":
    main("--accurate" in sys.argv)
