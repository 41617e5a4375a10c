"""Code comments: the one function that the library, the command line and every cluster call."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from infoshare_text.cleaning.answers import answer_statuses, which_say_all_is_well
from infoshare_text.cleaning.other_languages import not_english
from infoshare_text.cleaning.repeats import Repeats, nth_of_wording, row_numbers
from infoshare_text.cleaning.words import Ints, WordTable
from infoshare_text.coding.confidence import review_reasons, sigmoid
from infoshare_text.coding.encoder import Encoder, Head
from infoshare_text.coding.evidence import evidence_json
from infoshare_text.coding.features import Floats
from infoshare_text.coding.linear import Found
from infoshare_text.coding.model_folder import load_accurate, load_head, load_own_sentiment, load_sentiment, load_themes
from infoshare_text.coding.sentiment import NEGATIVE, NEUTRAL, POSITIVE, SentimentModel, sentiment_score
from infoshare_text.coding.themes import Flags, ThemeModel, joined_stances, stances_held
from infoshare_text.columns import (
    CODED,
    COMMENT_COLUMNS,
    coding_columns,
    probability_columns,
    stance_columns,
    theme_columns,
)
from infoshare_text.errors import ColumnError, InputError, listed
from infoshare_text.reading.layouts import Column
from infoshare_text.reading.survey import as_text, long_table, renamed_input

if TYPE_CHECKING:
    import pandas as pd

_DECIMALS = 4


class Coder:
    """The models that code comments, loaded once.

    Parameters
    ----------
    themes : ThemeModel
    sentiment : SentimentModel, optional
        None: comments are coded without sentiment.
    encoder : Encoder or Head, optional
        Reads every comment as well; with limits in the two models that fit the mean of both.
    """

    def __init__(
        self, themes: ThemeModel, sentiment: SentimentModel | None, encoder: Encoder | Head | None = None
    ) -> None:
        self.themes = themes
        self.sentiment = sentiment
        self._encoder = encoder
        self._one_look_up = sentiment is not None and sentiment.linear.sees_as(themes.linear)

    @classmethod
    def load(cls, model: Coder | str | os.PathLike[str] | None = None, *, accurate: bool = False) -> Coder:
        """Load the models.

        Parameters
        ----------
        model : Coder or path, optional
            Folder of a theme model, or one that is loaded; default: the one that comes with the
            library. A model trained with sentiment brings its own; one whose codebook has none is without. One
            trained to be accurate reads by the encoder too.
        accurate : bool
            Whether a small transformer reads every comment as well: slower, and more often right, above all on
            sentiment. Needs the extra ``accurate``; only beside the model that comes with the library.

        Raises
        ------
        ModelFolderError
            The folder cannot be used, with the reason.
        InputError
            ``accurate`` with a model of one's own.
        MissingExtraError
            ``accurate`` without the packages that it needs.
        """
        if accurate:
            if model is not None:
                raise InputError(
                    "'accurate' is a choice of the model that comes with the library; one of your own is accurate "
                    "if it was trained so (train --accurate). Leave out either the model or 'accurate'."
                )
            return cls(*load_accurate())
        if isinstance(model, Coder):
            return model
        themes = load_themes(model)
        if not themes.codebook.sentiments:
            return cls(themes, None, load_head(model))
        return cls(themes, load_own_sentiment(model) or load_sentiment(), load_head(model))

    @property
    def has_evidence(self) -> bool:
        """Whether the words alone decide, so that they can be shown."""
        return self._encoder is None

    def refuse_without_evidence(self) -> None:
        """Raise an InputError where the words alone do not decide."""
        if not self.has_evidence:
            raise InputError(
                "an accurate model has no evidence: what its transformer makes of a word cannot be added up. "
                "Ask for evidence without 'accurate', or of a model trained without."
            )

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the themes, in codebook order."""
        return self.themes.codebook.keys

    def columns(self, evidence: bool = False) -> list[str]:
        """Names of the columns that coding adds after ``row``, ``question``, ``comment``.

        Raises
        ------
        InputError
            Evidence of a model that reads by an encoder.
        """
        if evidence:
            self.refuse_without_evidence()
        tone = (
            [] if self.sentiment is None else ["sentiment", *(["sentiment_score"] if self.sentiment.has_score else [])]
        )
        return coding_columns(self.keys, evidence, stances=bool(self.themes.codebook.stances), sentiment=tone)

    def code(
        self,
        comments: Sequence[str],
        questions: Sequence[str],
        evidence: bool = False,
        *,
        repeats: Repeats | None = None,
        rows: Ints | None = None,
    ) -> pd.DataFrame:
        """Code comments.

        Parameters
        ----------
        comments : sequence of str, length n
            As read; nothing is cleaned away.
        questions : sequence of str, length n
            The wording that each answers; empty where unknown.
        evidence : bool
            Whether to add the column ``evidence``.
        repeats : Repeats, optional
            What came before these comments; adds ``DUPLICATE_COLUMNS``. Without it each comment stands alone.
        rows : int array of shape (n,), optional
            Data row of each, the answers of one respondent side by side; default: 1, 2, 3 ...

        Returns
        -------
        DataFrame of shape (n, n_columns)
            The columns of :func:`infoshare_text.columns.coding_columns`, same order as the comments.
        """
        import pandas as pd

        names = self.columns(evidence)[1:]
        statuses = answer_statuses(comments, questions)
        at = np.flatnonzero([status == CODED for status in statuses])
        answers, asked = [comments[i] for i in at.tolist()], [questions[i] for i in at.tolist()]
        table = WordTable.from_comments(answers)
        coded = self._code_answers(answers, asked, table, evidence)
        columns = {"status": pd.Series(statuses, dtype=str)}
        columns |= {name: _placed(coded[name], at, len(comments)) for name in names}
        if repeats is not None:
            rows = np.arange(1, len(comments) + 1) if rows is None else rows
            kinds, of = repeats.mark(table, rows[at], asked, nth_of_wording(rows, questions)[at])
            columns["duplicate"] = _placed(kinds, at, len(comments))
            columns["duplicate_of"] = _placed(of, at, len(comments)).mask(columns["duplicate"] == "")
        return pd.DataFrame(columns, index=pd.RangeIndex(len(comments)))

    def _code_answers(
        self, comments: list[str], questions: list[str], table: WordTable, evidence: bool
    ) -> dict[str, Any]:
        found = self.themes.linear.find(table)
        themes, stances = len(self.keys), list(self.themes.codebook.stances)
        of_themes, of_sentiment = self._encoded(comments)
        logits = self.themes.scores(found, questions, of_themes)
        all_well = np.asarray(which_say_all_is_well(comments, questions), dtype=bool)
        unread = not_english(comments, table, found.places >= 0) & ~all_well
        logits[unread, :themes] = self.themes.undecided(logits[unread, :themes])
        p = sigmoid(logits[:, :themes])
        present = self.themes.present(p)
        held = np.zeros((len(comments), themes, len(stances)), dtype=bool)
        if stances:
            p_stance = sigmoid(logits[:, themes:]).reshape(held.shape)
            held = stances_held(p_stance, self.themes.stance_threshold) & present[:, :, None]
        columns: dict[str, Any] = {}
        if self.sentiment is not None:
            p_sentiment = self.sentiment.probabilities(self._found_for_sentiment(found), questions, of_sentiment)
            p_sentiment = _certain(p_sentiment, self.sentiment.linear.outputs, {POSITIVE: all_well, NEUTRAL: unread})
            columns["sentiment"] = self.sentiment.decide(p_sentiment)
            if self.sentiment.has_score:
                columns["sentiment_score"] = _rounded(sentiment_score(p_sentiment, self.sentiment.linear.outputs))
        for j, name in enumerate(theme_columns(self.keys)):
            columns[name] = present[:, j].astype(np.int64)
        for j, name in enumerate(probability_columns(self.keys)):
            columns[name] = _rounded(p[:, j])
        for j, name in enumerate(stance_columns(self.keys) if stances else []):
            columns[name] = joined_stances(held[:, j], present[:, j], stances)
        columns["review"] = review_reasons(
            margins=np.where(all_well, np.float32(np.inf), self.themes.margins(p)),
            unsure_below=self.themes.unsure_below,
            known_share=self.themes.linear.known_share(found),
            unlike_below=self.themes.unlike_below,
            word_counts=np.diff(table.starts),
            contradictory=_contradictory(held, columns.get("sentiment"), stances),
            not_english=unread,
        )
        if evidence:
            columns["evidence"] = [
                evidence_json(self.themes, comment, np.flatnonzero(there).tolist(), question)
                for comment, question, there in zip(comments, questions, present, strict=True)
            ]
        return columns

    def log_odds(self, comments: Sequence[str], questions: Sequence[str] | None) -> Floats:
        """Return the log odds of the themes of any texts, answers or not; shape (n, n_themes)."""
        found = self.themes.linear.find(WordTable.from_comments(comments))
        return self.themes.scores(found, questions, self._encoded(comments)[0])[:, : len(self.keys)]

    def _encoded(self, comments: Sequence[str]) -> tuple[Floats | None, Floats | None]:
        """Return what the encoder makes of themes and stances, and of the sentiment."""
        if self._encoder is None:
            return None, None
        tones = len(self.keys) * (1 + len(self.themes.codebook.stances))
        scores = self._encoder.scores(comments)
        return scores[:, :tones], scores[:, tones:]

    def _found_for_sentiment(self, found: Found) -> Found:
        if self._one_look_up or self.sentiment is None:
            return found
        return self.sentiment.linear.find(found.table)


def classify(
    data: pd.DataFrame | pd.Series | Iterable[str],
    text: str | Sequence[str] | None = None,
    *,
    question: str | None = None,
    model: Coder | str | os.PathLike[str] | None = None,
    accurate: bool = False,
    evidence: bool = False,
) -> pd.DataFrame:
    """Code comments: themes, stance, sentiment and what to review.

    Parameters
    ----------
    data : DataFrame, Series or iterable of str
        A table of comments from :func:`infoshare_text.read_survey`, any other table with ``text`` named,
        or the comments themselves. Missing values count as blank.
    text : str or sequence of str, optional
        For a DataFrame that is no table of comments: the column(s) that hold them.
    question : str, optional
        The question that all comments answer, where it is not the name of the column.
    model : Coder or path, optional
        Folder of a theme model, or one just trained; default: the one that comes with the library.
    accurate : bool
        Whether a small transformer reads every comment as well (see :meth:`Coder.load`).
    evidence : bool
        Whether to add the deciding words as offsets; not with ``accurate``.

    Returns
    -------
    DataFrame
        The given columns untouched and in order, then those of :mod:`infoshare_text.columns`. One row for each
        answer, in the order given, under the given index where there is one answer to a row.

    Raises
    ------
    ColumnError
        The text column is not named, absent, or there twice.
    ModelFolderError
        The model cannot be used.
    InputError
        No comments are given, or ``accurate`` with a model of one's own or with ``evidence``.
    MissingExtraError
        ``accurate`` without the packages that it needs.

    Examples
    --------
    >>> coded = classify(["Nobody at the top owns this.", "", "n/a"])
    >>> coded["status"].tolist(), coded["theme_leadership"].tolist()[0]
    (['coded', 'blank', 'non_answer'], 1)
    """
    import pandas as pd

    table = _comment_table(data, text, question)
    coder = Coder.load(model, accurate=accurate)
    index = table.index
    added = coder.code(
        as_text(table["comment"]),
        as_text(table["question"]),
        evidence,
        repeats=Repeats(),
        rows=row_numbers(table["row"]),
    )
    table = renamed_input(table.reset_index(drop=True), list(added.columns))
    coded = pd.concat([table, added], axis=1)
    coded.index = index
    return coded


def _comment_table(data: Any, text: str | Sequence[str] | None, question: str | None) -> pd.DataFrame:
    """Bring whatever was given into the form of a table of comments."""
    import pandas as pd

    if isinstance(data, str) or not isinstance(data, Iterable):
        raise InputError(
            "comments are wanted as a table, a Series or a list; one comment alone goes in a list: classify([comment])."
        )
    if isinstance(data, pd.DataFrame):
        table: pd.DataFrame = data
    else:
        text, question = "comment", question or ""
        table = pd.DataFrame({"comment": data if isinstance(data, pd.Series) else pd.Series(list(data), dtype=object)})
    _refuse_doubled_columns(table)
    if text is None:
        if set(COMMENT_COLUMNS) <= set(table.columns):
            return table
        raise ColumnError(
            "say which column holds the comments: classify(table, text=...). "
            f"The columns are: {listed(map(str, table.columns))}."
        )
    wanted: list[Any] = list(dict.fromkeys(text)) if isinstance(text, (list, tuple)) else [text]
    if not wanted:
        raise ColumnError("text=[] names no column of comments.")
    for name in wanted:
        if name not in table.columns:
            raise ColumnError.absent(str(name), map(str, table.columns))
    long = long_table(table.reset_index(drop=True), [Column(name, question or str(name)) for name in wanted])
    if len(wanted) == 1:
        long.index = table.index
    return long


def _refuse_doubled_columns(data: pd.DataFrame) -> None:
    doubled = data.columns[data.columns.duplicated()]
    if len(doubled):
        raise ColumnError(f"two columns of one name: {listed(map(str, doubled))}. Rename one of each.")


def _contradictory(held: Flags, sentiments: Sequence[str] | None, stances: Sequence[str]) -> Flags:
    """Flag a theme coded as barrier and enabler at once, and a feeling that no stance bears out."""
    if not {"barrier", "enabler"} <= set(stances):
        return np.zeros(len(held), dtype=bool)
    barrier, enabler = held[:, :, stances.index("barrier")], held[:, :, stances.index("enabler")]
    tone = np.asarray([""] * len(held) if sentiments is None else sentiments)
    only_barriers = barrier.any(axis=1) & (held.sum(axis=2) == barrier).all(axis=1)
    only_enablers = enabler.any(axis=1) & (held.sum(axis=2) == enabler).all(axis=1)
    flags: Flags = (
        (barrier & enabler).any(axis=1) | (only_barriers & (tone == POSITIVE)) | (only_enablers & (tone == NEGATIVE))
    )
    return flags


def _certain(p: Floats, sentiments: Sequence[str], rules: dict[str, Flags]) -> Floats:
    """Return probabilities of sentiments with those that a rule decides, where the model knows that sentiment."""
    p = p.copy()
    for sentiment, holds in rules.items():
        if sentiment in sentiments:
            p[holds] = np.arange(len(sentiments)) == sentiments.index(sentiment)
    return p


def _rounded(values: np.ndarray) -> np.ndarray:
    return np.round(values.astype(np.float64), _DECIMALS)


def _placed(values: Any, at: np.ndarray, length: int) -> pd.Series:
    """Spread the values of coded answers over all rows; the others stay empty."""
    import pandas as pd

    # Texts come as a list, which has no type of its own where it is empty.
    values = np.asarray(values, dtype=object if isinstance(values, list) else None)
    if values.dtype.kind == "i":
        column = pd.array(np.zeros(length, dtype=np.int64), dtype="Int64")
        column[:] = pd.NA
        column[at] = values
        return pd.Series(column)
    if values.dtype.kind == "f":
        numbers = np.full(length, np.nan)
        numbers[at] = values
        return pd.Series(numbers)
    texts = np.full(length, "", dtype=object)
    texts[at] = values
    return pd.Series(texts, dtype=str)
