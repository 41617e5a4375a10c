"""How well a model does on labelled comments that it was not trained on, and whether another does better."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.classify import Coder
from infoshare_text.coding.model_folder import shipped
from infoshare_text.coding.sealed_folder import read_manifest
from infoshare_text.columns import CODED, JOIN, probability_columns, stance_columns, theme_columns
from infoshare_text.errors import InputError, listed
from infoshare_text.training.answers import answers_of
from infoshare_text.training.cross_validation import Judged
from infoshare_text.training.groups import groups_of
from infoshare_text.training.labelled import LabelledComments, corpus_digest, read_corpus
from infoshare_text.training.measures import Measured, interval, measured, paired
from infoshare_text.training.seen import Seen
from infoshare_text.training.train import TrainedModel, labelled_comments

if TYPE_CHECKING:
    import pandas as pd

    from infoshare_text.training.train import Labelled

    Model: TypeAlias = Coder | str | os.PathLike[str] | None

FEWEST_EXAMPLES = 10
"""A code with fewer examples among the comments compared on is not judged by itself."""
COMPARED = ("f1", "average_precision", "brier")
DECIDING = ("micro_f1", "macro_f1", "accuracy", "mcc")
BESIDE_CODES = ("stance_micro_f1", "sentiment_macro_f1", "sentiment_accuracy")
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
"""A loss of this much over all codes is refused even where chance might explain it."""
_CHANCE = 0.05


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
        """Where the model is worse than the other, in words.

        What is gone; a figure over all codes that falls by more than chance, or by 0.02; stances, sentiment, or a code
        of ten examples and more that fall by more than chance. With many codes chance makes some fall, so the interval
        of a code is one that holds for all codes at once (Bonferroni).
        """
        if self.other is None:
            return []
        support = dict(zip(self.measured.keys, self.measured.support.tolist(), strict=True))
        judged = {key for key, examples in support.items() if examples >= FEWEST_EXAMPLES}
        level = 1 - _CHANCE / max(1, len(judged))
        over_all = paired(self.measured, self.other, ())
        falls = [row for row in over_all if row["figure"] in (*DECIDING, *BESIDE_CODES) and row["high"] < 0]
        falls += [row for row in over_all if row["figure"] in DECIDING and row["change"] <= -LOSS and row not in falls]
        codes = [row for row in paired(self.measured, self.other, ("f1",), level) if row["code"] in judged]
        falls_of_codes = [row for row in codes if row["high"] < 0]
        return [
            *self.gone,
            *(_fall(row, 1 - _CHANCE) for row in falls),
            *(_fall(row, level) for row in falls_of_codes),
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
    reading: Mapping[str, Any] | None = None,
    with_seen: bool = False,
) -> Evaluation:
    """Measure a model on labelled comments, and compare it with another.

    Comments that either model was trained on are left out: they would flatter it. So is what says nothing ('n/a'),
    which models leave uncoded.

    Parameters
    ----------
    model : Coder or path
        A model folder, or a model just trained; None: the one that comes with the library.
    labelled : LabelledComments, path, DataFrame, or sequence of paths or DataFrames
    against : Coder or path, optional
        Another model, judged on the same comments; figures of change are paired, comment by comment.
    text, group : str, optional
        Columns of comments and of respondents in files.
    leave_out, blank_is_absent, reading
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
        reading=reading,
        least_examples=0,
        told=notes.append,
    )
    comments = answers_of(comments, notes)
    if not with_seen:
        comments = _unseen(comments, [one for one in (model, against) if one is not None], notes)
    comments, keys = of_common_codes(comments, others, notes)
    groups = groups_of(comments.texts, comments.writers)
    mine = measured(judged_by(coder, comments, keys), comments, groups)
    theirs = None if others is None else measured(judged_by(others, comments, keys), comments, groups)
    return Evaluation(mine, theirs, notes)


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
    judged = Judged(p, found, margin, stances, sentiments)
    return judged if keys is None else judged.of_codes([names.index(key) for key in keys])


def _unseen(comments: LabelledComments, models: list[Any], notes: list[str]) -> LabelledComments:
    seen = np.any([seen_by(model, comments) for model in models], axis=0)
    if seen.all():
        raise InputError(
            "every one of these comments was in training, which would flatter the model. Label comments it has not "
            "seen, read its cross-validated figures in MODEL_CARD.md, or ask for them with --with-seen."
        )
    if seen.any():
        notes.append(f"left out: {int(seen.sum()):,} comments that were in training")
    return comments.only(np.flatnonzero(~seen))


def seen_by(model: Any, comments: LabelledComments) -> npt.NDArray[np.bool_]:
    """Tell which comments a model was trained on, as far as it says so."""
    seen = _seen_of(model)
    return np.zeros(len(comments), dtype=bool) if seen is None else seen.holds(comments.texts)


def _seen_of(model: Any) -> Seen | None:
    if isinstance(model, TrainedModel):
        return model.seen
    if isinstance(model, Coder):
        return None
    manifest, corpus = read_manifest(Path(model)), shipped("corpus")
    seen = Seen.in_folder(Path(model))
    if seen is None and manifest.get("training_digest") == corpus_digest(corpus):
        seen = Seen.of(read_corpus(corpus).texts, 0)
    return seen


def of_common_codes(
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


def _name(figure: str) -> str:
    return figure.replace("_", " ").replace("f1", "F1").replace("mcc", "MCC")


def _fall(row: dict[str, Any], level: float) -> str:
    name = f"{row['code']} F1" if row["code"] else _name(row["figure"])
    return (
        f"{name} fell from {row['before']:.3f} to {row['after']:.3f} "
        f"(change {row['change']:+.3f}, {level * 100:.3g}% interval {row['low']:+.3f} to {row['high']:+.3f})"
    )
