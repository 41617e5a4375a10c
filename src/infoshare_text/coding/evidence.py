"""The words that made a decision, and what each adds to the score.

Exact, not estimated: the weights of all words and the base add up to the calibrated log odds of the theme. Shown are
the heaviest words, as many as it takes until the theme would not be found without them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from infoshare_text.cleaning.words import WordTable, word_spans
from infoshare_text.coding.features import Floats, scale_for
from infoshare_text.coding.themes import ThemeModel

_WEIGHT_DECIMALS = 4


@dataclass(frozen=True)
class Explanation:
    """Why a comment scored as it did.

    Attributes
    ----------
    spans : list of (int, int)
        Start and end of each word, in characters of the comment.
    weights : float32 array of shape (n_words, n_themes)
        What each word adds to the log odds of each theme.
    base : float32 array of shape (n_themes,)
        What there is before any word.
    logits : float32 array of shape (n_themes,)
        ``weights.sum(axis=0) + base``.
    """

    spans: list[tuple[int, int]]
    weights: Floats
    base: Floats
    logits: Floats


def explain(model: ThemeModel, comment: str, question: str = "") -> Explanation:
    """Split the log odds of each theme over the words of one comment.

    Parameters
    ----------
    model : ThemeModel
    comment : str
    question : str
        What it answers; part of the base where the model has learnt from questions.

    Returns
    -------
    Explanation
    """
    table = WordTable.from_comments([comment])
    themes = len(model.codebook.themes)
    slope, offset = model.calibration.slope[:themes], model.calibration.offset[:themes]
    scale = float(scale_for(len(table.words)))
    weights = _token_scores(model, table)[:, :themes] * scale * slope
    base = (model.linear.intercept + model.linear.question_rows([question])[0])[:themes] * slope + offset
    return Explanation(
        word_spans(comment),
        weights.astype(np.float32),
        np.asarray(base, np.float32),
        np.asarray(weights.sum(axis=0) + base, np.float32),
    )


def deciding_words(model: ThemeModel, comment: str, theme: int, question: str = "") -> list[int]:
    """Return the heaviest words (their places) without which the theme is not found.

    Words are taken from the heaviest on, all occurrences together, until the comment
    without them scores under the theme's threshold; words that speak against it never appear.
    """
    explanation = explain(model, comment, question)
    table = WordTable.from_comments([comment])
    totals = np.bincount(table.ids, weights=explanation.weights[:, theme], minlength=len(table.words))
    left = np.ones(len(table.ids), dtype=bool)
    shown: list[int] = []
    for word in np.argsort(-totals, kind="stable"):
        if totals[word] <= 0 or _lead_of(model, table, left, theme, question) < 0:
            break
        occurrences = np.flatnonzero(table.ids == word)
        left[occurrences] = False
        shown.extend(int(place) for place in occurrences)
    return sorted(shown)


def evidence_json(model: ThemeModel, comment: str, present: Sequence[int], question: str = "") -> str:
    """Write the evidence of the themes found: theme -> list of [start, end, weight].

    Offsets count characters of the comment; it never holds the words themselves.
    """
    if not len(present):
        return "{}"
    explanation = explain(model, comment, question)
    found = {
        model.codebook.keys[theme]: [
            [*explanation.spans[place], round(float(explanation.weights[place, theme]), _WEIGHT_DECIMALS)]
            for place in deciding_words(model, comment, theme, question)
        ]
        for theme in present
    }
    return json.dumps(found, separators=(",", ":"))


def _token_scores(model: ThemeModel, table: WordTable) -> Floats:
    """Split word and pair scores over tokens, before scaling; shape (n_tokens, n_outputs)."""
    rows = model.linear.rows(table.words)
    times = np.bincount(table.ids, minlength=len(table.words))
    tokens = rows[table.ids] / times[table.ids][:, None] if len(table.ids) else rows[:0]
    left, right, pair = model.linear.pair_tokens(table)
    if len(pair):
        occurrences = np.bincount(pair, minlength=len(model.linear.pairs))[pair]
        halves = model.linear.pair_scores[pair] / (2 * occurrences[:, None])
        np.add.at(tokens, left, halves)
        np.add.at(tokens, right, halves)
    return np.asarray(tokens, dtype=np.float32)


def _lead_of(model: ThemeModel, table: WordTable, left: np.ndarray, theme: int, question: str) -> float:
    """Return how far the theme is over its threshold, or ahead of every other where only one can be found."""
    ids = table.ids[left]
    kept = WordTable(table.words, ids, np.asarray([0, len(ids)]))
    lead = model.scores(kept, [question])[0, : len(model.thresholds)] - model.threshold_logits
    if model.codebook.multi_label:
        return float(lead[theme])
    return float(lead[theme] - np.delete(lead, theme).max())
