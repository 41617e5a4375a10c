"""A spaCy component, for pipelines that people have already.

``nlp.add_pipe("infoshare_themes")`` sets ``doc._.themes`` (theme -> calibrated probability, of the themes found),
``doc._.stance`` (theme -> list of stances), ``doc._.sentiment`` and the deciding words as
``doc.spans["infoshare"]``, labelled by theme.
"""

from __future__ import annotations

import json
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from infoshare_text.columns import CODED, JOIN
from infoshare_text.errors import InputError

SPANS_KEY = "infoshare"


@Language.factory("infoshare_themes", default_config={"model": None, "question": ""})
def make_infoshare_themes(nlp: Language, name: str, model: str | None, question: str) -> InfoshareThemes:
    """Make the component.

    Parameters
    ----------
    nlp : Language
        Any pipeline; only its tokens are used.
    name : str
    model : str or None
        Folder of a theme model; default: the shipped one. One that reads whole sentences gives no spans.
    question : str
        The question that the documents answer, where known.
    """
    return InfoshareThemes(model, question)


class InfoshareThemes:
    """Codes each document as one comment."""

    def __init__(self, model: str | None, question: str) -> None:
        from infoshare_text.coding.classify import Coder

        self._coder = Coder.load(model)
        self._question = question
        defaults: dict[str, Any] = {"themes": {}, "stance": {}, "sentiment": ""}
        for attribute, default in defaults.items():
            if not Doc.has_extension(attribute):
                Doc.set_extension(attribute, default=default)

    def __call__(self, doc: Doc) -> Doc:
        """Set the attributes and spans of one document."""
        row = self._coder.code([doc.text], [self._question], evidence=self._coder.has_evidence).iloc[0]
        doc.spans[SPANS_KEY] = SpanGroup(doc, name=SPANS_KEY)
        if row["status"] != CODED:
            return doc
        found = [key for key in self._coder.keys if row[f"theme_{key}"] == 1]
        doc._.themes = {key: float(row[f"p_{key}"]) for key in found}
        doc._.stance = {key: [s for s in row.get(f"stance_{key}", "").split(JOIN) if s] for key in found}
        doc._.sentiment = row.get("sentiment", "")
        spans = [
            doc.char_span(start, end, label=key, alignment_mode="expand")
            for key, words in json.loads(row.get("evidence", "{}")).items()
            for start, end, _ in words
        ]
        doc.spans[SPANS_KEY] = SpanGroup(doc, name=SPANS_KEY, spans=[span for span in spans if span is not None])
        return doc


def load_pipeline(name: str) -> Language:
    """Load a spaCy pipeline that is installed, or from its folder; nothing is downloaded.

    Parameters
    ----------
    name : str
        Name of an installed package ('en_core_web_sm') or path of a pipeline's folder.

    Raises
    ------
    InputError
        There is no such pipeline, or it does not fit this spaCy.
    """
    import spacy

    try:
        return spacy.load(name)
    except (OSError, ValueError, ImportError) as error:
        raise InputError(
            f"{name}: no spaCy pipeline of that name is installed, and no folder of that name holds one that this "
            f"version of spaCy reads. Install it, for example with: python -m spacy download {name}"
        ) from error
