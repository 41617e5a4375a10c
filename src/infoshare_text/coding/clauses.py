"""From clauses to comments: what the clause that says it best adds, and which clauses a stance is read from.

Respondents make several points in one answer. A theme is there when the whole comment or one clause speaks to it; its
stance is that of the clauses that do. (The best clause: multiple-instance learning, S. Andrews, I. Tsochantaridis and
T. Hofmann, NIPS 2002. The weights: attention over clauses, with the theme's own score in place of a learnt one.)
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from infoshare_text.cleaning.words import WordTable
from infoshare_text.coding.features import Floats, scale_for

WHOLE, BEST = 0.7, 0.5
"""How much the whole comment and its best clause count for a score."""
SHARPNESS = 0.5
"""How far a clause with more evidence outweighs another: the odds double with 1.4 of log odds."""


def combined(whole: Floats, clauses: Floats, table: WordTable) -> Floats:
    """Return the score of each comment, shape (n, n_outputs).

    Parameters
    ----------
    whole : float array of shape (n, n_outputs)
        Scores of the words of the comments.
    clauses : float array of shape (n_clauses, n_outputs)
        Scores of the words of their clauses.
    table : WordTable
    """
    best = np.maximum.reduceat(clauses, table.first_clauses, axis=0) if len(table) else whole
    total: Floats = WHOLE * whole + BEST * best
    return total


def best_clauses(clauses: npt.NDArray[np.floating], table: WordTable) -> npt.NDArray[np.bool_]:
    """Tell which clause of each comment scores best (the first of equals), shape (n_clauses, n_outputs)."""
    first, comment = table.first_clauses, table.comment_of_clause
    peak = np.maximum.reduceat(clauses, first, axis=0)
    hit = clauses == peak[comment]
    earlier = np.cumsum(hit, axis=0) - hit
    only: npt.NDArray[np.bool_] = hit & (earlier == earlier[first][comment])
    return only


def evidence_of(clauses: Floats, table: WordTable) -> Floats:
    """Return what the words of each clause add to the score of the whole comment, shape of ``clauses``."""
    mine = scale_for(table.by_clause.distinct_words)
    of_comment = scale_for(table.distinct_words)[table.comment_of_clause]
    shares: Floats = clauses * (of_comment / mine)[:, None]
    return shares


def attention(evidence: Floats, table: WordTable) -> Floats:
    """Return the weight of each clause for each theme, adding up to one within a comment.

    Parameters
    ----------
    evidence : float array of shape (n_clauses, n_themes)
        See :func:`evidence_of`.
    table : WordTable

    Returns
    -------
    float array of shape (n_clauses, n_themes)
    """
    first, comment = table.first_clauses, table.comment_of_clause
    sharp = SHARPNESS * evidence
    weights = np.exp(sharp - np.maximum.reduceat(sharp, first, axis=0)[comment])
    shares: Floats = weights / np.add.reduceat(weights, first, axis=0)[comment]
    return shares


def attended(scores: Floats, weights: Floats, table: WordTable) -> Floats:
    """Average the scores of clauses by their weights: (n_clauses, n_themes, ...) to (n, n_themes, ...)."""
    spread = weights.reshape(weights.shape + (1,) * (scores.ndim - 2))
    means: Floats = np.add.reduceat(spread * scores, table.first_clauses, axis=0)
    return means
