"""How fast comments are coded, warm, and how that compares with reading and writing the same file in pandas.

python benchmarks/speed.py [comments]
python benchmarks/speed.py --accurate [comments]     the accurate model (needs the extra 'accurate')

Comments are made of the shipped corpus: the beginning of one and the end of another, so that hardly two are the same.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

import infoshare_text as ist
from infoshare_text.reading.survey import read_survey
from infoshare_text.scale.chunks import code_in_chunks
from infoshare_text.training.labelled import read_corpus
from infoshare_text.writing.tables import write_table

CORPUS = Path(__file__).resolve().parent.parent / "models" / "corpus"


def main(n: int, accurate: bool = False) -> None:
    """Print comments a second, and the ratio to pandas alone, measured in one run."""
    corpus = read_corpus(CORPUS)
    halves = [text.split() for text in corpus.texts]
    texts = [_joined(halves[i % len(halves)], halves[(i * 7919 + i // len(halves)) % len(halves)]) for i in range(n)]
    words = sum(len(text.split()) for text in texts) / n
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.csv", Path(folder) / "out.csv"
        pd.DataFrame({"id": range(n), "comment": texts}).to_csv(source, index=False)
        start = time.perf_counter()
        frame = pd.read_csv(source, dtype=str, keep_default_na=False)
        middle = time.perf_counter()
        coder = ist.Coder.load(accurate=accurate)
        coder.code(texts[:1000], [""] * 1000)
        warm = time.perf_counter()
        coder.code(texts, [""] * n)
        coded = time.perf_counter()
        survey = read_survey(source)
        write_table(code_in_chunks(survey, coder), target)
        whole = time.perf_counter()
        result = pd.read_csv(target, dtype=str, keep_default_na=False)
        again = time.perf_counter()
        result.to_csv(Path(folder) / "again.csv", index=False)
        pandas_time = (middle - start) + (time.perf_counter() - again)
    print(f"{n:,} comments of {words:.0f} words on average ({len(frame):,} rows read)")
    print(f"coding alone: {n / (coded - warm):,.0f} comments a second")
    print(
        f"file to file: {n / (whole - coded):,.0f} comments a second, "
        f"{(whole - coded) / pandas_time:.1f} times what pandas takes to read the input and write the output"
    )


def _joined(one: list[str], other: list[str]) -> str:
    return " ".join(one[: (len(one) + 1) // 2] + other[len(other) // 2 :])


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:] if argument != "--accurate"]
    main(sizes[0] if sizes else 50_000, "--accurate" in sys.argv)
