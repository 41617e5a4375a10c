"""Train on all labelled comments, and judge each by a model that saw neither it nor its group."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.confidence import Calibration
from infoshare_text.coding.encoder import Encoder, Head
from infoshare_text.coding.features import Floats, WordVectors
from infoshare_text.coding.linear import mean_of
from infoshare_text.coding.sentiment import SentimentModel
from infoshare_text.coding.themes import Flags, ThemeModel
from infoshare_text.errors import InputError
from infoshare_text.training.decisions import Lines, Scored
from infoshare_text.training.fit import Choices
from infoshare_text.training.groups import deal_folds, groups_of
from infoshare_text.training.heads import fit_head, parted
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.learner import Learnt, Scores
from infoshare_text.training.limits import unlike_below

FOLDS = 5
PARTS = (0.25, 0.5)
"""Shares of the comments that the learning curve is drawn through, beside all of them."""

Told = Callable[[str, int, int], None]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Judged:
    """What models decide for comments that they did not see.

    Attributes
    ----------
    p : float32 array of shape (n, n_themes)
    themes : bool array of shape (n, n_themes)
    margin : float32 array of shape (n,)
        How far the comment is from another decision, in log odds.
    stances : bool array of shape (n, n_themes, n_stances)
    sentiments : list of str, or None
    """

    p: Floats
    themes: Flags
    margin: Floats
    stances: Flags
    sentiments: list[str] | None

    def only(self, rows: Ints) -> Judged:
        """Return what was decided for some comments."""
        sentiments = None if self.sentiments is None else [self.sentiments[i] for i in rows.tolist()]
        return Judged(self.p[rows], self.themes[rows], self.margin[rows], self.stances[rows], sentiments)

    def of_codes(self, kept: Sequence[int]) -> Judged:
        """Return what was decided of some codes."""
        return replace(self, p=self.p[:, kept], themes=self.themes[:, kept], stances=self.stances[:, kept])


@dataclass(frozen=True)
class CrossValidated:
    """A fitted model, and how it does out of fold.

    Attributes
    ----------
    themes : ThemeModel
    sentiment : SentimentModel or None
    head : Head or None
        What was learnt from the states of an encoder, where there was one.
    judged : Judged
        Of the team's own comments, limits chosen without the fold as well.
    groups : int array of shape (n,)
    curve : list of (comments, macro F1)
        What fewer comments would have reached.
    """

    themes: ThemeModel
    sentiment: SentimentModel | None
    head: Head | None
    judged: Judged
    groups: Ints
    curve: list[tuple[int, float]]


@dataclass(frozen=True)
class _Round:
    """One fit: without a fold, on a share of the other groups."""

    fold: int
    part: float

    def training(self, fold: Ints, groups: Ints, seed: int) -> Ints:
        """Return the comments to learn from."""
        kept = np.flatnonzero(fold != self.fold)
        if self.part == 1:
            return kept
        names = np.unique(groups[kept])
        some = np.random.default_rng(seed + 1).permutation(names)[: max(2, round(len(names) * self.part))]
        return kept[np.isin(groups[kept], some)]


_ALL = _Round(-1, 1.0)


class _Learner:
    """Fits to some of the comments, by their words and by what an encoder makes of them, and scores others."""

    def __init__(
        self,
        comments: LabelledComments,
        beside: LabelledComments | None,
        vectors: WordVectors,
        choices: Choices,
        encoder: Encoder | None,
    ) -> None:
        self._comments, self._beside = comments, beside
        self._vectors, self._choices = vectors, choices
        self._encoder = encoder
        self._states = np.zeros((len(comments), 0), np.float32) if encoder is None else encoder.states(comments.texts)

    def fit(self, rows: Ints, *, only_themes: bool = False) -> tuple[Learnt, Head | None]:
        """Fit to some comments."""
        some = self._comments.only(rows)
        words = _together(some, self._beside)
        learnt = Learnt.from_comments(words, self._vectors, self._choices, only_themes=only_themes)
        if self._encoder is None:
            return learnt, None
        return learnt, fit_head(
            self._encoder, self._states[rows], some, self._choices.rare_weight, only_themes=only_themes
        )

    def scores(self, rows: Ints, learnt: Learnt, head: Head | None) -> tuple[Scores | None, ...]:
        """Score some comments: by themes, stances and sentiment."""
        some = self._comments.only(rows)
        by_words = learnt.scores(some)
        if head is None:
            return by_words
        by_head = parted(head.scores_of(self._states[rows]), some)
        return tuple(one if one is None else mean_of(one, other) for one, other in zip(by_words, by_head, strict=True))


def cross_validate(
    comments: LabelledComments,
    vectors: WordVectors,
    choices: Choices,
    *,
    beside: LabelledComments | None = None,
    encoder: Encoder | None = None,
    folds: int = FOLDS,
    seed: int = 0,
    curve: bool = True,
    told: Told = lambda *_: None,
) -> CrossValidated:
    """Fit to all comments, with limits and figures from grouped cross-validation.

    Parameters
    ----------
    comments : LabelledComments
    vectors : WordVectors
    choices : Choices
    beside : LabelledComments, optional
        Comments that are always in training and never judged.
    encoder : Encoder, optional
        Reads every comment as well; its head learns from the comments alone, not from those beside.
    folds, seed : int
    curve : bool
        Whether to draw the learning curve.
    told : callable
        Called with (what is done now, steps done, steps in all).

    Raises
    ------
    InputError
        All comments belong to one group.
    """
    from joblib import Parallel, delayed
    from threadpoolctl import threadpool_limits

    comments = with_what_is_labelled(comments, beside)
    groups = groups_of(comments.texts, comments.writers)
    n_groups = len(set(groups.tolist()))
    if n_groups < 2:
        raise InputError(
            f"the {len(comments):,} labelled comments are of one respondent, or all of the same words; "
            "two at least are needed to tell how well a model does."
        )
    fold = deal_folds(groups, comments.themes, min(folds, n_groups), seed)
    n_folds = int(fold.max()) + 1
    # The longest first, so that no core waits at the end for the fit to all comments.
    rounds = [_ALL, *(_Round(number, part) for part in (1.0, *(PARTS if curve else ())) for number in range(n_folds))]
    told("reading sentences" if encoder else "training", 0, len(rounds))
    whole = _together(comments, beside)

    learner = _Learner(comments, beside, vectors, choices, encoder)

    def fitted(one: _Round) -> Any:
        if one == _ALL:
            return learner.fit(np.arange(len(comments)))
        rows, others = one.training(fold, groups, seed), np.flatnonzero(fold == one.fold)
        return learner.scores(others, *learner.fit(rows, only_themes=one.part < 1))

    # One thread a fit: the order of sums, and so the last bit, must not depend on the machine's cores. Two fits at a
    # time: more would not fit the memory that is promised.
    with threadpool_limits(1):
        results = Parallel(n_jobs=min(2, os.cpu_count() or 1), backend="threading", return_as="generator")(
            delayed(fitted)(one) for one in rounds
        )
        by_part = {part: Scored.empty(comments, only_themes=part < 1) for part in {one.part for one in rounds}}
        for done, (one, result) in enumerate(zip(rounds, results, strict=True), 1):
            if one == _ALL:
                learnt, head = result
            else:
                by_part[one.part].put(fold == one.fold, *result)
            told("training", done, len(rounds))
        judged = {part: _judged_by_others(scored, comments, groups, fold) for part, scored in by_part.items()}
        scored = by_part[1.0]
        lines = Lines.drawn(scored, comments, groups)
        themes, sentiment = _models(learnt, lines, comments, whole, groups)
    points = [
        (round(len(comments) * part * (1 - 1 / n_folds)), macro_f1(judged[part].themes, comments))
        for part in sorted(judged)
    ]
    told("done", len(rounds), len(rounds))
    return CrossValidated(themes, sentiment, head, judged[1.0], groups, points if curve else [])


def macro_f1(found: Flags, comments: LabelledComments) -> float:
    """Return the mean F1 over the codes that have an example."""
    there = comments.themes.any(axis=0)
    hits = (found & comments.themes).sum(axis=0)
    f1 = 2 * hits / np.maximum(1, found.sum(axis=0) + comments.themes.sum(axis=0))
    return float(f1[there].mean()) if there.any() else 0.0


def with_what_is_labelled(comments: LabelledComments, beside: LabelledComments | None = None) -> LabelledComments:
    """Leave stances and sentiments out of the codebook where nobody gave any."""
    all_of = [comments] if beside is None else [comments, beside]
    names = set(comments.codebook.sentiments)
    tones = {sentiment for some in all_of for sentiment in some.sentiments} & names
    has_stances = any(some.stances.any() for some in all_of)
    book = comments.codebook.with_only(stances=has_stances, sentiments=len(tones) > 1)
    return replace(comments, codebook=book, stances=comments.stances if has_stances else comments.stances[:, :, :0])


def _judged_by_others(scored: Scored, comments: LabelledComments, groups: Ints, fold: Ints) -> Judged:
    n, k = comments.themes.shape
    p, found = np.zeros((n, k), np.float32), np.zeros((n, k), bool)
    distance, stances = np.zeros(n, np.float32), np.zeros((n, k, len(comments.codebook.stances)), bool)
    names = list(comments.codebook.sentiments)
    sentiments = [""] * n if scored.sentiment is not None else None
    for number in range(int(fold.max()) + 1):
        here, others = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        lines = Lines.drawn(scored.only(others), comments.only(others), groups[others])
        mine = scored.only(here)
        p[here] = lines.probabilities(mine)
        found[here] = lines.found(p[here])
        distance[here] = lines.margins(p[here])
        if scored.stances is not None:
            stances[here] = lines.stances_of(mine, found[here])
        chosen = lines.sentiment_of(mine)
        if sentiments is not None and chosen is not None:
            for i, place in zip(here.tolist(), chosen.tolist(), strict=True):
                sentiments[i] = names[place]
    return Judged(p, found, distance, stances, sentiments)


def _together(comments: LabelledComments, beside: LabelledComments | None) -> LabelledComments:
    if beside is None:
        return comments
    joined: dict[str, Any] = {
        name: [*getattr(comments, name), *getattr(beside, name)]
        for name in ("ids", "texts", "questions", "writers", "sectors", "sentiments")
    }
    return LabelledComments(
        comments.codebook,
        themes=np.concatenate([comments.themes, beside.themes]),
        stances=np.concatenate([comments.stances, beside.stances]),
        **joined,
    )


def _models(
    learnt: Learnt, lines: Lines, comments: LabelledComments, whole: LabelledComments, groups: Ints
) -> tuple[ThemeModel, SentimentModel | None]:
    n_groups = int(groups.max()) + 1
    extra = len(whole) - len(comments)
    linear = learnt.sentiment_model(comments)
    themes = ThemeModel(
        codebook=comments.codebook,
        linear=learnt.theme_model(comments),
        calibration=_as_saved(lines.calibration),
        thresholds=lines.thresholds,
        stance_threshold=lines.stance_threshold,
        unsure_below=lines.unsure_below,
        unlike_below=unlike_below(whole, np.concatenate([groups, n_groups + np.arange(extra)])),
    )
    return themes, None if linear is None else SentimentModel(linear, lines.temperature, lines.tilt)


def _as_saved(line: Calibration) -> Calibration:
    """Round to what a model folder holds, so that a model codes the same before and after it is saved."""
    return Calibration(*(np.round(values.astype(np.float64), 6).astype(np.float32) for values in vars(line).values()))
