"""Mask personal data: in a text, a list, a column, a table; the evidence of a coded table stays in its place."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

from infoshare_text.cleaning.personal_data.find import find_in
from infoshare_text.cleaning.personal_data.masks import MaskedText
from infoshare_text.cleaning.personal_data.pipeline import Pipeline, with_entities
from infoshare_text.cleaning.personal_data.spans import KINDS, PersonalData
from infoshare_text.columns import COMMENT_COLUMNS
from infoshare_text.errors import ColumnError, InputError, listed
from infoshare_text.reading.survey import as_text

if TYPE_CHECKING:
    import pandas as pd

_EVIDENCE = "evidence"
_WEIGHT_DECIMALS = 4


def find_personal_data(
    text: str, *, kinds: Iterable[str] | None = None, nlp: Pipeline | None = None
) -> list[PersonalData]:
    """Find personal data in one text.

    Parameters
    ----------
    text : str
    kinds : iterable of str, optional
        Look for these kinds only; default: all of ``name``, ``email``, ``phone``, ``postcode``, ``address``,
        ``nhs_number``, ``ni_number``, ``reference``, ``vehicle``, ``date_of_birth``, ``url``, ``handle``,
        ``bank_account``, ``card``, ``ip_address``.
    nlp : spaCy pipeline, optional
        A pipeline of your own. Its entities ``PERSON`` (or ``PER``) count as names, and entities labelled with
        one of the kinds as that kind, beside what the rules find.

    Returns
    -------
    list of PersonalData
        Kind, start and end of each, in characters of ``text``, in order, never overlapping.

    Raises
    ------
    InputError
        Not a text, or an unknown kind.

    Examples
    --------
    >>> find_personal_data("Ring Ayesha on 07700 900123")
    [PersonalData(kind='name', start=5, end=11), PersonalData(kind='phone', start=15, end=27)]
    """
    if not isinstance(text, str):
        raise InputError(f"a text is wanted, not {type(text).__name__}; redact() takes lists and tables.")
    return _Masker(kinds, nlp).found(text)


@overload
def redact(
    data: pd.DataFrame,
    text: str | Sequence[str] | None = ...,
    *,
    kinds: Iterable[str] | None = ...,
    nlp: Pipeline | None = ...,
    counts: Counter[str] | None = ...,
) -> pd.DataFrame: ...
@overload
def redact(
    data: pd.Series, *, kinds: Iterable[str] | None = ..., nlp: Pipeline | None = ..., counts: Counter[str] | None = ...
) -> pd.Series: ...
@overload
def redact(  # type: ignore[overload-overlap]  # a str is an Iterable of str to mypy alone
    data: str, *, kinds: Iterable[str] | None = ..., nlp: Pipeline | None = ..., counts: Counter[str] | None = ...
) -> str: ...
@overload
def redact(
    data: Iterable[str | None],
    *,
    kinds: Iterable[str] | None = ...,
    nlp: Pipeline | None = ...,
    counts: Counter[str] | None = ...,
) -> list[str | None]: ...
def redact(
    data: Any,
    text: str | Sequence[str] | None = None,
    *,
    kinds: Iterable[str] | None = None,
    nlp: Pipeline | None = None,
    counts: Counter[str] | None = None,
) -> Any:
    """Replace personal data by masks that say what stood there: '[NAME]', '[PHONE]', '[NHS NUMBER]'.

    Parameters
    ----------
    data : str, iterable of str, Series or DataFrame
        Missing values stay missing; numbers and dates stay what they are unless something in them is masked.
    text : str or sequence of str, optional
        For a DataFrame: the column(s) to mask. A table of comments, coded or not, needs none: its comments are
        masked, and the columns they were read from.
    kinds : iterable of str, optional
        Mask these kinds only; see :func:`find_personal_data`.
    nlp : spaCy pipeline, optional
        See :func:`find_personal_data`.
    counts : Counter, optional
        Receives how many of each kind were masked, a comment and its source column counted once.

    Returns
    -------
    str, list of str, Series or DataFrame
        As was given, masked: same order, same index, all other columns untouched. The offsets in a column
        ``evidence`` point at the same words as before; words that were masked are the whole mask.

    Raises
    ------
    ColumnError
        A column is not named, absent, there twice, or holds lists.
    InputError
        Something else than texts, or an unknown kind.

    Examples
    --------
    >>> redact("Mrs Khan's number is 07700 900123, she lives at 4 Elm Close")
    "Mrs [NAME]'s number is [PHONE], she lives at [ADDRESS]"
    >>> redact(["The Job Centre never rings", "Sarah Jones (DOB 3/4/1971)"])
    ['The Job Centre never rings', '[FULL NAME] (DOB [DATE OF BIRTH])']
    """
    masker = _Masker(kinds, nlp, Counter() if counts is None else counts)
    if isinstance(data, str):
        return masker.masked([data])[0].text
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        return _redacted_table(data, text, masker)
    if text is not None:
        raise InputError("text= names columns of a table; these are texts already.")
    if isinstance(data, (bytes, bytearray)) or not isinstance(data, Iterable):
        raise InputError(f"texts are wanted as a table, a Series, a list or one text, not {type(data).__name__}.")
    column = data if isinstance(data, pd.Series) else pd.Series(list(data), dtype=object)
    redacted = _redacted_column(column, masker.masked(as_text(column)))
    return redacted if isinstance(data, pd.Series) else redacted.tolist()


def checked_kinds(kinds: Iterable[str] | None) -> set[str]:
    """Return the kinds to look for, all where none are named.

    Raises
    ------
    InputError
        A kind that does not exist.
    """
    wanted = set(KINDS if kinds is None else [kinds] if isinstance(kinds, str) else kinds)
    if unknown := wanted - set(KINDS):
        names = listed(sorted(map(str, unknown)))
        raise InputError(f"no kind of personal data is called {names}. The kinds are: {', '.join(KINDS)}.")
    return wanted


class _Masker:
    """Finds what is asked for, in each distinct text once, and counts it for each text it is given."""

    def __init__(self, kinds: Iterable[str] | None, nlp: Pipeline | None, counts: Counter[str] | None = None) -> None:
        self._kinds = checked_kinds(kinds)
        self._nlp = nlp
        self._counts = Counter() if counts is None else counts
        self._masked: dict[str, MaskedText] = {}

    def found(self, text: str) -> list[PersonalData]:
        return next(self._found_in([text]))

    def masked(self, texts: Sequence[str], count: bool = True) -> list[MaskedText]:
        new = list(dict.fromkeys(text for text in texts if text not in self._masked))
        for text, found in zip(new, self._found_in(new), strict=True):
            self._masked[text] = MaskedText(text, found)
        masked = [self._masked[text] for text in texts]
        if count:
            for one in masked:
                self._counts.update(one.kinds)
        return masked

    def _found_in(self, texts: Sequence[str]) -> Iterator[list[PersonalData]]:
        every: Iterator[list[PersonalData]] = map(find_in, texts)
        if self._nlp is not None:
            every = with_entities(self._nlp, texts, every)
        return ([item for item in found if item.kind in self._kinds] for found in every)


def _redacted_column(values: pd.Series, masked: Sequence[MaskedText]) -> pd.Series:
    import pandas as pd

    changed = [bool(text.kinds) for text in masked]
    if not any(changed):
        return values.copy()
    cells = [
        text.text if change else cell for text, change, cell in zip(masked, changed, values.astype(object), strict=True)
    ]
    dtype = values.dtype if pd.api.types.is_string_dtype(values) and values.dtype.name != "category" else object
    return pd.Series(cells, index=values.index, name=values.name, dtype=dtype)


def _redacted_table(table: pd.DataFrame, text: str | Sequence[str] | None, masker: _Masker) -> pd.DataFrame:
    doubled = table.columns[table.columns.duplicated()]
    if len(doubled):
        raise ColumnError(f"two columns of one name: {listed(map(str, doubled))}. Rename one of each.")
    columns = _named(table, text) if text is not None else _of_comments(table)
    result = table.copy()
    for name in columns:
        masked = masker.masked(as_text(table[name]), count=text is not None or name == "comment")
        result[name] = _redacted_column(table[name], masked)
        evidence = f"{name}: {_EVIDENCE}"
        if evidence not in table.columns and (name == "comment" or len(columns) == 1):
            evidence = _EVIDENCE
        if evidence in table.columns and evidence not in columns:
            result[evidence] = _moved_evidence(table[evidence], masked)
    return result


def _named(table: pd.DataFrame, text: str | Sequence[str]) -> list[Any]:
    names: list[Any] = list(dict.fromkeys(text)) if isinstance(text, (list, tuple)) else [text]
    if not names:
        raise ColumnError("text=[] names no column to mask.")
    for name in names:
        if name not in table.columns:
            raise ColumnError.absent(str(name), map(str, table.columns))
    return names


def _of_comments(table: pd.DataFrame) -> list[Any]:
    """Return ``comment`` and the columns that the comments of a table were read from."""
    if not set(COMMENT_COLUMNS) <= set(table.columns):
        raise ColumnError(
            f"say which column(s) to mask: redact(table, text=...). The columns are: {listed(map(str, table.columns))}."
        )
    comments = as_text(table["comment"])
    rows: dict[Any, list[int]] = {}
    for i, question in enumerate(table["question"]):
        rows.setdefault(question, []).append(i)
    others = [name for name in table.columns if name not in COMMENT_COLUMNS]
    return ["comment", *(name for name in others if _is_source(table[name], comments, rows))]


def _is_source(values: pd.Series, comments: list[str], rows: dict[Any, list[int]]) -> bool:
    """Whether a column holds, for all answers to one question, the very words of the comments."""
    try:
        cells = as_text(values)
    except ColumnError:
        return False
    return any(all(cells[i] == comments[i] for i in places) for places in rows.values())


def _moved_evidence(values: pd.Series, masked: Sequence[MaskedText]) -> pd.Series:
    import pandas as pd

    cells = [
        _moved(cell, text) if text.kinds and isinstance(cell, str) and cell.startswith("{") else cell
        for cell, text in zip(values.astype(object), masked, strict=True)
    ]
    return pd.Series(cells, index=values.index, name=values.name, dtype=values.dtype)


def _moved(evidence: str, masked: MaskedText) -> str:
    """Move theme -> [start, end, weight] to the masked text; words under one mask become one entry, weights added."""
    moved: dict[str, list[list[Any]]] = {}
    try:
        for theme, words in json.loads(evidence).items():
            weights: dict[tuple[int, int], float] = {}
            for start, end, weight in words:
                place = masked.moved(start, end)
                weights[place] = round(weights.get(place, 0.0) + weight, _WEIGHT_DECIMALS)
            moved[theme] = [[*place, weight] for place, weight in weights.items()]
    except (ValueError, TypeError, AttributeError):
        return evidence
    return json.dumps(moved, separators=(",", ":"))
