"""Find topics in comments: the door to this part."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from infoshare_text.cleaning.duplicates import normal_text
from infoshare_text.coding.features import Floats
from infoshare_text.columns import CODED, JOIN, NOT_ENGLISH
from infoshare_text.errors import ColumnError, InputError, listed
from infoshare_text.topics import measures
from infoshare_text.topics.choosing import FEWEST_COMMENTS, OTHER, number_of_topics
from infoshare_text.topics.concepts import ConceptSpace, read_concepts
from infoshare_text.topics.fitting import Fitted, chosen_again, fit
from infoshare_text.topics.lemmas import LemmaTable
from infoshare_text.topics.personal_words import personal_words
from infoshare_text.topics.tables import OTHER_LABEL, examples_table, frequent_phrases, topic_table
from infoshare_text.topics.topic_model import TopicModel, load_topics

if TYPE_CHECKING:
    import pandas as pd

Ints = npt.NDArray[np.int64]

SAMPLED_FROM = 100_000
"""Distinct comments from which on topics are found in a sample."""
_SAMPLE = 50_000
_CHUNK = 20_000
_RESAMPLES = 5
_RESAMPLED = 20_000
_LITTLE_OTHER, _MUCH_OTHER, _SHAKY = 0.15, 0.25, 0.5


@dataclass(frozen=True)
class Topics:
    """Topics of a set of comments.

    Attributes
    ----------
    assignments : DataFrame
        One row for each comment, in order, with the index of the input: ``topic`` (Int64, 0 for other, empty where
        there was nothing to read), ``topic_label``, ``topics`` (numbers joined with ``;``), ``topic_score``.
    topics : DataFrame
        One row for each topic and, last, ``other``: see ``docs/topics.md`` for its columns.
    examples : DataFrame
        ``topic``, ``topic_label``, ``example`` (personal data masked): five comments for each topic.
    phrases : DataFrame
        ``phrase``, ``n``: the most frequent words and phrases of all comments.
    quality : DataFrame
        ``measure``, ``value``, ``meaning``; empty where no topics were looked for.
    note : str
        A sentence where there is something to know, else empty.
    model : TopicModel or None
        To be saved, and found again in the next wave.
    """

    assignments: pd.DataFrame
    topics: pd.DataFrame
    examples: pd.DataFrame
    phrases: pd.DataFrame
    quality: pd.DataFrame
    note: str
    model: TopicModel | None = field(repr=False)


def find_topics(
    comments: pd.DataFrame | Iterable[str],
    *,
    within: str | None = None,
    n_topics: int | None = None,
    topics_from: TopicModel | str | os.PathLike[str] | None = None,
    concepts: str | os.PathLike[str] | None = None,
    seed: int = 0,
) -> Topics:
    """Find what comments speak of.

    Parameters
    ----------
    comments : DataFrame or iterable of str
        Coded comments as :func:`infoshare_text.classify` returns them, or any table with a column ``comment``, or
        texts. Blank answers and non-answers get no topic.
    within : str, optional
        Key of a theme: only comments coded with it are looked at.
    n_topics : int, optional
        At most so many topics. Default: from the number of distinct comments, 5 for 50 to 36 for 100,000.
    topics_from : TopicModel or path, optional
        Topics of an earlier wave (or the folder they were saved in): they keep their numbers and labels; topics that
        only this wave has are added and marked as new.
    concepts : path, optional
        A file of concepts in place of the shipped ones (see ``docs/topics.md``).
    seed : int
        Draws the resamples that stability is measured on and, from 100,000 distinct comments on, the sample that
        topics are found in. The same seed gives the same result.

    Returns
    -------
    Topics

    Raises
    ------
    InputError, ColumnError
        There is no such column or theme, or an option makes no sense.
    ModelFolderError
        ``topics_from`` is not a folder of topics.
    MissingExtraError
        The extra ``topics`` is not installed.

    Examples
    --------
    >>> topics = find_topics(["Nobody answers the phone.", "The phone rings and rings.", "No one picks up the phone."])
    >>> topics.note
    '3 distinct comments are too few for topics (50 are needed); see the most frequent phrases instead.'
    >>> print(topics.phrases.head(1).to_string(index=False))
    phrase  n
     phone  3
    """
    if n_topics is not None and n_topics < 2:
        raise InputError("n_topics: at least 2 are needed to tell one topic from another.")
    if topics_from is not None and concepts is not None:
        raise InputError("concepts: topics of an earlier wave bring their own; name one of the two.")
    known = load_topics(topics_from) if isinstance(topics_from, (str, os.PathLike)) else topics_from
    space = ConceptSpace(known.concepts if known else read_concepts(concepts))
    table = _table(comments)
    readable = _readable(table, within)
    texts = _read_texts(table[readable])
    first = _distinct(texts)
    if known is None and len(first) < FEWEST_COMMENTS:
        return _too_few(table, texts, len(first))
    wanted = n_topics or number_of_topics(len(first))
    drawn = _drawn(first, seed)
    private = personal_words([texts[i] for i in drawn])
    lemmas = _lemmas(texts, drawn, private)
    for count in _counts(wanted, grow=n_topics is None and known is None):
        fitted = fit(lemmas, space, count, known, len(first))
        topic, score, every = _assigned(fitted.model, texts, space)
        if (topic == OTHER).mean() <= _LITTLE_OTHER:
            break
    wanted = count
    stable = _stability(fitted, space, wanted, seed) if known is None else float("nan")
    seeds = _over_seeds(fitted, space, wanted, texts, first, private) if known is None else float("nan")
    return Topics(
        _assignments(table, readable, fitted.model, topic, score, every),
        topic_table(fitted.model, table[readable], topic, fitted.new),
        examples_table(fitted.model, texts, topic, score),
        frequent_phrases(fitted.comments),
        _quality(fitted, topic, stable, seeds),
        _note(fitted, topic, len(first), stable),
        fitted.model,
    )


def _table(comments: pd.DataFrame | Iterable[str]) -> pd.DataFrame:
    """Return a table with a column ``comment``."""
    import pandas as pd

    if isinstance(comments, str):
        raise InputError("comments: give a list of texts or a table, not one text.")
    if not isinstance(comments, pd.DataFrame):
        return pd.DataFrame({"comment": pd.Series(list(comments), dtype="object")})
    if "comment" not in comments:
        raise ColumnError.absent("comment", comments.columns)
    return comments


def _readable(table: pd.DataFrame, within: str | None) -> npt.NDArray[np.bool_]:
    """Return which comments there is something to read in: coded ones, of one theme where one is named."""
    import pandas as pd

    there: npt.NDArray[np.bool_] = table["comment"].notna().to_numpy(bool) & (_texts(table["comment"]) != "")
    if "status" in table:
        there &= (table["status"] == CODED).to_numpy(bool)
    if within is None:
        return there
    name = f"theme_{within}"
    if name not in table:
        themes = [str(column).removeprefix("theme_") for column in table if str(column).startswith("theme_")]
        if not themes:
            raise ColumnError(f"within: there are no themes in this table; code it first, then look within {within!r}.")
        raise InputError(f"within: there is no theme {within!r}. The themes are: {listed(themes)}.")
    there &= pd.to_numeric(table[name], errors="coerce").eq(1).fillna(False).to_numpy(bool)
    return there


def _texts(comments: pd.Series) -> npt.NDArray[np.object_]:
    """Return comments as text; half a surrogate pair, which no table can hold, becomes a question mark."""
    plain = [str(text).strip().encode("utf-8", "replace").decode() for text in comments.astype("object")]
    return np.array(plain, dtype=object)


def _counts(wanted: int, grow: bool) -> range:
    """Return the numbers of topics to try: up to half as many again, where too much would be left in other."""
    return range(wanted, wanted + 1 + (wanted // 2 if grow else 0), max(1, wanted // 6))


def _read_texts(table: pd.DataFrame) -> list[str]:
    """Return the texts that are read for topics; of a comment that is marked as not English nothing is."""
    texts = _texts(table["comment"])
    if "review" in table:
        foreign = table["review"].astype("string").fillna("").str.split(JOIN).map(lambda marks: NOT_ENGLISH in marks)
        texts = np.where(foreign.to_numpy(bool), "", texts)
    return [str(text) for text in texts]


def _distinct(texts: Sequence[str]) -> Ints:
    """Return the place of the first of equal comments, in order."""
    first: dict[str, int] = {}
    for i, text in enumerate(texts):
        if text:
            first.setdefault(normal_text(text), i)
    return np.fromiter(first.values(), np.int64, len(first))


def _drawn(first: Ints, seed: int) -> Ints:
    if len(first) < SAMPLED_FROM:
        return first
    return np.sort(np.random.default_rng(seed).choice(first, _SAMPLE, replace=False))


def _lemmas(texts: Sequence[str], places: Ints, private: frozenset[str]) -> LemmaTable:
    """Make the table that words, phrases and labels are taken from: without anybody's name."""
    return LemmaTable.from_comments([texts[i] for i in places], private)


def _assigned(model: TopicModel, texts: Sequence[str], space: ConceptSpace) -> tuple[Ints, Floats, list[str]]:
    """Assign comments in pieces, so that memory does not grow with their number."""
    parts = [model.assign(texts[start : start + _CHUNK], space) for start in range(0, len(texts), _CHUNK)]
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.float32), []
    topic, score, every = zip(*parts, strict=True)
    return np.concatenate(topic), np.concatenate(score), [one for part in every for one in part]


def _stability(fitted: Fitted, space: ConceptSpace, n_topics: int, seed: int) -> float:
    """Choose topics on resamples of the comments, and compare where they put all of them."""
    rng = np.random.default_rng(seed)
    comments, n = fitted.comments, min(len(fitted.comments), _RESAMPLED)
    if n < len(comments):
        comments = comments.only(np.sort(rng.choice(len(comments), n, replace=False)))
    labels = []
    for _ in range(_RESAMPLES):
        weights = np.bincount(rng.integers(0, n, n), minlength=n).astype(np.float32)
        labels.append(chosen_again(comments, space, fitted.model, weights, n_topics))
    return measures.agreement(labels)


def _over_seeds(
    fitted: Fitted, space: ConceptSpace, n_topics: int, texts: Sequence[str], first: Ints, private: frozenset[str]
) -> float:
    """Choose topics on the samples of five seeds, and compare where they put the comments of the first."""
    if len(first) < SAMPLED_FROM:
        return 1.0
    labels = []
    for seed in range(_RESAMPLES):
        drawn = _lemmas(texts, _drawn(first, seed), private)
        model = fit(drawn, space, n_topics, None, len(first)).model
        labels.append(model.assign([texts[i] for i in first[:_CHUNK]], space)[0])
    return measures.agreement(labels)


def _quality(fitted: Fitted, topic: Ints, stable: float, seeds: float) -> pd.DataFrame:
    import pandas as pd

    size = np.bincount(topic, minlength=1) / max(1, len(topic))
    values = {
        "share_other": float(size[OTHER]),
        "largest_topic": float(size[OTHER + 1 :].max(initial=0)),
        "npmi": measures.npmi(fitted.words, fitted.comments),
        "diversity": measures.diversity(fitted.words),
        "stability_bootstraps": stable,
        "stability_seeds": seeds,
    }
    return pd.DataFrame([vars(measure) for measure in measures.measured(values)])


def _note(fitted: Fitted, topic: Ints, n_distinct: int, stable: float) -> str:
    if not fitted.model.topics:
        return f"No subject is common to enough of the {n_distinct:,} distinct comments to be a topic."
    other = float((topic == OTHER).mean()) if len(topic) else 0.0
    notes = []
    if other > _MUCH_OTHER:
        notes.append(f"{other:.0%} of the comments belong to no topic: their words are rare, or not English.")
    if stable < _SHAKY:
        notes.append(
            f"Other respondents might have given other topics (stability {stable:.2f}; {_SHAKY} and more is steady): "
            "speak of single topics with care."
        )
    return " ".join(notes)


def _too_few(table: pd.DataFrame, texts: list[str], n_distinct: int) -> Topics:
    """Answer with phrases where there are too few comments for topics."""
    import pandas as pd

    if n_distinct:
        note = (
            f"{n_distinct} distinct comment{'s are' if n_distinct > 1 else ' is'} too few for topics "
            f"({FEWEST_COMMENTS} are needed); see the most frequent phrases instead."
        )
    else:
        note = "There is no comment with anything to read in."
    nothing = np.zeros(len(table), dtype=bool)
    empty, none = np.empty(0, np.int64), np.empty(0, np.float32)
    return Topics(
        _assignments(table, nothing, None, empty, none, []),
        topic_table(None, table[nothing], empty, set()).iloc[:0],
        examples_table(None, [], empty, none),
        frequent_phrases(LemmaTable.from_comments(texts, personal_words(texts))),
        pd.DataFrame(columns=["measure", "value", "meaning"]),
        note,
        None,
    )


def _assignments(
    table: pd.DataFrame,
    readable: npt.NDArray[np.bool_],
    model: TopicModel | None,
    topic: Ints,
    score: Floats,
    every: list[str],
) -> pd.DataFrame:
    import pandas as pd

    labels = {each.number: each.label for each in model.topics} if model else {}
    columns: dict[str, pd.Series] = {
        "topic": pd.Series(topic, dtype="Int64"),
        "topic_label": pd.Series([labels.get(int(number), OTHER_LABEL) for number in topic], dtype="str"),
        "topics": pd.Series(every, dtype="str"),
        "topic_score": pd.Series(np.round(score.astype(np.float64), 4), dtype="Float64"),
    }
    places = np.flatnonzero(readable)
    whole = {name: values.set_axis(places).reindex(range(len(table))) for name, values in columns.items()}
    return pd.DataFrame(whole).set_axis(table.index)
