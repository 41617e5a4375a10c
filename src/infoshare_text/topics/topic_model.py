"""A set of topics that can be kept: found once, met again in the next wave.

A folder of JSON, word lists and safetensors like every model of this library. It holds words, never comments.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse

from infoshare_text.coding.features import Floats
from infoshare_text.coding.sealed_folder import CARD, WEIGHTS, files_of, read_manifest, write_folder
from infoshare_text.columns import JOIN
from infoshare_text.errors import ModelFolderError
from infoshare_text.topics.choosing import OTHER, nearest
from infoshare_text.topics.concepts import Closeness, Concepts, ConceptSpace
from infoshare_text.topics.lemmas import LemmaTable

Ints = npt.NDArray[np.int64]

KIND = "topics"
_SECOND = 0.5
"""Another topic is named beside the first where the comment speaks at least half as much of it."""
_CARD = """# Topics

{n} topics, found in {comments:,} distinct comments. Numbers, labels, words and phrases are in `model.json`. Words that
stood in fewer than five comments are not kept; no comment is.
"""


@dataclass(frozen=True)
class Topic:
    """One topic.

    Attributes
    ----------
    number : int
        1 for the largest of the wave it was found in; stays the same in later waves.
    label : str
    concept : str
        The concept behind it, or the word of the survey's own that it is about.
    words : list of str
        Ten words that tell it from the others, the most telling first.
    phrases : list of str
    """

    number: int
    label: str
    concept: str
    words: list[str]
    phrases: list[str]


@dataclass(frozen=True)
class Speaks:
    """How far comments speak of concepts.

    Attributes
    ----------
    sharp, soft : float32 arrays of shape (n_comments, n_concepts)
    """

    sharp: Floats
    soft: Floats


@dataclass(frozen=True)
class TopicModel:
    """Topics and what is needed to find them again in other comments.

    Attributes
    ----------
    topics : list of Topic
    concepts : Concepts
        All that could become a topic.
    own_words : list of str
        Lemmas without a word vector that are frequent in the survey: each a concept of its own.
    rarity : dict of str to float
        Inverse document frequency of each lemma of the first wave.
    rarest : float
        That of a lemma it does not hold.
    n_comments : int
        Distinct comments that the topics were found in.
    """

    topics: list[Topic]
    concepts: Concepts
    own_words: list[str]
    rarity: Mapping[str, float] = field(repr=False)
    rarest: float
    n_comments: int

    @property
    def chosen(self) -> Ints:
        """Place of each topic's concept among ``concepts`` and, after them, ``own_words``."""
        names = [*self.concepts.names, *self.own_words]
        return np.asarray([names.index(topic.concept) for topic in self.topics], dtype=np.int64)

    def speaks(self, comments: LemmaTable, space: ConceptSpace) -> Speaks:
        """Score comments on every concept."""
        return speaks(comments, space, self.own_words, self.rarity, self.rarest)

    def assign(self, comments: Sequence[str], space: ConceptSpace | None = None) -> tuple[Ints, Floats, list[str]]:
        """Say which topics comments belong to.

        Parameters
        ----------
        comments : sequence of str
        space : ConceptSpace, optional
            That of ``concepts``, when it is at hand.

        Returns
        -------
        topic : int array of shape (n,)
            Number of each comment's topic, 0 for other.
        score : float32 array of shape (n,)
            How far the comment speaks of it, in [0, 1].
        topics : list of str
            All its topics, the first first, joined with ``;``.
        """
        table = LemmaTable.from_comments(comments)
        found = self.speaks(table, space or ConceptSpace(self.concepts))
        return self.placed(found)

    def placed(self, found: Speaks) -> tuple[Ints, Floats, list[str]]:
        """Do the same from scores on every concept."""
        numbers = np.asarray([topic.number for topic in self.topics], dtype=np.int64)
        sharp, soft = found.sharp[:, self.chosen], found.soft[:, self.chosen]
        place, score = nearest(sharp, soft)
        topic = np.where(place >= 0, numbers[place] if len(numbers) else OTHER, OTHER)
        return topic, np.minimum(score, 1).astype(np.float32), _joined(topic, sharp, score, numbers)

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Write the topics to a folder, whole or not at all.

        Raises
        ------
        OutputError
            The place holds something that is not a model, or cannot be written.
        """
        lemmas = sorted(self.rarity)
        about = {
            "kind": KIND,
            "topics": [vars(topic) for topic in self.topics],
            "concepts": dict(zip(self.concepts.names, self.concepts.words, strict=True)),
            "rarest": self.rarest,
            "n_comments": self.n_comments,
        }
        card = _CARD.format(n=len(self.topics), comments=self.n_comments)
        rarity = np.asarray([self.rarity[lemma] for lemma in lemmas], dtype=np.float32)
        files = files_of({"lemmas": lemmas, "own_words": self.own_words}, {"rarity": rarity})
        write_folder(Path(folder), about, card, files)


def load_topics(folder: str | os.PathLike[str]) -> TopicModel:
    """Load topics that were saved.

    Raises
    ------
    ModelFolderError
        All that is wrong with the folder, at once.
    """
    from safetensors.numpy import load

    place = Path(folder)
    manifest = read_manifest(place, KIND)
    try:
        rarity = load((place / WEIGHTS).read_bytes())["rarity"]
        lemmas, own = (_lines(place / f"{name}.txt") for name in ("lemmas", "own_words"))
        concepts = Concepts(list(manifest["concepts"]), list(manifest["concepts"].values()))
        topics = [Topic(**topic) for topic in manifest["topics"]]
        values = dict(zip(lemmas, rarity.tolist(), strict=True))
        return TopicModel(topics, concepts, own, values, float(manifest["rarest"]), int(manifest["n_comments"]))
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise ModelFolderError(f"{place}: is not a folder of topics of this version (see its {CARD}).") from error


def speaks(
    comments: LemmaTable, space: ConceptSpace, own_words: Sequence[str], rarity: Mapping[str, float], rarest: float
) -> Speaks:
    """Score how far comments speak of concepts: the mean closeness of their words, rare ones counting more.

    Returns
    -------
    Speaks
        Of the concepts of the space, then of ``own_words``.
    """
    near = space.closeness(comments.table.words)
    near = Closeness(*(_beside_own(part, comments, own_words) for part in (near.sharp, near.soft)))
    known = np.flatnonzero(comments.lemma_of_word >= 0)
    weight = np.zeros(len(comments.table.words), dtype=np.float32)
    weight[known] = [rarity.get(comments.lemmas[lemma], rarest) for lemma in comments.lemma_of_word[known]]
    words = sparse.csr_array(comments.holds_word @ sparse.diags_array(weight))
    length = np.sqrt(np.asarray(words.multiply(words).sum(axis=1)).ravel())
    words = sparse.csr_array(sparse.diags_array(1 / np.maximum(length, 1e-9)) @ words)
    return Speaks(*(np.asarray(words @ part, dtype=np.float32) for part in (near.sharp, near.soft)))


def _beside_own(near: Floats, comments: LemmaTable, own_words: Sequence[str]) -> Floats:
    """Add a column for each word that is a concept by itself."""
    places = {lemma: k for k, lemma in enumerate(comments.lemmas)}
    lemmas = np.asarray([places.get(word, -2) for word in own_words], dtype=np.int64)
    return np.hstack([near, np.asarray(comments.lemma_of_word[:, None] == lemmas, dtype=np.float32)])


def _joined(topic: Ints, sharp: Floats, score: Floats, numbers: Ints) -> list[str]:
    also = sharp >= np.maximum(_SECOND * score, 1e-6)[:, None]
    also &= numbers != topic[:, None]
    out = [str(number) for number in topic.tolist()]
    comment, place = np.nonzero(also)
    order = np.lexsort((numbers[place], -sharp[comment, place], comment))
    for i, number in zip(comment[order].tolist(), numbers[place[order]].tolist(), strict=True):
        out[i] += f"{JOIN}{number}"
    return out


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()
