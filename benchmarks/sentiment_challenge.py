"""Does subject matter colour the sentiment? 360 sentences full of loaded words, 260 of them neutral.

python benchmarks/sentiment_challenge.py [--accurate]

The goal is 5% of the neutral ones read as anything else. Then clauses: a sentence of praise and one of complaint
joined by 'but', in either order, each to be read for what it is.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import infoshare_text as ist

FILE = Path(__file__).with_name("sentiment_challenge.tsv")


def main(accurate: bool = False) -> None:
    """Print the share of neutral sentences misread, by subject, and what became of the others."""
    lines = [line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines()]
    frame = pd.DataFrame(lines, columns=["sentiment", "subject", "sentence"])
    frame["read"] = ist.classify(frame["sentence"].tolist(), accurate=accurate)["sentiment"].tolist()
    print(pd.crosstab(frame["sentiment"], frame["read"]).to_string(), "\n")
    neutral = frame[frame["sentiment"] == "neutral"]
    wrong = neutral["read"] != "neutral"
    print(wrong.groupby(neutral["subject"]).mean().round(2).to_string(), "\n")
    print(f"neutral sentences read otherwise: {wrong.sum()} of {len(neutral)} ({wrong.mean():.1%})")
    if not accurate:
        print_clauses(frame)


def print_clauses(frame: pd.DataFrame) -> None:
    """Print how many clauses of joined sentences are read as the sentence was meant."""
    praise, blame = (
        frame[frame["sentiment"] == tone]["sentence"].str.rstrip(".!?") for tone in ("positive", "negative")
    )
    pairs = [pair for good, bad in zip(praise, blame, strict=False) for pair in ((good, bad), (bad, good))]
    meant = ["positive", "negative", "negative", "positive"] * (len(pairs) // 2)
    clauses = ist.classify_clauses([f"{first}, but {then}." for first, then in pairs])
    right = total = 0
    for row, (first, _) in enumerate(pairs, 1):
        own = clauses[clauses["row"] == row]
        second = own["start"] > len(first)
        for part, tone in ((own[~second], meant[2 * row - 2]), (own[second], meant[2 * row - 1])):
            scores = part["sentiment_score"].astype("float64").fillna(0)
            right += int((scores.sum() > 0) == (tone == "positive"))
            total += 1
    print(f"halves of {len(pairs)} sentences of praise and complaint: {right} of {total} read on the right side")


if __name__ == "__main__":
    main("--accurate" in sys.argv)
