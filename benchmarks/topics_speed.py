"""How long topics take and how much memory, warm.

python benchmarks/topics_speed.py [comments ...]     (5,000 and 100,000 if none is named)

Comments are made of the shipped corpus: the beginning of one and the end of another, so that hardly two are the same.
Each size runs in a process of its own, so that the memory named is its own. BERTopic and numba are imported before the
clock starts.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

import infoshare_text as ist
from infoshare_text.training.labelled import read_corpus

CORPUS = Path(__file__).resolve().parent.parent / "models" / "corpus"


def main(sizes: list[int]) -> None:
    """Print a line for each size."""
    for n in sizes:
        subprocess.run([sys.executable, __file__, "--one", str(n)], check=True)


def one(n: int) -> None:
    """Find topics in so many comments."""
    words = [text.split() for text in read_corpus(CORPUS).texts]
    other = np.random.default_rng(0).integers(0, len(words), n)
    texts = [_joined(words[i % len(words)], words[k]) for i, k in enumerate(other)]
    ist.find_topics(texts[:60])
    start, worked = time.perf_counter(), time.process_time()
    topics = ist.find_topics(texts)
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{n:,} comments: {len(topics.topics) - 1} topics in {seconds:.1f} s ({worked:.1f} s of processor time), "
        f"{memory:.1f} GB at most, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
        flush=True,
    )


def _joined(one: list[str], other: list[str]) -> str:
    return " ".join(one[: (len(one) + 1) // 2] + other[len(other) // 2 :])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        main([int(size) for size in sys.argv[1:]] or [5_000, 100_000])
