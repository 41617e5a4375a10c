"""Places of topics on a map: near each other where they are about like things."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.features import WordVectors
from infoshare_text.coding.model_folder import load_vectors
from infoshare_text.topics.concepts import unit
from infoshare_text.topics.topic_model import Topic, TopicModel

Doubles = npt.NDArray[np.float64]


def topic_places(model: TopicModel, vectors: WordVectors | None = None) -> Doubles:
    """Place topics by what their concepts are about.

    Each topic stands where the words of its concept do (where the concept is a word of the survey's own, the words
    of the topic); of these centres, of length 1, the first two principal coordinates are taken. There is no random
    start, and the side that the farthest topic stands on is fixed, so that the same topics give the same map.

    Parameters
    ----------
    model : TopicModel
    vectors : WordVectors, optional
        Default: those that come with the library.

    Returns
    -------
    float array of shape (n_topics, 2)
        In [-1, 1], the mean at 0.
    """
    vectors = vectors or load_vectors()
    if not model.topics:
        return np.zeros((0, 2))
    centres = np.array([_centre(topic, model, vectors) for topic in model.topics])
    left, size, _ = np.linalg.svd(centres - centres.mean(axis=0), full_matrices=False)
    places = np.zeros((len(centres), 2))
    known = left[:, :2] * size[:2]
    places[:, : known.shape[1]] = known
    farthest = np.abs(places).argmax(axis=0)
    places *= np.where(places[farthest, [0, 1]] < 0, -1, 1)
    peak = float(np.abs(places).max())
    return np.asarray(np.round(places / peak, 6) if peak > 0 else places, dtype=np.float64)


def _centre(topic: Topic, model: TopicModel, vectors: WordVectors) -> Doubles:
    of_concept = dict(zip(model.concepts.names, model.concepts.words, strict=True))
    words = of_concept.get(topic.concept, topic.words)
    places = [vectors.place[word] for word in words if word in vectors.place]
    if not places:
        return np.zeros(vectors.values.shape[1])
    return np.asarray(unit(unit(vectors.values[places]).mean(axis=0)), dtype=np.float64)
