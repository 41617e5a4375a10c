"""What is not in English is marked and not coded as if it had been read; English, however written, is not marked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

import infoshare_text as ist
from infoshare_text.cleaning.other_languages import not_english
from infoshare_text.cleaning.words import WordTable
from infoshare_text.coding.classify import Coder
from infoshare_text.training.labelled import read_corpus

CODER = Coder.load()
KEYS = ist.default_codebook().keys
FILE = ROOT / "benchmarks" / "other_languages.tsv"


def _marked(comments: list[str]) -> list[bool]:
    return ist.classify(comments, model=CODER)["review"].str.contains("not_english", regex=False).tolist()


def _written() -> pd.DataFrame:
    return pd.read_csv(FILE, sep="\t", keep_default_na=False, quoting=3)


def test_other_languages_are_marked_and_english_is_not() -> None:
    frame = _written()
    frame["marked"] = _marked(frame["comment"].tolist())
    other = frame[frame["language"] != "English"]
    assert other["language"].nunique() > 40
    assert other["marked"].mean() >= 0.98
    assert other.loc[other["language"] != "mixed", "marked"].all()
    assert frame.loc[frame["language"] == "English", "marked"].sum() <= 1


def test_of_the_corpus_less_than_one_in_a_thousand_is_marked() -> None:
    texts = read_corpus(ROOT / "models" / "corpus").texts[::7]
    assert len(texts) > 5_000
    assert sum(_marked(texts)) <= len(texts) / 1000


def test_words_that_training_never_saw_do_not_make_english_foreign() -> None:
    # Only the words of the vectors count as known, none of those that the model took from the corpus.
    texts = read_corpus(ROOT / "models" / "corpus").texts[3::11]
    table = WordTable.from_comments(texts)
    there = set((ROOT / "models" / "vectors" / "words.txt").read_text(encoding="utf-8").splitlines())
    known = np.array([word in there for word in table.words])
    assert known.mean() < 0.9
    assert not_english(texts, table, known).mean() < 0.001


@pytest.mark.parametrize(
    "comment",
    [
        "Brak zaufania",
        "Więcej szkoleń",
        "Diffyg ymddiriedaeth",
        "Lipsa de timp",
        "وقت نہیں ہے",
        "Falta de tiempo",
        "Немає часу",
        "没有时间",
        "Zaman yok",
    ],
)
def test_short_ones_too(comment: str) -> None:
    assert _marked([comment]) == [True]


@pytest.mark.parametrize(
    "comment",
    [
        "Trust",
        "Silos silos silos",
        "Ask Zoë",
        "trainig needed",
        "μ and β tests",
        "GDPR DPIA ISA",
        "Naebody asked us.",
        "Mr 王 rang us",
        "café",
        "WHY THO",
    ],
)
def test_short_english_is_not(comment: str) -> None:
    assert _marked([comment]) == [False]


def test_nothing_is_claimed_of_what_was_not_read() -> None:
    frame = _written()
    others = frame.loc[~frame["language"].isin(["English", "mixed"]), "comment"].tolist()
    coded = ist.classify(others, question="What stops it?", model=CODER, evidence=True)
    assert (coded["status"] == "coded").all()
    assert coded["review"].str.contains("not_english").all()
    assert coded["review"].str.contains("unsure").all()
    assert (coded[[f"theme_{key}" for key in KEYS]] == 0).all(axis=None)
    # As far from certain as can be: a hair short of each threshold.
    assert (coded[[f"p_{key}" for key in KEYS]] < CODER.themes.thresholds).all(axis=None)
    assert (coded[[f"p_{key}" for key in KEYS]] > CODER.themes.thresholds - 0.01).all(axis=None)
    assert (coded["sentiment"] == "neutral").all()
    assert (coded["sentiment_score"] == 0).all()
    assert (coded["evidence"] == "{}").all()


def test_one_sentence_in_a_long_answer_is_found() -> None:
    english = "The meetings work well and everyone brings what they know. " * 6
    assert _marked([english, english + "Nikt nic nie mówi rodzicom o tym co się dzieje."]) == [False, True]


def test_a_model_that_knows_the_words_is_believed() -> None:
    comments = ["Does neb yn dweud wrthym beth sy'n digwydd"]
    table = WordTable.from_comments(comments)
    assert not_english(comments, table, np.ones(len(table.words), dtype=bool)).tolist() == [False]
    assert not_english(comments, table, np.zeros(len(table.words), dtype=bool)).tolist() == [True]


@settings(max_examples=40)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_a_comment_is_marked_in_any_company_or_in_none(comments: list[str]) -> None:
    assert _marked(comments) == [_marked([comment])[0] for comment in comments]
