"""A user's own spaCy pipeline beside the rules: its entities are added to what they found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from infoshare_text.cleaning.personal_data.masks import cover_masks
from infoshare_text.cleaning.personal_data.spans import COVER, KINDS, NAME, PersonalData

_NAME_LABELS = {"PERSON", "PER"}
_PIECE = 50_000
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")


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
    pieces = [list(_in_pieces(text)) for text in texts]
    docs = iter(nlp.pipe([piece for of_text in pieces for _, piece in of_text]))
    for text, of_text, items in zip(texts, pieces, found, strict=True):
        seen = cover_masks(text)
        for offset, _ in of_text:
            for entity in _entities(seen, offset, next(docs)):
                items = _added(items, entity)
        yield items


def _in_pieces(text: str) -> Iterator[tuple[int, str]]:
    """Cut a text, between words, into what a pipeline takes at once without a gigabyte of memory: (start, piece)."""
    text = _HALF_PAIR.sub("\ufffd", text)
    start = 0
    while len(text) - start > _PIECE:
        space = text.rfind(" ", start + 1, start + _PIECE)
        end = space if space > 0 else start + _PIECE
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _entities(text: str, offset: int, doc: Any) -> Iterator[PersonalData]:
    """Yield what the pipeline found that counts; masks in the text are covered, and never masked again."""
    kinds = {kind.upper(): kind for kind in KINDS} | dict.fromkeys(_NAME_LABELS, NAME)
    for entity in doc.ents:
        kind = kinds.get(entity.label_.upper())
        start, end = entity.start_char + offset, entity.end_char + offset
        if kind and COVER not in text[start:end] and any(map(str.isalnum, text[start:end])):
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
