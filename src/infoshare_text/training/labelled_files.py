"""Labelled comments of a person's own: files in the forms that people keep them in, checked as a whole.

Read are columns of 0 and 1 (``theme_<key>``, keys or labels), one column of joined or single codes, what ``classify``
wrote and a person corrected, and workbooks written by ``review``.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from infoshare_text.cleaning.answers import answer_statuses
from infoshare_text.cleaning.duplicates import normal_text
from infoshare_text.codebook import Codebook
from infoshare_text.columns import CODED
from infoshare_text.errors import InputError, listed
from infoshare_text.training import faults as kinds
from infoshare_text.training.code_cells import ABSENT, NOT_SAID, PRESENT
from infoshare_text.training.codings import ONLY_ONES, Codings, read_codings, same_comment
from infoshare_text.training.faults import LEAVABLE, Faults
from infoshare_text.training.groups import groups_of
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.opened import refuse_idle_options


def read_labelled(
    paths: Any,
    codebook: Codebook,
    *,
    text: str | None = None,
    group: str | None = None,
    leave_out: Collection[str] = (),
    blank_is_absent: bool = False,
    reading: Mapping[str, Any] | None = None,
    least_examples: int = 2,
    told: Callable[[str], None] | None = None,
) -> LabelledComments:
    """Read labelled comments from one or more files.

    Parameters
    ----------
    paths : path, DataFrame, or sequence of them
        CSV, XLSX, Parquet or JSON lines.
    codebook : Codebook
        The codes that may stand in them, by key or by label, in any case.
    text : str, optional
        The column of comments; default: found.
    group : str, optional
        The column of who wrote each, so that no split parts one person; default: found by its usual names, else each
        comment stands for itself. Comments of the same words are always one group.
    leave_out : collection of str
        Rows to leave out instead of refusing them: ``uncoded`` (not coded, or in part), ``blank`` (codes without a
        comment), ``contradictory`` (the same comment coded differently).
    blank_is_absent : bool
        Whether an empty cell says that a code does not apply; default: that nobody has coded it yet. In a workbook of
        ``review``, a row with nothing in it and no yes under ``done`` stays uncoded.
    reading : mapping, optional
        What to set against what is detected of a file: ``encoding``, ``delimiter``, ``sheet``, ``guarded``, ``layout``,
        ``header_rows``, as :func:`infoshare_text.read_survey` takes them. Of several files, each takes what fits it.
    least_examples : int
        Different comments that each code must have; 0 for a file that is only measured on. What says nothing ('n/a')
        is no example: a model leaves it uncoded.
    told : callable, optional
        Is given what was found of each file, and what was left out, in words.

    Returns
    -------
    LabelledComments
        ``writers`` are the groups; stances are all False and a sentiment is empty where nobody said.

    Raises
    ------
    InputError
        Every fault of all files at once, with file, sheet, rows and column.

    Examples
    --------
    >>> import pandas as pd
    >>> from infoshare_text.codebook import default_codebook
    >>> table = pd.DataFrame({"comment": ["Nobody owns it.", "We trust them."], "themes": ["leadership", "none"]})
    >>> labelled = read_labelled(table, default_codebook(), least_examples=0)
    >>> labelled.themes.sum(axis=1).tolist()
    [1, 0]
    """
    _check_options(leave_out)
    faults = Faults()
    sources = _sequence(paths)
    refuse_idle_options(sources, reading or {})
    codings = [
        read_codings(
            data,
            codebook,
            faults,
            text=text,
            group=group,
            blank_is_absent=blank_is_absent,
            reading=reading,
            name=f"table {number}" if len(sources) > 1 else "the table",
        )
        for number, data in enumerate(sources, 1)
    ]
    readable = [coding for coding in codings if coding is not None]
    kept = [_coded(coding, faults) for coding in readable]
    clashing = note_contradictions(readable, kept, codebook, faults)
    if kinds.CONTRADICTORY in leave_out:
        kept = [keep & ~clash for keep, clash in zip(kept, clashing, strict=True)]
    note_not_one(readable, kept, codebook, faults)
    if any((coding.themes == PRESENT).any() for coding in readable) and not faults.count(kinds.COLUMN):
        counted = kept if kinds.UNCODED in leave_out else [np.ones(len(coding), dtype=bool) for coding in readable]
        _note_rare(readable, counted, codebook, least_examples, faults)
    faults.raise_any("labelled comments", leave_out)
    if not sum(int(keep.sum()) for keep in kept):
        raise InputError(f"{listed(coding.source.name for coding in readable)}: no comment is coded yet.")
    if told is not None:
        left_out = {kind: faults.count(kind) for kind in (kinds.UNCODED, kinds.BLANK)}
        left_out[kinds.CONTRADICTORY] = sum(int(clash.sum()) for clash in clashing)
        for note in [note for coding in readable for note in coding.notes]:
            told(note)
        for kind, rows in left_out.items():
            if rows:
                told(f"left out: {rows:,} rows that are {kind}")
    return _together(readable, kept, codebook)


def _check_options(leave_out: Collection[str]) -> None:
    if isinstance(leave_out, str) or set(leave_out) - set(LEAVABLE):
        raise InputError(f"leave_out takes a collection of {listed(LEAVABLE)}; found: {leave_out!r}.")


def _sequence(paths: Any) -> list[Any]:
    import pandas as pd

    if not isinstance(paths, (str, os.PathLike, pd.DataFrame, Iterable)):
        kind = type(paths).__name__
        raise InputError(f"labelled comments are wanted as a file, a table, or a sequence of them, not {kind}.")
    sources = [paths] if isinstance(paths, (str, os.PathLike, pd.DataFrame)) else list(paths)
    if not sources:
        raise InputError("no labelled file is named.")
    return sources


def _coded(coding: Codings, faults: Faults) -> npt.NDArray[np.bool_]:
    """Tell which rows are coded in whole, and note those that are not coded at all."""
    nothing = (coding.themes == NOT_SAID).all(axis=1)
    nothing &= ~coding.stances.any(axis=(1, 2)) & (np.array(coding.sentiments, dtype=object) == "")
    hint = "" if (coding.themes == ABSENT).any() or coding.drawn else ONLY_ONES
    how = "and write yes under 'done'" if coding.drawn else "('none' or 0 where no code applies)"
    for i in np.flatnonzero(nothing):
        what = f"not coded. Code them {how}, or --leave-out uncoded.{hint}"
        faults.add(kinds.UNCODED, coding.source, what, coding.rows[i])
    return np.asarray((coding.themes != NOT_SAID).all(axis=1))


def note_contradictions(
    codings: Sequence[Codings], kept: Sequence[npt.NDArray[np.bool_]], codebook: Codebook, faults: Faults
) -> list[npt.NDArray[np.bool_]]:
    """Note comments of the same words, under the same question, that were coded differently.

    Returns which rows of each file are among them.
    """
    places: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for f, coding in enumerate(codings):
        for i, key in enumerate(same_comment(coding)):
            if kept[f][i]:
                places[key].append((f, i))
    clashing = [np.zeros(len(coding), dtype=bool) for coding in codings]
    for same in places.values():
        differ = _differences([(codings[f], i) for f, i in same], codebook) if len(same) > 1 else []
        if differ:
            rows = {f: [codings[f].rows[i] for g, i in same if g == f] for f, _ in same}
            where = "; ".join(codings[f].source.place(r) for f, r in rows.items())
            what = "the same comment is coded differently in"
            faults.add(kinds.CONTRADICTORY, None, f"{where}: {what} {listed(differ)}. Settle on one coding.")
            for f, i in same:
                clashing[f][i] = True
    return clashing


def _differences(rows: Sequence[tuple[Codings, int]], codebook: Codebook) -> list[str]:
    """Name what was coded differently; a stance or sentiment that nobody gave contradicts none."""
    themes = np.array([coding.themes[i] for coding, i in rows])
    stances = np.array([coding.stances[i] for coding, i in rows])
    differ = (themes != themes[0]).any(axis=0)
    for j in np.flatnonzero(~differ):
        given = stances[:, j][stances[:, j].any(axis=1)]
        differ[j] = len(given) > 0 and bool((given != given[0]).any())
    sentiments = {coding.sentiments[i] for coding, i in rows} - {""}
    names = [codebook.themes[j].label for j in np.flatnonzero(differ)]
    return [*names, *(["sentiment"] if len(sentiments) > 1 else [])]


def note_not_one(
    codings: Sequence[Codings], kept: Sequence[npt.NDArray[np.bool_]], codebook: Codebook, faults: Faults
) -> None:
    """Note comments with several codes, or none, where the codebook wants exactly one."""
    for coding, keep in zip(codings, kept, strict=True) if not codebook.multi_label else ():
        counts = (coding.themes == PRESENT).sum(axis=1)
        for i in np.flatnonzero(keep & (counts != 1)).tolist():
            has = f"{counts[i]} codes" if counts[i] else "no code"
            what = f"{has}; the codebook {codebook.name!r} wants exactly one (multi_label = false). Choose one."
            faults.add(kinds.CODE, coding.source, what, coding.rows[i])


def _note_rare(
    codings: Sequence[Codings],
    kept: Sequence[npt.NDArray[np.bool_]],
    codebook: Codebook,
    least: int,
    faults: Faults,
) -> None:
    examples: list[set[str]] = [set() for _ in codebook.keys]
    idle = False
    for coding, keep in zip(codings, kept, strict=True):
        says = np.array([status == CODED for status in answer_statuses(coding.texts, coding.questions)], dtype=bool)
        held = (coding.themes == PRESENT) & keep[:, None]
        idle |= bool(held[~says].any())
        for i, j in zip(*np.nonzero(held & says[:, None]), strict=True):
            examples[j].add(normal_text(coding.texts[i]))
    rare: dict[int, list[str]] = defaultdict(list)
    for key, comments in zip(codebook.keys, examples, strict=True):
        if len(comments) < least:
            rare[len(comments)].append(key)
    hint = " Comments that say nothing ('n/a') do not count: models leave them uncoded." if idle else ""
    for count, keys in sorted(rare.items()):
        times = {0: "no example", 1: "one example"}.get(count, f"{count} examples")
        what = f"{times} of {listed(keys)}: {least} different comments of a code are the least to learn from"
        faults.add(kinds.RARE, None, f"{what}.{hint} Label more, or use a codebook without.")


def _together(
    codings: Sequence[Codings], kept: Sequence[npt.NDArray[np.bool_]], codebook: Codebook
) -> LabelledComments:
    def all_of(name: str) -> list[str]:
        return [
            getattr(coding, name)[i]
            for coding, keep in zip(codings, kept, strict=True)
            for i in np.flatnonzero(keep).tolist()
        ]

    texts, ids = all_of("texts"), _unique(all_of("ids"))
    return LabelledComments(
        codebook=codebook,
        ids=ids,
        texts=texts,
        questions=all_of("questions"),
        writers=groups(ids, texts, all_of("respondents")),
        sectors=[""] * len(texts),
        themes=np.concatenate([c.themes[k] for c, k in zip(codings, kept, strict=True)]) == PRESENT,
        stances=np.concatenate([c.stances[k] for c, k in zip(codings, kept, strict=True)]),
        sentiments=all_of("sentiments"),
    )


def groups(ids: Sequence[str], texts: Sequence[str], respondents: Sequence[str]) -> list[str]:
    """Join comments of one respondent, and comments of the same words, however long the chain.

    Parameters
    ----------
    ids, texts, respondents : sequence of str, length n
        An empty respondent is nobody else.

    Returns
    -------
    list of str, length n
        The id of the first comment of each group.

    Examples
    --------
    >>> groups(["1", "2", "3", "4"], ["a b", "c", "A b!", "d"], ["x", "x", "", ""])
    ['1', '1', '1', '4']
    """
    group = groups_of(texts, respondents)
    _, first = np.unique(group, return_index=True)
    return [ids[first[g]] for g in group]


def _unique(ids: Iterable[str]) -> list[str]:
    """Tell rows of one id apart by a number: a comment may be coded in two files."""
    times: dict[str, int] = defaultdict(int)
    unique = []
    for id in ids:
        times[id] += 1
        unique.append(id if times[id] == 1 else f"{id} ({times[id]})")
    return unique
