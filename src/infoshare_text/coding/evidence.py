"""The words that made a decision, and what each adds to the score.

Exact, not estimated: the weights of all words and the base add up to the calibrated log odds of the theme; a word of
the clause that speaks to it best counts there once more. Shown are the heaviest words, as many as it takes until the
theme would not be found without them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from infoshare_text.cleaning.words import WordTable, word_spans
from infoshare_text.coding.clauses import BEST, WHOLE, best_clauses
from infoshare_text.coding.features import Floats, Ints, scale_for
from infoshare_text.coding.linear import Found
from infoshare_text.coding.model_folder import load_head, load_themes
from infoshare_text.coding.themes import ThemeModel
from infoshare_text.errors import InputError

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


def load_model(folder: str | os.PathLike[str] | None = None) -> ThemeModel:
    """Load a theme model whose decisions can be explained.

    Parameters
    ----------
    folder : path, optional
        Default: the model that comes with the library.

    Raises
    ------
    InputError
        It reads whole sentences too, so that its words do not add up to what it decides.
    ModelFolderError
        As for :func:`infoshare_text.coding.model_folder.load_themes`.
    """
    if load_head(folder) is not None:
        raise InputError(
            f"{folder}: an accurate model has no evidence, and its words alone do not decide. "
            "Code comments with it by classify(data, model=folder)."
        )
    return load_themes(folder)


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
    weights = _token_scores(model, table)[:, :themes] * slope
    base = model.linear.base(1, [question])[0, :themes] * slope + offset
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
    return _deciding(model, comment, theme, question, explain(model, comment, question))


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
            for place in _deciding(model, comment, theme, question, explanation)
        ]
        for theme in present
    }
    return json.dumps(found, separators=(",", ":"))


def _deciding(model: ThemeModel, comment: str, theme: int, question: str, explanation: Explanation) -> list[int]:
    ids = WordTable.from_comments([comment]).ids
    totals = np.bincount(ids, weights=explanation.weights[:, theme])
    shown: list[int] = []
    for word in np.argsort(-totals, kind="stable"):
        if totals[word] <= 0 or _lead_of(model, _without(comment, explanation.spans, shown), theme, question) < 0:
            break
        shown.extend(int(place) for place in np.flatnonzero(ids == word))
    return sorted(shown)


def _token_scores(model: ThemeModel, table: WordTable) -> Floats:
    """Split the score of one comment over its tokens, shape (n_tokens, n_themes)."""
    themes = slice(len(model.codebook.themes))
    found = model.linear.find(table)
    within = found.by_clause
    best = best_clauses(model.linear.sums(within, themes), table)[table.clause_of_token]
    shares: Floats = WHOLE * _shares(model, found, themes) + BEST * best * _shares(model, within, themes)
    return shares


def _shares(model: ThemeModel, found: Found, outputs: slice) -> Floats:
    """Split the sums of words and pairs over tokens, shape (n_tokens, n_outputs)."""
    table, pair = found.table, found.pair
    times = _times(table.comment_of_token, table.ids, len(table.words))
    tokens = model.linear.rows(found)[table.ids, outputs] / times[:, None]
    if len(pair):
        times = _times(table.comment_of_token[found.left], pair, len(model.linear.pairs))
        halves = model.linear.pair_scores[pair, outputs] / (2 * times[:, None])
        np.add.at(tokens, found.left, halves)
        np.add.at(tokens, found.right, halves)
    scale = scale_for(table.distinct_words)[table.comment_of_token]
    return np.asarray(tokens * scale[:, None], dtype=np.float32)


def _times(owner: Ints, thing: Ints, n_things: int) -> Ints:
    """Return how often each thing stands in its owner, shape of ``thing``."""
    _, place, times = np.unique(owner * n_things + thing, return_inverse=True, return_counts=True)
    return np.asarray(times[place], dtype=np.int64)


def _without(comment: str, spans: list[tuple[int, int]], places: Sequence[int]) -> str:
    """Return a comment with a space in place of some of its words, the marks between them left."""
    for start, end in sorted((spans[place] for place in places), reverse=True):
        comment = f"{comment[:start]} {comment[end:]}"
    return comment


def _lead_of(model: ThemeModel, comment: str, theme: int, question: str) -> float:
    """Return how far the theme is over its threshold, or ahead of every other where only one can be found."""
    scores = model.scores(model.linear.find(WordTable.from_comments([comment])), [question])[0]
    lead = scores[: len(model.thresholds)] - model.threshold_logits
    if model.codebook.multi_label:
        return float(lead[theme])
    return float(lead[theme] - np.delete(lead, theme).max())
