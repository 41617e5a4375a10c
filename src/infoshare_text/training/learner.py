"""Fit themes, stances and sentiment together: the one learner behind every model."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.clauses import attended, attention, combined, evidence_of
from infoshare_text.coding.features import WordVectors
from infoshare_text.coding.linear import LinearModel
from infoshare_text.training.design import Design
from infoshare_text.training.feature_space import FeatureSpace, Weights
from infoshare_text.training.fit import Choices, fit_codes, fit_one_of, fit_stances
from infoshare_text.training.labelled import LabelledComments

Scores = npt.NDArray[np.float64]


SHIPPED = Choices(c=2.0, sentiment_c=3.0, rare_weight=0.0, telling_share=0.5, question=False, by_scipy=True)
"""The models that ship: a theme follows from the comment alone, whatever was asked."""
C_STANCES = 4.0


@dataclass(frozen=True)
class Learnt:
    """Weights over one feature space.

    Attributes
    ----------
    space : FeatureSpace
    themes : Weights
    stances, sentiment : Weights or None
        None where no comment had any.
    """

    space: FeatureSpace
    themes: Weights
    stances: Weights | None
    sentiment: Weights | None

    @classmethod
    def from_comments(
        cls, comments: LabelledComments, vectors: WordVectors, choices: Choices, *, only_themes: bool = False
    ) -> Learnt:
        """Fit whatever the comments are labelled with."""
        from threadpoolctl import threadpool_limits

        space = FeatureSpace.of(comments, vectors)
        # One thread: the order of sums, and so the last bit, must not depend on the machine's cores.
        with threadpool_limits(1):
            design = Design.of(space, comments.table, comments.questions)
            themes = fit_codes(design, comments.themes, choices)
            stances = sentiment = None
            if not only_themes and comments.stances.any():
                stances = fit_stances(design, themes, comments.stances, C_STANCES, by_scipy=choices.by_scipy)
            if not only_themes:
                sentiment = _sentiment(space, comments, replace(choices, c=choices.sentiment_c, question=True))
        return cls(space, themes, stances, sentiment)

    def scores(self, comments: LabelledComments) -> tuple[Scores, Scores | None, Scores | None]:
        """Score comments: (n, n_themes), (n, n_themes, n_stances) and (n, n_sentiments)."""
        design = Design.of(self.space, comments.table, comments.questions)
        stances = None if self.stances is None else _stance_scores(design, self.themes, self.stances)
        return (
            _theme_scores(design, self.themes),
            stances,
            None if self.sentiment is None else _scored(design, self.sentiment),
        )

    def theme_model(self, comments: LabelledComments) -> LinearModel:
        """Return themes and stances as one linear model."""
        keys = comments.codebook.keys
        if self.stances is None:
            return self.space.linear_model(list(keys), self.themes)
        outputs = [*keys, *(f"{key}:{stance}" for key in keys for stance in comments.codebook.stances)]
        weights = np.hstack([self.themes[0], self.stances[0]]), np.concatenate([self.themes[1], self.stances[1]])
        return self.space.linear_model(outputs, weights)

    def sentiment_model(self, comments: LabelledComments) -> LinearModel | None:
        """Return the sentiment as a linear model."""
        if self.sentiment is None:
            return None
        return self.space.linear_model(list(comments.codebook.sentiments), self.sentiment)


def _sentiment(space: FeatureSpace, comments: LabelledComments, choices: Choices) -> Weights | None:
    names = list(comments.codebook.sentiments)
    known = np.flatnonzero([sentiment in names for sentiment in comments.sentiments])
    if len({comments.sentiments[i] for i in known}) < 2:
        return None
    labelled = comments.only(known)
    target = np.array([names.index(sentiment) for sentiment in labelled.sentiments])
    return fit_one_of(Design.of(space, labelled.table, labelled.questions), target, len(names), choices)


def _scored(design: Design, weights: Weights) -> Scores:
    coefficients, intercept = weights
    return np.asarray(design.scores(design.comments, coefficients) + design.asked(coefficients) + intercept)


def _theme_scores(design: Design, weights: Weights) -> Scores:
    coefficients, intercept = weights
    whole, clauses = (design.scores(sums, coefficients) for sums in (design.comments, design.clauses))
    return np.asarray(combined(whole, clauses, design.table) + design.asked(coefficients) + intercept)


def _stance_scores(design: Design, themes: Weights, stances: Weights) -> Scores:
    """Return the scores of stances, shape (n, n_themes, n_stances)."""
    coefficients, intercept = stances
    n_themes = len(themes[1])
    weights = attention(evidence_of(design.scores(design.clauses, themes[0]), design.table), design.table)
    clauses = design.scores(design.clauses, coefficients)
    read = attended(clauses.reshape(len(clauses), n_themes, -1), weights, design.table)
    base = design.asked(coefficients) + intercept
    return np.asarray(read + base.reshape(read.shape))
