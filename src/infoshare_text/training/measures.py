"""How well codes were found: every figure for each code and over all, with grouped bootstrap intervals.

Intervals are 95% percentile intervals of a bootstrap that draws groups (a respondent, or comments of the same words),
the same draws for every figure, so that two models are compared pair by pair. Sources: Cohen's kappa (1960); MCC for
several classes (J. Gorodkin, 2004); expected calibration error, ten bins (M. Naeini et al., AAAI 2015).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from infoshare_text.training.cross_validation import Judged
from infoshare_text.training.labelled import LabelledComments

if TYPE_CHECKING:
    import pandas as pd

DRAWS = 1000
LEVEL = 0.95
BINS = 10
COVERAGES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Draws:
    """How often each comment stands in each bootstrap sample of groups.

    Parameters
    ----------
    groups : int array of shape (n,)
    draws : int
    seed : int
    """

    def __init__(self, groups: npt.NDArray[np.int64], draws: int = DRAWS, seed: int = 0) -> None:
        names, self._group = np.unique(groups, return_inverse=True)
        picks = np.random.default_rng(seed).integers(0, len(names), size=(draws, len(names)))
        times = np.zeros((draws + 1, len(names)), dtype=np.float32)
        times[0] = 1
        for i, pick in enumerate(picks, 1):
            times[i] = np.bincount(pick, minlength=len(names))
        self._times = times

    def sums(self, values: npt.NDArray[Any]) -> Numbers:
        """Sum over comments, first as they are, then for each draw: (n, ...) -> (draws + 1, ...)."""
        flat = np.asarray(values, dtype=np.float64).reshape(len(values), -1)
        per_group = np.stack([np.bincount(self._group, column, self._times.shape[1]) for column in flat.T], axis=1)
        return np.asarray(self._times @ per_group).reshape(-1, *values.shape[1:])

    def weights(self) -> npt.NDArray[np.float32]:
        """Return how often each comment was drawn, shape (draws + 1, n); the first row is ones."""
        return self._times[:, self._group]


@dataclass(frozen=True)
class Measured:
    """Figures, each with all its bootstrap draws.

    Attributes
    ----------
    keys : tuple of str
    support : int array of shape (n_codes,)
    overall : dict
        Name of a figure -> array of shape (draws + 1,); the first is the figure itself.
    codes : dict
        Name of a figure -> array of shape (draws + 1, n_codes).
    coverage : list of dict
        What is right when only the surest comments are coded by machine.
    n : int
        Comments.
    """

    keys: tuple[str, ...]
    support: npt.NDArray[np.int64]
    overall: dict[str, Numbers]
    codes: dict[str, Numbers]
    coverage: list[dict[str, float]]
    n: int

    def summary_table(self) -> pd.DataFrame:
        """Return one row for each overall figure: figure, value, low, high."""
        import pandas as pd

        rows = [{"figure": name, **interval(draws)} for name, draws in self.overall.items()]
        return pd.DataFrame(rows, columns=["figure", "value", "low", "high"])

    def code_table(self) -> pd.DataFrame:
        """Return one row for each code and figure columns, each followed by its interval."""
        import pandas as pd

        rows = []
        for k, key in enumerate(self.keys):
            row: dict[str, Any] = {"code": key, "examples": int(self.support[k])}
            for name, draws in self.codes.items():
                value, low, high = interval(draws[:, k]).values()
                row |= {name: value, f"{name}_low": low, f"{name}_high": high}
            rows.append(row)
        return pd.DataFrame(rows)

    def coverage_table(self) -> pd.DataFrame:
        """Return one row for each share of the comments, the surest first."""
        import pandas as pd

        return pd.DataFrame(self.coverage)

    def headline(self) -> dict[str, list[float]]:
        """Return the figures that a model folder shows first."""
        return {name.replace("_", " "): list(interval(draws).values()) for name, draws in self.overall.items()}

    def as_dict(self) -> dict[str, Any]:
        """Return every figure as plain data for JSON; what cannot be told is null."""
        return {
            "comments": self.n,
            "overall": {name: _plain(interval(draws)) for name, draws in self.overall.items()},
            "codes": [
                {name: _null(value) for name, value in row.items()} for row in self.code_table().to_dict("records")
            ],
            "coverage": self.coverage,
        }


def measured(judged: Judged, comments: LabelledComments, groups: npt.NDArray[np.int64]) -> Measured:
    """Measure decisions against what people coded.

    Parameters
    ----------
    judged : Judged
    comments : LabelledComments
    groups : int array of shape (n,)

    Returns
    -------
    Measured
    """
    draws = Draws(groups)
    found, truth = judged.themes, comments.themes
    counts = {name: draws.sums(flags) for name, flags in _cells(found, truth).items()}
    total = draws.sums(np.ones(len(truth)))
    overall = _overall(counts, found, truth, draws, total, multi_label=comments.codebook.multi_label)
    overall |= _stance_and_sentiment(judged, comments, draws)
    return Measured(
        keys=comments.codebook.keys,
        support=truth.sum(axis=0),
        overall=overall,
        codes=_by_code(counts, judged.p, truth, draws, total),
        coverage=_coverage(judged, truth),
        n=len(truth),
    )


def interval(draws: Numbers, level: float = LEVEL) -> dict[str, float]:
    """Return the figure itself, and the points of its draws between which a share of ``level`` lies."""
    spread = draws[1:][np.isfinite(draws[1:])]
    beyond = round((1 - level) / 2, 12)
    low, high = np.quantile(spread, [beyond, 1 - beyond]) if len(spread) else (np.nan, np.nan)
    return {"value": round(float(draws[0]), 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def _cells(found: Flags, truth: Flags) -> dict[str, Flags]:
    return {"hits": found & truth, "found": found, "true": truth}


def _overall(
    counts: dict[str, Numbers], found: Flags, truth: Flags, draws: Draws, total: Numbers, *, multi_label: bool
) -> dict[str, Numbers]:
    hits, called = counts["hits"], counts["found"] + counts["true"]
    right = draws.sums(np.asarray((found == truth).all(axis=1))) / total
    macro = _macro(_ratio(2 * hits, called), counts["true"])
    if not multi_label:
        return {"accuracy": right, "macro_f1": macro, "mcc": _mcc(found, truth, draws)}
    both = 2.0 * (found & truth).sum(axis=1)
    size = found.sum(axis=1) + truth.sum(axis=1)
    samples = np.where(size == 0, 1.0, both / np.maximum(1, size))
    return {
        "micro_f1": _ratio(2 * hits.sum(axis=1), called.sum(axis=1)),
        "macro_f1": macro,
        "samples_f1": draws.sums(samples) / total,
        "exact_match": right,
        "hamming_loss": draws.sums((found != truth).mean(axis=1)) / total,
    }


def _macro(f1: Numbers, true: Numbers) -> Numbers:
    """Return the mean F1 over the codes that are truly there, draw by draw: a rare code misses some draws."""
    there = true > 0
    return _ratio(np.where(there, f1, 0.0).sum(axis=1), there.sum(axis=1))


def _mcc(found: Flags, truth: Flags, draws: Draws) -> Numbers:
    right = draws.sums((found & truth).sum(axis=1))
    by_found, by_true = draws.sums(found), draws.sums(truth)
    n = by_true.sum(axis=1)
    across = right * n - (by_found * by_true).sum(axis=1)
    spread = (n**2 - (by_found**2).sum(axis=1)) * (n**2 - (by_true**2).sum(axis=1))
    return np.asarray(across / np.sqrt(np.maximum(spread, 1e-12)))


def _stance_and_sentiment(judged: Judged, comments: LabelledComments, draws: Draws) -> dict[str, Numbers]:
    figures = {}
    said = np.asarray(comments.stances.any(axis=2))
    if said.any() and judged.stances.shape[2]:
        mine, theirs = judged.stances & said[:, :, None], comments.stances
        both, size = (
            draws.sums((mine & theirs).sum(axis=(1, 2))),
            draws.sums(mine.sum(axis=(1, 2)) + theirs.sum(axis=(1, 2))),
        )
        figures["stance_micro_f1"] = _ratio(2 * both, size)
    names = list(comments.codebook.sentiments)
    known = np.array([sentiment in names for sentiment in comments.sentiments])
    if judged.sentiments is not None and known.any():
        theirs = np.array([[sentiment == name for name in names] for sentiment in comments.sentiments])
        mine = np.array([[sentiment == name for name in names] for sentiment in judged.sentiments]) & known[:, None]
        hits, true = draws.sums(mine & theirs), draws.sums(theirs)
        figures["sentiment_accuracy"] = _ratio(hits.sum(axis=1), draws.sums(known))
        figures["sentiment_macro_f1"] = _macro(_ratio(2 * hits, draws.sums(mine) + true), true)
    return figures


def _by_code(
    counts: dict[str, Numbers], p: npt.NDArray[np.float32], truth: Flags, draws: Draws, total: Numbers
) -> dict[str, Numbers]:
    hits, found, true = counts["hits"], counts["found"], counts["true"]
    n = total[:, None]
    agree, chance = (n - found - true + 2 * hits) / n, (found * true + (n - found) * (n - true)) / n**2
    return {
        "precision": _ratio(hits, found),
        "recall": _ratio(hits, true),
        "f1": _ratio(2 * hits, found + true),
        "kappa": _ratio(agree - chance, 1 - chance),
        "average_precision": _average_precision(p, truth, draws),
        "brier": draws.sums((p - truth) ** 2) / n,
        "calibration_error": _calibration_error(p, truth, draws, n),
        "true_share": true / n,
        "found_share": found / n,
    }


def _calibration_error(p: npt.NDArray[np.float32], truth: Flags, draws: Draws, n: Numbers) -> Numbers:
    place = np.minimum((p * BINS).astype(int), BINS - 1)
    gap = sum((np.abs(draws.sums(np.where(place == b, p - truth, 0.0))) for b in range(BINS)), np.zeros(()))
    return np.asarray(gap / n)


def _average_precision(p: npt.NDArray[np.float32], truth: Flags, draws: Draws) -> Numbers:
    weights = draws.weights()
    columns = [_average_precision_of(p[:, k], truth[:, k], weights) for k in range(p.shape[1])]
    return np.stack(columns, axis=1)


def _average_precision_of(
    p: npt.NDArray[np.float32], truth: npt.NDArray[np.bool_], weights: npt.NDArray[np.float32], block: int = 100
) -> Numbers:
    order = np.argsort(-p, kind="stable")
    hit = truth[order]
    ends = np.flatnonzero(np.append(np.diff(p[order]) != 0, True))
    if not hit.any():
        return np.full(len(weights), np.nan)
    parts = []
    for start in range(0, len(weights), block):
        w = weights[start : start + block][:, order].astype(np.float64)
        above = np.cumsum(w, axis=1)[:, ends]
        hits = np.cumsum(w * hit, axis=1)[:, ends]
        steps = np.diff(hits, axis=1, prepend=0.0)
        parts.append(_ratio((steps * _ratio(hits, above, 0.0)).sum(axis=1), hits[:, -1]))
    return np.concatenate(parts)


def _coverage(judged: Judged, truth: Flags) -> list[dict[str, float]]:
    order = np.argsort(-judged.margin, kind="stable")
    rows = []
    for share in COVERAGES:
        kept = order[: max(1, round(share * len(order)))]
        found, true = judged.themes[kept], truth[kept]
        micro = 2 * (found & true).sum() / max(1, found.sum() + true.sum())
        wrong = 1 - (found == true).all(axis=1).mean()
        rows.append(
            {
                "coverage": share,
                "comments": len(kept),
                "micro_f1": round(float(micro), 4),
                "wrong_comments": round(float(wrong), 4),
            }
        )
    return rows


def _ratio(above: Numbers, below: Numbers, empty: float = np.nan) -> Numbers:
    return np.asarray(np.divide(above, below, out=np.full(np.shape(above), empty), where=below > 0))


def paired(one: Measured, other: Measured, names: Sequence[str], level: float = LEVEL) -> list[dict[str, Any]]:
    """Compare two measurements of the same comments: figure, before, after, change, low, high."""

    def row(name: str, code: str, of: Callable[[Measured], Numbers]) -> dict[str, Any]:
        after, before = of(one), of(other)
        change = interval(after - before, level)
        return {
            "figure": name,
            "code": code,
            "before": round(float(before[0]), 4),
            "after": round(float(after[0]), 4),
            "change": change["value"],
            "low": change["low"],
            "high": change["high"],
        }

    rows = [row(name, "", lambda m, n=name: m.overall[n]) for name in one.overall if name in other.overall]  # type: ignore[misc]
    for k, key in enumerate(one.keys):
        rows += [row(name, key, lambda m, n=name, k=k: m.codes[n][:, k]) for name in names]  # type: ignore[misc]
    return rows


def _plain(values: dict[str, float]) -> list[float | None]:
    return [_null(value) for value in values.values()]


def _null(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value
