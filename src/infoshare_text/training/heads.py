"""Fit codes, stances and sentiment to what an encoder's layers made of comments: one layer, regularised.

It stands beside the linear model of words, and the mean of both counts. The encoder itself is not trained further: that
would need torch.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.encoder import Encoder, Head
from infoshare_text.coding.features import Floats
from infoshare_text.training.feature_space import Weights
from infoshare_text.training.fit import each_alone, one_of_all, rare_weights
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.least import Array, least

C = 0.003
"""Inverse strength of regularisation, of states on one scale; chosen on public feedback (docs/retraining.md)."""
_STEPS = 60


def fit_head(
    encoder: Encoder, states: Floats, comments: LabelledComments, rare_weight: float, *, only_themes: bool = False
) -> Head:
    """Fit one layer to everything that comments are labelled with.

    Parameters
    ----------
    encoder : Encoder
    states : float32 array of shape (n, n_states)
        Of the comments, by the encoder.
    comments : LabelledComments
        n of them.
    rare_weight : float
        See :class:`infoshare_text.training.fit.Choices`.
    only_themes : bool
        Whether stances and sentiment are left unknown.

    Returns
    -------
    Head
        Outputs: themes, stances within each, sentiments; of what the codebook has. NaN where the comments tell nothing
        of an output: there the words count alone.
    """
    centre, spread = states.mean(axis=0), states.std(axis=0) + 1e-6
    x = (states - centre) / spread
    fits = [_themes(x, comments, rare_weight)]
    if only_themes:
        others = comments.stances[0].size + len(comments.codebook.sentiments)
        fits.append((np.zeros((x.shape[1], others)), np.full(others, np.nan)))
    else:
        fits += [_stances(x, comments), _sentiment(x, comments, rare_weight)]
    weights = np.hstack([weights for weights, _ in fits]) / spread[:, None]
    intercept = np.concatenate([intercept for _, intercept in fits]) - centre @ weights
    return Head(encoder, weights.astype(np.float32), intercept.astype(np.float32))


def parted(encoded: npt.NDArray[np.floating], comments: LabelledComments) -> tuple[Array, Array, Array]:
    """Part scores into those of themes (n, n_themes), stances (n, n_themes, n_stances) and sentiments."""
    n, themes, stances = comments.stances.shape
    tones = themes * (1 + stances)
    whole = encoded.astype(np.float64)
    return whole[:, :themes], whole[:, themes:tones].reshape(n, themes, stances), whole[:, tones:]


def _themes(x: Floats, comments: LabelledComments, rare_weight: float) -> Weights:
    rare = [rare_weights(code, rare_weight) for code in comments.themes.T]
    return _fitted(x, comments.themes, np.stack(rare, axis=1), each_alone)


def _stances(x: Floats, comments: LabelledComments) -> Weights:
    """Fit each stance on the comments that have its theme."""
    stances = comments.stances
    said = np.repeat(stances.any(axis=2), stances.shape[2], axis=1)
    return _fitted(x, stances.reshape(len(comments), -1), said.astype(np.float64), each_alone)


def _sentiment(x: Floats, comments: LabelledComments, rare_weight: float) -> Weights:
    names = np.array(list(comments.codebook.sentiments), dtype=object)
    classes = np.array(comments.sentiments, dtype=object)[:, None] == names
    known = classes.any(axis=1)
    weights = rare_weights(classes[known].argmax(axis=1), rare_weight) if known.any() else np.zeros(0)
    return _fitted(x[known], classes[known], weights[:, None], one_of_all)


def _fitted(
    x: Floats,
    target: npt.NDArray[np.bool_],
    counts: Array,
    lost_and_slope: Callable[[Array, Array], tuple[Array, Array]],
) -> Weights:
    """Fit the outputs that hold for some rows and not for others; of the rest nothing is known (NaN)."""
    weights = np.zeros((x.shape[1], target.shape[1]))
    intercept = np.full(target.shape[1], np.nan)
    counted = counts > 0
    both = np.flatnonzero((target & counted).any(axis=0) & (~target & counted).any(axis=0))
    if not len(both):
        return weights, intercept
    truth = target[:, both].astype(np.float64)
    counts = counts if counts.shape[1] == 1 else counts[:, both]
    total = counts.sum() / counts.shape[1]

    def loss(flat: Array) -> tuple[float, Array]:
        w = flat.reshape(-1, len(both))
        z = x @ w[:-1].astype(np.float32) + w[-1]
        lost, slope = lost_and_slope(z, truth)
        slope *= counts
        gradient = np.vstack([x.T @ slope.astype(np.float32), slope.sum(axis=0)]) / total
        gradient[:-1] += w[:-1] / (C * total)
        return float((lost * counts).sum() + (w[:-1] ** 2).sum() / (2 * C)) / total, gradient.ravel()

    fitted = least(loss, (x.shape[1] + 1) * len(both), _STEPS).reshape(-1, len(both))
    weights[:, both], intercept[both] = fitted[:-1], fitted[-1]
    return weights, intercept
