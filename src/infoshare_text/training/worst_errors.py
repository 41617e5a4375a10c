"""The kinds of error that the shipped models make most often, each with an invented example."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.sentiment import SENTIMENTS
from infoshare_text.training.labelled import LabelledComments

KINDS_SHOWN = 10
_EXAMPLE_WORDS = (8, 22)

Flags = npt.NDArray[np.bool_]


def worst_errors(
    comments: LabelledComments, themes: Flags, stances: Flags, sentiment: npt.NDArray[np.int64], margin: npt.ArrayLike
) -> list[dict[str, Any]]:
    """Count the kinds of error and keep the ten most frequent.

    Parameters
    ----------
    comments : LabelledComments
        Of the corpus that ships: synthetic, so that they can be quoted.
    themes : bool array of shape (n, n_themes)
        Themes found, and so on: ``stances`` (n, n_themes, n_stances), ``sentiment`` (n,).
    margin : float array of shape (n,)
        How sure the model is; the example is the short comment on which it errs most surely.

    Returns
    -------
    list of dict
        ``error``, ``comments`` (how many), ``example``; most frequent first.
    """
    kinds = {**_theme_errors(comments, themes), **_stance_errors(comments, stances)}
    kinds |= _sentiment_errors(comments, sentiment)
    ordered = sorted(kinds.items(), key=lambda kind: (-int(kind[1].sum()), kind[0]))[:KINDS_SHOWN]
    sure = np.asarray(margin, dtype=np.float64)
    return [
        {"error": name, "comments": int(rows.sum()), "example": _example(comments, rows, sure)}
        for name, rows in ordered
    ]


def _theme_errors(comments: LabelledComments, themes: Flags) -> dict[str, Flags]:
    missed, wrong = comments.themes & ~themes, themes & ~comments.themes
    kinds: dict[str, Flags] = {}
    for j, key in enumerate(comments.codebook.keys):
        kinds[f"misses {key}, which is the only theme"] = (
            missed[:, j] & ~wrong.any(axis=1) & (comments.themes.sum(axis=1) == 1)
        )
        kinds[f"misses {key} beside another theme"] = (
            missed[:, j] & ~wrong.any(axis=1) & (comments.themes.sum(axis=1) > 1)
        )
        kinds[f"finds {key} where there is no theme"] = wrong[:, j] & ~comments.themes.any(axis=1)
        kinds[f"finds {key} beside a theme that is there"] = (
            wrong[:, j] & comments.themes.any(axis=1) & ~missed.any(axis=1)
        )
        for k, other in enumerate(comments.codebook.keys):
            if k != j:
                kinds[f"finds {other} in place of {key}"] = missed[:, j] & wrong[:, k]
    return kinds


def _stance_errors(comments: LabelledComments, stances: Flags) -> dict[str, Flags]:
    names = list(comments.codebook.stances)
    both = comments.themes & stances.any(axis=2)
    missed, wrong = comments.stances & ~stances & both[:, :, None], stances & ~comments.stances & both[:, :, None]
    return {
        f"reads a theme's {names[i]} as {names[j]}": np.asarray((missed[:, :, i] & wrong[:, :, j]).any(axis=1))
        for i in range(len(names))
        for j in range(len(names))
        if i != j
    }


def _sentiment_errors(comments: LabelledComments, sentiment: npt.NDArray[np.int64]) -> dict[str, Flags]:
    told = np.array([SENTIMENTS.index(name) for name in comments.sentiments])
    return {
        f"reads a {true} comment as {found}": np.asarray((told == i) & (sentiment == j))
        for i, true in enumerate(SENTIMENTS)
        for j, found in enumerate(SENTIMENTS)
        if i != j
    }


def _example(comments: LabelledComments, rows: Flags, sure: npt.NDArray[np.float64]) -> str:
    """Return the short comment among some on which the model is surest; of any length where none is short."""
    words = np.diff(comments.table.starts)
    low, high = _EXAMPLE_WORDS
    short = rows & (words >= low) & (words <= high)
    candidates = np.flatnonzero(short if short.any() else rows)
    if not len(candidates):
        return ""
    return " ".join(comments.texts[candidates[int(np.argmax(sure[candidates]))]].split())
