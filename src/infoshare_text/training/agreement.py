"""How far coders agree: with each other, and with the model on the same comments."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from infoshare_text.codebook import Codebook
from infoshare_text.coding.classify import Coder
from infoshare_text.columns import JOIN, stance_columns, theme_columns
from infoshare_text.errors import InputError, listed
from infoshare_text.reading.survey import is_missing
from infoshare_text.training import faults as kinds
from infoshare_text.training.codings import Codings, read_codings, same_comment
from infoshare_text.training.coefficients import (
    MISSING,
    Floats,
    Values,
    agreement_share,
    alpha,
    bootstrap_draws,
    interval,
    kappa,
    mean_defined,
    mean_kappa,
)
from infoshare_text.training.faults import Faults
from infoshare_text.training.labelled_files import groups, note_contradictions, note_not_one
from infoshare_text.training.opened import refuse_idle_options

if TYPE_CHECKING:
    import pandas as pd

MODEL = "model"
DRAWS = 1000


@dataclass(frozen=True)
class Agreement:
    """How far coders agree.

    Attributes
    ----------
    coders : list of str
    comments : int
        Comments that two coders at least have coded.
    figures : DataFrame
        One row for each code, then for each stance (of themes that both coded), then for the sentiment: ``code``,
        ``units`` (coded by two at least), ``share_<coder>``, ``agreement`` (share of pairs that said the same),
        ``kappa`` (Cohen's; the mean of all pairs), ``alpha`` (Krippendorff's), ``model_kappa`` (the mean over coders),
        each with ``_low`` and ``_high`` of the 95% bootstrap interval, and ``disagreements``. NaN where a figure
        is not defined, as where nobody used a code.
    disagreements : DataFrame
        ``id``, ``code`` and what each coder, and the model, said. No comment.
    texts : dict of str to str
        The comment of each id.
    """

    coders: list[str]
    comments: int
    figures: pd.DataFrame
    disagreements: pd.DataFrame
    texts: dict[str, str] = field(repr=False)

    def disagreements_with_comments(self) -> pd.DataFrame:
        """Return the disagreements with the comment beside each, for a file that people settle them in."""
        table = self.disagreements.copy()
        table.insert(1, "comment", [self.texts[id] for id in table["id"]])
        return table

    def as_dict(self) -> dict[str, Any]:
        """Return everything but the comments as plain values, undefined figures as None: ready for JSON."""
        plain = [
            [{name: _plain(value) for name, value in row.items()} for row in table.to_dict("records")]
            for table in (self.figures, self.disagreements)
        ]
        return {"coders": self.coders, "comments": self.comments, "figures": plain[0], "disagreements": plain[1]}


def agreement(
    codings: Sequence[str | os.PathLike[str] | pd.DataFrame],
    *,
    codebook: Codebook | None = None,
    model: str | os.PathLike[str] | None = None,
    text: str | None = None,
    group: str | None = None,
    blank_is_absent: bool = False,
    reading: Mapping[str, Any] | None = None,
    names: Sequence[str] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Agreement:
    """Compare what several people coded.

    Comments are matched by the ids of a review workbook where all have them, else by their words (and the question,
    where all have it). A cell that somebody left empty is missing, not zero. Intervals are 95% percentile bootstraps
    that draw respondents.

    Parameters
    ----------
    codings : sequence of path or DataFrame
        One for each coder, in any form that :func:`infoshare_text.read_labelled` takes.
    codebook : Codebook, optional
        Default: that of the model.
    model : path, optional
        Folder of a theme model to compare with; default: the one that comes with the library, unless a codebook is
        given.
    text, group : str, optional
        The columns of comments and of respondents; default: found.
    blank_is_absent : bool
        Whether an empty cell says that a code does not apply; default: that it was not coded.
    reading : mapping, optional
        What to set against what is detected of a file: see :func:`infoshare_text.read_labelled`.
    names : sequence of str, optional
        What to call the coders; default: the names of the files.
    draws : int
        Bootstrap draws.
    seed : int

    Returns
    -------
    Agreement

    Raises
    ------
    InputError
        Fewer than two coders, every fault in their files at once, or no comment that two have coded.

    Examples
    --------
    >>> import pandas as pd
    >>> ann = pd.DataFrame({"comment": ["Nobody owns it.", "We trust them."], "themes": ["leadership"] * 2})
    >>> bob = ann.assign(themes=["leadership", "none"])
    >>> found = agreement([ann, bob], names=["ann", "bob"], draws=10)
    >>> found.disagreements[["code", "ann", "bob"]].values.tolist()
    [['leadership', '1', '0']]
    """
    if isinstance(codings, (str, os.PathLike)) or len(codings) < 2:
        raise InputError("agreement needs the files of two coders at least.")
    coder = None if codebook is not None and model is None else Coder.load(model)
    book = codebook or (coder.themes.codebook if coder else None)
    assert book is not None
    if coder is not None and coder.keys != book.keys:
        raise InputError(
            f"the model codes by {coder.themes.codebook.name!r}, not by {book.name!r}: "
            "leave out one of model and codebook."
        )
    coders = _named(codings, names)
    refuse_idle_options(codings, reading or {})
    how = {"text": text, "group": group, "blank_is_absent": blank_is_absent, "reading": reading}
    sheet = _matched(_read(codings, coders, book, how), book)
    by_model = {MODEL: _by_model(sheet, coder, book)} if coder else {}
    said = {**dict(zip(coders, sheet.coders, strict=True)), **by_model}
    return _compared(sheet, said, coders, book, draws, seed)


@dataclass(frozen=True)
class _Said:
    """What one coder said of each comment.

    Attributes
    ----------
    themes : int array of shape (n, n_themes)
    stances : int array of shape (n, n_themes, n_stances)
        -1 where the theme is absent or has no stance.
    sentiments : int array of shape (n,)
    """

    themes: Values
    stances: Values
    sentiments: Values

    @classmethod
    def of(cls, themes: npt.ArrayLike, stances: npt.ArrayLike, sentiments: Sequence[str], book: Codebook) -> _Said:
        place = {name: i for i, name in enumerate(book.sentiments)}
        held = np.asarray(stances, dtype=np.int64)
        nothing = ~held.any(axis=2) | (np.asarray(themes) != 1)
        held = np.where(nothing[:, :, None], MISSING, held)
        feelings = [place.get(name, MISSING) for name in sentiments]
        return cls(np.asarray(themes, dtype=np.int64), held, np.array(feelings, dtype=np.int64))


@dataclass(frozen=True)
class _Matched:
    """The same comments in the same order for all coders."""

    ids: list[str]
    texts: list[str]
    questions: list[str]
    groups: list[str]
    coders: list[_Said]


def _named(codings: Sequence[Any], names: Sequence[str] | None) -> list[str]:
    import pandas as pd

    if names is not None:
        if len(set(names)) != len(codings) or MODEL in names:
            raise InputError(
                f"{len(codings)} different names are wanted, none of them 'model'; found: {listed(names)}."
            )
        return list(names)
    stems = [f"coder {i}" if isinstance(c, pd.DataFrame) else Path(c).stem for i, c in enumerate(codings, 1)]
    twice = {stem for stem in stems if stems.count(stem) > 1} | {MODEL, "id", "code", "comment"}
    return [f"{stem} ({i})" if stem in twice else stem for i, stem in enumerate(stems, 1)]


def _read(codings: Sequence[Any], coders: Sequence[str], book: Codebook, how: Mapping[str, Any]) -> list[Codings]:
    faults = Faults()
    read = [read_codings(data, book, faults, name=name, **how) for data, name in zip(codings, coders, strict=True)]
    whole = [coding for coding in read if coding is not None]
    for coding in whole:
        coded = np.asarray((coding.themes != MISSING).all(axis=1))
        note_contradictions([coding], [coded], book, faults)
        note_not_one([coding], [coded], book, faults)
    faults.raise_any("labelled comments", [kinds.UNCODED])
    return whole


def _matched(read: Sequence[Codings], book: Codebook) -> _Matched:
    """Bring the comments that two coders at least have coded into one order, that of their first mention."""
    by_id = all(coding.drawn for coding in read)
    asked = all(all(coding.questions) for coding in read)
    rows: list[dict[Any, int]] = []
    for coding in read:
        keys = coding.ids if by_id else [key if asked else key[0] for key in same_comment(coding)]
        coded = (coding.themes != MISSING).any(axis=1)
        rows.append({})
        for i, key in enumerate(keys):
            if coded[i]:
                rows[-1].setdefault(key, i)
    times = [key for row in rows for key in row]
    shared = [key for key in dict.fromkeys(times) if sum(key in row for row in rows) > 1]
    if not shared:
        raise InputError(
            f"no comment is coded by two: {listed(coding.source.name for coding in read)} have none in common. "
            "Give the workbooks of one draw, or files with the same comments."
        )
    first = [next((c, row[key]) for c, row in zip(read, rows, strict=True) if key in row) for key in shared]
    ids = [coding.ids[i] for coding, i in first]
    texts = [coding.texts[i] for coding, i in first]
    return _Matched(
        ids=ids,
        texts=texts,
        questions=[coding.questions[i] for coding, i in first],
        groups=groups(ids, texts, [coding.respondents[i] for coding, i in first]),
        coders=[
            _of_coder(coding, [row.get(key, -1) for key in shared], book)
            for coding, row in zip(read, rows, strict=True)
        ],
    )


def _of_coder(coding: Codings, rows: Sequence[int], book: Codebook) -> _Said:
    """Take one coder's rows in a given order; -1 stands for a comment that this coder does not have."""
    at = np.array(rows)
    themes = np.where((at < 0)[:, None], MISSING, coding.themes[at])
    sentiments = ["" if i < 0 else coding.sentiments[i] for i in rows]
    return _Said.of(themes, coding.stances[at], sentiments, book)


def _by_model(sheet: _Matched, coder: Coder, book: Codebook) -> _Said:
    """Let the model code the comments; what it has no word on (stances, sentiment) is missing."""
    table = coder.code(sheet.texts, sheet.questions)
    columns = [[MISSING if is_missing(v) else int(v) for v in table[name]] for name in theme_columns(coder.keys)]
    held = np.zeros((len(table), len(columns), len(book.stances)), dtype=np.int64)
    for j, name in enumerate(stance_columns(coder.keys)):
        for i, cell in enumerate(table[name].astype(str) if name in table else []):
            held[i, j] = [stance in cell.split(JOIN) for stance in book.stances]
    sentiments = table["sentiment"].astype(str).tolist() if "sentiment" in table else [""] * len(table)
    return _Said.of(np.array(columns).T, held, sentiments, book)


def _compared(
    sheet: _Matched, said: dict[str, _Said], coders: Sequence[str], book: Codebook, draws: int, seed: int
) -> Agreement:
    import pandas as pd

    times = bootstrap_draws(sheet.groups, draws, seed)
    figures: list[dict[str, Any]] = []
    differing: list[dict[str, Any]] = []
    for j, key in enumerate(book.keys):
        values = {name: one.themes[:, j] for name, one in said.items()}
        figures.append(_figures(key, values, coders, times))
        differing += _differing(key, values, coders, sheet.ids, ["0", "1"])
    for s, stance in enumerate(book.stances):
        values = {name: one.stances[:, :, s].reshape(-1) for name, one in said.items()}
        figures.append(_figures(f"stance {stance}", values, coders, times))
        for j, key in enumerate(book.keys):
            of_theme = {name: one.stances[:, j, s] for name, one in said.items()}
            differing += _differing(f"{key}: {stance}", of_theme, coders, sheet.ids, ["0", "1"])
    if book.sentiments:
        values = {name: one.sentiments for name, one in said.items()}
        row = _figures("sentiment", values, coders, times)
        # A share of one value says nothing of four.
        figures.append({name: np.nan if name.startswith("share_") else value for name, value in row.items()})
        differing += _differing("sentiment", values, coders, sheet.ids, list(book.sentiments))
    return Agreement(
        coders=list(coders),
        comments=len(sheet.ids),
        figures=pd.DataFrame(figures),
        disagreements=pd.DataFrame(differing, columns=["id", "code", *said], dtype=str),
        texts=dict(zip(sheet.ids, sheet.texts, strict=True)),
    )


def _figures(code: str, said: dict[str, Values], coders: Sequence[str], times: Floats) -> dict[str, Any]:
    values = np.stack([said[name] for name in coders])
    there = values != MISSING
    row: dict[str, Any] = {"code": code, "units": int((there.sum(axis=0) > 1).sum())}
    for name, value in zip(coders, values, strict=True):
        row[f"share_{name}"] = (
            float((value == 1).sum() / (value != MISSING).sum()) if (value != MISSING).any() else np.nan
        )
    row["agreement"] = agreement_share(values)
    row |= _with_interval("kappa", mean_kappa(values), mean_kappa(values, times))
    row |= _with_interval("alpha", alpha(values), alpha(values, times))
    if MODEL in said:
        estimate, drawn = (
            mean_defined(np.stack([kappa(said[MODEL], value, weights) for value in values]))
            for weights in (None, times)
        )
        row |= _with_interval("model_kappa", estimate, drawn)
    row["disagreements"] = int(_differ(values).sum())
    return row


def _with_interval(name: str, estimate: Floats, drawn: Floats) -> dict[str, float]:
    low, high = interval(drawn)
    return {name: float(estimate[0]), f"{name}_low": low, f"{name}_high": high}


def _differing(
    code: str, said: dict[str, Values], coders: Sequence[str], ids: Sequence[str], written: Sequence[str]
) -> list[dict[str, Any]]:
    differ = _differ(np.stack([said[name] for name in coders]))
    return [
        {"id": ids[i], "code": code} | {name: written[v[i]] if v[i] != MISSING else "" for name, v in said.items()}
        for i in np.flatnonzero(differ).tolist()
    ]


def _differ(values: Values) -> npt.NDArray[np.bool_]:
    """Tell for which units two coders said different things."""
    highest = values.max(axis=0)
    lowest = np.where(values == MISSING, highest, values).min(axis=0)
    return np.asarray(lowest != highest)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if value != value else round(value, 4)
    return value
