"""Sentiment, themes and stance clause by clause."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import infoshare_text as ist
from infoshare_text.cleaning.words import word_spans


def test_praise_and_blame_of_one_comment_are_told_apart() -> None:
    clauses = ist.classify_clauses(["The training we had was really useful, but nobody at the top backs it."])
    assert clauses["sentiment"].tolist() == ["positive", "negative"]
    assert clauses["theme_professional_development"].tolist()[0] == 1
    assert clauses["theme_leadership"].tolist() == [0, 1]
    assert "barrier" in clauses["stance_leadership"].tolist()[1]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=4))
def test_clauses_lie_in_their_comment_and_hold_all_its_words(texts: list[str]) -> None:
    clauses = ist.classify_clauses(texts)
    for row, text in enumerate(texts, 1):
        own = clauses[clauses["row"] == row]
        assert [text[a:b] for a, b in zip(own["start"], own["end"], strict=True)] == own["clause"].tolist()
        words = [text[start:end] for start, end in word_spans(text)]
        assert [clause[a:b] for clause in own["clause"] for a, b in word_spans(clause)] == words
        assert own["start"].is_monotonic_increasing


def test_comments_without_a_word_are_one_clause() -> None:
    clauses = ist.classify_clauses(pd.Series(["", None, "..."], dtype=object))
    assert clauses["row"].tolist() == [1, 2, 3]
    assert set(clauses["status"]) == {"blank", "non_answer"}


def test_one_text_is_refused() -> None:
    with pytest.raises(ist.InputError, match="goes in a list"):
        ist.classify_clauses("just one")
