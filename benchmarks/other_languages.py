"""Which comments are marked as not English: 226 in 42 languages or mixed, 90 traps in English, and the corpus.

python benchmarks/other_languages.py

The goal is 95% of the comments of four words and more, and one in a thousand of the corpus.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import infoshare_text as ist
from infoshare_text.training.labelled import read_corpus

FILE = Path(__file__).with_name("other_languages.tsv")
CORPUS = FILE.parent.parent / "models" / "corpus"


def main() -> None:
    """Print the share marked of each language, what was missed, and what English was marked."""
    frame = pd.read_csv(FILE, sep="\t", keep_default_na=False, quoting=3)
    frame["marked"] = _marked(frame["comment"].tolist())
    other = frame[frame["language"] != "English"]
    print(other.groupby("language")["marked"].agg(["size", "sum"]).to_string(), "\n")
    print(f"other languages: {other['marked'].sum()} of {len(other)} marked ({other['marked'].mean():.1%}); missed:")
    print("\n".join(f"  {comment}" for comment in other.loc[~other["marked"], "comment"]))
    english = frame[frame["language"] == "English"]
    print(f"English with dialect, names, errors: {english['marked'].sum()} of {len(english)} marked")
    texts = read_corpus(CORPUS).texts
    marked = _marked(texts)
    print(f"corpus: {marked.sum()} of {len(texts):,} marked ({marked.mean():.4%})")


def _marked(comments: list[str]) -> pd.Series:
    return ist.classify(comments)["review"].str.contains("not_english", regex=False)


if __name__ == "__main__":
    main()
