"""Words, phrases and label of a topic: those that tell it from other topics and that stand together in comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from infoshare_text.coding.features import Floats
from infoshare_text.topics.lemmas import LemmaTable

Ints = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]

WORDS = 10
_CANDIDATES = 50
_STARTS = 5
_RELEVANCE = 0.7
_NEARLY = 0.75
_SMALLEST_WORD, _RARE = 0.0015, 0.05
"""A word of a smaller share of the comments is taken only where there are hardly others."""
_PHRASES = 5
_IN_LABEL = 2
_STEM = 4
FEWEST_WITH_WORD = 5
"""A word or phrase of fewer comments is neither shown nor kept: it could be somebody's name."""
_SMALLEST_SHARE = 0.03
_TIED, _MOSTLY = 0.1, 0.25
"""Of the comments with a phrase's rarer word: how many hold the phrase, to be named at all, and in the label."""


def pair_npmi(together: Doubles, each: Doubles) -> Doubles:
    """Return the normalised pointwise mutual information of every two words.

    Parameters
    ----------
    together : float array of shape (n_words, n_words)
        Share of comments that hold both.
    each : float array of shape (n_words,)
        Share of comments that hold the word.

    Returns
    -------
    float array of shape (n_words, n_words)
        In [-1, 1]; -1 where two words never meet, 0 on the diagonal (G. Bouma, 2009).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        npmi = np.log(together / np.outer(each, each)) / -np.log(together)
    npmi = np.where(together > 0, np.where(together >= 1, 1.0, npmi), -1.0)
    np.fill_diagonal(npmi, 0)
    return npmi


def coherent_words(relevance: Doubles, holds: LemmaTable) -> list[list[int]]:
    """Choose ten words for each topic.

    A word belongs to the topic where its class-based TF-IDF is highest, or nearly so. Of a topic's most relevant ones
    those are taken that stand in the same comments most (mean NPMI), so that they read as one subject.

    Parameters
    ----------
    relevance : float array of shape (n_topics, n_lemmas)
        Class-based TF-IDF.
    holds : LemmaTable

    Returns
    -------
    list of list of int
        Lemmas of each topic, the most relevant first.
    """
    few, fewer = holds.frequency < _SMALLEST_WORD * len(holds), holds.frequency < FEWEST_WITH_WORD
    frequent = np.where(fewer, 0, np.where(few, _RARE, 1.0))
    highest = relevance.max(axis=0, initial=0)
    columns = holds.holds.tocsc()
    found: list[list[int]] = []
    for row in relevance:
        value = np.where(row >= _NEARLY * highest, row, 0) * frequent
        order = np.argsort(-value, kind="stable")[:_CANDIDATES]
        candidates = order[value[order] > 0]
        if not len(candidates):
            found.append([])
            continue
        block = columns[:, candidates]
        together = np.asarray((block.T @ block).todense(), dtype=np.float64) / len(holds)
        npmi = pair_npmi(together, np.diag(together).copy())
        picked = _picked(npmi, np.sqrt(value[candidates] / value[candidates].max()))
        found.append([int(candidates[i]) for i in sorted(picked)])
    return found


def _picked(npmi: Doubles, relevance: Doubles) -> list[int]:
    """Grow a set of words from each of the first few, and keep the set that is best."""
    n = min(WORDS, len(relevance))
    best: tuple[float, list[int]] = (-np.inf, [])
    for start in range(min(_STARTS, len(relevance))):
        picked = [start]
        while len(picked) < n:
            value = npmi[:, picked].mean(axis=1) + _RELEVANCE * relevance
            value[picked] = -np.inf
            picked.append(int(np.argmax(value)))
        pairs = max(1, len(picked) * (len(picked) - 1))
        worth = float(npmi[np.ix_(picked, picked)].sum() / pairs + _RELEVANCE * relevance[picked].mean())
        if worth > best[0] + 1e-9:
            best = worth, picked
    return best[1]


@dataclass(frozen=True)
class Phrase:
    """Two neighbouring content words that stand out in a topic.

    Attributes
    ----------
    text : str
        In their usual spelling.
    lemmas : tuple of int
    share : float
        Of the topic's comments that hold its rarer word, how many hold the phrase.
    """

    text: str
    lemmas: tuple[int, int]
    share: float


def phrases(comments: LemmaTable, topic: Ints, words: Sequence[Sequence[int]]) -> list[list[Phrase]]:
    """Find the phrases of each topic that hold one of its words, the most frequent first.

    Parameters
    ----------
    comments : LemmaTable
    topic : int array of shape (n_comments,)
        Place of each comment's topic, -1 for none.
    words : list of list of int
        The words of each topic.
    """
    left, right, comment = neighbours(comments)
    here = topic[comment]
    count = Counter(zip(here.tolist(), left.tolist(), right.tolist(), strict=True))
    held = _held_in_topics(comments, topic, len(words))
    fewest = np.maximum(FEWEST_WITH_WORD, _SMALLEST_SHARE * np.bincount(topic[topic >= 0], minlength=len(words)))
    found: list[list[tuple[int, Phrase]]] = [[] for _ in words]
    for (k, a, b), n in count.items():
        if k < 0 or n < fewest[k] or not {a, b} & set(words[k]):
            continue
        share = n / min(held[k, a], held[k, b])
        if share >= _TIED:
            found[k].append((n, Phrase(_spelling(comments, a, b), (a, b), share)))
    return [
        [phrase for _, phrase in sorted(each, key=lambda item: (-item[0], item[1].text))[:_PHRASES]] for each in found
    ]


def neighbours(comments: LemmaTable) -> tuple[Ints, Ints, Ints]:
    """Return the lemmas of every two content words that stand side by side, and their comment."""
    table = comments.table
    lemma, clause = comments.lemma_of_word[table.ids], table.clause_of_token
    beside = (lemma[:-1] >= 0) & (lemma[1:] >= 0) & (clause[:-1] == clause[1:]) & (lemma[:-1] != lemma[1:])
    at = np.flatnonzero(beside)
    return lemma[at], lemma[at + 1], table.comment_of_token[at]


def _held_in_topics(comments: LemmaTable, topic: Ints, n_topics: int) -> Floats:
    place = np.flatnonzero(topic >= 0)
    ones = np.ones(len(place), dtype=np.float32)
    member = sparse.csr_array((ones, (topic[place], place)), shape=(n_topics, len(topic)))
    return np.asarray((member @ comments.holds).todense())


def _spelling(comments: LemmaTable, left: int, right: int) -> str:
    return f"{comments.spelling[left]} {comments.spelling[right]}"


def label(concept: str, words: Sequence[int], found: Sequence[Phrase], comments: LemmaTable) -> str:
    """Make a label: the concept and, behind a colon, what these comments say of it.

    Behind the colon stand a topic's first words, each in the phrase that it mostly stands in; none that begins like
    one that is there already ('help' beside 'Support and help', 'decide' beside 'decision').
    """
    said = concept.casefold().split()
    parts: list[str] = []
    for word in words:
        whole = [each for each in found if word in each.lemmas and each.share >= _MOSTLY]
        for text in [*(phrase.text for phrase in whole[:1]), comments.spelling[word]]:
            new = [part for part in text.split() if not any(_begin_alike(part, other) for other in said)]
            if new and not any(_begin_alike(part, other) for part in text.split() for other in _words(parts)):
                parts.append(text)
                said += text.split()
                break
        if len(parts) == _IN_LABEL:
            break
    concept = concept[:1].upper() + concept[1:]
    return f"{concept}: {', '.join(parts)}" if parts else concept


def _words(parts: Sequence[str]) -> list[str]:
    return " ".join(parts).split()


def _begin_alike(one: str, other: str) -> bool:
    """Whether two words are forms of one, as far as their beginning shows: 'carers' and 'care'."""
    one, other = one.rstrip("s"), other.rstrip("s")
    letters = min(_STEM, len(one), len(other))
    return one[:letters] == other[:letters]
