"""Topics put into the slots of BERTopic: embedding, reduction, clustering, representation.

BERTopic (M. Grootendorst, 2022) orders the parts and counts its class-based TF-IDF; each part is ours. As it comes
(UMAP, HDBSCAN) it puts almost all short answers into one topic or into none.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.features import Floats
from infoshare_text.errors import MissingExtraError
from infoshare_text.topics.choosing import FEWEST_IN_TOPIC, choose, nearest
from infoshare_text.topics.lemmas import LemmaTable
from infoshare_text.topics.topic_model import Speaks

if TYPE_CHECKING:
    import pandas as pd

Ints = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]


@contextmanager
def _contained() -> Iterator[None]:
    """Undo what BERTopic does to the whole process when it is imported: it silences warnings for good."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class ChosenConcepts:
    """The clustering slot: chooses the concepts that become topics, and places each comment.

    Parameters
    ----------
    n_concepts : int
        The embeddings are the sharp scores of so many concepts beside as many soft ones.
    n_topics : int
    kept : int array
        Concepts that are topics already.
    """

    def __init__(self, n_concepts: int, n_topics: int, kept: Ints) -> None:
        self.n_concepts, self.n_topics, self.kept = n_concepts, n_topics, kept
        self.chosen_: Ints = np.empty(0, np.int64)
        self.labels_: Ints = np.empty(0, np.int64)

    def fit(self, X: Floats, y: object = None) -> ChosenConcepts:  # noqa: N803
        """Choose concepts; ``labels_`` are places among them, -1 for none."""
        self.chosen_ = choose(X[:, : self.n_concepts], self.n_topics, self.kept)
        size = np.bincount(self.predict(X) + 1, minlength=len(self.chosen_) + 1)[1:]
        old = np.arange(len(self.chosen_)) < len(self.kept)
        self.chosen_ = self.chosen_[old | (size >= FEWEST_IN_TOPIC)]
        self.labels_ = self.predict(X)
        return self

    def predict(self, X: Floats) -> Ints:  # noqa: N803
        """Place comments."""
        sharp, soft = X[:, : self.n_concepts], X[:, self.n_concepts :]
        return nearest(sharp[:, self.chosen_], soft[:, self.chosen_])[0]


def class_tf_idf(comments: LemmaTable, found: Speaks, n_topics: int, kept: Ints) -> tuple[Ints, Ints, Doubles]:
    """Run BERTopic on comments.

    Parameters
    ----------
    comments : LemmaTable
    found : Speaks
    n_topics : int
    kept : int array
        Concepts that are topics already.

    Returns
    -------
    chosen : int array of shape (n_topics,)
        The concept of each topic, in order of choice.
    place : int array of shape (n_comments,)
        Place of each comment's topic in ``chosen``, -1 for none.
    relevance : float array of shape (n_topics, n_lemmas)
        Class-based TF-IDF.

    Raises
    ------
    MissingExtraError
        BERTopic is not installed.
    """
    if not comments.lemmas:
        return kept, np.full(len(comments), -1, np.int64), np.zeros((len(kept), 0))
    clusters = ChosenConcepts(found.sharp.shape[1], n_topics, kept)
    model = _bertopic(comments, clusters)
    documents = [" ".join(words) for words in _words_of(comments)]
    with _contained():
        model.fit_transform(documents, np.hstack([found.sharp, found.soft]))
    place = clusters.labels_
    relevance = np.zeros((len(clusters.chosen_), len(comments.lemmas)), dtype=np.float64)
    names = {name: i for i, name in enumerate(comments.lemmas)}
    columns = [names[name] for name in model.vectorizer_model.get_feature_names_out()]
    rows = model.c_tf_idf_.toarray()
    for number, row in zip(sorted(set(model.topics_)), rows, strict=True):
        if number >= 0:
            first = model.topics_.index(number)
            relevance[place[first], columns] = row
    return clusters.chosen_, place, relevance


def _bertopic(comments: LemmaTable, clusters: ChosenConcepts) -> Any:
    try:
        with _contained():
            from bertopic import BERTopic
            from bertopic.backend import BaseEmbedder
            from bertopic.dimensionality import BaseDimensionalityReduction
            from bertopic.representation import BaseRepresentation
            from bertopic.vectorizers import ClassTfidfTransformer
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "bertopic", "topics") from None
    from sklearn.feature_extraction.text import CountVectorizer

    class AsCounted(BaseRepresentation):  # type: ignore[misc]
        """The representation slot left to :mod:`infoshare_text.topics.wording`, which needs all topics at once."""

        def extract_topics(
            self, topic_model: object, documents: pd.DataFrame, c_tf_idf: object, topics: Mapping[str, object]
        ) -> Mapping[str, object]:
            return topics

    return BERTopic(
        language="multilingual",
        embedding_model=BaseEmbedder(),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=clusters,
        vectorizer_model=CountVectorizer(analyzer=str.split, vocabulary=comments.lemmas),
        ctfidf_model=ClassTfidfTransformer(),
        representation_model=AsCounted(),
    )


def _words_of(comments: LemmaTable) -> Iterator[list[str]]:
    table = comments.table
    lemma = comments.lemma_of_word[table.ids]
    for start, end in zip(table.starts[:-1], table.starts[1:], strict=True):
        yield [comments.lemmas[k] for k in lemma[start:end] if k >= 0]
