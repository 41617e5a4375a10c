"""Coding comments through the public door: the contract, invariants, evidence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

import infoshare_text as ist
from infoshare_text.cleaning.answers import answer_status
from infoshare_text.cleaning.words import CLEANING_VERSION, WordTable, word_list, word_spans
from infoshare_text.coding.evidence import _without, deciding_words
from infoshare_text.columns import DUPLICATE_COLUMNS, coding_columns

KEYS = ist.default_codebook().keys
STOPS = "What stops information being shared well in your area?"

PLAIN = {
    "leadership": "Senior managers do not see this as a priority and nobody at the top takes ownership.",
    "vision_collaboration": "Each service works in a silo to its own targets and there is no shared plan.",
    "risk_management": "People are afraid of being fined for a data breach so they will not share anything.",
    "citizen_engagement": "Residents are never told how their information will be used and were not asked for consent.",
    "partnership_working": "The police and the hospital do not trust each other and we get no feedback on referrals.",
    "professional_development": "Staff have had no training and do not know what they are allowed to share.",
}


@pytest.mark.parametrize("theme", KEYS)
def test_a_plain_comment_gets_its_theme_as_a_barrier(theme: str) -> None:
    coded = ist.classify([PLAIN[theme]], question=STOPS).iloc[0]
    assert coded[f"theme_{theme}"] == 1
    assert coded[f"stance_{theme}"] == "barrier"
    assert coded["sentiment"] == "negative"


@pytest.mark.parametrize(
    ("question", "stance"),
    [
        ("What stops information being shared well in your area?", "barrier"),
        ("What helps information sharing work?", "enabler"),
        ("What support or resources would help you?", "need"),
    ],
)
def test_the_question_tells_the_stance_of_bare_words(question: str, stance: str) -> None:
    assert ist.classify(["Better leadership"], question=question)["stance_leadership"].tolist() == [stance]


def test_each_theme_has_the_stance_of_its_own_clause() -> None:
    coded = ist.classify(["Our chief exec champions sharing, but nobody has been trained."])
    assert coded["stance_leadership"].tolist() == ["enabler"]
    assert coded["stance_professional_development"].tolist() == ["barrier"]


def test_columns_follow_the_contract() -> None:
    frame = pd.DataFrame(
        {"id": ["7", "8"], "Q7": ["Nobody rings us back.", None], "extra": [1.5, None]}, index=[10, 20]
    )
    coded = ist.classify(frame, text="Q7", evidence=True)
    assert list(coded.columns) == [
        "id",
        "Q7",
        "extra",
        "row",
        "question",
        "comment",
        *coding_columns(KEYS, True),
        *DUPLICATE_COLUMNS,
    ]
    assert coded.index.tolist() == [10, 20]
    pd.testing.assert_frame_equal(coded[["id", "Q7", "extra"]], frame)
    assert coded["row"].tolist() == [1, 2]
    assert coded["status"].tolist() == ["coded", "blank"]


def test_only_coded_answers_carry_codes() -> None:
    coded = ist.classify(["Nobody rings us back.", "  ", "n/a", None, float("nan")])
    assert coded["status"].tolist() == ["coded", "blank", "non_answer", "blank", "blank"]
    others = coded.iloc[1:]
    assert others[[f"theme_{key}" for key in KEYS]].isna().all(axis=None)
    assert others[[f"p_{key}" for key in KEYS] + ["sentiment_score"]].isna().all(axis=None)
    assert (others[[f"stance_{key}" for key in KEYS] + ["sentiment", "review"]] == "").all(axis=None)


def test_values_keep_to_their_ranges(example: Path) -> None:
    coded = ist.classify(ist.read_survey(example).comments)
    done = coded[coded["status"] == "coded"]
    for key in KEYS:
        assert done[f"p_{key}"].between(0, 1).all()
        assert ((done[f"stance_{key}"] != "") == (done[f"theme_{key}"] == 1)).all()
        held = set(done[f"stance_{key}"].str.split(";").explode()) - {""}
        assert held <= {"barrier", "enabler", "need"}
    assert done["sentiment"].isin(["negative", "neutral", "positive", "mixed"]).all()
    assert done["sentiment_score"].between(-1, 1).all()
    reasons = set(done["review"].str.split(";").explode()) - {""}
    assert reasons <= {"unsure", "unlike_training", "contradictory", "not_english"}


def test_company_changes_nothing(example: Path) -> None:
    comments = ist.read_survey(example).comments
    earlier = ["row", *DUPLICATE_COLUMNS]
    whole = ist.classify(comments).drop(columns=earlier)
    backwards = ist.classify(comments.iloc[::-1]).drop(columns=earlier).iloc[::-1]
    exact = [name for name in whole.columns if not name.startswith(("p_", "sentiment_score"))]
    pd.testing.assert_frame_equal(whole[exact], backwards[exact])
    numbers = [name for name in whole.columns if name not in exact]
    np.testing.assert_allclose(whole[numbers], backwards[numbers], atol=2e-4)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_coded_and_its_evidence_lies_in_it(text: str) -> None:
    coded = ist.classify([text], evidence=True).iloc[0]
    if coded["status"] != "coded":
        return
    for words in json.loads(coded["evidence"]).values():
        for start, end, _ in words:
            assert 0 <= start < end <= len(text)
            assert text[start:end].strip() == text[start:end] != ""


def test_weights_add_up_to_the_score(example: Path) -> None:
    model = ist.load_model()
    for comment in _answers(example)[:100]:
        why = ist.explain(model, comment)
        scores = model.scores(model.linear.find(WordTable.from_comments([comment])), [STOPS])[0, : len(KEYS)]
        np.testing.assert_allclose(why.weights.sum(axis=0) + why.base, scores, atol=2e-4)
        assert len(why.spans) == len(word_list(comment))


def test_a_word_taken_out_leaves_its_neighbours_apart() -> None:
    comment = "Great!but slow - it's late"
    spans = word_spans(comment)
    for place in range(len(spans)):
        left = word_list(comment)[:place] + word_list(comment)[place + 1 :]
        assert word_list(_without(comment, spans, [place])) == left


def test_without_the_deciding_words_the_theme_is_gone(example: Path) -> None:
    model = ist.load_model()
    positives = gone = gone_without_marks = 0
    for comment in _answers(example):
        present = model.present(1 / (1 + np.exp(-_logits(model, comment))))
        spans = word_spans(comment)
        for theme in np.flatnonzero(present):
            positives += 1
            shown = deciding_words(model, comment, int(theme))
            cut = comment
            for start, end in sorted((spans[i] for i in shown), reverse=True):
                cut = cut[:start] + cut[end:]
            gone += not model.present(1 / (1 + np.exp(-_logits(model, cut))))[theme]
            bare = " ".join(comment[start:end] for i, (start, end) in enumerate(spans) if i not in shown)
            gone_without_marks += not model.present(1 / (1 + np.exp(-_logits(model, bare))))[theme]
    assert positives > 300
    assert gone / positives >= 0.98
    assert gone_without_marks / positives >= 0.90


def test_another_language_is_flagged() -> None:
    comments = [
        "Niemand sagt uns, welche Daten wir weitergeben dürfen, und die Leitung kümmert sich nicht darum.",
        "Le service social ne répond jamais et nous ne savons pas quelles informations partager.",
    ]
    assert ist.classify(comments)["review"].str.contains("unlike_training").all()


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("N/A", "non_answer"),
        ("none.", "non_answer"),
        ("See above", "non_answer"),
        ("Nothing to add", "non_answer"),
        ("don’t know", "non_answer"),
        ("👍", "non_answer"),
        ("---", "non_answer"),
        ("\u00a0", "blank"),
        ("None of the partners reply", "coded"),
        ("No trust", "coded"),
        ("Nothing gets passed on", "coded"),
        ("Pass on the outcome", "coded"),
        ("See the director", "coded"),
    ],
)
def test_answers_that_say_nothing(answer: str, status: str) -> None:
    assert answer_status(answer) == status


def test_a_series_and_a_list_give_the_same() -> None:
    comments = list(PLAIN.values())
    one = ist.classify(pd.Series(comments, name="anything"))
    two = ist.classify(comments)
    pd.testing.assert_frame_equal(one, two)


def test_what_is_no_table_of_comments_is_refused() -> None:
    frame = pd.DataFrame({"a": ["x"], "b": ["y"]})
    with pytest.raises(ist.ColumnError, match=r"say which column holds the comments.*'a', 'b'"):
        ist.classify(frame)
    with pytest.raises(ist.ColumnError, match="there is no column 'c'"):
        ist.classify(frame, text="c")
    with pytest.raises(ist.ColumnError, match="two columns of one name: 'a'"):
        ist.classify(pd.DataFrame([["x", "y"]], columns=["a", "a"]), text="a")
    with pytest.raises(ist.InputError, match="goes in a list"):
        ist.classify("one comment")


def test_the_command_does_what_the_library_does(run: Callable[..., Result], example: Path, tmp_path: Path) -> None:
    target = tmp_path / "coded.parquet"
    assert run("classify", example, "-o", target, "--evidence").exit_code == 0
    expected = ist.classify(ist.read_survey(example).comments, evidence=True)
    coded = pd.read_parquet(target)
    assert list(coded.columns) == list(expected.columns)
    for name in coded.columns:
        assert coded[name].astype(object).where(coded[name].notna(), None).tolist() == (
            expected[name].astype(object).where(expected[name].notna(), None).tolist()
        )


def test_the_command_accounts_for_every_answer(run: Callable[..., Result], example: Path, tmp_path: Path) -> None:
    result = run("classify", example, "-o", tmp_path / "coded.csv")
    assert "1,290 answers = 967 coded + 259 blank + 64 non-answers" in result.stderr


def test_wide_gives_one_row_for_each_respondent(run: Callable[..., Result], example: Path, tmp_path: Path) -> None:
    target = tmp_path / "wide.parquet"
    assert run("classify", example, "-o", target, "--wide").exit_code == 0
    wide = pd.read_parquet(target)
    survey = ist.read_survey(example)
    assert len(wide) == 430
    kept = survey.kept_columns
    pd.testing.assert_frame_equal(wide[kept], survey.table[kept], check_dtype=False)
    assert not {"IP Address", "Email Address"} & set(wide)
    long = ist.classify(survey.comments)
    for j, question in enumerate(survey.questions):
        assert wide[f"{question.name}: sentiment"].tolist() == long["sentiment"].iloc[j::3].tolist()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "jsonl"])
def test_a_second_run_gives_the_same_bytes(
    run: Callable[..., Result], example: Path, tmp_path: Path, kind: str
) -> None:
    one, two = tmp_path / f"one.{kind}", tmp_path / f"two.{kind}"
    for target in (one, two):
        assert run("classify", example, "-o", target).exit_code == 0
    assert one.read_bytes() == two.read_bytes()


def test_stdout_gives_plain_csv(run: Callable[..., Result], example: Path) -> None:
    result = run("classify", example, "-q")
    assert result.exit_code == 0
    assert result.stdout.startswith("Respondent ID,")
    assert result.stderr == ""


def test_words_are_split_the_same_way_one_by_one_and_together() -> None:
    comments = ["Don’t ask – İstanbul's GP!", "", "ＧＤＰＲ gdpr ¿qué?", "a\x00b"]
    table = WordTable.from_comments(comments)
    together = [
        [table.words[i] for i in table.ids[start:end]]
        for start, end in zip(table.starts, table.starts[1:], strict=False)
    ]
    assert together == [word_list(comment) for comment in comments]
    assert CLEANING_VERSION == 2


def _answers(example: Path) -> list[str]:
    comments = ist.read_survey(example).comments["comment"]
    return [comment for comment in comments if answer_status(comment) == "coded"][:400]


def _logits(model: object, comment: str) -> np.ndarray:
    return model.scores(model.linear.find(WordTable.from_comments([comment])), None)[0, : len(KEYS)]  # type: ignore[attr-defined, no-any-return]
