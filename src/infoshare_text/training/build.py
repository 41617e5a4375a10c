"""Build the two models that ship, from labelled comments and word vectors, without torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from infoshare_text.coding.features import WordVectors
from infoshare_text.coding.model_folder import save_sentiment, save_themes
from infoshare_text.coding.sentiment import SentimentModel
from infoshare_text.coding.themes import ThemeModel
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.learner import SHIPPED, Learnt
from infoshare_text.training.limits import Limits, choose_limits, unlike_below
from infoshare_text.training.out_of_writer import score_out_of_writer
from infoshare_text.training.shipped_card import sentiment_card, theme_card
from infoshare_text.training.shipped_figures import decide_out_of_writer, figures


@dataclass(frozen=True)
class Built:
    """Both models, with how well they do on writers they never saw."""

    themes: ThemeModel
    sentiment: SentimentModel
    figures: dict[str, Any]


def build(
    comments: LabelledComments,
    vectors: WordVectors,
    wordings: dict[str, list[str]],
    registers: Mapping[str, str],
    *,
    jobs: int = 1,
    told: Callable[[str], None] = lambda _: None,
) -> Built:
    """Train on all comments; draw limits and compute figures leave-one-writer-out.

    Parameters
    ----------
    comments : LabelledComments
        Of two writers at least.
    vectors : WordVectors
    wordings : dict
        Other wordings of the questions (see :meth:`LabelledComments.reworded`).
    registers : mapping
        Writer -> register of the batch, for the figures.
    jobs : int
        Processes for the leave-one-writer-out rounds; the result does not depend on it.
    told : callable
        Called with a line of progress.

    Returns
    -------
    Built
    """
    scores = score_out_of_writer(comments, vectors, wordings, jobs, told)
    numbers = figures(decide_out_of_writer(scores, comments), comments, registers)
    told("fitting to all comments")
    learnt = Learnt.from_comments(comments.reworded(wordings), vectors, SHIPPED)
    limits = choose_limits(scores, comments)
    sentiment = learnt.sentiment_model(comments)
    if sentiment is None:
        raise ValueError("a corpus to build the shipped models from has sentiments")
    tone = SentimentModel(sentiment, limits.temperature, limits.tilt)
    return Built(_theme_model(learnt, limits, comments), tone, numbers)


def save(built: Built, folder: Path, about: Mapping[str, Any]) -> None:
    """Write ``theme-classifier`` and ``sentiment`` into a folder."""
    numbers = built.figures
    common = {
        **about,
        "training_comments": numbers["comments"],
        "training_writers": numbers["writers"],
    }
    themes, stance, sentiment = numbers["themes"], numbers["stance"], numbers["sentiment"]
    save_themes(
        built.themes,
        folder / "theme-classifier",
        {
            **common,
            "headline": {
                "theme macro F1": themes["macro_f1"],
                "stance pairs F1": stance["micro_f1_pairs"],
                "calibration error": themes["expected_calibration_error"],
            },
            "metrics": {name: numbers[name] for name in numbers if name != "sentiment"},
        },
        theme_card(numbers, common),
    )
    save_sentiment(
        built.sentiment,
        folder / "sentiment",
        {**common, "headline": {"sentiment macro F1": sentiment["macro_f1"]}, "metrics": sentiment},
        sentiment_card(numbers, common),
    )


def _theme_model(learnt: Learnt, limits: Limits, comments: LabelledComments) -> ThemeModel:
    linear = learnt.theme_model(comments)
    return ThemeModel(
        codebook=comments.codebook,
        linear=linear,
        calibration=limits.calibration,
        thresholds=limits.thresholds,
        stance_threshold=limits.stance_threshold,
        unsure_below=limits.unsure_below,
        unlike_below=unlike_below(comments, np.unique(np.array(comments.writers), return_inverse=True)[1]),
    )
