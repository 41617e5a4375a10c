"""Does subject matter colour the sentiment? 360 sentences full of loaded words, 260 of them neutral.

python benchmarks/sentiment_challenge.py

The goal is 5% of the neutral ones read as anything else.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import infoshare_text as ist

FILE = Path(__file__).with_name("sentiment_challenge.tsv")


def main() -> None:
    """Print the share of neutral sentences misread, by subject, and what became of the others."""
    lines = [line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines()]
    frame = pd.DataFrame(lines, columns=["sentiment", "subject", "sentence"])
    frame["read"] = ist.classify(frame["sentence"].tolist())["sentiment"].tolist()
    print(pd.crosstab(frame["sentiment"], frame["read"]).to_string(), "\n")
    neutral = frame[frame["sentiment"] == "neutral"]
    wrong = neutral["read"] != "neutral"
    print(wrong.groupby(neutral["subject"]).mean().round(2).to_string(), "\n")
    print(f"neutral sentences read otherwise: {wrong.sum()} of {len(neutral)} ({wrong.mean():.1%})")


if __name__ == "__main__":
    main()
