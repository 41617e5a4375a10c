"""Labelled comments: the corpus that ships, and its form."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from infoshare_text.cleaning.words import WordTable
from infoshare_text.codebook import Codebook, default_codebook
from infoshare_text.errors import InputError

CORPUS_FILE = "comments.jsonl"
WORDINGS_FILE = "question_wordings.toml"
WRITERS_FILE = "writers.toml"


@dataclass(frozen=True)
class LabelledComments:
    """Comments with the codes a person gave them.

    Attributes
    ----------
    codebook : Codebook
    texts, questions, writers, sectors : list of str, length n
        A writer is whoever wrote a batch; no split ever parts one.
    themes : bool array of shape (n, n_themes)
    stances : bool array of shape (n, n_themes, n_stances)
    sentiments : list of str, length n
    ids : list of str, length n
    """

    codebook: Codebook
    ids: list[str]
    texts: list[str]
    questions: list[str]
    writers: list[str]
    sectors: list[str]
    themes: npt.NDArray[np.bool_]
    stances: npt.NDArray[np.bool_]
    sentiments: list[str]

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def table(self) -> WordTable:
        """The words of the comments."""
        return WordTable.from_comments(self.texts)

    def only(self, rows: npt.NDArray[np.int64]) -> LabelledComments:
        """Return some of the comments, in the order of ``rows``."""

        def some(values: list[str]) -> list[str]:
            return [values[i] for i in rows]

        return LabelledComments(
            self.codebook,
            some(self.ids),
            some(self.texts),
            some(self.questions),
            some(self.writers),
            some(self.sectors),
            self.themes[rows],
            self.stances[rows],
            some(self.sentiments),
        )

    def reworded(self, wordings: dict[str, list[str]]) -> LabelledComments:
        """Ask some comments the same question in other words, or in none.

        A model that only ever saw four questions would know nothing of a survey that asks
        them differently. Which comment gets which wording follows from its id.
        """
        return replace(
            self, questions=[_reworded(i, q, wordings) for i, q in zip(self.ids, self.questions, strict=True)]
        )


def read_corpus(folder: Path) -> LabelledComments:
    """Read the shipped corpus.

    Parameters
    ----------
    folder : Path
        Holds ``comments.jsonl``: one object a line with id, writer, question, sector, role, text, themes,
        stance (theme -> list) and sentiment.

    Returns
    -------
    LabelledComments

    Raises
    ------
    InputError
        Every line that is not of this form, at once.
    """
    book = default_codebook()
    path = folder / CORPUS_FILE
    records = []
    faults = []
    for number, line in enumerate(path.read_text(encoding="utf-8").rstrip("\n").split("\n"), 1):
        try:
            record = json.loads(line)
            fault = _fault(record, book) if isinstance(record, dict) else "is not an object"
        except json.JSONDecodeError as error:
            record, fault = {}, f"is not JSON ({error.msg})"
        if fault:
            faults.append(f"line {number} {fault}")
        records.append(record)
    if faults:
        raise InputError.from_faults(str(path), faults)
    return _labelled(records, book)


def read_wordings(folder: Path) -> dict[str, list[str]]:
    """Read the other wordings of the corpus's questions: question -> list of wordings."""
    text = (folder / WORDINGS_FILE).read_text(encoding="utf-8")
    return {entry["question"]: entry["wordings"] for entry in tomllib.loads(text)["questions"]}


def read_registers(folder: Path) -> dict[str, str]:
    """Read how each batch of the corpus is written: writer -> register."""
    text = (folder / WRITERS_FILE).read_text(encoding="utf-8")
    return {writer: entry["register"] for writer, entry in tomllib.loads(text).items()}


def corpus_digest(folder: Path) -> str:
    """Return the SHA-256 of everything the models are trained on."""
    together = hashlib.sha256()
    for name in (CORPUS_FILE, WORDINGS_FILE):
        together.update((folder / name).read_bytes())
    return together.hexdigest()


def _fault(record: dict[str, Any], book: Codebook) -> str:
    themes, stance = record.get("themes"), record.get("stance")
    if not isinstance(record.get("text"), str) or not record["text"]:
        return "has no text"
    if not isinstance(themes, list) or set(themes) - set(book.keys):
        return "has themes that the codebook does not know"
    if not isinstance(stance, dict) or set(stance) != set(themes):
        return "has stances for other themes than it has"
    if any(not held or set(held) - set(book.stances) for held in stance.values()):
        return "has a stance that the codebook does not know, or none for a theme"
    if record.get("sentiment") not in book.sentiments:
        return "has a sentiment that the codebook does not know"
    return ""


def _labelled(records: Sequence[dict[str, Any]], book: Codebook) -> LabelledComments:
    def column(name: str) -> list[str]:
        return [str(record.get(name, "")) for record in records]

    stances = np.zeros((len(records), len(book.keys), len(book.stances)), dtype=np.bool_)
    for i, record in enumerate(records):
        for key, held in record["stance"].items():
            for stance in held:
                stances[i, book.keys.index(key), list(book.stances).index(stance)] = True
    return LabelledComments(
        book,
        column("id"),
        column("text"),
        column("question"),
        column("writer"),
        column("sector"),
        np.asarray(stances.any(axis=2)),
        stances,
        column("sentiment"),
    )


def _reworded(comment_id: str, question: str, wordings: dict[str, list[str]]) -> str:
    number = int.from_bytes(hashlib.sha256(comment_id.encode()).digest()[:4])
    others = ["", *wordings.get(question, [])]
    return question if number % 2 else others[number // 2 % len(others)]
