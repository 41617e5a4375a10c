"""Subject matter carries no sentiment: plain sentences full of loaded words are read as neutral."""

from __future__ import annotations

from pathlib import Path

import infoshare_text as ist

CHALLENGE = Path(__file__).with_name("sentiment_challenge.tsv")
MOST_NOT_NEUTRAL = 0.05


def _sentences() -> list[tuple[str, str]]:
    lines = CHALLENGE.read_text(encoding="utf-8").splitlines()
    return [(sentiment, sentence) for sentiment, _, sentence in (line.split("\t") for line in lines)]


def test_loaded_words_alone_are_neutral() -> None:
    sentences = _sentences()
    assert len(sentences) >= 300
    neutral = [sentence for sentiment, sentence in sentences if sentiment == "neutral"]
    read = ist.classify(neutral)["sentiment"]
    assert (read != "neutral").mean() <= MOST_NOT_NEUTRAL


def test_feeling_is_still_heard() -> None:
    voiced = [(sentiment, sentence) for sentiment, sentence in _sentences() if sentiment in ("negative", "positive")]
    read = ist.classify([sentence for _, sentence in voiced])["sentiment"]
    opposite = {"negative": "positive", "positive": "negative"}
    wrong = sum(found == opposite[sentiment] for (sentiment, _), found in zip(voiced, read, strict=True))
    assert wrong / len(voiced) <= 0.1
