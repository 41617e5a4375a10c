"""A user's own spaCy pipeline beside the rules: its entities are added to what they found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from infoshare_text.cleaning.personal_data.masks import cover_masks
from infoshare_text.cleaning.personal_data.spans import COVER, KINDS, NAME, PersonalData

_NAME_LABELS = {"PERSON", "PER"}


class Pipeline(Protocol):
    """What is needed of a spaCy ``Language``: documents with entities, in the order of the texts."""

    def pipe(self, texts: Iterable[str], /) -> Iterable[Any]:
        """Yield a document for each text."""


def with_entities(
    nlp: Pipeline, texts: Sequence[str], found: Iterable[list[PersonalData]]
) -> Iterator[list[PersonalData]]:
    """Add a pipeline's entities to what the rules found in each text.

    Parameters
    ----------
    nlp : Pipeline
    texts : sequence of str
    found : iterable of list of PersonalData
        One list for each text.

    Yields
    ------
    list of PersonalData
        Where both see one name in part, the whole; where the rules see something else, what the rules see.
    """
    for text, doc, items in zip(texts, nlp.pipe(texts), found, strict=True):
        for entity in _entities(text, doc):
            items = _added(items, entity)
        yield items


def _entities(text: str, doc: Any) -> Iterator[PersonalData]:
    seen = cover_masks(text)
    kinds = {kind.upper(): kind for kind in KINDS} | dict.fromkeys(_NAME_LABELS, NAME)
    for entity in doc.ents:
        kind = kinds.get(entity.label_.upper())
        start, end = entity.start_char, entity.end_char
        if kind and COVER not in seen[start:end] and any(map(str.isalnum, text[start:end])):
            yield PersonalData(kind, start, end)


def _added(items: list[PersonalData], entity: PersonalData) -> list[PersonalData]:
    touched = [item for item in items if item.start < entity.end and item.end > entity.start]
    if any(item.kind != entity.kind for item in touched):
        return items
    whole = PersonalData(
        entity.kind,
        min([entity.start, *(item.start for item in touched)]),
        max([entity.end, *(item.end for item in touched)]),
    )
    return sorted([*(item for item in items if item not in touched), whole], key=lambda item: item.start)
