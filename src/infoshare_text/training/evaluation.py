"""How well a model does on labelled comments that it was not trained on, and whether another does better."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from infoshare_text.cleaning.answers import answer_statuses
from infoshare_text.coding.classify import Coder
from infoshare_text.coding.model_folder import SEEN, read_manifest, shipped
from infoshare_text.columns import CODED, JOIN, probability_columns, stance_columns, theme_columns
from infoshare_text.errors import InputError, listed
from infoshare_text.training.cross_validation import Judged
from infoshare_text.training.groups import fingerprint, groups_of
from infoshare_text.training.labelled import LabelledComments, corpus_digest, read_corpus
from infoshare_text.training.measures import Measured, interval, measured, paired
from infoshare_text.training.train import TrainedModel, labelled_comments

if TYPE_CHECKING:
    import pandas as pd

    from infoshare_text.training.train import Labelled

    Model: TypeAlias = Coder | str | os.PathLike[str] | None

FEWEST_UNSEEN = 50
"""With fewer comments than this that the older model has not seen, all are compared on."""
COMPARED = ("f1", "average_precision", "brier")
DECIDING = ("micro_f1", "macro_f1", "accuracy", "mcc")
_SHOWN = {
    "precision": "precision",
    "recall": "recall",
    "kappa": "kappa",
    "average_precision": "AP",
    "brier": "Brier",
    "calibration_error": "ECE",
    "true_share": "true",
    "found_share": "found",
}
LOSS = 0.02
"""A loss of this much is refused even where chance might explain it."""


@dataclass(frozen=True)
class Evaluation:
    """Figures of a model, and of another on the same comments.

    Attributes
    ----------
    measured : Measured
    other : Measured or None
    notes : list of str
        What to know of the comparison, in words.
    gone : list of str
        What the other model finds and this one does not, in words.
    """

    measured: Measured
    other: Measured | None
    notes: list[str]
    gone: list[str] = field(default_factory=list)

    @property
    def summary(self) -> pd.DataFrame:
        """Overall figures with their intervals: figure, value, low, high."""
        return self.measured.summary_table()

    @property
    def codes(self) -> pd.DataFrame:
        """Figures of each code, each followed by its interval."""
        return self.measured.code_table()

    @property
    def coverage(self) -> pd.DataFrame:
        """What is right when only the surest comments are coded by machine."""
        return self.measured.coverage_table()

    @property
    def change(self) -> pd.DataFrame | None:
        """Figures before and after, with the interval of the change; None without another model."""
        import pandas as pd

        return None if self.other is None else pd.DataFrame(paired(self.measured, self.other, COMPARED))

    @property
    def losses(self) -> list[str]:
        """Where the model is worse than the other, in words: what is gone, and falls by more than chance or 0.02."""
        if self.other is None:
            return []
        return self.gone + [
            f"{_name(row['figure'])} fell from {row['before']:.3f} to {row['after']:.3f} "
            f"(change {row['change']:+.3f}, 95% interval {row['low']:+.3f} to {row['high']:+.3f})"
            for row in paired(self.measured, self.other, ())
            if row["figure"] in DECIDING and (row["high"] < 0 or row["change"] <= -LOSS)
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return every figure as plain data for JSON."""
        change = [] if self.other is None else paired(self.measured, self.other, COMPARED)
        return {**self.measured.as_dict(), "change": change, "worse": self.losses, "notes": self.notes}

    def in_words(self) -> str:
        """Return the figures as a page of text."""
        lines = [f"{self.measured.n:,} comments", *(f"note: {note}" for note in self.notes), ""]
        for name, draws in self.measured.overall.items():
            value, low, high = interval(draws).values()
            lines.append(f"{_name(name):32} {value:6.3f}  [{low:.3f}, {high:.3f}]")
        lines += ["", *self._codes_in_words()]
        lines += ["", "coded by machine, the surest first:  share  micro F1  comments with any error"]
        for row in self.measured.coverage:
            lines.append(f"{row['coverage']:42.0%} {row['micro_f1']:9.3f} {row['wrong_comments']:9.1%}")
        return "\n".join([*lines, *self.change_in_words()])

    def _codes_in_words(self) -> list[str]:
        width = max(len(key) for key in self.measured.keys)
        lines = [
            f"{'code':{width}} examples "
            + " ".join(f"{head:>9}" for head in ("F1", "95% from", "to", *_SHOWN.values()))
        ]
        for row in self.codes.to_dict("records"):
            cells = [row[name] for name in ("f1", "f1_low", "f1_high", *_SHOWN)]
            lines.append(f"{row['code']:{width}} {row['examples']:8,} " + " ".join(f"{cell:9.3f}" for cell in cells))
        return lines

    def change_in_words(self) -> list[str]:
        """Return the figures before and after as lines of text."""
        if self.other is None:
            return []
        lines = ["", "against the other model             before   after  change   95% interval"]
        for row in paired(self.measured, self.other, ("f1",)):
            name = f"{row['code']} F1" if row["code"] else _name(row["figure"])
            lines.append(
                f"{name:34} {row['before']:7.3f} {row['after']:7.3f} {row['change']:+7.3f}   "
                f"{row['low']:+.3f} to {row['high']:+.3f}"
            )
        return lines


def evaluate(
    model: Model,
    labelled: Labelled,
    *,
    against: Model = None,
    text: str | None = None,
    group: str | None = None,
    leave_out: Collection[str] = (),
    blank_is_absent: bool = False,
    with_seen: bool = False,
) -> Evaluation:
    """Measure a model on labelled comments, and compare it with another.

    Comments that either model was trained on are left out: they would flatter it.

    Parameters
    ----------
    model : Coder or path
        A model folder, or a model just trained; None: the one that comes with the library.
    labelled : LabelledComments, path, DataFrame, or sequence of paths or DataFrames
    against : Coder or path, optional
        Another model, judged on the same comments; figures of change are paired, comment by comment.
    text, group : str, optional
        Columns of comments and of respondents in files.
    leave_out, blank_is_absent
        See :func:`infoshare_text.training.labelled_files.read_labelled`.
    with_seen : bool
        Whether to measure on comments of the training as well.

    Returns
    -------
    Evaluation

    Raises
    ------
    InputError
        Every fault of the labelled comments, or no comment is left to measure on.
    ModelFolderError
        A model cannot be used.
    """
    coder = Coder.load(model)
    model = shipped("theme-classifier") if model is None else model
    others = None if against is None else Coder.load(against)
    notes: list[str] = []
    comments = labelled_comments(
        labelled,
        coder.themes.codebook,
        text=text,
        group=group,
        leave_out=leave_out,
        blank_is_absent=blank_is_absent,
        least_examples=0,
        told=notes.append,
    )
    if not with_seen:
        comments = _unseen(comments, [one for one in (model, against) if one is not None], notes)
    comments, keys = _common(comments, others, notes)
    groups = groups_of(comments.texts, comments.writers)
    mine = measured(judged_by(coder, comments, keys), comments, groups)
    theirs = None if others is None else measured(judged_by(others, comments, keys), comments, groups)
    return Evaluation(mine, theirs, notes)


def compare_with_older(new: TrainedModel, old: str | os.PathLike[str]) -> Evaluation:
    """Compare a model just trained with the one it would replace, on the same comments.

    The new model is judged out of fold: each comment by models that did not see it. The older one is fair to compare
    on comments that it has not seen either; only where there are fewer than 50 of these is it judged on all, which
    favours the older one. What is no answer ('n/a') is left out: a finished model leaves it uncoded, whatever people
    made of it.

    Parameters
    ----------
    new : TrainedModel
    old : path

    Returns
    -------
    Evaluation
        ``losses`` says where the new one is worse.
    """
    older, notes = Coder.load(old), []
    answers = np.array([status == CODED for status in answer_statuses(new.comments.texts, new.comments.questions)])
    if not answers.any():
        raise InputError("no labelled comment says anything that a model codes: all are blank or of the kind 'n/a'.")
    unseen = np.flatnonzero(answers & ~_seen_by(old, new.comments))
    rows = unseen if len(unseen) >= FEWEST_UNSEEN else np.flatnonzero(answers)
    if not answers.all():
        notes.append(f"left out: {int((~answers).sum()):,} comments that say nothing, which models leave uncoded")
    if len(unseen) < answers.sum():
        notes.append(
            f"compared on the {len(rows):,} comments that the older model has not seen"
            if rows is unseen
            else f"the older model has seen {len(rows) - len(unseen):,} of these {len(rows):,} comments; with fewer "
            f"than {FEWEST_UNSEEN} that are new to it, it is compared on all of them, which favours it"
        )
    comments, keys = _common(new.comments.only(rows), older, notes)
    groups = new.result.groups[rows]
    mine = measured(_of_codes(_rows(new.result.judged, rows), new.keys, keys), comments, groups)
    gone = [
        f"it finds no {what}, which the older model does: none is labelled"
        for what, columns in (("stances", stance_columns(keys)), ("sentiment", ["sentiment"]))
        if set(columns) <= set(older.columns()) and not set(columns) & set(new.columns())
    ]
    return Evaluation(mine, measured(judged_by(older, comments, keys), comments, groups), notes, gone)


def judged_by(coder: Coder, comments: LabelledComments, keys: tuple[str, ...] | None = None) -> Judged:
    """Code comments with a finished model; what it leaves uncoded has no codes."""
    import pandas as pd

    table = coder.code(comments.texts, comments.questions)
    n, names = len(comments), coder.keys
    coded = (table["status"] == CODED).to_numpy()
    p = table[probability_columns(names)].to_numpy(np.float64, na_value=0.0).astype(np.float32)
    found = table[theme_columns(names)].to_numpy(np.float64, na_value=0.0) == 1
    margin = np.full(n, np.inf, dtype=np.float32)
    if coded.any():
        margin[coded] = coder.themes.margins(p[coded])
    stance_names = list(comments.codebook.stances)
    stances = np.zeros((n, len(names), len(stance_names) if coder.themes.codebook.stances else 0), dtype=bool)
    if stances.shape[2]:
        for k, column in enumerate(stance_columns(names)):
            split = table[column].str.split(JOIN)
            for s, stance in enumerate(stance_names):
                stances[:, k, s] = [isinstance(held, list) and stance in held for held in split]
    sentiments = table["sentiment"].tolist() if isinstance(table.get("sentiment"), pd.Series) else None
    return _of_codes(Judged(p, found, margin, stances, sentiments), names, keys or names)


def _unseen(comments: LabelledComments, models: list[Any], notes: list[str]) -> LabelledComments:
    seen = np.any([_seen_by(model, comments) for model in models], axis=0)
    if seen.all():
        raise InputError(
            "every one of these comments was in training, which would flatter the model. Label comments it has not "
            "seen, read its cross-validated figures in MODEL_CARD.md, or ask for them with --with-seen."
        )
    if seen.any():
        notes.append(f"left out: {int(seen.sum()):,} comments that were in training")
    return comments.only(np.flatnonzero(~seen))


def _seen_by(model: Any, comments: LabelledComments) -> npt.NDArray[np.bool_]:
    """Tell which comments a model was trained on, as far as it says so."""
    if isinstance(model, TrainedModel):
        seen: set[str] | None = {fingerprint(text) for text in model.comments.texts}
    elif isinstance(model, Coder):
        seen = None
    else:
        folder = Path(model)
        manifest, corpus = read_manifest(folder), shipped("corpus")
        listed_there = folder / f"{SEEN}.txt"
        seen = set(listed_there.read_text(encoding="utf-8").split()) if listed_there.is_file() else None
        if seen is None and manifest.get("training_digest") == corpus_digest(corpus):
            seen = {fingerprint(text) for text in read_corpus(corpus).texts}
    return np.array([seen is not None and fingerprint(text) in seen for text in comments.texts], dtype=bool)


def _common(
    comments: LabelledComments, other: Coder | None, notes: list[str]
) -> tuple[LabelledComments, tuple[str, ...]]:
    """Keep the codes that both models find."""
    keys = comments.codebook.keys
    if other is None or other.keys == keys:
        return comments, keys
    common = tuple(key for key in keys if key in other.keys)
    if not common:
        raise InputError(f"the two models have no code in common: {listed(keys)}; {listed(other.keys)}.")
    if alone := [key for key in (*keys, *other.keys) if key not in common]:
        notes.append(f"only one of the models finds {listed(alone)}; compared are the others")
    kept = [keys.index(key) for key in common]
    book = replace(comments.codebook, themes=tuple(comments.codebook.themes[k] for k in kept))
    return (
        replace(comments, codebook=book, themes=comments.themes[:, kept], stances=comments.stances[:, kept]),
        common,
    )


def _of_codes(judged: Judged, names: tuple[str, ...], keys: tuple[str, ...]) -> Judged:
    kept = [names.index(key) for key in keys]
    return replace(judged, p=judged.p[:, kept], themes=judged.themes[:, kept], stances=judged.stances[:, kept])


def _rows(judged: Judged, rows: npt.NDArray[np.int64]) -> Judged:
    sentiments = None if judged.sentiments is None else [judged.sentiments[i] for i in rows.tolist()]
    return Judged(judged.p[rows], judged.themes[rows], judged.margin[rows], judged.stances[rows], sentiments)


def _name(figure: str) -> str:
    return figure.replace("_", " ").replace("f1", "F1").replace("mcc", "MCC")
