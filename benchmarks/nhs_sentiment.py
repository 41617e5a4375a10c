"""Sentiment carried untouched to comments by NHS patients, three classes.

python benchmarks/nhs_sentiment.py FOLDER     (or set INFOSHARE_NHS)

FOLDER holds ``v6_multilabel_dev.csv`` of the public NHS feedback data, which is not part of this repository.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import classification_report, f1_score

import infoshare_text as ist

FILE = "v6_multilabel_dev.csv"
LABEL = "sentiment_1_very_positive_5_very_negative"


def main() -> int:
    """Print accuracy and macro F1, with an interval from a bootstrap over distinct texts."""
    folder = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("INFOSHARE_NHS", "")
    path = Path(folder) / FILE
    if not folder or not path.is_file():
        print(f"skipped: {FILE} was not found; name its folder or set INFOSHARE_NHS")
        return 0
    frame = pd.read_csv(path, keep_default_na=False, dtype=str)
    frame = frame[(frame[LABEL] != "") & (frame["text"].str.strip() != "")]
    frame = frame.drop_duplicates("text")
    truth = np.select([frame[LABEL].isin(["1", "2"]), frame[LABEL] == "3"], ["positive", "neutral"], "negative")
    coded = ist.classify(frame["text"].reset_index(drop=True))
    found = coded["sentiment"].where(coded["status"] == "coded", "neutral").replace("mixed", "neutral").to_numpy()
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(500):
        pick = rng.integers(0, len(truth), len(truth))
        draws.append(f1_score(truth[pick], found[pick], average="macro"))
    low, high = np.quantile(draws, [0.025, 0.975])
    print(classification_report(truth, found, digits=3))
    print(f"macro F1 {f1_score(truth, found, average='macro'):.3f} [{low:.3f}, {high:.3f}] on {len(truth):,} texts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
