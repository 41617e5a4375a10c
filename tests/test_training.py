"""Training: no split parts what belongs together, the folder is whole or absent, and the model follows its codebook."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from warnings import catch_warnings, simplefilter

import numpy as np
import pandas as pd
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from invented import KEYS, SENTIMENTS, codebook, comments

import infoshare_text as ist
from infoshare_text.cleaning.duplicates import normal_text
from infoshare_text.coding import sealed_folder
from infoshare_text.training.cross_validation import Judged
from infoshare_text.training.decisions import Lines, Scored
from infoshare_text.training.groups import deal_folds, groups_of
from infoshare_text.training.measures import measured
from infoshare_text.training.replacing import (
    TooFewToJudgeError,
    WorseModelError,
    check_place,
    compare_with_older,
    train_and_save,
)
from infoshare_text.training.seen import Seen
from infoshare_text.training.train import LearningCurve, TrainedModel, _shipped_comments, few_examples


@pytest.fixture(scope="module")
def plain() -> TrainedModel:
    return ist.train_theme_classifier(comments())


@pytest.fixture(scope="module")
def full() -> TrainedModel:
    return ist.train_theme_classifier(comments(stances=True, sentiments=True))


@pytest.fixture
def old(plain: TrainedModel, tmp_path: Path) -> Path:
    plain.save(tmp_path / "old")
    return tmp_path / "old"


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


words = st.sampled_from(["Trust", "trust!", "No  time", "no time", "More staff", "🙂", ""])


@given(st.lists(st.tuples(words, st.sampled_from(["", "a", "b", "c", "d"])), min_size=1, max_size=25))
def test_no_fold_parts_a_respondent_or_equal_words(rows: list[tuple[str, str]]) -> None:
    texts, writers = [text for text, _ in rows], [writer for _, writer in rows]
    groups = groups_of(texts, writers)
    codes = np.array([[bool(text), writer == "a"] for text, writer in rows])
    for number in (groups, deal_folds(groups, codes, 5, seed=3)):
        for same in ([normal_text(text) for text in texts], [w or f"#{i}" for i, w in enumerate(writers)]):
            assert all(len({number[i] for i in range(len(rows)) if same[i] == name}) == 1 for name in same)
    linked = pd.DataFrame({"group": groups, "text": [normal_text(t) for t in texts], "writer": writers})
    for _, part in linked.groupby("group"):
        assert (
            len(part) == 1 or part.duplicated("text", keep=False).any() or part.duplicated("writer", keep=False).any()
        )


def test_folds_share_out_comments_and_rare_codes() -> None:
    labelled = comments(300)
    rare = np.zeros((300, 1), dtype=bool)
    rare[:10] = True
    fold = deal_folds(np.arange(300), np.hstack([labelled.themes, rare]), 5, seed=0)
    assert np.bincount(fold[:10], minlength=5).tolist() == [2] * 5
    assert np.ptp(np.bincount(fold)) <= 6


def test_the_columns_are_those_of_the_codebook(plain: TrainedModel, full: TrainedModel) -> None:
    coded = ist.classify(["Too noisy to read at our branch", ""], model=plain, evidence=True)
    assert list(coded.columns[3:]) == [
        "status",
        *(f"theme_{key}" for key in KEYS),
        *(f"p_{key}" for key in KEYS),
        "review",
        "evidence",
        "duplicate",
        "duplicate_of",
    ]
    assert coded["theme_quiet"].tolist() == [1, pd.NA]
    spans = json.loads(coded["evidence"][0])["quiet"]
    assert any("Too noisy to read at our branch"[start:end] == "noisy" for start, end, _ in spans)
    coded = ist.classify(["The librarian was so helpful"], model=full)
    assert coded.loc[0, ["theme_staff", "stance_staff", "sentiment"]].tolist() == [1, "enabler", "positive"]
    assert coded["sentiment_score"][0] > 0.5


def test_a_saved_model_codes_as_before(full: TrainedModel, tmp_path: Path) -> None:
    full.save(tmp_path / "model")
    texts = comments(40, seed=5).texts
    pd.testing.assert_frame_equal(
        ist.classify(texts, model=full, evidence=True), ist.classify(texts, model=tmp_path / "model", evidence=True)
    )
    assert ist.load_model(tmp_path / "model").codebook == codebook(stances=True, sentiments=True)


def test_same_comments_and_seed_give_the_same_bytes(plain: TrainedModel, old: Path, tmp_path: Path) -> None:
    ist.train_theme_classifier(comments()).save(tmp_path / "again")
    assert _bytes(tmp_path / "again") == _bytes(old)
    ist.train_theme_classifier(comments(), seed=1).save(tmp_path / "other")
    assert _bytes(tmp_path / "other") != _bytes(old)


def test_no_comment_stands_in_the_folder(plain: TrainedModel, old: Path) -> None:
    everything = b" ".join(_bytes(old).values()).decode("utf-8", "replace")
    assert not [text for text in plain.comments.texts if " ".join(text.split()[:4]) in everything]


def test_one_code_a_comment_where_the_codebook_says_so() -> None:
    trained = ist.train_theme_classifier(comments(multi_label=False))
    coded = ist.classify(comments(60, seed=9, multi_label=False).texts, model=trained, evidence=True)
    assert (coded[[f"theme_{key}" for key in KEYS]].sum(axis=1) == 1).all()
    assert {len(json.loads(evidence)) for evidence in coded["evidence"]} == {1}
    assert {"accuracy", "mcc"} <= set(trained.measured.overall)


def test_stances_coded_for_some_comments_only_are_learnt_from_these() -> None:
    labelled = comments(stances=True)
    labelled.stances[75:] = False
    coded = ist.classify(["The librarian was so helpful"], model=ist.train_theme_classifier(labelled))
    assert coded["stance_staff"][0] == "enabler"


def test_the_shipped_corpus_may_train_along(plain: TrainedModel) -> None:
    with pytest.raises(ist.InputError, match="by the six themes, these comments by another"):
        ist.train_theme_classifier(comments(), with_shipped_corpus=True)


def test_the_shipped_corpus_has_the_stances_of_the_codebook() -> None:
    book = ist.default_codebook().with_only(stances=False, sentiments=True)
    n, k = 4, len(book.keys)
    labelled = replace(
        comments(n), codebook=book, themes=np.ones((n, k), dtype=bool), stances=np.zeros((n, k, 0), dtype=bool)
    )
    beside = _shipped_comments(labelled)
    assert beside.stances.shape == (len(beside), k, 0)
    assert _joined(labelled, beside).themes.shape == (n + len(beside), k)
    other = replace(labelled, codebook=replace(book, stances={"for": "", "against": ""}))
    with pytest.raises(ist.InputError, match="has other stances"):
        ist.train_theme_classifier(other, with_shipped_corpus=True)


def test_every_fault_of_the_labels_is_named_at_once(tmp_path: Path) -> None:
    labelled = comments(multi_label=False)
    labelled.themes[:, 2] = False
    labelled.themes[:, 1] = False
    labelled.themes[0, 1] = True
    with pytest.raises(ist.InputError, match="quiet has one example") as refusal:
        train_and_save(labelled, tmp_path / "model")
    assert "staff has no example" in str(refusal.value)
    assert re.search(r"comment 0-\d+ has 0 codes; this codebook wants exactly one", str(refusal.value))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ist.InputError, match="of one respondent"):
        ist.train_theme_classifier(replace(comments(), writers=["me"] * 150))
    with pytest.raises(ist.InputError, match="there are none"):
        ist.train_theme_classifier(comments().only(np.arange(0)))
    with pytest.raises(ist.InputError, match=r"labelled by 'opening_hours'.*; the codebook has 'leadership'"):
        ist.train_theme_classifier(comments(), codebook=ist.default_codebook())


def test_a_few_examples_without_an_error_make_no_certainty() -> None:
    """Platt's targets: with k examples, none of their probabilities may exceed (k + 1) / (k + 2) by much."""
    labelled = comments(40)
    scores = np.where(labelled.themes, 5.0, -5.0)
    lines = Lines.drawn(Scored(scores, None, None), labelled, np.arange(40))
    p = lines.probabilities(Scored(scores, None, None))
    k, without = labelled.themes.sum(axis=0), (~labelled.themes).sum(axis=0)
    assert np.allclose(p.max(axis=0), (k + 1) / (k + 2), atol=0.003)
    assert np.allclose(p.min(axis=0), 1 / (without + 2), atol=0.003)


def test_codes_with_few_examples_are_warned_of() -> None:
    labelled = comments()
    labelled.themes[12:, 1] = False
    labelled.texts[2] = labelled.texts[0]
    labelled.themes[:4, 1] = True
    writers = {labelled.writers[i] for i in np.flatnonzero(labelled.themes[:, 1])}
    trained = ist.train_theme_classifier(labelled)
    # Comments 0 and 2 are of the same words, so their respondents are one group.
    assert [w for w in trained.warnings if w.startswith(f"quiet: {len(writers) - 1} examples")] == trained.warnings


def test_what_cannot_be_told_apart_and_rare_sentiments_are_warned_of() -> None:
    labelled = comments(sentiments=True)
    labelled.themes[:, 1] = True
    labelled.sentiments[20:] = [""] * 130
    warnings = few_examples(labelled, np.arange(150))
    assert warnings[0] == "quiet: every comment has it, so nothing tells it apart and its figures say nothing"
    assert [w.partition(":")[0] for w in warnings[1:]] == [f"sentiment {name}" for name in SENTIMENTS]
    with catch_warnings():
        simplefilter("error")
        labelled.sentiments[2:] = [""] * 148
        p = labelled.themes.astype(np.float32)
        judged = Judged(p, labelled.themes, p[:, 0], labelled.stances, labelled.sentiments)
        figures = measured(judged, labelled, np.arange(150)).headline()
    assert figures["sentiment accuracy"][0] == 1


def test_a_model_that_finds_no_sentiment_any_more_is_no_replacement(plain: TrainedModel, tmp_path: Path) -> None:
    ist.train_theme_classifier(comments(60, seed=8, sentiments=True)).save(tmp_path / "old")
    losses = compare_with_older(plain, tmp_path / "old").losses
    assert losses[0] == "it finds no sentiment, which the older model does: none is labelled"
    assert not any("stances" in loss for loss in losses)


@pytest.mark.parametrize(
    ("points", "gain", "says"),
    [
        ([0.5, 0.6, 0.65], 0.025, "is worth it"),
        ([0.5, 0.6, 0.601], 0.0003, "would bring little"),
        ([0.6, 0.5, 0.4], 0, "little"),
        ([0.2, 0.5, 0.9], 0.08, "is worth it"),  # not 0.4, which would be more than all
        ([0.7, 0.9, 1.0], 0, "little"),
    ],
)
def test_the_learning_curve_says_what_more_would_bring(points: list[float], gain: float, says: str) -> None:
    curve = LearningCurve(list(zip([100, 200, 400], points, strict=True)))
    assert curve.next_gain == pytest.approx(gain, abs=1e-6)
    assert says in curve.in_words()
    assert f"{points[2]:.3f} with 400" in curve.in_words()


def test_progress_goes_from_nothing_to_all() -> None:
    steps: list[tuple[int, int]] = []
    ist.train_theme_classifier(comments(60), progress=lambda _, done, of: steps.append((done, of)))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][0] == steps[-1][1]


@pytest.mark.parametrize("at", ["save", "second rename"])
def test_a_crash_leaves_the_old_model_whole(
    old: Path, plain: TrainedModel, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _bytes(old)
    rename = Path.replace

    def broken(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    def rename_once(self: Path, target: Path) -> Path:
        return rename(self, target) if self.name == "old" or self.name.endswith("-before") else broken()  # type: ignore[func-returns-value]

    if at == "save":
        monkeypatch.setattr(sealed_folder, "_seal", broken)
    else:
        monkeypatch.setattr(Path, "replace", rename_once)
    with pytest.raises(KeyboardInterrupt):
        plain.save(old)
    assert _bytes(old) == before
    assert [path.name for path in old.parent.iterdir()] == ["old"]


def test_a_better_model_takes_the_place_and_a_worse_one_is_refused(old: Path) -> None:
    trained, comparison = train_and_save(_joined(comments(), comments(150, seed=1)), old, old=old)
    assert comparison is not None
    assert comparison.measured.n == 150
    assert not comparison.losses
    held = _bytes(old)
    assert json.loads(held["model.json"])["training_comments"] == 300 == len(trained.comments)
    few = comments(60, seed=2)
    with pytest.raises(WorseModelError, match=r"macro F1 fell from [01]\.\d+ to 0\.\d+ \(change -0\.\d+, 95% interval"):
        train_and_save(few, old, old=old)
    assert _bytes(old) == held
    _, comparison = train_and_save(few, old, old=old, force=True)
    assert comparison is not None
    assert comparison.losses
    assert _bytes(old) != held


def test_a_model_is_not_judged_on_what_the_older_one_has_seen(old: Path, tmp_path: Path) -> None:
    more, held = _joined(comments(), comments(40, seed=1)), _bytes(old)
    steps: list[str] = []
    with pytest.raises(TooFewToJudgeError, match=r"seen all but 40 of the 190 comments.*--judge-by.*--force"):
        train_and_save(more, old, old=old, progress=lambda name, *_: steps.append(name))
    assert not steps
    assert _bytes(old) == held
    with pytest.raises(TooFewToJudgeError, match="one of the models has seen all but 0 of the 40"):
        train_and_save(more, old, old=old, aside=comments(40, seed=1))
    trained, comparison = train_and_save(more, tmp_path / "new", old=old, aside=comments(60, seed=2))
    assert comparison is not None
    assert comparison.measured.n + sum(trained.seen.holds(comments(60, seed=2).texts)) == 60
    assert (tmp_path / "new" / "seen.txt").is_file()
    assert len(trained.comments) == 190
    _, comparison = train_and_save(more, old, old=old, force=True)
    assert comparison is None
    assert _bytes(old) != held


def test_fingerprints_tell_what_was_in_training_under_a_key_of_their_own(plain: TrainedModel, old: Path) -> None:
    seen = Seen.in_folder(old)
    assert seen == plain.seen
    texts = plain.comments.texts
    assert seen.holds([texts[0].upper(), f"{texts[1]}!", "Nobody wrote this"]).tolist() == [True, True, False]
    other = Seen.of([*texts, "One more"], 0)
    assert not seen.prints & other.prints
    assert not seen.prints & Seen.of(texts, 1).prints
    assert Seen.of(texts[::-1], 0) == seen
    assert not any(text.encode() in (old / "seen.txt").read_bytes() for text in texts)
    (old / "seen.txt").write_text("0123abcd\n", encoding="utf-8")
    with pytest.raises(ist.ModelFolderError, match="of an earlier version"):
        Seen.in_folder(old)


def test_what_trained_along_counts_as_seen(plain: TrainedModel) -> None:
    along = TrainedModel(plain.result, plain.comments, {"seed": 0}, beside=comments(5, seed=7))
    assert along.seen.holds([*plain.comments.texts, *comments(5, seed=7).texts]).all()


def test_a_place_that_is_taken_is_refused_before_any_work(old: Path, tmp_path: Path) -> None:
    with pytest.raises(ist.OutputError, match=r"a model is there already.*--replace"):
        check_place(old, None)
    (tmp_path / "thesis").mkdir()
    with pytest.raises(ist.OutputError, match="something else is there"):
        check_place(tmp_path / "thesis", None)
    with pytest.raises(ist.ModelFolderError, match="no such model folder"):
        check_place(tmp_path / "new", tmp_path / "gone")


def test_a_protected_place_is_refused_before_any_work(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != old.parent)
    for place in (old, old.parent / "new"):
        with pytest.raises(ist.OutputError, match="protected from writing"):
            check_place(place, old)


def test_the_commands_train_and_evaluate(tmp_path: Path, run: Callable[..., Result]) -> None:
    book = tmp_path / "library.toml"
    book.write_text(
        'name = "Library survey"\nversion = "1"\n'
        + "".join(f'[[themes]]\nkey = "{key}"\nlabel = "{key}"\n' for key in KEYS),
        encoding="utf-8",
    )
    for name, seed in (("labelled.csv", 0), ("more.csv", 3)):
        labelled = comments(seed=seed)
        table = pd.DataFrame({"respondent": labelled.writers, "comment": labelled.texts})
        for k, key in enumerate(KEYS):
            table[f"theme_{key}"] = labelled.themes[:, k].astype(int)
        table.to_csv(tmp_path / name, index=False)
    model = tmp_path / "model"
    result = run("train", tmp_path / "labelled.csv", "-o", model, "--codebook", book)
    assert result.exit_code == 0, result.output
    assert "Macro F1 was" in result.output
    assert re.search(r"150 labelled comments in \d+ groups, 3 codes", result.output)
    assert run("train", tmp_path / "more.csv", "-o", model, "--codebook", book).exit_code == 1
    result = run("evaluate", model, tmp_path / "more.csv", "--json")
    assert "more.csv: 150 of 150 rows; comments in 'comment'" in result.stderr
    figures = json.loads(result.stdout)
    assert figures["comments"] == 150
    assert [row["code"] for row in figures["codes"]] == list(KEYS)
    shown = run("evaluate", model, tmp_path / "more.csv", "--against", model, "-o", tmp_path / "codes.csv")
    assert "against the other model" in shown.output
    over = run("evaluate", model, tmp_path / "more.csv", "-o", tmp_path / "more.csv")
    assert over.exit_code == 1
    assert "never overwritten" in over.output
    assert "note: more.csv: 150 of 150 rows; comments in 'comment'" in shown.output
    assert pd.read_csv(tmp_path / "codes.csv")["code"].tolist() == list(KEYS)
    for place, why in ((tmp_path / "more.csv", "never overwritten"), (tmp_path / "no" / "codes.csv", "no folder")):
        refused = run("evaluate", model, tmp_path / "more.csv", "-o", place)
        assert refused.exit_code == 1
        assert why in refused.output
    seen = run("evaluate", model, tmp_path / "labelled.csv")
    assert seen.exit_code == 1
    assert "was in training" in seen.output
    lone = run("train", tmp_path / "more.csv", "-o", tmp_path / "new", "--judge-by", tmp_path / "more.csv")
    assert lone.exit_code == 2
    assert "name --replace OLD too" in lone.output
    again = ["train", tmp_path / "labelled.csv", "-o", tmp_path / "new", "--replace", model]
    refused = run(*again)
    assert refused.exit_code == 1
    assert "seen all but 0 of the 150 comments" in refused.output
    judged = run(*again, "--judge-by", tmp_path / "more.csv")
    assert judged.exit_code == 0, judged.output
    assert "against the other model" in judged.output
    shutil.rmtree(tmp_path / "new")
    assert "written because of --force" in run(*again, "--force").output
    both = [tmp_path / "labelled.csv", tmp_path / "more.csv"]
    result = run("train", *both, "-o", model, "--replace", model)
    assert result.exit_code == 0, result.output
    assert "the older model has not seen" in result.output


def _joined(one, other):  # type: ignore[no-untyped-def]
    from infoshare_text.training.cross_validation import _together

    return _together(one, other)
