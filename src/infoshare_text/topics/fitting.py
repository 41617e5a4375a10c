"""Fit topics to distinct comments: which concepts, in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.features import Floats
from infoshare_text.topics.bertopic_slots import class_tf_idf
from infoshare_text.topics.choosing import choose, nearest
from infoshare_text.topics.concepts import ConceptSpace
from infoshare_text.topics.lemmas import LemmaTable
from infoshare_text.topics.topic_model import Topic, TopicModel, speaks
from infoshare_text.topics.wording import FEWEST_WITH_WORD, coherent_words, label, phrases

Ints = npt.NDArray[np.int64]

_OWN_WORD_SHARE = 0.02


@dataclass(frozen=True)
class Fitted:
    """Topics, with what their quality is measured on.

    Attributes
    ----------
    model : TopicModel
    comments : LemmaTable
        The distinct comments that they were fitted on.
    words : list of list of int
        The words of each topic, as places among the lemmas of ``comments``.
    new : set of int
        Numbers of the topics that an earlier wave did not have.
    """

    model: TopicModel
    comments: LemmaTable
    words: list[list[int]]
    new: set[int]


def fit(comments: LemmaTable, space: ConceptSpace, n_topics: int, known: TopicModel | None, n_comments: int) -> Fitted:
    """Find topics in distinct comments.

    Parameters
    ----------
    comments : LemmaTable
    space : ConceptSpace
    n_topics : int
        At most so many.
    known : TopicModel or None
        Topics of an earlier wave, which stay.
    n_comments : int
        Distinct comments that ``comments`` are, or are a sample of.
    """
    rarity, rarest = (known.rarity, known.rarest) if known else rarities(comments)
    own = known.own_words if known else own_words(comments, space)
    found = speaks(comments, space, own, rarity, rarest)
    kept = known.chosen if known else np.empty(0, np.int64)
    chosen, place, relevance = class_tf_idf(comments, found, n_topics, kept)
    words = coherent_words(relevance, comments)
    order = _order(chosen, place, len(kept))
    fresh = _topics(comments, chosen, place, words, [*space.concepts.names, *own], order)
    old = list(known.topics) if known else []
    topics = [*old, *(topic for topic in fresh if topic.number > len(old))]
    held = rarity if known else _to_keep(comments, rarity)
    model = TopicModel(topics, space.concepts, own, held, rarest, n_comments)
    return Fitted(model, comments, [words[k] for k in order], {topic.number for topic in topics[len(old) :]})


def rarities(comments: LemmaTable, weights: Floats | None = None) -> tuple[dict[str, float], float]:
    """Return the inverse document frequency of each lemma, and that of one that never stands."""
    weights = np.ones(len(comments), np.float32) if weights is None else weights
    total = float(weights.sum())
    frequency = np.asarray(weights @ comments.holds).ravel()
    values = np.log((total + 1) / (frequency + 1)) + 1
    return dict(zip(comments.lemmas, values.tolist(), strict=True)), float(np.log(total + 1) + 1)


def own_words(comments: LemmaTable, space: ConceptSpace) -> list[str]:
    """Return the lemmas that no word vector knows and that one comment in fifty holds: names of systems, of teams."""
    fewest = max(FEWEST_WITH_WORD, _OWN_WORD_SHARE * len(comments))
    frequent = np.flatnonzero(comments.frequency >= fewest)
    known = {
        int(lemma)
        for word, lemma in zip(comments.table.words, comments.lemma_of_word, strict=True)
        if lemma >= 0 and space.knows(word)
    }
    names = [comments.lemmas[k] for k in frequent if int(k) not in known]
    return [name for name in names if not space.knows(name) and len(set(name)) > 1]


def chosen_again(comments: LemmaTable, space: ConceptSpace, model: TopicModel, weights: Floats, n_topics: int) -> Ints:
    """Choose topics anew on a resample, and return the place of every comment's topic.

    Parameters
    ----------
    weights : float32 array of shape (n_comments,)
        How often the resample holds each comment.
    """
    rarity, rarest = rarities(comments, weights)
    found = speaks(comments, space, model.own_words, rarity, rarest)
    chosen = choose(found.sharp, n_topics, weights=weights)
    return np.append(chosen, -1)[nearest(found.sharp[:, chosen], found.soft[:, chosen])[0]]


def _order(chosen: Ints, place: Ints, n_kept: int) -> list[int]:
    """Put new topics in order of size, after those that were there."""
    size = np.bincount(place[place >= 0], minlength=len(chosen))
    fresh = sorted(range(n_kept, len(chosen)), key=lambda k: (-size[k], k))
    return [*range(n_kept), *fresh]


def _topics(
    comments: LemmaTable, chosen: Ints, place: Ints, words: list[list[int]], concepts: list[str], order: list[int]
) -> list[Topic]:
    found = phrases(comments, place, words)
    out = []
    for number, k in enumerate(order, start=1):
        concept = concepts[chosen[k]]
        spelt = [comments.spelling[lemma] for lemma in words[k]]
        name = label(concept, words[k], found[k], comments)
        out.append(Topic(number, name, concept, spelt, [phrase.text for phrase in found[k]]))
    return out


def _to_keep(comments: LemmaTable, rarity: Mapping[str, float]) -> dict[str, float]:
    often = np.flatnonzero(comments.frequency >= FEWEST_WITH_WORD)
    return {comments.lemmas[k]: rarity[comments.lemmas[k]] for k in often}
