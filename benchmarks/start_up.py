"""How long a person waits: `--help`, and a 1,000-comment CSV from a cold start.

python benchmarks/start_up.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from infoshare_text.training.labelled import read_corpus

CORPUS = Path(__file__).resolve().parent.parent / "models" / "corpus"
RUNS = 5


def main() -> None:
    """Print the median of five runs of each."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "comments.csv"
        pd.DataFrame({"comment": read_corpus(CORPUS).texts[:1000]}).to_csv(source, index=False)
        for arguments in (["--help"], ["classify", str(source), "-o", str(Path(folder) / "coded.csv"), "-q"]):
            times = sorted(_seconds(arguments) for _ in range(RUNS))
            print(f"infoshare-text {arguments[0]}: {times[RUNS // 2]:.2f} s")


def _seconds(arguments: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "infoshare_text", *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
