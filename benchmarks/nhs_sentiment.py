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
CUT = 0.02
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
    texts = frame["text"].reset_index(drop=True)
    coded = ist.classify(texts)
    print(classification_report(truth, _in_three(coded), digits=3))
    _tell("the default model", truth, _in_three(coded))
    score = coded["sentiment_score"].astype("float64").fillna(0)
    cut = np.select([score > CUT, score < -CUT], ["positive", "negative"], "neutral")
    print(f"by a cut of sentiment_score at {CUT}: {f1_score(truth, cut, average='macro'):.3f}")
    asked = pd.DataFrame({"row": range(1, len(frame) + 1), "question": frame["question"], "comment": frame["text"]})
    print(f"with the question given: {f1_score(truth, _in_three(ist.classify(asked)), average='macro'):.3f}")
    _tell("the accurate model", truth, _in_three(ist.classify(texts, accurate=True)))
    return 0


def _tell(name: str, truth: np.ndarray, found: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(500):
        pick = rng.integers(0, len(truth), len(truth))
        draws.append(f1_score(truth[pick], found[pick], average="macro"))
    low, high = np.quantile(draws, [0.025, 0.975])
    macro = f1_score(truth, found, average="macro")
    print(f"{name}: macro F1 {macro:.3f} [{low:.3f}, {high:.3f}] on {len(truth):,} texts")


def _in_three(coded: pd.DataFrame) -> np.ndarray:
    """Read what is mixed or uncoded as neutral."""
    return coded["sentiment"].where(coded["status"] == "coded", "neutral").replace("mixed", "neutral").to_numpy()


if __name__ == "__main__":
    sys.exit(main())
