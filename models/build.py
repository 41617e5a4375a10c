"""Rebuild the models that ship, byte for byte, from the corpus beside this file.

python models/build.py              themes, stance and sentiment (no torch)
python models/build.py --check      recompute the figures and compare them with the model cards; writes nothing
python models/build.py --vectors    first the word vectors (needs the extra 'build': torch and MiniLM)
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

MODELS = Path(__file__).resolve().parent
# One thread each: the order of sums, and so the last bit, must not depend on the machine's cores.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")


def main() -> int:
    """Run the recipe."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", action="store_true", help="build the word vectors first")
    parser.add_argument("--check", action="store_true", help="only recompute and compare the figures")
    parser.add_argument("--corpus", type=Path, default=MODELS / "corpus", help="folder of the labelled comments")
    parser.add_argument("--into", type=Path, default=MODELS, help="folder that receives the models")
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1), help="processes at once")
    options = parser.parse_args()

    from infoshare_text.coding.model_folder import load_vectors, read_manifest
    from infoshare_text.training.build import build, save
    from infoshare_text.training.labelled import corpus_digest, read_corpus, read_wordings

    if options.vectors:
        from infoshare_text.training.vectors import build_vectors

        build_vectors(options.into / "vectors", read_corpus(options.corpus), _tell)
    comments = read_corpus(options.corpus)
    vectors = load_vectors(MODELS / "vectors")
    built = build(comments, vectors, read_wordings(options.corpus), jobs=options.jobs, told=_tell)
    if options.check:
        shown = read_manifest(options.into / "theme-classifier")["metrics"]
        fresh = json.loads(json.dumps({name: built.figures[name] for name in shown}))
        _tell("the figures agree with the model card" if fresh == shown else "THE FIGURES DIFFER from the model card")
        print(json.dumps(fresh, indent=2))
        return int(fresh != shown)
    about = {"trained_on": "models/corpus (synthetic)", "training_digest": corpus_digest(options.corpus)}
    save(built, options.into, about)
    _tell(f"theme macro F1 {built.figures['themes']['macro_f1']}")
    return 0


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
