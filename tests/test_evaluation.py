"""Evaluation: figures equal scikit-learn's, comments of the training are left out, changes are paired."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from invented import KEYS, comments
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    cohen_kappa_score,
    f1_score,
    hamming_loss,
    matthews_corrcoef,
    precision_score,
    recall_score,
)

import infoshare_text as ist
from infoshare_text.coding.model_folder import shipped
from infoshare_text.training.cross_validation import Judged
from infoshare_text.training.evaluation import Evaluation, judged_by
from infoshare_text.training.labelled import LabelledComments, read_corpus
from infoshare_text.training.measures import Draws, interval, measured
from infoshare_text.training.replacing import compare_with_older


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "model"
    ist.train_theme_classifier(comments()).save(folder)
    return folder


def _chance(n: int = 200, seed: int = 0) -> tuple[Judged, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.random((n, 3)) < [0.1, 0.4, 0.8]
    p = np.clip(np.round(truth * 0.3 + rng.random((n, 3)) * 0.7, 2), 0, 1).astype(np.float32)
    none = np.zeros((n, 3, 0), dtype=bool)
    return Judged(p, p > 0.5, np.abs(p - 0.5).min(axis=1), none, None), truth


def test_figures_equal_those_of_scikit_learn() -> None:
    judged, truth = _chance()
    labelled = comments(200)
    labelled.themes[:] = truth
    figures = measured(judged, labelled, np.arange(200))
    for k in range(3):
        y, found, p = truth[:, k], judged.themes[:, k], judged.p[:, k]
        for name, value in {
            "precision": precision_score(y, found),
            "recall": recall_score(y, found),
            "f1": f1_score(y, found),
            "kappa": cohen_kappa_score(y, found),
            "average_precision": average_precision_score(y, p),
            "brier": brier_score_loss(y, p),
            "true_share": y.mean(),
            "found_share": found.mean(),
        }.items():
            assert figures.codes[name][0, k] == pytest.approx(value, abs=1e-6), name
    for name, value in {
        "micro_f1": f1_score(truth, judged.themes, average="micro"),
        "macro_f1": f1_score(truth, judged.themes, average="macro"),
        "exact_match": (truth == judged.themes).all(axis=1).mean(),
        "hamming_loss": hamming_loss(truth, judged.themes),
        "samples_f1": f1_score(truth, judged.themes, average="samples", zero_division=1),
    }.items():
        assert figures.overall[name][0] == pytest.approx(value, abs=1e-6), name


def test_correlation_of_one_of_many_equals_that_of_scikit_learn() -> None:
    labelled = comments(200, multi_label=False)
    judged, _ = _chance()
    found = np.eye(3, dtype=bool)[judged.p.argmax(axis=1)]
    figures = measured(Judged(judged.p, found, judged.margin, judged.stances, None), labelled, np.arange(200))
    true, mine = labelled.themes.argmax(axis=1), found.argmax(axis=1)
    assert figures.overall["mcc"][0] == pytest.approx(matthews_corrcoef(true, mine), abs=1e-6)
    assert figures.overall["accuracy"][0] == pytest.approx((true == mine).mean())


def test_intervals_draw_groups_not_comments() -> None:
    judged, truth = _chance(60)
    labelled, wide = (
        comments(600),
        Judged(
            *(np.tile(a, (10, 1)) for a in (judged.p, judged.themes)),
            np.tile(judged.margin, 10),
            np.zeros((600, 3, 0), bool),
            None,
        ),
    )
    labelled.themes[:] = np.tile(truth, (10, 1))
    copies = measured(wide, labelled, np.tile(np.arange(60), 10))
    few = comments(60)
    few.themes[:] = truth
    alone = measured(judged, few, np.arange(60))
    assert interval(copies.overall["micro_f1"]) == interval(alone.overall["micro_f1"])
    assert alone.overall["micro_f1"][1:].std() > 0.01


def test_a_rare_code_that_misses_a_draw_counts_as_no_error() -> None:
    truth = np.zeros((100, 3), dtype=bool)
    truth[:50, 0] = truth[0, 1] = truth[1, 2] = True
    labelled = comments(100)
    labelled.themes[:] = truth
    right = Judged(truth.astype(np.float32), truth, np.ones(100, np.float32), np.zeros((100, 3, 0), dtype=bool), None)
    figures = measured(right, labelled, np.arange(100))
    assert interval(figures.overall["macro_f1"]) == {"value": 1, "low": 1, "high": 1}


def test_weighted_draws_count_as_copies_would() -> None:
    judged, truth = _chance(40)
    labelled = comments(40)
    labelled.themes[:] = truth
    draws = Draws(np.arange(40), draws=3)
    figures = measured(judged, labelled, np.arange(40))
    times = Draws(np.arange(40)).weights()[1].astype(int)
    rows = np.repeat(np.arange(40), times)
    assert draws.weights().shape == (4, 40)
    assert figures.codes["average_precision"][1, 1] == pytest.approx(
        average_precision_score(truth[rows, 1], judged.p[rows, 1]), abs=1e-6
    )
    assert figures.codes["kappa"][1, 1] == pytest.approx(
        cohen_kappa_score(truth[rows, 1], judged.themes[rows, 1]), abs=1e-6
    )


def test_the_surest_comments_come_first() -> None:
    judged, truth = _chance()
    labelled = comments(200)
    labelled.themes[:] = truth
    table = measured(judged, labelled, np.arange(200)).coverage_table()
    assert table["comments"].tolist() == [20, 40, 60, 80, 100, 120, 140, 160, 180, 200]
    assert table["wrong_comments"].iloc[-1] == pytest.approx(1 - (truth == judged.themes).all(axis=1).mean(), abs=1e-4)


def test_comments_of_the_training_are_left_out(model: Path) -> None:
    fresh = comments(80, seed=4)
    result = ist.evaluate(model, fresh)
    assert result.measured.n == 80
    assert result.notes == []
    with pytest.raises(ist.InputError, match="every one of these comments was in training"):
        ist.evaluate(model, comments())
    assert ist.evaluate(model, comments(), with_seen=True).measured.n == 150
    part = comments()
    part.texts[:100] = fresh.texts[:50] * 2
    result = ist.evaluate(model, part)
    assert result.notes == ["left out: 50 comments that were in training"]


def test_against_itself_nothing_changes(model: Path) -> None:
    result = ist.evaluate(model, comments(80, seed=4), against=model)
    assert result.change is not None
    assert (result.change[["change", "low", "high"]] == 0).all(axis=None)
    assert result.losses == []
    assert "+0.000" in result.in_words()


def test_a_worse_model_shows_as_a_loss(model: Path) -> None:
    weak = ist.train_theme_classifier(comments(16, seed=6))
    fresh = comments(120, seed=4)
    result = ist.evaluate(weak, fresh, against=model)
    assert any(loss.startswith("macro F1 fell from") for loss in result.losses)
    assert not ist.evaluate(model, fresh, against=weak).losses
    assert json.loads(json.dumps(result.as_dict()))["worse"] == result.losses


def test_models_with_other_codes_are_compared_on_what_they_share(model: Path) -> None:
    fresh = comments(60, seed=4)
    with pytest.raises(ist.InputError, match="no code in common"):
        ist.evaluate(model, fresh, against="models/theme-classifier")
    with pytest.raises(ist.InputError, match="the codebook has 'leadership'"):
        ist.evaluate("models/theme-classifier", fresh)


def test_what_is_no_answer_counts_as_no_code(model: Path) -> None:
    fresh = comments(10, seed=4)
    fresh.texts[0] = "n/a"
    judged = judged_by(ist.Coder.load(model), fresh)
    assert not judged.themes[0].any()
    assert judged.margin[0] == np.inf
    assert judged.p.shape == (10, len(KEYS))


def test_labels_without_any_code_leave_figures_undefined(model: Path) -> None:
    fresh = comments(10, seed=4)
    fresh.themes[:] = False
    result = ist.evaluate(model, fresh)
    assert result.summary.set_index("figure")["value"].isna()["macro_f1"]
    assert result.as_dict()["overall"]["macro_f1"] == [None, None, None]
    assert "macro F1" in result.in_words()


def test_the_shipped_model_is_not_measured_on_its_own_corpus() -> None:
    corpus = read_corpus(shipped("corpus")).only(np.arange(60))
    with pytest.raises(ist.InputError, match="every one of these comments was in training"):
        ist.evaluate(None, corpus)


def test_what_is_no_answer_is_neither_learnt_nor_measured(model: Path) -> None:
    fresh = comments(120, seed=9)
    fresh.texts[:20] = [f"n/a{'.' * i}" for i in range(20)]
    fresh.themes[:18] = [True, False, False]
    fresh.themes[18:20] = False
    trained = ist.train_theme_classifier(fresh)
    note = (
        "left out: 20 comments that say nothing ('n/a'), which models leave uncoded; 18 of them with codes, "
        "most often 'opening_hours', which count for nothing"
    )
    assert trained.notes == [note]
    assert len(trained.comments) == trained.measured.n == 100
    for result in (ist.evaluate(model, fresh), compare_with_older(trained, model)):
        assert result.measured.n == 100
    assert ist.evaluate(model, fresh).notes == [note]
    fresh.themes[18:, 0] = False
    with pytest.raises(ist.InputError, match=r"(?s)opening_hours has no example.*18 of them with codes"):
        ist.train_theme_classifier(fresh)
    nothing = fresh.only(np.arange(20))
    with pytest.raises(ist.InputError, match="no labelled comment says anything"):
        ist.evaluate(model, nothing)


def _judged(found: np.ndarray, tone: list[str] | None = None) -> Judged:
    n = len(found)
    return Judged(found.astype(np.float32), found, np.ones(n, np.float32), np.zeros((n, 3, 0), dtype=bool), tone)


def _compared(labelled: LabelledComments, after: Judged, before: Judged) -> list[str]:
    groups = np.arange(len(labelled))
    return Evaluation(measured(after, labelled, groups), measured(before, labelled, groups), []).losses


def test_a_code_that_falls_clearly_is_a_loss_though_the_others_make_up_for_it() -> None:
    labelled = comments(300)
    truth = labelled.themes
    rare = np.arange(300) % 15 == 0
    truth[:, 1] = rare
    before, after = truth.copy(), truth.copy()
    before[np.arange(300) % 3 == 0, 0] ^= True
    after[rare, 1] = np.arange(rare.sum()) % 3 == 0
    losses = _compared(labelled, _judged(after), _judged(before))
    assert [loss.partition(" fell")[0] for loss in losses if " F1 fell" in loss][-1] == "quiet F1"
    assert "98.3% interval" in losses[-1]
    # The same fall of a code with nine examples is told by nothing.
    truth[np.flatnonzero(rare)[9:], 1] = before[np.flatnonzero(rare)[9:], 1] = False
    assert not any("quiet" in loss for loss in _compared(labelled, _judged(after), _judged(before)))


def test_sentiment_that_falls_clearly_is_a_loss() -> None:
    labelled = comments(200, sentiments=True)
    tone = ["neutral" if i % 4 == 0 else value for i, value in enumerate(labelled.sentiments)]
    losses = _compared(labelled, _judged(labelled.themes, tone), _judged(labelled.themes, labelled.sentiments))
    assert [loss.partition(" fell")[0] for loss in losses] == ["sentiment accuracy", "sentiment macro F1"]
    assert not _compared(labelled, _judged(labelled.themes, tone), _judged(labelled.themes, tone))


def test_tables_hold_every_code_with_intervals(model: Path) -> None:
    result = ist.evaluate(model, comments(80, seed=4))
    assert result.codes["code"].tolist() == list(KEYS)
    for name in ("precision", "recall", "f1", "kappa", "average_precision", "brier", "calibration_error"):
        assert (result.codes[f"{name}_low"] <= result.codes[name] + 1e-9).all()
        assert (result.codes[name] <= result.codes[f"{name}_high"] + 1e-9).all()
    assert set(result.summary["figure"]) >= {"micro_f1", "macro_f1", "samples_f1"}
