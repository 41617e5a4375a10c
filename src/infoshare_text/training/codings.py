"""What one labelled file says of its comments, cell by cell, and every fault in it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from infoshare_text.cleaning.answers import answer_status
from infoshare_text.cleaning.duplicates import normal_text, word_check
from infoshare_text.codebook import Codebook
from infoshare_text.columns import CODED, COMMENT_COLUMNS, REVIEW_DONE, REVIEW_ID, probability_columns
from infoshare_text.errors import InfoshareTextError, listed
from infoshare_text.training import faults as kinds
from infoshare_text.training.code_cells import (
    ABSENT,
    NOT_SAID,
    PRESENT,
    CodeNames,
    cell_texts,
    normal_name,
    stances_by_code,
    stances_in_cell,
    truth,
)
from infoshare_text.training.code_columns import CodeColumns, find_code_columns
from infoshare_text.training.faults import Faults, Source, found
from infoshare_text.training.opened import opened

if TYPE_CHECKING:
    import pandas as pd

Flags = npt.NDArray[np.bool_]
_ID = re.compile(REVIEW_ID)
_PATTERNS_TOLD = 5
ONLY_ONES = " If an empty cell says that a code does not apply, say so: --blank-is-absent (blank_is_absent=True)."


@dataclass(frozen=True)
class Codings:
    """The comments of one file and what a person said of each.

    Attributes
    ----------
    source : Source
    rows : list of int, length n
        Rows of the source, counted from 0.
    ids : list of str, length n
        What a workbook to code in carries; elsewhere the file and the row.
    drawn : bool
        Whether the ids come from such a workbook.
    texts, questions, respondents : list of str, length n
        Questions and respondents empty where not known.
    themes : int8 array of shape (n, n_themes)
        1 present, 0 absent, -1 not said.
    stances : bool array of shape (n, n_themes, n_stances)
    sentiments : list of str, length n
        Empty where not said.
    notes : list of str
        What was found of the file, in words.
    """

    source: Source
    rows: list[int]
    ids: list[str]
    drawn: bool
    texts: list[str]
    questions: list[str]
    respondents: list[str]
    themes: npt.NDArray[np.int8]
    stances: Flags
    sentiments: list[str]
    notes: list[str]

    def __len__(self) -> int:
        return len(self.rows)


def read_codings(
    data: str | os.PathLike[str] | pd.DataFrame,
    codebook: Codebook,
    faults: Faults,
    *,
    text: str | None = None,
    group: str | None = None,
    blank_is_absent: bool = False,
    reading: Mapping[str, Any] | None = None,
    name: str = "the table",
) -> Codings | None:
    """Read one labelled file or table.

    Parameters
    ----------
    data : path or DataFrame
    codebook : Codebook
    faults : Faults
        Takes everything that is wrong.
    text, group : str, optional
        Columns of the comments and of who wrote them; default: found.
    blank_is_absent : bool
        Whether an empty cell of a 0/1 column, or of joined codes, says that no code applies.
    reading : mapping, optional
        See :func:`infoshare_text.training.labelled_files.read_labelled`.
    name : str
        What to call a DataFrame in messages.

    Returns
    -------
    Codings or None
        None where nothing can be read.
    """
    try:
        source, frame, questions = opened(data, text, name, reading or {})
    except InfoshareTextError as error:
        faults.add(kinds.COLUMN, None, str(error))
        return None
    return _Reader(source, frame, codebook, faults, blank_is_absent).read(text, group, questions)


class _Reader:
    """Reads one table; each step notes the faults of its own columns."""

    def __init__(
        self, source: Source, frame: pd.DataFrame, codebook: Codebook, faults: Faults, blank_is_absent: bool
    ) -> None:
        self.source, self.codebook, self.faults = source, codebook, faults
        self.blank_is_absent = blank_is_absent
        self.cells: Callable[[str], list[str]] = lambda column: cell_texts(frame[column].astype(object))
        self.first_cells: Callable[[str], list[str]] = lambda column: cell_texts(frame[column].head(200).astype(object))
        self.length = len(frame)
        self.names = CodeNames(codebook)

    def read(self, text: str | None, group: str | None, questions: Sequence[str]) -> Codings | None:
        id_column = self._id_column()
        columns = find_code_columns(self.source, self.codebook, id_column is not None, self.faults)
        if not (columns.themes or columns.joined):
            return None
        text = self._text_column(text, columns, questions)
        if group is not None and group not in self.source.columns:
            self.faults.add(kinds.COLUMN, self.source, f"there is no column {group!r}. {self._there()}")
        if text is None:
            return None
        texts = self.cells(text)
        themes = self._themes(columns)
        stances = self._stances(columns, themes)
        sentiments = self._sentiments(columns)
        said = (themes != NOT_SAID).any(axis=1) | stances.any(axis=(1, 2)) | (np.array(sentiments) != "")
        said |= self._fill(columns, themes, said, id_column is not None)
        kept = self._kept(text, texts, said, (themes != NOT_SAID).any(axis=1))
        ids = self._ids(id_column, texts, kept)
        respondents = self._respondents(columns, group, id_column)
        asked = self.cells("question") if "question" in self.source.columns else [""] * self.length
        return Codings(
            source=self.source,
            rows=kept,
            ids=[ids[i] for i in kept],
            drawn=id_column is not None,
            texts=[texts[i] for i in kept],
            questions=[asked[i] for i in kept],
            respondents=[respondents[i] for i in kept],
            themes=themes[kept],
            stances=stances[kept],
            sentiments=[sentiments[i] for i in kept],
            notes=self._notes(columns, text, id_column, len(kept)),
        )

    def _id_column(self) -> str | None:
        """Find the ids that a workbook to code in carries, whatever their column is called now."""
        for column in self.source.columns:
            answered = [cell for cell in self.first_cells(column) if cell]
            if answered and sum(map(bool, map(_ID.fullmatch, answered))) > len(answered) / 2:
                return column
        return None

    def _text_column(self, text: str | None, columns: CodeColumns, questions: Sequence[str]) -> str | None:
        if text is not None:
            return questions[0]
        by_name = [name for name in self.source.columns if normal_name(name) == "comment"]
        free = by_name or [name for name in questions if name not in columns.used]
        if len(free) == 1:
            return free[0]
        which = f"several could: {listed(free)}" if free else "none reads like free text"
        self.faults.add(
            kinds.COLUMN,
            self.source,
            f"which column holds the comments? {which}. Name it with --text (in Python text=...). {self._there()}",
        )
        return None

    def _there(self) -> str:
        return f"The columns are: {listed(self.source.columns, at_most=15)}."

    def _themes(self, columns: CodeColumns) -> npt.NDArray[np.int8]:
        shape = (self.length, len(self.codebook.keys))
        if columns.joined is not None:
            return self._joined_themes(columns.joined, shape)
        themes = np.full(shape, NOT_SAID, dtype=np.int8)
        for j, column in enumerate(columns.themes):
            if column is None:
                continue
            for i, cell in enumerate(self.cells(column)):
                value = truth(cell)
                if value is None:
                    what = f"{self.source.column(column)} holds {found(cell)}. Write 1 or 0."
                    self.faults.add(kinds.CODE, self.source, what, i)
                themes[i, j] = ABSENT if value is None else value
        return themes

    def _joined_themes(self, column: str, shape: tuple[int, int]) -> npt.NDArray[np.int8]:
        themes = np.full(shape, NOT_SAID, dtype=np.int8)
        add = partial(self.faults.add, kinds.CODE, self.source)
        for i, cell in enumerate(self.cells(column)):
            if not cell:
                continue
            places, unknown, none = self.names.in_cell(cell)
            themes[i] = ABSENT
            themes[i, places] = PRESENT
            for piece in unknown:
                meant = self.names.nearest(piece)
                what = f"which is no code of the codebook {self.codebook.name!r}.{meant}"
                add(f"{self.source.column(column)} holds {found(piece, meant)}, {what}", i)
            if none and places:
                add(f"{self.source.column(column)} says 'none' beside a code. Take one of them out.", i)
        return themes

    def _fill(self, columns: CodeColumns, themes: npt.NDArray[np.int8], said: Flags, drawn: bool) -> Flags:
        """Read empty cells as absent where the row is marked as done, or all blanks were said to mean it.

        Returns the rows that are marked.
        """
        # A column that is missing is told once, not for each row.
        missing = np.array([column is None for column in columns.themes] or [False] * themes.shape[1])
        themes[said[:, None] & missing] = ABSENT
        if columns.done is None:
            whole = np.zeros(self.length, dtype=bool)
        else:
            whole = np.array([truth(cell) == PRESENT for cell in self.cells(columns.done)])
            for i, cell in enumerate(self.cells(columns.done)):
                if truth(cell) is None:
                    what = f"{self.source.column(columns.done)} holds {found(cell)}. Write yes, or leave it empty."
                    self.faults.add(kinds.CODE, self.source, what, i)
        # Where rows are marked when they are done, a row with nothing in it is one that nobody has come to.
        blank = whole | (said | (columns.done is None) if self.blank_is_absent else False)
        themes[blank[:, None] & (themes == NOT_SAID)] = ABSENT
        self._note_half_filled(columns, themes, said, drawn)
        return np.asarray(whole)

    def _note_half_filled(self, columns: CodeColumns, themes: npt.NDArray[np.int8], said: Flags, drawn: bool) -> None:
        empty = (themes == NOT_SAID) & said[:, None]
        if drawn and columns.done is None and empty.any():
            what = f"there is no column {REVIEW_DONE!r}. Put it back, with yes in every row that is finished."
            self.faults.add(kinds.COLUMN, self.source, what)
            return
        mark = f", or write yes in {self.source.column(columns.done)}" if columns.done else ""
        if columns.joined is not None:
            what = f"{self.source.column(columns.joined)} is empty in a coded row. Write 'none' if no code applies"
            for i in np.flatnonzero(empty.any(axis=1)):
                self.faults.add(kinds.UNCODED, self.source, f"{what}{mark}.", int(i))
            return
        patterns = np.unique(empty[empty.any(axis=1)], axis=0)
        if len(patterns) > _PATTERNS_TOLD:
            hint = "" if (themes == ABSENT).any() else ONLY_ONES
            what = f"filled in part: some columns of codes are empty. Write 0 where a code does not apply{mark}.{hint}"
            for i in np.flatnonzero(empty.any(axis=1)):
                self.faults.add(kinds.UNCODED, self.source, what, int(i))
            return
        for pattern in patterns:
            names = [str(columns.themes[j]) for j in np.flatnonzero(pattern)]
            where = ", ".join(self.source.column(name) for name in names[:4])
            more = f" and {len(names) - 4} more" if len(names) > 4 else ""
            what = f"filled in part: nothing in {where}{more}. Write 0 where a code does not apply{mark}."
            for i in np.flatnonzero((empty == pattern).all(axis=1)):
                self.faults.add(kinds.UNCODED, self.source, what, int(i))

    def _stances(self, columns: CodeColumns, themes: npt.NDArray[np.int8]) -> Flags:
        stances = np.zeros((*themes.shape, len(self.codebook.stances)), dtype=np.bool_)
        for j, column in enumerate(columns.stances):
            for i, cell in enumerate(self.cells(column) if column is not None else []):
                if cell:
                    self._put_stance(stances, themes, (i, j), cell, str(column))
        if columns.joined_stances is not None:
            for i, cell in enumerate(self.cells(columns.joined_stances)):
                for code, held in stances_by_code(cell):
                    places, _, _ = self.names.in_cell(code)
                    if places:
                        self._put_stance(stances, themes, (i, places[0]), held, columns.joined_stances)
                    else:
                        where, meant = self.source.column(columns.joined_stances), self.names.nearest(code)
                        what = f"{where} names {found(code, meant)}, which is no code.{meant}"
                        self.faults.add(kinds.CODE, self.source, what, i)
        return stances

    def _put_stance(
        self, stances: Flags, themes: npt.NDArray[np.int8], at: tuple[int, int], cell: str, column: str
    ) -> None:
        places, unknown = stances_in_cell(cell, list(self.codebook.stances))
        where = self.source.column(column)
        for piece in unknown:
            what = f"{where} holds {found(piece)}, which is no stance. Stances are: {listed(self.codebook.stances)}."
            self.faults.add(kinds.STANCE, self.source, what, at[0])
        if themes[at] == ABSENT:
            label = self.codebook.themes[at[1]].label
            what = f"{where} gives a stance for {label!r}, which is coded as absent. Change one of the two."
            self.faults.add(kinds.STANCE, self.source, what, at[0])
        stances[at][places] = True

    def _sentiments(self, columns: CodeColumns) -> list[str]:
        if columns.sentiment is None:
            return [""] * self.length
        known = {normal_name(sentiment): sentiment for sentiment in self.codebook.sentiments}
        sentiments = []
        for i, cell in enumerate(self.cells(columns.sentiment)):
            sentiments.append(known.get(normal_name(cell), ""))
            if cell and not sentiments[-1]:
                what = (
                    f"{self.source.column(columns.sentiment)} holds {found(cell)}, which is no sentiment. "
                    f"Write one of: {listed(self.codebook.sentiments)}; or nothing."
                )
                self.faults.add(kinds.CODE, self.source, what, i)
        return sentiments

    def _kept(self, text: str, texts: Sequence[str], said: Flags, coded: Flags) -> list[int]:
        """Choose the rows with a comment; a blank or a non-answer without codes is passed over."""
        kept = []
        for i, comment in enumerate(texts):
            if not comment and said[i]:
                what = f"{self.source.column(text)} is empty in a row with codes. Put the comment back, or clear them."
                self.faults.add(kinds.BLANK, self.source, what, i)
            elif comment and (said[i] or coded[i] or answer_status(comment) == CODED):
                kept.append(i)
        return kept

    def _ids(self, column: str | None, texts: Sequence[str], kept: Sequence[int]) -> list[str]:
        ids = [f"{self.source.name}:{self.source.rows([i])}" for i in range(self.length)]
        if column is None:
            return ids
        given = self.cells(column)
        for i in kept:
            match = _ID.fullmatch(given[i])
            if match is None and given[i]:
                what = f"{self.source.column(column)} holds something that is no id that was given out."
                self.faults.add(kinds.ABSENT, self.source, f"{what} Put it back, or clear it.", i)
            elif match is not None and match[2] != word_check(texts[i]):
                what = (
                    "the comment in this row is not the one that was drawn under its id: columns were sorted apart, "
                    f"or the comment was changed. Put it back, or clear {self.source.column(column)} to take it as new."
                )
                self.faults.add(kinds.ABSENT, self.source, what, i)
        return [id or otherwise for id, otherwise in zip(given, ids, strict=True)]

    def _respondents(self, columns: CodeColumns, group: str | None, id_column: str | None) -> list[str]:
        if group is not None:
            return self.cells(group) if group in self.source.columns else [""] * self.length
        if columns.respondent is not None:
            return self.cells(columns.respondent)
        if id_column is not None:
            return [id.rpartition("-")[0].partition(".")[0] for id in self.cells(id_column)]
        if set(COMMENT_COLUMNS) <= set(self.source.columns):
            return [f"{self.source.name}:{row}" if row else "" for row in self.cells("row")]
        return [""] * self.length

    def _is_code(self, name: str) -> bool:
        places, unknown, _ = self.names.in_cell(name)
        return len(places) == 1 and not unknown

    def _notes(self, columns: CodeColumns, text: str, id_column: str | None, kept: int) -> list[str]:
        form = f"joined in {columns.joined!r}" if columns.joined else "a column each"
        stances = "with" if columns.stances or columns.joined_stances else "without"
        sentiment = "with" if columns.sentiment else "without"
        drawn = "; drawn by review" if id_column else ""
        notes = [
            f"{self.source.name}: {kept:,} of {self.length:,} rows; comments in {text!r}; codes {form}, "
            f"{stances} stances, {sentiment} sentiment{drawn}"
        ]
        if spare := [name for name in self.source.columns if name not in columns.used and self._is_code(name)]:
            notes.append(f"{self.source.name}: not read, though they are named like codes: {listed(spare)}")
        if set(probability_columns(self.codebook.keys)) <= set(self.source.columns):
            notes.append(
                f"{self.source.name} was written by classify: rows that nobody checked repeat what a model said, and "
                "flatter every figure. Take them out"
            )
        return notes


def same_comment(codings: Codings) -> list[tuple[str, str]]:
    """Return what equal comments have in common: the words and the question, where it is known."""
    return [
        (normal_text(text), normal_name(question))
        for text, question in zip(codings.texts, codings.questions, strict=True)
    ]
