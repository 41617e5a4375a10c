"""Build the accurate model: an encoder beside the linear models, the mean of both, judged on writers neither saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.encoder import Encoder
from infoshare_text.coding.features import Floats, WordVectors
from infoshare_text.coding.linear import mean_of
from infoshare_text.coding.model_folder import save_accurate, sentiment_limits, theme_limits
from infoshare_text.training.fine_tuning import Network, fine_tune
from infoshare_text.training.heads import parted
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.limits import Limits, choose_limits
from infoshare_text.training.out_of_writer import OutOfWriter, score_without
from infoshare_text.training.shipped_card import accurate_card
from infoshare_text.training.shipped_figures import decide_out_of_writer, figures, gains

HELD_OUT = 5
"""One writer in so many is never trained on: limits are chosen and figures computed on their comments."""


@dataclass(frozen=True)
class Accurate:
    """An encoder, the limits of its mean with the linear models, and how well that does on writers it never saw.

    Attributes
    ----------
    network : Network
    limits : Limits
    figures, linear : dict
        Of the mean, and of the linear model alone on the same comments.
    gains : dict
        Differences of the two, each with its interval.
    trained : int
        Comments that the encoder was trained on.
    """

    network: Network
    limits: Limits
    figures: dict[str, Any]
    linear: dict[str, Any]
    gains: dict[str, list[float]]
    trained: int


def build_accurate(
    comments: LabelledComments,
    vectors: WordVectors,
    wordings: dict[str, list[str]],
    registers: Mapping[str, str],
    told: Callable[[str], None] = lambda _: None,
) -> Accurate:
    """Train on four writers of five; choose limits and compute figures on the fifth.

    Parameters
    ----------
    comments : LabelledComments
        Of ten writers at least.
    vectors, wordings, registers
        As for :func:`infoshare_text.training.build.build`.
    told : callable
        Called with a line of progress.

    Returns
    -------
    Accurate
    """
    held_out = _held_out(comments.writers)
    there, apart = comments.only(np.flatnonzero(~held_out)), comments.only(np.flatnonzero(held_out))
    told(f"fine-tuning on {len(there):,} comments, judging on {len(apart):,}")
    network = fine_tune(there, told)
    linear = OutOfWriter(*score_without(comments, vectors, wordings, held_out))
    encoded = Encoder(network.onnx, network.tokenizer).scores(apart.texts)
    mean = _mean(linear, encoded, apart)
    both, alone = decide_out_of_writer(mean, apart), decide_out_of_writer(linear, apart)
    return Accurate(
        network,
        choose_limits(mean, apart),
        figures(both, apart, registers),
        figures(alone, apart, registers),
        gains(both, alone, apart),
        len(there),
    )


def save(built: Accurate, folder: Path, about: Mapping[str, Any]) -> None:
    """Write ``accurate`` into a folder."""
    limits, numbers = built.limits, built.figures
    common = {**about, "training_comments": built.trained, "judged_on_comments": numbers["comments"]}
    common |= {"judged_on_writers": numbers["writers"]}
    save_accurate(
        built.network.onnx,
        built.network.tokenizer,
        _licence(),
        theme_limits(limits.calibration, limits.thresholds, limits.stance_threshold, limits.unsure_below),
        sentiment_limits(limits.temperature, limits.tilt),
        folder / "accurate",
        {
            **common,
            "fine_tuned_from": "all-MiniLM-L6-v2 (Apache-2.0)",
            "headline": {
                "theme macro F1": numbers["themes"]["macro_f1"],
                "stance pairs F1": numbers["stance"]["micro_f1_pairs"],
                "sentiment macro F1": numbers["sentiment"]["macro_f1"],
            },
            "metrics": numbers,
            "metrics_of_the_linear_model": built.linear,
            "gains": built.gains,
        },
        accurate_card(numbers, built.linear, built.gains, common),
    )


def _held_out(writers: list[str]) -> npt.NDArray[np.bool_]:
    """Tell whose writer is kept apart: every fifth of the names in order."""
    apart = sorted(set(writers))[2::HELD_OUT]
    return np.isin(writers, apart)


def _mean(linear: OutOfWriter, encoded: Floats, comments: LabelledComments) -> OutOfWriter:
    themes, stances, sentiment = parted(encoded, comments)
    return OutOfWriter(
        mean_of(linear.themes, themes), mean_of(linear.stances, stances), mean_of(linear.sentiment, sentiment)
    )


def _licence() -> str:
    """Return the Apache licence, version 2.0, which MiniLM is under, as the package onnx brings it."""
    [licence] = [file for file in metadata.files("onnx") or [] if file.name == "LICENSE"]
    return licence.read_text()
