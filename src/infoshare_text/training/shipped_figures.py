"""How well the models do on writers they never saw, with intervals over writers.

Every figure is leave-one-writer-out: scores come from models trained without the writer, and limits (calibration,
thresholds) are chosen on the other writers' scores. Intervals are 95% percentile bootstraps that draw writers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.confidence import margin
from infoshare_text.coding.features import Floats
from infoshare_text.coding.sentiment import SENTIMENTS, decided
from infoshare_text.coding.themes import stances_held
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.limits import SHARE_UNFLAGGED, choose_limits
from infoshare_text.training.measures import Draws, interval
from infoshare_text.training.out_of_writer import OutOfWriter
from infoshare_text.training.worst_errors import worst_errors

_BINS = 10
_LENGTH_NAMES = ("1-5", "6-15", "16-30", "31-60", "61 and more")
_LENGTH_FROM = (1, 6, 16, 31, 61)

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Decisions:
    """What the models decide for comments of writers they never saw.

    Attributes
    ----------
    p : float32 array of shape (n, n_themes)
    themes : bool array of shape (n, n_themes)
    stances : bool array of shape (n, n_themes, n_stances)
    sentiment : int array of shape (n,)
    margin : float32 array of shape (n,)
    """

    p: Floats
    themes: Flags
    stances: Flags
    sentiment: npt.NDArray[np.int64]
    margin: Floats


def decide_out_of_writer(scores: OutOfWriter, comments: LabelledComments) -> Decisions:
    """Decide each writer's comments by limits chosen on the others'."""
    writers = np.array(comments.writers)
    n, k, s = comments.stances.shape
    decisions = Decisions(
        np.zeros((n, k), np.float32),
        np.zeros((n, k), bool),
        np.zeros((n, k, s), bool),
        np.zeros(n, np.int64),
        np.zeros(n, np.float32),
    )
    for writer in sorted(set(comments.writers)):
        mine = np.flatnonzero(writers == writer)
        others = np.flatnonzero(writers != writer)
        limits = choose_limits(_only(scores, others), comments.only(others))
        here = _only(scores, mine)
        p = limits.theme_probabilities(here)
        found = p >= limits.thresholds
        held = stances_held(limits.stance_probabilities(here), limits.stance_threshold)
        decisions.p[mine] = p
        decisions.themes[mine] = found
        decisions.stances[mine] = held & found[:, :, None]
        decisions.sentiment[mine] = decided(limits.sentiment_probabilities(here), limits.tilt)
        decisions.margin[mine] = margin(p, limits.thresholds)
    return decisions


def figures(decisions: Decisions, comments: LabelledComments, registers: Mapping[str, str]) -> dict[str, Any]:
    """Compute every figure of the model card.

    Parameters
    ----------
    decisions : Decisions
    comments : LabelledComments
    registers : mapping
        Writer -> the register of the whole batch (plain, implied, long ...).

    Returns
    -------
    dict
        Plain numbers and lists, ready for JSON; an estimate with its interval is ``[value, low, high]``.
    """
    tone = np.array([SENTIMENTS.index(sentiment) for sentiment in comments.sentiments])
    n_sentiments = len(SENTIMENTS)
    chosen = np.eye(n_sentiments, dtype=bool)[decisions.sentiment]
    true_tone = np.eye(n_sentiments, dtype=bool)[tone]
    draws = _Draws(comments.writers)
    pairs, true_pairs = _flat(decisions.stances), _flat(comments.stances)
    sure = decisions.margin >= np.quantile(decisions.margin, 1 - SHARE_UNFLAGGED)
    stance_names = list(comments.codebook.stances)
    return {
        "comments": len(comments),
        "writers": len(set(comments.writers)),
        "themes": {
            "macro_f1": draws.macro(decisions.themes, comments.themes),
            "micro_f1": draws.micro(decisions.themes, comments.themes),
            "expected_calibration_error": calibration_error(decisions.p, comments.themes),
            "per_theme": _rows(comments.codebook.keys, decisions.themes, comments.themes, draws),
            "micro_f1_unflagged": draws.micro(decisions.themes, comments.themes, sure),
        },
        "stance": {
            "micro_f1_pairs": draws.micro(pairs, true_pairs),
            "micro_f1_given_theme": _micro(*_given_theme(decisions, comments)),
            "per_stance": [
                {"stance": name, **_precision_recall(decisions.stances[:, :, j], comments.stances[:, :, j])}
                for j, name in enumerate(stance_names)
            ],
        },
        "sentiment": {
            "macro_f1": draws.macro(chosen, true_tone),
            "accuracy": round(float((decisions.sentiment == tone).mean()), 4),
            "per_sentiment": _rows(SENTIMENTS, chosen, true_tone, draws),
        },
        "themes_by": {
            "register": _by([registers.get(writer, "unknown") for writer in comments.writers], decisions, comments),
            "question": _by(comments.questions, decisions, comments),
            "sector": _by(comments.sectors, decisions, comments),
            "words": _by(_length_classes(comments), decisions, comments, _LENGTH_NAMES),
            "writer": _by(comments.writers, decisions, comments),
        },
        "confusion": _confusion(decisions.themes, comments),
        "worst_errors": worst_errors(
            comments, decisions.themes, decisions.stances, decisions.sentiment, decisions.margin
        ),
    }


def gains(new: Decisions, old: Decisions, comments: LabelledComments) -> dict[str, list[float]]:
    """Return how much better one model decides than another: differences of F1 by a paired bootstrap over writers."""
    draws = _Draws(comments.writers)
    tone = np.array([SENTIMENTS.index(sentiment) for sentiment in comments.sentiments])
    one = np.eye(len(SENTIMENTS), dtype=bool)

    def measured(made: Decisions) -> dict[str, npt.NDArray[np.float64]]:
        return {
            "themes": draws.f1(made.themes, comments.themes).mean(axis=1),
            "pairs": draws.f1(_flat(made.stances), _flat(comments.stances), summed=True)[:, 0],
            "sentiment": draws.f1(one[made.sentiment], one[tone]).mean(axis=1),
        }

    before = measured(old)
    return {name: list(interval(after - before[name]).values()) for name, after in measured(new).items()}


def calibration_error(p: Floats, target: Flags) -> float:
    """Return the expected calibration error, averaged over themes, ten bins of equal width.

    M. Naeini, G. Cooper and M. Hauskrecht, 'Obtaining well calibrated probabilities', AAAI 2015.
    """
    errors = []
    for column, truth in zip(p.T, target.T, strict=True):
        place = np.minimum((column * _BINS).astype(int), _BINS - 1)
        size = np.bincount(place, minlength=_BINS)
        gap = np.abs(np.bincount(place, column, _BINS) - np.bincount(place, truth, _BINS))
        errors.append(gap.sum() / max(1, size.sum()))
    return round(float(np.mean(errors)), 4)


class _Draws:
    """Figures with intervals from samples of writers, the same ones for every figure."""

    def __init__(self, writers: Sequence[str]) -> None:
        self._draws = Draws(np.unique(np.array(writers), return_inverse=True)[1])

    def macro(self, found: Flags, target: Flags) -> list[float]:
        """Return macro F1 with its interval."""
        return list(interval(self.f1(found, target).mean(axis=1)).values())

    def micro(self, found: Flags, target: Flags, rows: Flags | None = None) -> list[float]:
        """Return micro F1 with its interval, over some rows only if given."""
        if rows is not None:
            found, target = found & rows[:, None], target & rows[:, None]
        return list(interval(self.f1(found, target, summed=True)[:, 0]).values())

    def single(self, found: Flags, target: Flags) -> list[float]:
        """Return the F1 of one column with its interval."""
        return self.micro(found[:, None], target[:, None])

    def f1(self, found: Flags, target: Flags, *, summed: bool = False) -> npt.NDArray[np.float64]:
        """Return F1 of each column, or of all together, as it is and then for each draw."""
        hits, called = (self._draws.sums(counts) for counts in (found & target, found.astype(int) + target))
        if summed:
            hits, called = (counts.sum(axis=1, keepdims=True) for counts in (hits, called))
        return 2 * hits / np.maximum(1, called)


def _only(scores: OutOfWriter, rows: npt.NDArray[np.int64]) -> OutOfWriter:
    return OutOfWriter(scores.themes[rows], scores.stances[rows], scores.sentiment[rows])


def _flat(stances: Flags) -> Flags:
    return stances.reshape(len(stances), -1)


def _given_theme(decisions: Decisions, comments: LabelledComments) -> tuple[Flags, Flags]:
    both = decisions.themes & comments.themes
    return decisions.stances[both], comments.stances[both]


def _micro(found: Flags, target: Flags) -> float:
    return round(float(2 * (found & target).sum() / max(1, found.sum() + target.sum())), 4)


def _macro(found: Flags, target: Flags) -> float:
    f1 = 2 * (found & target).sum(axis=0) / np.maximum(1, found.sum(axis=0) + target.sum(axis=0))
    return round(float(f1.mean()), 4)


def _precision_recall(found: Flags, target: Flags) -> dict[str, float]:
    hits = (found & target).sum()
    return {
        "support": int(target.sum()),
        "precision": round(float(hits / max(1, found.sum())), 4),
        "recall": round(float(hits / max(1, target.sum())), 4),
        "f1": _micro(found, target),
    }


def _rows(names: Sequence[str], found: Flags, target: Flags, draws: _Draws) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            **_precision_recall(found[:, j], target[:, j]),
            "f1": draws.single(found[:, j], target[:, j]),
        }
        for j, name in enumerate(names)
    ]


def _by(
    groups: Sequence[str], decisions: Decisions, comments: LabelledComments, order: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """Measure groups of comments apart, in the order of the alphabet or the one given."""
    group = np.array(groups)
    order = sorted(set(groups)) if order is None else [name for name in order if name in set(groups)]
    right = np.array([SENTIMENTS[i] for i in decisions.sentiment]) == np.array(comments.sentiments)
    return [
        {
            "group": name,
            "comments": int((group == name).sum()),
            "macro_f1": _macro(decisions.themes[group == name], comments.themes[group == name]),
            "micro_f1": _micro(decisions.themes[group == name], comments.themes[group == name]),
            "stance_pairs": _micro(decisions.stances[group == name], comments.stances[group == name]),
            "sentiment_accuracy": round(float(right[group == name].mean()), 4),
        }
        for name in order
    ]


def _length_classes(comments: LabelledComments) -> list[str]:
    words = np.diff(comments.table.starts)
    return [_LENGTH_NAMES[max(0, int(np.searchsorted(_LENGTH_FROM, count, side="right")) - 1)] for count in words]


def _confusion(found: Flags, comments: LabelledComments) -> list[dict[str, Any]]:
    """Count, for each theme missed, what was found in its place."""
    rows = []
    for j, key in enumerate(comments.codebook.keys):
        missed = comments.themes[:, j] & ~found[:, j]
        wrong = found & ~comments.themes
        rows.append(
            {
                "missed": key,
                "times": int(missed.sum()),
                "nothing_found": int((missed & ~found.any(axis=1)).sum()),
                **{
                    other: int((missed & wrong[:, k]).sum()) for k, other in enumerate(comments.codebook.keys) if k != j
                },
            }
        )
    return rows
