"""Rebuild the models that ship, byte for byte, from the corpus beside this file.

python models/build.py              themes, stance and sentiment (no torch)
python models/build.py --check      recompute the figures and compare them with the model cards; writes nothing
python models/build.py --vectors    first the word vectors (needs the extra 'build': torch and MiniLM)
python models/build.py --accurate   only the accurate model (needs the extra 'build'; not byte for byte)
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

MODELS = Path(__file__).resolve().parent
# One thread each: the order of sums, and so the last bit, must not depend on the machine's cores.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")


def main() -> int:
    """Run the recipe."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", action="store_true", help="build the word vectors first")
    parser.add_argument("--check", action="store_true", help="only recompute and compare the figures")
    parser.add_argument("--accurate", action="store_true", help="build the accurate model and nothing else")
    parser.add_argument("--corpus", type=Path, default=MODELS / "corpus", help="folder of the labelled comments")
    parser.add_argument("--into", type=Path, default=MODELS, help="folder that receives the models")
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1), help="processes at once")
    options = parser.parse_args()

    from infoshare_text.coding.model_folder import load_vectors
    from infoshare_text.training.build import build, save
    from infoshare_text.training.labelled import corpus_digest, read_corpus, read_registers, read_wordings

    comments = read_corpus(options.corpus)
    if options.vectors and not options.check:
        from infoshare_text.training.vectors import build_vectors

        words = (MODELS / "vectors" / "words.txt").read_text(encoding="utf-8").splitlines()
        build_vectors(options.into / "vectors", words, _tell)
    fresh_vectors = options.into / "vectors"
    vectors = load_vectors(fresh_vectors if fresh_vectors.is_dir() else MODELS / "vectors")
    wordings, registers = read_wordings(options.corpus), read_registers(options.corpus)
    if options.accurate:
        from infoshare_text.training import accurate

        fine = accurate.build_accurate(comments, vectors, wordings, registers, _tell)
        accurate.save(fine, options.into, {"training_digest": corpus_digest(options.corpus)})
        _tell(f"theme macro F1 {fine.figures['themes']['macro_f1']}, linear {fine.linear['themes']['macro_f1']}")
        return 0
    built = build(comments, vectors, wordings, registers, jobs=options.jobs, told=_tell)
    digest = corpus_digest(options.corpus)
    if options.check:
        return _compare(options.into, json.loads(json.dumps(built.figures)), digest)
    save(built, options.into, {"trained_on": "models/corpus (synthetic)", "training_digest": digest})
    _tell(f"theme macro F1 {built.figures['themes']['macro_f1']}")
    return 0


def _compare(folder: Path, fresh: dict[str, Any], digest: str) -> int:
    """Print the fresh figures and say whether they are those of the cards."""
    from infoshare_text.coding.sealed_folder import read_manifest

    themes, sentiment = read_manifest(folder / "theme-classifier"), read_manifest(folder / "sentiment")
    shown = {**themes["metrics"], "sentiment": sentiment["metrics"]}
    same = fresh == shown and digest == themes["training_digest"] == sentiment["training_digest"]
    print(json.dumps(fresh, indent=2))
    _tell("the figures agree with the model cards" if same else "THE FIGURES DIFFER from the model cards")
    return int(not same)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
