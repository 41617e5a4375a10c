"""Topics of a whole survey: of all comments, within themes and by groups of respondents, ready to be written."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.model_folder import load_vectors
from infoshare_text.columns import COMMENT_COLUMNS
from infoshare_text.errors import ColumnError, InputError, listed
from infoshare_text.topics.find import Topics, find_topics
from infoshare_text.topics.installed import check_installed
from infoshare_text.topics.places import topic_places
from infoshare_text.topics.tables import topics_by_group

if TYPE_CHECKING:
    import pandas as pd

ALL = "all"
MODEL, WITHIN = "model", "within"
"""Folders of saved topics: those of all comments, and those of each theme."""
MOST_GROUPS = 60
FEW_IN_GROUP = 10
_SHARES = ("share", "share_low", "share_high", "mean_sentiment")
_DECIMALS = 4


@dataclass(frozen=True)
class TopicPart:
    """Topics of all comments, or of those of one theme.

    Attributes
    ----------
    key : str
        Key of the theme, empty for all comments.
    title : str
    topics : Topics
    by : dict of str to DataFrame
        For each column of groups: see :func:`infoshare_text.topics_by_group`.
    places : float array of shape (n_topics, 2)
        Places on a map, in [-1, 1].
    notes : list of str
        What there is to know.
    """

    key: str
    title: str
    topics: Topics
    by: dict[str, pd.DataFrame]
    places: npt.NDArray[np.float64]
    notes: list[str]


@dataclass(frozen=True)
class TopicReport:
    """Topics of a survey.

    Attributes
    ----------
    parts : list of TopicPart
        All comments first, then the themes that were asked for.
    assignments : DataFrame
        One row for each comment, in order: its row and question, the columns that were to be kept, those of groups,
        ``status``, the columns of ``Topics.assignments`` and, for each theme, ``topic_<theme>`` and
        ``topic_label_<theme>``. No comment.
    """

    parts: list[TopicPart]
    assignments: pd.DataFrame


def topic_report(
    coded: pd.DataFrame,
    *,
    within: Sequence[str] = (),
    by: Sequence[str] = (),
    keep: Sequence[str] = (),
    titles: Mapping[str, str] | None = None,
    topics_from: str | os.PathLike[str] | None = None,
    n_topics: int | None = None,
    concepts: str | os.PathLike[str] | None = None,
    seed: int = 0,
) -> TopicReport:
    """Find the topics of a survey: of all comments, and more as asked for.

    Parameters
    ----------
    coded : DataFrame
        Coded comments, as :func:`infoshare_text.classify` returns them.
    within : sequence of str
        Keys of themes to look within, or ``all``.
    by : sequence of str
        Columns that part respondents into groups: a sector, a role.
    keep : sequence of str
        Columns to stand in the assignments, such as the respondent's id.
    titles : mapping of str to str, optional
        Labels of themes by key.
    topics_from : path, optional
        What this function's result was written to in an earlier wave, or the folder ``model`` in it. A theme that was
        not looked into then is found anew.
    n_topics, concepts, seed
        As :func:`infoshare_text.find_topics` takes them, for all comments and for each theme.

    Returns
    -------
    TopicReport

    Raises
    ------
    InputError, ColumnError
        There are no such themes or columns, or a column holds no groups.
    ModelFolderError
        ``topics_from`` holds no topics.
    MissingExtraError
        The extra ``topics`` is not installed.
    """
    check_installed()
    keys = _themes(coded, within)
    groups = {name: _groups(coded, name) for name in dict.fromkeys(by)}
    vectors = load_vectors()
    parts = []
    for key in ["", *keys]:
        known, notes = _earlier(topics_from, key)
        found = find_topics(
            coded, within=key or None, n_topics=n_topics, topics_from=known, concepts=concepts, seed=seed
        )
        found = replace(found, topics=_fit_to_print(found.topics, known is not None))
        by_group = {
            name: _fit_to_print(topics_by_group(found.topics, found.assignments["topic"], group), True)
            for name, group in groups.items()
        }
        notes = [*([found.note] if found.note else []), *notes, *_small_groups(by_group)]
        places = topic_places(found.model, vectors) if found.model else np.zeros((0, 2))
        parts.append(TopicPart(key, _title(key, titles), found, by_group, places, notes))
    return TopicReport(parts, _assignments(coded, parts, [*keep, *groups]))


def _themes(coded: pd.DataFrame, within: Sequence[str]) -> list[str]:
    there = [str(name).removeprefix("theme_") for name in coded if str(name).startswith("theme_")]
    if ALL in within and ALL not in there:
        return there
    if lost := [key for key in within if key not in there]:
        raise InputError(f"within: there is no theme {listed(lost)}. The themes are: {listed([*there, ALL])}.")
    return list(dict.fromkeys(within))


def _groups(coded: pd.DataFrame, name: str) -> pd.Series:
    """Return the column of groups, under a name that is none of the table's own."""
    if name not in coded:
        raise ColumnError.absent(name, [str(column) for column in coded if not _is_coding(str(column))])
    group = coded[name].astype("string").str.strip()
    n = group[group != ""].nunique()
    if not n:
        raise InputError(f"by: the column {name!r} is empty.")
    if n > MOST_GROUPS:
        raise InputError(
            f"by: the column {name!r} holds {n:,} different values; {MOST_GROUPS} groups at most can be told apart. "
            "Name one that parts respondents into groups, such as their sector or role."
        )
    taken = {"topic", "topic_label", "n", "group_n", "share", "share_low", "share_high"}
    return group.rename(f"input_{name}" if name in taken else name)


def _is_coding(name: str) -> bool:
    return name.startswith(("theme_", "stance_", "p_")) or name in {*COMMENT_COLUMNS, "status", "sentiment_score"}


def _earlier(topics_from: str | os.PathLike[str] | None, key: str) -> tuple[Path | None, list[str]]:
    """Return the folder of an earlier wave's topics of one part, with a note where there is none."""
    if topics_from is None:
        return None, []
    folder = Path(topics_from)
    whole = folder if (folder / MODEL).is_dir() else folder.parent
    if not key:
        return (folder / MODEL if whole == folder else folder), []
    model = whole / WITHIN / key / MODEL
    if model.is_dir():
        return model, []
    return None, ["The earlier wave has no topics within this theme, so these were found anew."]


def _fit_to_print(table: pd.DataFrame, waves: bool) -> pd.DataFrame:
    """Round shares; drop ``new`` where there is no earlier wave to be new against."""
    table = table if waves else table.drop(columns="new")
    return table.round({name: _DECIMALS for name in _SHARES if name in table})


def _small_groups(by: Mapping[str, pd.DataFrame]) -> list[str]:
    notes = []
    for name, table in by.items():
        small = table.loc[table["group_n"] < FEW_IN_GROUP, table.columns[2]].nunique()
        if small:
            some = f"{small} groups have" if small > 1 else "1 group has"
            notes.append(f"{name}: {some} under {FEW_IN_GROUP} comments here; such shares are not for publication.")
    return notes


def _title(key: str, titles: Mapping[str, str] | None) -> str:
    if not key:
        return "All comments"
    return (titles or {}).get(key) or key.replace("_", " ").capitalize()


def _assignments(coded: pd.DataFrame, parts: Sequence[TopicPart], keep: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    if lost := [name for name in keep if name not in coded]:
        raise ColumnError.absent(lost[0], coded.columns)
    names = dict.fromkeys(["row", "question", *keep, "status"])
    columns = {name: coded[name] for name in names if name in coded}
    for part in parts:
        found = part.topics.assignments
        if not part.key:
            columns |= {_free(str(name), columns): found[name] for name in found}
        else:
            columns[f"topic_{part.key}"] = found["topic"]
            columns[f"topic_label_{part.key}"] = found["topic_label"]
    return pd.DataFrame(columns)


def _free(name: str, columns: Mapping[str, object]) -> str:
    return name if name not in columns else f"found_{name}"
