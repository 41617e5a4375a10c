"""Every row accounted for: in = coded + blank + non-answer, and repeats marked, never dropped."""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import Result
from conftest import EXPORTS
from hypothesis import given, settings
from hypothesis import strategies as st

import infoshare_text as ist
from infoshare_text.cleaning import repeats
from infoshare_text.cleaning.words import word_list
from infoshare_text.coding.classify import Coder
from infoshare_text.columns import DUPLICATE_COLUMNS
from infoshare_text.scale.chunks import code_in_chunks

CODER = Coder.load()
LETTER = (
    "We ask the council to keep the link worker in our surgery because she knows every family on the estate "
    "and rings the school before anything goes wrong."
)


def _in_pieces(survey: ist.Survey, rows: int) -> tuple[pd.DataFrame, Counter[str]]:
    counts: Counter[str] = Counter()
    pieces = list(code_in_chunks(survey, CODER, rows=rows, counts=counts))
    return pd.concat(pieces, ignore_index=True), counts


def _same_codes(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Numbers may differ in the last digit with the company that a comment is coded in."""
    numbers = [name for name in one.columns if name.startswith(("p_", "sentiment_score"))]
    pd.testing.assert_frame_equal(one.drop(columns=numbers), other.drop(columns=numbers), check_dtype=False)
    np.testing.assert_allclose(one[numbers].astype(float), other[numbers].astype(float), atol=2e-4)


@pytest.mark.parametrize("path", sorted(EXPORTS.iterdir()), ids=lambda path: path.name)
def test_every_layout_accounts_for_every_answer(run: Callable[..., Result], path: Path, tmp_path: Path) -> None:
    everything = ist.read_survey(path)
    columns = [question.name for question in everything.questions]
    for k in range(1, len(columns) + 1):
        survey = ist.read_survey(path, text=columns[:k])
        whole, counts = _in_pieces(survey, 5_000)
        assert len(whole) == survey.length * k
        assert counts["coded"] + counts["blank"] + counts["non_answer"] == survey.length * k
        assert whole["status"].value_counts().to_dict() == {
            status: counts[status] for status in ("coded", "blank", "non_answer") if counts[status]
        }
        for rows in (1, 2, 7):
            pieces, again = _in_pieces(survey, rows)
            assert again == counts
            _same_codes(pieces, whole)
    result = run("classify", path, "-o", tmp_path / "coded.csv")
    said = re.search(r"([\d,]+) answers = ([\d,]+) coded \+ ([\d,]+) blank \+ ([\d,]+) non-answers", result.stderr)
    assert said is not None
    answers, coded, blank, non_answer = (int(number.replace(",", "")) for number in said.groups())
    assert answers == coded + blank + non_answer == everything.length * len(columns)
    inspected = json.loads(run("inspect", path, "--json").stdout)["questions"]
    assert sum(question["coded"] for question in inspected) == coded
    assert sum(question["non_answer"] for question in inspected) == non_answer


_ANSWER = st.one_of(
    st.sampled_from(
        ["", " ", "n/a", "Nothing", "None", "-", "See above", "Dim", LETTER, LETTER.upper(), LETTER + " Thanks"]
    ),
    st.sampled_from(["Brak szkoleń dla nowych pracowników", "Nobody owns it.", "nobody owns it", "Better training"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
)


@settings(max_examples=25)
@given(
    st.integers(1, 3).flatmap(lambda k: st.lists(st.lists(_ANSWER, min_size=k, max_size=k), min_size=1, max_size=12)),
    st.integers(1, 5),
)
def test_neither_pieces_nor_columns_change_what_becomes_of_an_answer(rows: list[list[str]], size: int) -> None:
    questions = ["What stops it? comments", "What helps? comments", "Any other comments?"][: len(rows[0])]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "survey.jsonl"
        pd.DataFrame(rows, columns=questions).assign(id=range(len(rows))).to_json(path, orient="records", lines=True)
        whole, counts = _in_pieces(ist.read_survey(path, text=questions), 5_000)
        pieces, again = _in_pieces(ist.read_survey(path, text=questions), size)
        alone = pd.concat([_in_pieces(ist.read_survey(path, text=[name]), size)[0] for name in questions])
    assert counts["coded"] + counts["blank"] + counts["non_answer"] == len(rows) * len(questions) == len(whole)
    assert again == counts
    assert whole["comment"].tolist() == [answer for row in rows for answer in row]
    _same_codes(pieces, whole)
    alone = alone.sort_values("row", kind="stable").reset_index(drop=True)
    _same_codes(alone[list(whole.columns)], whole)


def _words(comment: str) -> list[str]:
    return [word for word in word_list(comment) if word not in "!?"]


def _pairs(comment: str) -> set[tuple[str, str]]:
    return set(pairwise(_words(comment)))


def _alike(one: str, other: str) -> float:
    a, b = _pairs(one), _pairs(other)
    return len(a & b) / len(a | b)


@st.composite
def _campaigns(draw: st.DrawFn) -> list[str]:
    """Letters copied with words changed, among short answers: what a campaign sends in."""
    words = LETTER.split()
    answers = []
    for _ in range(draw(st.integers(2, 14))):
        letter = list(words)
        for place in draw(st.lists(st.integers(0, len(words) - 1), max_size=6)):
            letter[place] = draw(st.sampled_from(["my", "Leeds", "please", "never", "police", "again"]))
        answers.append(draw(st.sampled_from([" ".join(letter), " ".join(letter), "Training", "training!", "n/a"])))
    return answers


@settings(max_examples=60)
@given(_campaigns())
def test_what_is_marked_repeats_an_earlier_answer(answers: list[str]) -> None:
    coded = ist.classify(answers, model=CODER)
    assert len(coded) == len(answers)
    for i, kind, of in zip(range(len(answers)), coded["duplicate"], coded["duplicate_of"], strict=True):
        if coded["status"][i] != "coded":
            assert kind == "" and pd.isna(of)
            continue
        same = [j for j in range(i) if _words(answers[j]) == _words(answers[i])]
        if kind == "exact":
            assert of == same[0] + 1
        elif kind == "near":
            assert not same and of <= i
            assert _alike(answers[i], answers[of - 1]) >= repeats.NEAR_FROM
            assert min(len(_words(answers[j])) for j in (i, of - 1)) >= repeats.FEWEST_WORDS
        else:
            assert not same and pd.isna(of)


def test_near_repeats_are_found() -> None:
    example = ist.read_survey("examples/state_of_the_nation.csv").comments["comment"]
    long = [text for text in dict.fromkeys(example) if len(_words(text)) >= 15]
    changed = [" ".join([*text.split()[:-1], "tomorrow"]) for text in long]
    coded = ist.classify([*long, *changed], model=CODER)
    due = [i for i in range(len(long)) if repeats.NEAR_FROM <= _alike(long[i], changed[i]) < 1]
    found = coded["duplicate"].iloc[len(long) :].reset_index(drop=True)[due] == "near"
    assert len(due) > 200
    assert found.mean() > 0.98
    assert (coded["duplicate"].iloc[: len(long)] != "near").mean() > 0.99


def test_a_stretch_of_memory_ends_and_nothing_else_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [f"{LETTER} Signed by household number {i % 40} of street {i % 7} in ward {i % 3}." for i in range(300)]
    whole = ist.classify(answers, model=CODER)
    monkeypatch.setattr(repeats, "REMEMBERED", 16)
    again = ist.classify(answers, model=CODER)
    pd.testing.assert_series_equal(again["duplicate"], whole["duplicate"])
    assert (again["duplicate_of"].fillna(0) <= again["row"] - 1).all()


def test_answers_to_other_questions_are_no_repeats() -> None:
    frame = pd.DataFrame({"id": [1, 2], "Why?": [LETTER, "Trust"], "How?": [LETTER, LETTER]})
    coded = ist.classify(frame, text=["Why?", "How?"], model=CODER)
    assert coded["duplicate"].tolist() == ["", "", "", "exact"]
    assert coded["duplicate_of"].tolist()[-1] == 1
    once = ist.classify(frame, text=["Why?", "How?"], question="Please explain.", model=CODER)
    assert once["duplicate"].tolist() == ["", "", "", "exact"]


def test_two_surveys_put_together_keep_their_repeats_apart() -> None:
    one = ist.classify([LETTER, "Trust"], model=CODER)[["row", "question", "comment"]]
    both = ist.classify(pd.concat([one, one], ignore_index=True), model=CODER)
    assert both["duplicate"].tolist() == ["", "", "exact", "exact"]
    assert both["duplicate_of"].tolist()[2:] == [1, 2]


def test_the_columns_stand_in_every_output(run: Callable[..., Result], tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    pd.DataFrame(
        {"id": [1, 2, 3], "duplicate": ["a", "b", "c"], "comment": [LETTER, LETTER + "!", "Brak czasu dla dzieci"]}
    ).to_csv(source, index=False)
    result = run("classify", source, "-o", tmp_path / "out.parquet")
    assert "the input's begin 'input_': 'duplicate'" in result.stderr
    assert "column duplicate: 1 repeat an earlier answer to the same question word for word, 0 nearly" in result.stderr
    assert "column review: 1 hold another language than English" in result.stderr
    coded = pd.read_parquet(tmp_path / "out.parquet")
    assert list(coded.columns[-2:]) == list(DUPLICATE_COLUMNS)
    assert coded["input_duplicate"].tolist() == ["a", "b", "c"]
    assert coded["duplicate"].tolist() == ["", "exact", ""]
    assert run("classify", source, "-o", tmp_path / "out.xlsx", "--wide").exit_code == 0
    wide = pd.read_excel(tmp_path / "out.xlsx", engine="calamine")
    assert wide["duplicate_of"].tolist()[1] == 1
