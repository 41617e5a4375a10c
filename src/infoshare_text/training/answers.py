"""Labelled comments as a model meets them: what is blank or says nothing ('n/a') never reaches it."""

from __future__ import annotations

import numpy as np

from infoshare_text.cleaning.answers import answer_statuses
from infoshare_text.columns import CODED
from infoshare_text.errors import InputError
from infoshare_text.training.labelled import LabelledComments


def answers_of(comments: LabelledComments, notes: list[str]) -> LabelledComments:
    """Leave out what models leave uncoded, whatever codes people gave it: nothing is learnt from it or measured on it.

    Parameters
    ----------
    comments : LabelledComments
    notes : list of str
        Takes a sentence on what was left out.

    Raises
    ------
    InputError
        Nothing is left of what was there.
    """
    said = np.array([status == CODED for status in answer_statuses(comments.texts, comments.questions)], dtype=bool)
    if said.all():
        return comments
    if not said.any():
        raise InputError("no labelled comment says anything that a model codes: all are blank or of the kind 'n/a'.")
    note = f"left out: {int((~said).sum()):,} comments that say nothing ('n/a'), which models leave uncoded"
    codes = comments.themes[~said]
    if codes.any():
        most = comments.codebook.keys[int(codes.sum(axis=0).argmax())]
        note += f"; {int(codes.any(axis=1).sum()):,} of them with codes, most often {most!r}, which count for nothing"
    notes.append(note)
    return comments.only(np.flatnonzero(said))
