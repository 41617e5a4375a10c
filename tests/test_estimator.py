"""The estimator keeps scikit-learn's customs, as far as they speak of texts."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from invented import KEYS, comments
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import estimator_checks_generator

import infoshare_text as ist

LABELLED = comments(120)
SINGLE = comments(120, multi_label=False)
NAMES = np.array(KEYS)[SINGLE.themes.argmax(axis=1)]


@pytest.fixture(scope="module")
def several() -> ist.ThemeClassifier:
    return ist.ThemeClassifier(folds=3).fit(LABELLED.texts, LABELLED.themes.astype(int))


@pytest.fixture(scope="module")
def one() -> ist.ThemeClassifier:
    return ist.ThemeClassifier(folds=3).fit(SINGLE.texts, NAMES)


def _checks() -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that texts get a part of the checks only
        return [check for _, check in estimator_checks_generator(ist.ThemeClassifier())]


# All the checks that scikit-learn itself runs on an estimator of one-dimensional texts.
@pytest.mark.parametrize("check", _checks(), ids=lambda check: check.func.__name__)
def test_the_checks_of_scikit_learn_that_apply(check: Any) -> None:
    check(ist.ThemeClassifier())


# Those that need no numbers as input are run as well.
@pytest.mark.parametrize(
    "name",
    [
        "check_parameters_default_constructible",
        "check_get_params_invariance",
        "check_set_params",
        "check_no_attributes_set_in_init",
        "check_estimator_repr",
        "check_valid_tag_types",
        "check_estimator_tags_renamed",
    ],
)
def test_checks_that_need_no_numbers(name: str) -> None:
    getattr(estimator_checks, name)("ThemeClassifier", ist.ThemeClassifier())


def test_lists_series_arrays_and_one_column_tables_are_the_same(several: ist.ThemeClassifier) -> None:
    texts = comments(20, seed=3).texts
    p = several.predict_proba(texts)
    for data in (pd.Series(texts), np.array(texts), np.array(texts, dtype=object)[:, None], pd.DataFrame({"t": texts})):
        np.testing.assert_array_equal(several.predict_proba(data), p)
    assert several.predict(texts).shape == (20, 3)
    np.testing.assert_array_equal(several.predict(texts), several.decision_function(texts) >= 0)


def test_tables_and_lists_of_labels_teach_the_same() -> None:
    lists = [[key for key, held in zip(KEYS, row, strict=True) if held] for row in LABELLED.themes]
    table = pd.DataFrame(LABELLED.themes.astype(int), columns=list(KEYS))
    by_list = ist.ThemeClassifier(folds=3).fit(LABELLED.texts, lists)
    by_table = ist.ThemeClassifier(folds=3).fit(pd.Series(LABELLED.texts), table)
    assert by_list.classes_.tolist() == list(KEYS) == by_table.classes_.tolist()
    np.testing.assert_array_equal(by_list.predict_proba(SINGLE.texts), by_table.predict_proba(SINGLE.texts))


def test_single_labels_come_back_as_they_were(one: ist.ThemeClassifier) -> None:
    fresh = comments(60, seed=8, multi_label=False)
    p = one.predict_proba(fresh.texts)
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(one.predict(fresh.texts), one.classes_[p.argmax(axis=1)])
    assert one.score(fresh.texts, np.array(KEYS)[fresh.themes.argmax(axis=1)]) > 0.9
    numbers = ist.ThemeClassifier(folds=2).fit(SINGLE.texts, (NAMES == "quiet").astype(int))
    assert set(numbers.predict(fresh.texts)) == {0, 1}
    assert numbers.decision_function(fresh.texts).shape == (60,)


def test_it_clones_searches_and_stands_in_a_pipeline() -> None:
    search = GridSearchCV(
        make_pipeline(
            FunctionTransformer(lambda texts: [text.upper() for text in texts]), ist.ThemeClassifier(folds=2)
        ),
        {"themeclassifier__C": [0.1, 1.0]},
        cv=2,
        scoring="f1_macro",
    ).fit(SINGLE.texts, NAMES)
    assert search.best_score_ > 0.8
    assert clone(search.best_estimator_)[-1].get_params() == search.best_estimator_[-1].get_params()


def test_a_fit_does_not_change_what_it_is_given(several: ist.ThemeClassifier) -> None:
    texts, labels = pd.Series(LABELLED.texts), LABELLED.themes.astype(int)
    before = texts.copy(), labels.copy()
    estimator = ist.ThemeClassifier(folds=3)
    parameters = estimator.get_params()
    estimator.fit(texts, labels)
    pd.testing.assert_series_equal(texts, before[0])
    np.testing.assert_array_equal(labels, before[1])
    assert estimator.get_params() == parameters
    np.testing.assert_array_equal(estimator.predict_proba(texts), several.predict_proba(texts))
    half = several.predict_proba(LABELLED.texts[:60])
    np.testing.assert_allclose(half, several.predict_proba(LABELLED.texts)[:60], atol=1e-5)


def test_the_same_model_folder_as_the_command_writes(several: ist.ThemeClassifier, tmp_path: Any) -> None:
    several.model_.save(tmp_path / "model")
    coded = ist.classify(["Too noisy to read"], model=tmp_path / "model")
    assert coded["p_label_1" if "p_label_1" in coded else "p_code_1"][0] == pytest.approx(
        several.predict_proba(["Too noisy to read"])[0, 1], abs=1e-4
    )


def test_explanations_add_up(several: ist.ThemeClassifier) -> None:
    (explained,) = several.explain(["Too noisy to read at our branch"])
    p = 1 / (1 + np.exp(-(explained.weights.sum(axis=0) + explained.base)))
    np.testing.assert_allclose(p, several.predict_proba(["Too noisy to read at our branch"])[0], atol=1e-4)


def test_missing_texts_are_blank_and_missing_groups_nobody(one: ist.ThemeClassifier) -> None:
    texts = pd.Series([SINGLE.texts[0], pd.NA], dtype="string")
    assert one.predict(texts).tolist() == one.predict([SINGLE.texts[0], ""]).tolist()
    nobody = ist.ThemeClassifier(folds=3).fit(SINGLE.texts, NAMES, groups=[None] * len(NAMES))
    np.testing.assert_array_equal(nobody.predict_proba(texts), one.predict_proba(texts))
    asked = one.explain(SINGLE.texts[:2], questions=np.array(["Why?", "How?"]))
    assert len(asked) == 2


def test_a_card_of_few_texts_says_how_they_were_parted() -> None:
    few = ist.ThemeClassifier(folds=5).fit(["No leader.", "Train us.", "no leader", "More training."], list("abab"))
    assert few.model_._about["folds"] == 3
    assert few.model_.curve.in_words() == "No learning curve was drawn."


@pytest.mark.parametrize(
    ("texts", "labels", "says"),
    [
        ("one text", ["a"], "goes in a list"),
        ([], [], "no texts"),
        ([1.0, 2.0], ["a", "b"], "found a float"),
        (np.zeros((2, 2)), ["a", "b"], r"shape \(2, 2\)"),
        (["a", "b"], ["x"], "2 texts and 1 labels"),
        (["a", "b"], ["x", "x"], "1 label"),
        (["a", "b"], [0.5, 1.5], "Unknown label type"),
        (["a", "b"], [float("inf"), 1.0], "Unknown label type"),
        (["a", "b"], pd.Series(["x", pd.NA], dtype="string"), "missing"),
        (["a", "b"], ["x", None], "missing"),
        (["a", "b"], None, "requires y"),
        (["a", "b"], np.array([[1, 2], [0, 1]]), "0 and 1 only"),
        (["a", "a"], ["x", "y"], "of one respondent, or all of the same words"),
    ],
)
def test_what_cannot_be_learnt_is_refused_in_words(texts: Any, labels: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        ist.ThemeClassifier().fit(texts, labels)


def test_wrong_parameters_and_no_fit_are_told(several: ist.ThemeClassifier) -> None:
    with pytest.raises(ist.InputError, match="folds=1"):
        ist.ThemeClassifier(folds=1).fit(SINGLE.texts, NAMES)
    with pytest.raises(ist.InputError, match=r"120 texts and 1 questions"):
        ist.ThemeClassifier().fit(SINGLE.texts, NAMES, questions=["?"])
    with pytest.raises(NotFittedError):
        ist.ThemeClassifier().predict(["text"])
