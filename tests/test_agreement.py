"""Agreement: published worked examples, independent implementations, and what happens to awkward files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import krippendorff
import numpy as np
import numpy.typing as npt
import openpyxl
import pandas as pd
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from invented import KEYS, codebook, comments
from sklearn.metrics import cohen_kappa_score

import infoshare_text as ist
from infoshare_text.codebook import Codebook, Theme
from infoshare_text.errors import InputError
from infoshare_text.training.coefficients import alpha, bootstrap_draws, interval, kappa, mean_kappa
from infoshare_text.training.labelled import LabelledComments

BOOK = Codebook(
    "Two", "1", (Theme("a", "A", ""), Theme("b", "B", "")), {"barrier": "", "need": ""}, {"good": "", "bad": ""}
)
COMMENTS = [f"This is what comment {word} says of it" for word in "cdefghijklmn"]


def _values(text: str) -> list[int]:
    return [-1 if c == "." else int(c) if c.isdigit() else ord(c) - ord("a") for c in text.split()]


def _table(a: str, b: str) -> pd.DataFrame:
    """Give each comment a 0, a 1 or a blank for each of two codes."""
    cells = {name: [c.replace(".", "") for c in row] for name, row in (("a", a), ("b", b))}
    return pd.DataFrame({"comment": COMMENTS[: len(a)], **cells})


@pytest.mark.parametrize(
    ("coders", "published"),
    [
        # Krippendorff, 'Computing Krippendorff's alpha-reliability' (2011): sections A, B and C.
        (["0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"], 0.095),
        (["a a b b d c c c e d d a", "b a b b b c c c e d d d"], 0.692),
        (
            [
                "1 2 3 3 2 1 4 1 2 . . .",
                "1 2 3 3 2 2 4 1 2 5 . 3",
                ". 3 3 3 2 3 4 2 2 5 1 .",
                "1 2 3 3 2 4 4 1 2 5 1 .",
            ],
            0.743,
        ),
    ],
)
def test_alpha_of_the_published_examples(coders: list[str], published: float) -> None:
    assert alpha(np.array([_values(row) for row in coders])).round(3).tolist() == [published]


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        # (both yes, first only, second only, both no): the textbook grant proposals, and the two tables of
        # equal agreement and unequal marginals.
        ((20, 5, 10, 15), 0.4),
        ((45, 15, 25, 15), 0.1304),
        ((25, 35, 5, 35), 0.2593),
    ],
)
def test_kappa_of_the_textbook_tables(counts: tuple[int, int, int, int], published: float) -> None:
    a, b = (np.repeat(values, counts) for values in ([1, 1, 0, 0], [1, 0, 1, 0]))
    assert kappa(a, b).round(4).tolist() == [published]


@given(st.integers(2, 4), st.integers(2, 12), st.integers(0, 2**32 - 1))
def test_alpha_and_kappa_equal_other_peoples(n_coders: int, n_units: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(-1, 3, size=(n_coders, n_units))
    pairable = values[:, (values >= 0).sum(axis=0) > 1]
    if len(set(pairable[pairable >= 0].tolist())) > 1:
        theirs = krippendorff.alpha(np.where(values < 0, np.nan, values), level_of_measurement="nominal")
        assert alpha(values)[0] == pytest.approx(theirs)
    else:
        assert np.isnan(alpha(values)[0])
    defined = []
    for i, j in combinations(range(n_coders), 2):
        both = (values[i] >= 0) & (values[j] >= 0)
        a, b = values[i][both], values[j][both]
        if both.any() and len({*a.tolist(), *b.tolist()}) > 1:
            defined.append(cohen_kappa_score(a, b))
            assert kappa(values[i], values[j])[0] == pytest.approx(defined[-1])
        else:
            assert np.isnan(kappa(values[i], values[j])[0])
    assert mean_kappa(values)[0] == pytest.approx(np.mean(defined) if defined else np.nan, nan_ok=True)


def test_a_bootstrap_draw_is_the_figure_of_the_units_drawn() -> None:
    rng = np.random.default_rng(5)
    values = rng.integers(-1, 2, size=(3, 30))
    draws = bootstrap_draws([str(i // 2) for i in range(30)], 20, seed=1)
    assert (draws[:, ::2] == draws[:, 1::2]).all()
    assert (draws[:, ::2].sum(axis=1) == 15).all()
    for k, times in enumerate(draws.astype(int)):
        drawn = np.repeat(values, times, axis=1)
        assert alpha(values, draws)[k] == pytest.approx(alpha(drawn)[0])
        assert mean_kappa(values, draws)[k] == pytest.approx(mean_kappa(drawn)[0])


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random(200_000) < 0.3
    noisy = [np.where(rng.random(200_000) < 0.1, ~truth, truth).astype(int) for _ in range(2)]
    whole = kappa(*noisy)[0]
    covered = 0
    for start in range(0, 20_000, 200):
        a, b = (values[start : start + 200] for values in noisy)
        low, high = interval(kappa(a, b, bootstrap_draws([str(i) for i in range(200)], 200, seed=start)))
        covered += low <= whole <= high
    assert 87 <= covered <= 100


def test_figures_of_three_coders_with_gaps() -> None:
    tables = [_table("110010", "000000"), _table("11001.", "000000"), _table("100011", "00000.")]
    found = ist.agreement(tables, codebook=BOOK, names=["ann", "bob", "cy"], draws=50)
    assert found.comments == 6
    a, b = found.figures.iloc[0], found.figures.iloc[1]
    values = np.array([_values(row) for row in ("1 1 0 0 1 0", "1 1 0 0 1 .", "1 0 0 0 1 1")])
    assert a["alpha"] == pytest.approx(alpha(values)[0])
    assert a["kappa"] == pytest.approx(mean_kappa(values)[0])
    assert a["agreement"] == pytest.approx((5 + 4 + 4) / (5 + 6 + 5))
    assert (a["units"], a["disagreements"]) == (6, 2)
    assert a["share_bob"] == pytest.approx(3 / 5)
    assert a["alpha_low"] <= a["alpha"] <= a["alpha_high"]
    # Nobody used b: all agree, and no coefficient is defined.
    assert b["agreement"] == 1
    assert np.isnan(b["kappa"]) and np.isnan(b["alpha"])
    assert found.disagreements.drop(columns="id").to_numpy().tolist() == [["a", "1", "1", "0"], ["a", "0", "", "1"]]
    assert not any(comment in str(found.as_dict()) or comment in repr(found) for comment in COMMENTS)


def test_stances_count_where_both_coded_the_theme_and_sentiment_has_its_row() -> None:
    ann = _table("1110", "0000").assign(
        stance_a=["barrier", "need", "need", ""], stance_b="", sentiment=["good", "bad", "bad", ""]
    )
    bob = _table("1101", "0000").assign(
        stance_a=["barrier", "barrier;need", "", "need"], stance_b="", sentiment=["good", "good", "", "bad"]
    )
    found = ist.agreement([ann, bob], codebook=BOOK, draws=20, names=["ann", "bob"])
    figures = found.figures.set_index("code")
    assert figures.loc["stance barrier", ["units", "agreement", "disagreements"]].tolist() == [2, 0.5, 1]
    assert figures.loc["stance need", ["units", "agreement"]].tolist() == [2, 1]
    assert figures.loc["sentiment", ["units", "agreement"]].tolist() == [2, 0.5]
    assert found.disagreements[["code", "ann", "bob"]].to_numpy().tolist()[2:] == [
        ["a: barrier", "0", "1"],
        ["sentiment", "bad", "good"],
    ]


def test_the_model_stands_beside_the_coders() -> None:
    comments = ["Nobody at the top owns this", "Staff were never trained", "We share one office", "The bosses hide"]
    ann = pd.DataFrame(
        {"comment": comments, "themes": ["leadership", "professional_development", "none", "leadership"]}
    )
    bob = ann.assign(themes=["leadership", "none", "none", "leadership"])
    found = ist.agreement([ann, bob], draws=20, names=["ann", "bob"])
    coded = ist.classify(comments)["theme_leadership"].to_numpy(dtype=int)
    row = found.figures.set_index("code").loc["leadership"]
    assert row["kappa"] == 1
    assert row["model_kappa"] == pytest.approx(cohen_kappa_score([1, 0, 0, 1], coded))
    trained = found.disagreements.iloc[0]
    assert trained[["code", "ann", "bob", "model"]].tolist()[:3] == ["professional_development", "1", "0"]
    assert trained["model"] in ("0", "1")


def test_a_model_without_stances_and_sentiment_stands_beside_the_coders(tmp_path: Path) -> None:
    ist.train_theme_classifier(comments(60)).save(tmp_path / "model")
    fresh = comments(20, seed=5)
    ann = pd.DataFrame({"comment": fresh.texts, "themes": [";".join(np.array(KEYS)[row]) for row in fresh.themes]})
    book = codebook(stances=True, sentiments=True)
    for asked in (None, book):
        found = ist.agreement([ann, ann], model=tmp_path / "model", codebook=asked, draws=10, names=["ann", "bob"])
        row = found.figures.set_index("code").loc[KEYS[0]]
        assert row["kappa"] == 1
        assert row["model_kappa"] > 0
    assert np.isnan(found.figures.set_index("code").loc["stance barrier", "model_kappa"])


def test_a_model_of_other_stances_and_sentiments_stands_beside_the_coders(tmp_path: Path) -> None:
    known = comments(60)  # neither stances nor sentiments
    ist.train_theme_classifier(known).save(tmp_path / "model")
    ann = pd.DataFrame({"comment": known.texts, "themes": [_keys(known, row) for row in known.themes]})
    bob = ann.assign(sentiment="neutral", stance="")
    for book in (None, codebook(stances=True, sentiments=True)):
        found = ist.agreement([ann, bob], model=tmp_path / "model", codebook=book, draws=5)
        figures = found.figures.set_index("code")
        assert figures.loc[list(known.codebook.keys), "model_kappa"].gt(0.9).all()
        if book is not None:
            assert figures.loc["sentiment"].isna()["model_kappa"]


def test_one_code_a_comment_holds_for_coders_as_well() -> None:
    single = replace(BOOK, multi_label=False)
    with pytest.raises(InputError, match=r"data row 2: 2 codes; the codebook .* wants exactly one"):
        ist.agreement([_table("10", "01"), _table("11", "01")], codebook=single)


def _keys(known: LabelledComments, row: npt.NDArray[np.bool_]) -> str:
    return ";".join(np.array(known.codebook.keys)[row]) or "none"


def _filled(path: Path, target: Path, flip: int) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["coding"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        comment = str(sheet.cell(row, at["comment"]).value)
        sheet.cell(row, at["done"]).value = "yes"
        sheet.cell(row, at["Leadership"]).value = int(len(comment) % 3 == 0 or len(comment) % 20 == flip)
    book.save(target)


def test_workbooks_of_two_coders_by_the_command(run: Callable[..., Result], tmp_path: Path, example: Path) -> None:
    assert run("review", example, "-o", tmp_path / "r.xlsx", "-n", 40, "--coders", 2, "--blind", "-q").exit_code == 0
    for name, flip in (("ann", 4), ("bob", 8)):
        _filled(tmp_path / f"r-coder{1 + (flip == 8)}.xlsx", tmp_path / f"{name}.xlsx", flip)
    files = [tmp_path / "ann.xlsx", tmp_path / "bob.xlsx"]
    result = run("agreement", *files, "-o", tmp_path / "settle.csv")
    assert result.exit_code == 0, result.output
    assert "2 coders (ann, bob); 40 comments coded by two at least" in result.output
    settle = pd.read_csv(tmp_path / "settle.csv", dtype=str)
    assert list(settle.columns) == ["id", "comment", "code", "ann", "bob", "model"]
    assert len(settle) > 0
    assert not any(comment in result.output for comment in settle["comment"])
    as_json = run("agreement", *files, "--json")
    found = json.loads(as_json.output)
    assert found["comments"] == 40
    assert {row["id"] for row in found["disagreements"]} == set(settle["id"])
    assert found["figures"][1]["kappa"] is None
    assert not any(comment in as_json.output for comment in settle["comment"])
    refused = run("agreement", *files, "-o", files[0])
    assert refused.exit_code == 1
    assert "never overwritten" in refused.output


def test_own_codebook_without_a_model(run: Callable[..., Result], tmp_path: Path) -> None:
    theme = '[[themes]]\nkey = "{0}"\nlabel = "{0}"\ndefinition = ""\n'
    toml = 'name = "Own"\nversion = "1"\nstances = {}\nsentiments = {}\n' + theme.format("a") + theme.format("b")
    (tmp_path / "own.toml").write_text(toml, encoding="utf-8")
    for name, a in (("x", "110011"), ("y", "110010")):
        _table(a, "010101").to_csv(tmp_path / f"{name}.csv", index=False)
    result = run("agreement", tmp_path / "x.csv", tmp_path / "y.csv", "--codebook", tmp_path / "own.toml")
    assert result.exit_code == 0, result.output
    assert "model" not in result.output
    assert "x.csv:data row 6" in result.output
    (tmp_path / "bad.toml").write_text("name = ", encoding="utf-8")
    refused = run("agreement", tmp_path / "x.csv", tmp_path / "y.csv", "--codebook", tmp_path / "bad.toml")
    assert refused.exit_code == 1
    assert "is not TOML" in refused.output


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ([_table("10", "00")], "two coders at least"),
        (
            [_table("10", "00"), _table("10", "00").assign(comment=["Other words", "Others yet"])],
            "no comment is coded by two",
        ),
        ([_table("10", "00"), _table("12", "00")], "holds '2'"),
        (
            [_table("10", "00"), pd.concat([_table("10", "00"), _table("00", "00")])],
            "the same comment is coded differently",
        ),
        ([_table("10", "00"), _table("10", "00").rename(columns={"b": "c"})], "no column for the code 'B'"),
    ],
)
def test_what_cannot_be_compared_is_said(tables: list[pd.DataFrame], expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        ist.agreement(tables, codebook=BOOK)
    with pytest.raises(InputError, match="different names are wanted"):
        ist.agreement([_table("10", "00")] * 2, codebook=BOOK, names=["x", "model"])
