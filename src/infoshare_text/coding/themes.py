"""Themes and the stance of each, decided by one linear model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from infoshare_text.cleaning.words import WordTable
from infoshare_text.codebook import Codebook
from infoshare_text.coding.clauses import attended, attention, combined, evidence_of
from infoshare_text.coding.confidence import Calibration, log_odds, margin
from infoshare_text.coding.features import Floats
from infoshare_text.coding.linear import Found, LinearModel, mean_of
from infoshare_text.columns import JOIN

Flags = npt.NDArray[np.bool_]

_HAIR = 0.005
"""Log odds so near to a threshold that nothing is claimed."""


@dataclass(frozen=True)
class ThemeModel:
    """A linear model whose outputs are themes, then stances within each theme.

    Attributes
    ----------
    codebook : Codebook
    linear : LinearModel
        Outputs: each theme's key, then ``<theme>:<stance>`` for all themes and stances.
    calibration : Calibration
        Of all outputs.
    thresholds : float32 array of shape (n_themes,)
        A theme is present from this probability on; with a single-label codebook, the theme whose log odds lead those
        of its threshold by most.
    stance_threshold : float
        A stance holds from this probability on; the likeliest one always does.
    unsure_below, unlike_below : float
        Limits of the review flags (see :mod:`infoshare_text.coding.confidence`).
    """

    codebook: Codebook
    linear: LinearModel
    calibration: Calibration
    thresholds: Floats
    stance_threshold: float
    unsure_below: float
    unlike_below: float

    def scores(self, found: Found, questions: Sequence[str] | None, encoded: Floats | None = None) -> Floats:
        """Return calibrated log odds of all outputs, shape (n, n_themes * (1 + n_stances)).

        A theme is scored by the whole comment and its best clause, its stances by the clauses that speak to it. Where
        an encoder has scored the comments too (``encoded``, same shape), the mean of both counts.
        """
        themes, table = len(self.codebook.themes), found.table
        whole, clauses = self.linear.sums(found, slice(themes)), self.linear.sums(found.by_clause)
        scores = np.concatenate(
            [combined(whole, clauses[:, :themes], table), self._stance_scores(clauses, table)], axis=1
        )
        return self.calibration.logits(mean_of(scores + self.linear.base(len(table), questions), encoded))

    def _stance_scores(self, clauses: Floats, table: WordTable) -> Floats:
        themes = len(self.codebook.themes)
        weights = attention(evidence_of(clauses[:, :themes], table), table)
        stances = clauses[:, themes:].reshape(len(clauses), themes, len(self.codebook.stances))
        return attended(stances, weights, table).reshape(len(table), themes * len(self.codebook.stances))

    def present(self, probabilities: Floats) -> Flags:
        """Tell which themes are present, shape (n, n_themes); exactly one where the codebook is single-label."""
        if not self.codebook.multi_label:
            return likeliest(log_odds(probabilities) - self.threshold_logits)
        flags: Flags = probabilities >= self.thresholds
        return flags

    def margins(self, probabilities: Floats) -> Floats:
        """Return how far the least certain decision of each comment is from turning, in log odds; shape (n,)."""
        if self.codebook.multi_label:
            return margin(probabilities, self.thresholds)
        lead = np.sort(log_odds(probabilities) - self.threshold_logits, axis=1)
        return np.asarray(lead[:, -1] - lead[:, -2], dtype=np.float32)

    def undecided(self, logits: Floats) -> Floats:
        """Return log odds that claim nothing of comments that cannot be read: just short of each threshold.

        Parameters
        ----------
        logits : float32 array of shape (n, n_themes)
            What the model made of them; tells which theme stands where exactly one must.

        Returns
        -------
        float32 array of shape (n, n_themes)
        """
        short = np.broadcast_to(self.threshold_logits - 2 * _HAIR, logits.shape)
        if self.codebook.multi_label:
            return short
        return np.asarray(short + _HAIR * likeliest(logits - self.threshold_logits), dtype=np.float32)

    @property
    def threshold_logits(self) -> Floats:
        """Thresholds in log odds, shape (n_themes,)."""
        return log_odds(self.thresholds)


def likeliest(lead: Floats) -> Flags:
    """Return True at the first highest of each row, shape of ``lead``."""
    flags: Flags = np.arange(lead.shape[1]) == np.argmax(lead, axis=1)[:, None]
    return flags


def stances_held(probabilities: Floats, threshold: float) -> Flags:
    """Decide stances: all from the threshold on, and always the likeliest.

    Parameters
    ----------
    probabilities : array of shape (..., n_stances)
    threshold : float

    Returns
    -------
    bool array of the same shape
    """
    likeliest = probabilities == probabilities.max(axis=-1, keepdims=True)
    held: Flags = (probabilities >= threshold) | likeliest
    return held


def joined_stances(held: Flags, present: Flags, stances: Sequence[str]) -> list[str]:
    """Write stances as text, empty where the theme is absent.

    Parameters
    ----------
    held : bool array of shape (n, n_stances)
    present : bool array of shape (n,)
    stances : sequence of str

    Returns
    -------
    list of str
    """
    codes = held @ (1 << np.arange(len(stances)))
    written = [
        JOIN.join(stance for j, stance in enumerate(stances) if code >> j & 1) for code in range(1 << len(stances))
    ]
    return [written[code] if there else "" for code, there in zip(codes, present, strict=True)]
