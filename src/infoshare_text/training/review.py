"""Draw the comments that are most worth a person's time, and some at random so that the truth can be told from them.

The random share comes first and is a simple random sample of all different comments; ``inclusion`` holds the chance
that each of its comments had. Whatever else was drawn was chosen, has no such chance, and belongs in no estimate.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from infoshare_text.cleaning.duplicates import normal_text, word_check
from infoshare_text.cleaning.personal_data.redact import redact
from infoshare_text.cleaning.words import WordTable
from infoshare_text.coding.classify import Coder, classify
from infoshare_text.coding.confidence import UNLIKE_TRAINING, UNSURE
from infoshare_text.columns import CODED, COMMENT_COLUMNS, JOIN, probability_columns, theme_columns
from infoshare_text.errors import InputError, listed
from infoshare_text.reading.survey import Survey
from infoshare_text.training.neighbours import near_pairs
from infoshare_text.training.seen import Seen

if TYPE_CHECKING:
    import pandas as pd

RANDOM, NEIGHBOURS, LEAST_SURE = "random", "disagreeing_neighbours", "least_sure"
SHARES = {NEIGHBOURS: 0.25, UNLIKE_TRAINING: 0.2, UNSURE: 0.55}
"""How what is not drawn at random is shared out; what one reason cannot fill goes to the least sure of the rest."""
RANDOM_SHARE = 0.25
_COMPARED_AT_MOST = 20_000
_CELL = 32_767
_CUT = " […the rest does not fit a cell]"


def draw_for_review(
    data: Survey | pd.DataFrame | pd.Series | Iterable[str],
    n: int = 100,
    *,
    seed: int = 0,
    blind: bool = False,
    random_share: float = RANDOM_SHARE,
    model: str | os.PathLike[str] | None = None,
    accurate: bool = False,
    text: str | Sequence[str] | None = None,
    mask: Callable[[str], str] = redact,
) -> pd.DataFrame:
    """Draw comments for a person to code.

    Parameters
    ----------
    data : Survey, DataFrame, Series or iterable of str
        Comments, coded or not; they are coded again by ``model``.
    n : int
        How many to draw at most. Comments of the same words count once.
    seed : int
        The same comments, model and seed give the same draw, whatever the order of the rows.
    blind : bool
        Whether to leave out what the model suggests.
    random_share : float
        The share of ``n`` that is drawn at random from all comments, in [0, 1].
    model : path, optional
        Folder of a theme model; default: the one that comes with the library.
    accurate : bool
        See :func:`infoshare_text.classify`.
    text : str or sequence of str, optional
        For a DataFrame that is no table of comments: the column(s) that hold them.
    mask : callable
        Takes personal data out of a comment before anybody sees it.

    Returns
    -------
    DataFrame
        In an order that says nothing: ``id``, ``question``, ``comment`` (masked), ``same`` (answers of the same
        words), ``drawn_for`` (``random``, ``unsure``, ``unlike_training``, ``disagreeing_neighbours``, ``least_sure``,
        joined with ``;``, the one that decided first), ``inclusion`` (chance of being drawn, for the random share
        only), ``pool`` (different comments drawn from) and, unless blind, the columns that coding adds.

    Raises
    ------
    InputError
        ``n`` or ``random_share`` is out of range, there is nothing to code, or no model is named and the comments were
        coded by one with other codes.

    Examples
    --------
    >>> drawn = draw_for_review(["Nobody owns it.", "NOBODY owns it", "n/a", "We were trained."], n=5)
    >>> len(drawn), drawn["same"].sum()
    (2, np.int64(3))
    """
    if n < 1:
        raise InputError(f"n={n}: draw one comment at least.")
    if not 0 <= random_share <= 1:
        raise InputError(f"random_share={random_share}: a share lies between 0 and 1.")
    coder = Coder.load(model, accurate=accurate)
    if model is None:
        _refuse_other_codes(data, coder)
    pool = _pool(_coded(data, text, coder), seed)
    if not len(pool):
        raise InputError("there is no comment to review: all are blank or say nothing.")
    reasons = _reasons(pool, coder, _labelled_before(pool["comment"].tolist(), model, mask))
    drawn, why, inclusion = _drawn(reasons, len(pool), min(n, len(pool)), random_share)
    table = pool.iloc[drawn].reset_index(drop=True)
    table["comment"] = [_fit_for_a_cell(mask(comment)) for comment in table["comment"]]
    table["id"] = _ids(table, _tag(pool))
    table["drawn_for"] = why
    table["inclusion"] = inclusion
    table["pool"] = len(pool)
    columns = ["id", "question", "comment", "same", "drawn_for", "inclusion", "pool"]
    table = table[columns + ([] if blind else coder.columns())]
    return table.iloc[np.argsort([_hash(seed, id) for id in table["id"]])].reset_index(drop=True)


@dataclass(frozen=True)
class _Reasons:
    """Comments in the order of their worth, for each reason, as places in the pool.

    Attributes
    ----------
    ranked : dict of reason to (dict of int to None), in order
    order : list of int
        All, the least sure first; comments of the model's training, which are labelled already, last.
    near : dict of int to set of int
        Comments that say nearly the same.
    """

    ranked: dict[str, dict[int, None]]
    order: list[int]
    near: dict[int, set[int]]

    def all_of(self, i: int, first: str) -> str:
        """Name all reasons of a comment, the one that decided first."""
        others = [reason for reason, ranked in self.ranked.items() if i in ranked and reason != first]
        return JOIN.join([first, *others])


def _refuse_other_codes(data: Any, coder: Coder) -> None:
    """Refuse what another model coded: the draw would follow the six themes, and so would the workbook."""
    there = set(map(str, getattr(data, "columns", ())))
    coded = [name.removeprefix("p_") for name in there if name.startswith("p_")]
    keys = sorted(key for key in coded if theme_columns([key])[0] in there)
    if keys and set(keys) != set(coder.keys):
        raise InputError(
            f"these comments were coded by a model of other codes ({listed(keys, at_most=6)}) than the one that comes "
            "with the library. Name the folder of that model: --model FOLDER (in Python model=...)."
        )


def _coded(data: Any, text: str | Sequence[str] | None, coder: Coder) -> pd.DataFrame:
    if isinstance(data, Survey):
        data = data.table if set(COMMENT_COLUMNS) <= set(data.columns) else data.comments
    return classify(data, text, model=coder)


def _pool(coded: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the comments to code, each wording once, in random order."""
    import pandas as pd

    coded = coded.reset_index(drop=True)
    if "row" not in coded:
        coded = coded.assign(row=np.arange(1, len(coded) + 1), question="")
    asked = list(dict.fromkeys(coded["question"]))
    coded = coded.assign(asked=coded["question"].map({question: i for i, question in enumerate(asked, 1)}))
    coded = coded[coded["status"] == CODED]
    words = pd.Series([normal_text(comment) for comment in coded["comment"]], index=coded.index, dtype=str)
    pool = coded.assign(words=words, same=words.map(words.value_counts()), questions=len(asked))
    pool = pool.drop_duplicates("words").assign(drawing=lambda p: [_hash(seed, words) for words in p["words"]])
    return pool.sort_values("drawing", kind="stable").reset_index(drop=True)


def _labelled_before(
    comments: Sequence[str], model: str | os.PathLike[str] | None, mask: Callable[[str], str]
) -> npt.NDArray[np.bool_]:
    """Tell which comments, as written or as a coder saw them, the model was trained on."""
    seen = None if model is None else Seen.in_folder(Path(model))
    if seen is None:
        return np.zeros(len(comments), dtype=bool)
    return seen.holds(comments) | seen.holds(map(mask, comments))


def _reasons(pool: pd.DataFrame, coder: Coder, seen: npt.NDArray[np.bool_]) -> _Reasons:
    table = WordTable.from_comments(pool["comment"].tolist())
    p = pool[probability_columns(coder.keys)].to_numpy(dtype=np.float32)
    certain = np.argsort(coder.themes.margins(p), kind="stable")
    known = np.argsort(coder.themes.linear.known_share(coder.themes.linear.find(table)), kind="stable")
    flags = pool["review"].astype(str)
    unsure, unlike = (flags.str.contains(flag).to_numpy() for flag in (UNSURE, UNLIKE_TRAINING))
    themes = pool[theme_columns(coder.keys)].to_numpy(dtype=np.int64)
    neighbours, near = _disagreeing(table, themes)
    ranked = {
        NEIGHBOURS: dict.fromkeys(i for i in neighbours if not seen[i]),
        UNLIKE_TRAINING: dict.fromkeys(i for i in known.tolist() if unlike[i] and not seen[i]),
        UNSURE: dict.fromkeys(i for i in certain.tolist() if unsure[i] and not seen[i]),
    }
    return _Reasons(ranked, sorted(certain.tolist(), key=seen.__getitem__), near)


def _disagreeing(table: WordTable, themes: npt.NDArray[np.int64]) -> tuple[list[int], dict[int, set[int]]]:
    """Rank comments that were coded otherwise than one that says nearly the same; both of a pair stand together."""
    first, second, cosine = near_pairs(table.first(_COMPARED_AT_MOST))
    near: dict[int, set[int]] = {}
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    differ = (themes[first] != themes[second]).any(axis=1)
    order = np.argsort(-cosine[differ], kind="stable")
    pairs = np.stack([first[differ][order], second[differ][order]], axis=1)
    return list(dict.fromkeys(pairs.reshape(-1).tolist())), near


def _drawn(
    reasons: _Reasons, pool: int, n: int, random_share: float
) -> tuple[list[int], list[str], npt.NDArray[np.float64]]:
    """Draw places in the pool: (places, why, chance of each, NaN where there is none)."""
    at_random = pool if n == pool else round(n * random_share)
    why = dict.fromkeys(range(at_random), RANDOM)
    left = n - at_random
    for reason, share in SHARES.items():
        _take(why, reason, reasons.ranked[reason], round(left * share), n, {} if reason == NEIGHBOURS else reasons.near)
    for name, ranked in ((UNSURE, reasons.ranked[UNSURE]), (LEAST_SURE, reasons.order)):
        _take(why, name, ranked, n, n, {})
    inclusion = [at_random / pool if reason == RANDOM else np.nan for reason in why.values()]
    return list(why), [reasons.all_of(i, reason) for i, reason in why.items()], np.array(inclusion)


def _take(
    why: dict[int, str], reason: str, ranked: Iterable[int], quota: int, n: int, near: dict[int, set[int]]
) -> None:
    """Add the first of ``ranked`` that are neither drawn yet nor nearly the same as one that is."""
    taken = 0
    for i in ranked:
        if taken >= quota or len(why) >= n:
            return
        if i not in why and not (near and near.get(i, set()) & why.keys()):
            why[i] = reason
            taken += 1


def _ids(table: pd.DataFrame, tag: str) -> list[str]:
    many = len(table) and table["questions"].iloc[0] > 1
    return [
        f"c{tag}-{int(row)}{f'.{question}' if many else ''}-{word_check(comment)}"
        for row, question, comment in zip(table["row"], table["asked"], table["comment"], strict=True)
    ]


def _tag(pool: pd.DataFrame) -> str:
    """Mark the comments that were drawn from, so that the same row number elsewhere is somebody else."""
    return hashlib.sha256("\n".join(sorted(pool["words"])).encode("utf-8", "replace")).hexdigest()[:6]


def _hash(seed: int, words: str) -> str:
    return hashlib.sha256(f"{seed}\n{words}".encode("utf-8", "replace")).hexdigest()


def _fit_for_a_cell(comment: str) -> str:
    """Cut a comment that no spreadsheet cell can hold, and say so at its end."""
    if len(comment.encode("utf-16-le", "replace")) // 2 <= _CELL:
        return comment
    wide = comment.encode("utf-16-le", "replace")[: 2 * (_CELL - len(_CUT))]
    return wide.decode("utf-16-le", "ignore") + _CUT
