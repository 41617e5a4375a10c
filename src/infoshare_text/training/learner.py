"""Fit a codebook of any kind to labelled comments: the one learner behind ``train`` and ``ThemeClassifier``.

Codes are learnt one against the rest by regularised logistic regression. Each feature counts for a code by how much
it tells for or against it (S. Wang and C. Manning, 'Baselines and bigrams', ACL 2012), mixed with its plain weight;
comments with a rare code count for more. Both are folded back into weights of words, so that evidence stays exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from infoshare_text.coding.features import WordVectors
from infoshare_text.coding.linear import LinearModel
from infoshare_text.training.fit import FeatureSpace, Weights, fit_stances, narrow
from infoshare_text.training.labelled import LabelledComments

Scores = npt.NDArray[np.float64]
_ITERATIONS = 300
_TOLERANCE = 1e-3
_NO_EXAMPLE = -8.0
_SMALL = 0.1
_SENTIMENT_STRICTER = 2
"""Sentiment is regularised this many times as much as themes: measured, macro F1 on five steps rises."""


@dataclass(frozen=True)
class Choices:
    """What can be chosen of the learner; the defaults were chosen on public feedback comments (docs/retraining.md).

    Attributes
    ----------
    c : float
        Inverse strength of regularisation.
    rare_weight : float
        Comments with a code count ``(others / with it) ** rare_weight`` times; 0: all alike, 1: balanced.
    telling_share : float
        How much a feature's weight depends on how much it tells of a code; 0: not at all, 1: wholly.
    question : bool
        Whether the question is part of what decides a code.
    """

    c: float = 1.0
    rare_weight: float = 0.5
    telling_share: float = 0.3
    question: bool = True


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
        space = FeatureSpace.of(comments, vectors)
        features = _features(space, comments)
        themes = _fit_codes(_seen(features, space, choices), comments.themes, choices)
        stances = sentiment = None
        if not only_themes and comments.stances.any():
            stances = fit_stances(space, features, comments.stances)
        names = list(comments.codebook.sentiments)
        known = np.flatnonzero([sentiment in names for sentiment in comments.sentiments])
        if not only_themes and len({comments.sentiments[i] for i in known}) > 1:
            target = np.array([names.index(comments.sentiments[i]) for i in known])
            sentiment = _fit_one_of(features[known], target, len(names), choices.c / _SENTIMENT_STRICTER, choices)
        return cls(space, themes, stances, sentiment)

    def scores(self, comments: LabelledComments) -> tuple[Scores, Scores | None, Scores | None]:
        """Score comments: (n, n_themes), (n, n_themes, n_stances) and (n, n_sentiments)."""
        features = _features(self.space, comments)
        stances = None if self.stances is None else _scored(features, self.stances)
        return (
            _scored(features, self.themes),
            None if stances is None else stances.reshape(len(comments), self.themes[1].shape[0], -1),
            None if self.sentiment is None else _scored(features, self.sentiment),
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


def _features(space: FeatureSpace, comments: LabelledComments) -> sparse.csr_array:
    return narrow(sparse.hstack([space.matrix(comments), space.question_matrix(comments.questions)]))


def _seen(features: sparse.csr_array, space: FeatureSpace, choices: Choices) -> sparse.csr_array:
    if choices.question:
        return features
    blind = np.ones(features.shape[1])
    blind[features.shape[1] - len(space.question_words) :] = 0
    return narrow(features @ sparse.diags_array(blind))


def _fit_codes(features: sparse.csr_array, codes: npt.NDArray[np.bool_], choices: Choices) -> Weights:
    from sklearn.linear_model import LogisticRegression

    weights = np.zeros((features.shape[1], codes.shape[1]))
    intercepts = np.zeros(codes.shape[1])
    heard = abs(features)
    for k, target in enumerate(codes.T):
        if target.all() or not target.any():
            intercepts[k] = -_NO_EXAMPLE if target.all() else _NO_EXAMPLE
            continue
        scale = _telling(heard, target, choices.telling_share)
        scaled = sparse.csr_array((features.data * scale[features.indices], features.indices, features.indptr))
        scaled.resize(features.shape)
        model = LogisticRegression(C=choices.c, max_iter=_ITERATIONS, tol=_TOLERANCE)
        model.fit(scaled, target, sample_weight=_rare_weights(target.astype(int), choices.rare_weight))
        weights[:, k], intercepts[k] = scale * model.coef_[0], model.intercept_[0]
    return weights, intercepts


def _fit_one_of(
    features: sparse.csr_array, target: npt.NDArray[np.int64], n_classes: int, c: float, choices: Choices
) -> Weights:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=c, max_iter=_ITERATIONS, tol=_TOLERANCE)
    model.fit(features, target, sample_weight=_rare_weights(target, choices.rare_weight))
    weights, intercepts = np.zeros((features.shape[1], n_classes)), np.full(n_classes, 2 * _NO_EXAMPLE)
    coefficients, intercept = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        coefficients, intercept = np.vstack([-coefficients, coefficients]) / 2, np.array([-1, 1]) * intercept / 2
    weights[:, model.classes_], intercepts[model.classes_] = coefficients.T, intercept
    return weights, intercepts


def _telling(heard: sparse.csr_array, target: npt.NDArray[np.bool_], share: float) -> npt.NDArray[np.float64]:
    """Return the weight of each feature: the log of how much more it stands beside the code than elsewhere."""
    beside, elsewhere = heard.T @ target.astype(float) + _SMALL, heard.T @ (~target).astype(float) + _SMALL
    ratio = np.abs(np.log(beside / beside.sum()) - np.log(elsewhere / elsewhere.sum()))
    size = np.sqrt(np.mean(ratio**2))
    return np.asarray((1 - share) + share * ratio / size if size > 0 else np.ones(len(ratio)))


def _rare_weights(target: npt.NDArray[np.int64], power: float) -> npt.NDArray[np.float64]:
    frequency = np.maximum(1, np.bincount(target))
    weights = (frequency.max() / frequency)[target] ** power
    return np.asarray(weights * len(target) / weights.sum())


def _scored(features: sparse.csr_array, weights: Weights) -> Scores:
    return np.asarray(features @ weights[0] + weights[1])
