"""The learner as a scikit-learn estimator: clones, grid-searches and stands at the end of a pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from infoshare_text.codebook import Codebook
from infoshare_text.coding.confidence import sigmoid
from infoshare_text.coding.evidence import Explanation, explain
from infoshare_text.coding.features import Floats
from infoshare_text.coding.model_folder import load_encoder, load_vectors
from infoshare_text.coding.sentiment import softmax
from infoshare_text.errors import InputError
from infoshare_text.reading.survey import is_missing
from infoshare_text.training.cross_validation import cross_validate
from infoshare_text.training.fit import Choices
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.train import TrainedModel


class ThemeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classify texts by the learner of :func:`infoshare_text.train_theme_classifier`, as scikit-learn does.

    Parameters
    ----------
    C : float
        Inverse strength of regularisation.
    rare_weight : float
        How much more texts with a rare label count: 0 none, 1 balanced.
    telling_share : float
        How much a feature's weight depends on how much it tells of a label, 0 to 1.
    folds : int
        Of the grouped cross-validation that draws thresholds and calibration, 2 or more.
    seed : int
    accurate : bool
        Whether to learn from what an encoder makes of whole sentences too; see
        :func:`infoshare_text.train_theme_classifier`.

    Attributes
    ----------
    classes_ : array of shape (n_labels,)
        Labels in the order of the columns of ``predict_proba``.
    multi_label_ : bool
    model_ : TrainedModel
        Holds the figures of the cross-validation; ``model_.save(folder)`` writes a model folder.

    Examples
    --------
    >>> texts = ["Nobody leads this.", "No leader at all.", "We lack a leader.", "No training.", "Train us."]
    >>> labels = ["lead", "lead", "lead", "train", "train"]
    >>> ThemeClassifier(folds=2).fit(texts, labels).predict(["Who leads?"]).tolist()
    ['lead']
    """

    def __init__(
        self,
        C: float = 1.0,  # noqa: N803
        rare_weight: float = 0.5,
        telling_share: float = 0.3,
        folds: int = 5,
        seed: int = 0,
        accurate: bool = False,
    ) -> None:
        self.C = C
        self.rare_weight = rare_weight
        self.telling_share = telling_share
        self.folds = folds
        self.seed = seed
        self.accurate = accurate

    def fit(self, X: Any, y: Any, questions: Sequence[str] | None = None, groups: Any = None) -> ThemeClassifier:  # noqa: N803
        """Learn from labelled texts.

        Parameters
        ----------
        X : list, Series, array or one-column table of str, length n
        y : 0/1 array or DataFrame of shape (n, n_labels), or a list of lists of labels, or n single labels
        questions : sequence of str, length n, optional
            What each text answers.
        groups : sequence, length n, optional
            Who wrote each, None where nobody knows; texts of one writer are never parted by a fold, nor are equal
            texts.

        Returns
        -------
        ThemeClassifier
            Itself.

        Raises
        ------
        InputError
            A ValueError: texts, labels or parameters that cannot be used, in words.
        """
        texts = _texts(X)
        self.classes_, targets, self.multi_label_ = _labels(y)
        if len(texts) != len(targets):
            raise InputError(
                f"there are {len(texts):,} texts and {len(targets):,} labels; one is wanted for each text."
            )
        self._check_parameters()
        comments = _labelled(texts, targets, self.classes_, self.multi_label_, questions, groups)
        choices = Choices(self.C, self.rare_weight, self.telling_share)
        encoder = load_encoder() if self.accurate else None
        result = cross_validate(
            comments, load_vectors(), choices, encoder=encoder, folds=self.folds, seed=self.seed, curve=False
        )
        about = {
            "trained_on": "labelled texts",
            "seed": self.seed,
            "folds": min(self.folds, int(result.groups.max()) + 1),
            "choices": vars(choices),
        }
        self.model_ = TrainedModel(result, comments, about)
        return self

    def predict(self, X: Any, questions: Sequence[str] | None = None) -> npt.NDArray[Any]:  # noqa: N803
        """Return 0/1 of shape (n, n_labels) where several labels are possible, else one label for each text."""
        lead = self.decision_function(X, questions)
        if self.multi_label_:
            return np.asarray(lead >= 0).astype(np.int64)
        if lead.ndim == 1:
            return np.asarray(self.classes_[(lead > 0).astype(int)])
        return np.asarray(self.classes_[lead.argmax(axis=1)])

    def predict_proba(self, X: Any, questions: Sequence[str] | None = None) -> Floats:  # noqa: N803
        """Return probabilities, shape (n, n_labels).

        Where several labels are possible, each is calibrated by itself. Where only one is, rows add up to 1: the
        softmax of how far each label leads its threshold.
        """
        if self.multi_label_:
            return sigmoid(self._logits(X, questions))
        return softmax(self._lead(X, questions))

    def decision_function(self, X: Any, questions: Sequence[str] | None = None) -> Floats:  # noqa: N803
        """Return how far each label leads its threshold in log odds: (n, n_labels), or (n,) for one of two."""
        lead = self._lead(X, questions)
        return lead[:, 1] - lead[:, 0] if not self.multi_label_ and lead.shape[1] == 2 else lead

    def explain(self, X: Any, questions: Sequence[str] | None = None) -> list[Explanation]:  # noqa: N803
        """Split the log odds of each label over the words of each text; not where ``accurate``."""
        check_is_fitted(self)
        self.model_.refuse_without_evidence()
        texts = _texts(X)
        asked = [""] * len(texts) if questions is None else list(questions)
        return [explain(self.model_.themes, text, question) for text, question in zip(texts, asked, strict=True)]

    def _lead(self, X: Any, questions: Sequence[str] | None) -> Floats:  # noqa: N803
        logits = self._logits(X, questions)
        return np.asarray(logits - self.model_.themes.threshold_logits, dtype=np.float32)

    def _logits(self, X: Any, questions: Sequence[str] | None) -> Floats:  # noqa: N803
        check_is_fitted(self)
        texts = _texts(X)
        asked = None if questions is None else list(questions)
        return self.model_.log_odds(texts, asked)

    def _check_parameters(self) -> None:
        for name, low, high in (("C", 1e-9, 1e9), ("rare_weight", 0, 2), ("telling_share", 0, 1), ("folds", 2, 1000)):
            value = getattr(self, name)
            if not low <= value <= high:
                raise InputError(f"{name}={value!r}: it goes from {low:g} to {high:g}.")

    def __sklearn_tags__(self) -> Any:
        """Say that texts are wanted, and several labels possible."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.classifier_tags.multi_label = True
        return tags


def _texts(data: Any) -> list[str]:
    if isinstance(data, (str, bytes)):
        raise InputError("texts are wanted as a list, Series or array; one text alone goes in a list: [text].")
    values = data.to_numpy() if hasattr(data, "to_numpy") else data
    shape = np.shape(values) if isinstance(values, np.ndarray) else (len(values),)
    if len(shape) == 2 and shape[1] == 1:
        values = np.ravel(values)
    elif len(shape) != 1:
        raise InputError(f"texts are wanted in one column, found an array of shape {shape}.")
    texts = ["" if is_missing(value) else value for value in list(values)]
    wrong = next((value for value in texts if not isinstance(value, str)), None)
    if wrong is not None:
        raise InputError(f"texts are wanted, found a {type(wrong).__name__} among them.")
    if not texts:
        raise InputError("there are no texts (0 samples).")
    return [str(text) for text in texts]


def _labels(y: Any) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_], bool]:
    """Return the labels, which text has which, and whether several are possible."""
    if y is None:
        raise InputError("labels are needed: y is None (requires y to be passed).")
    names = np.asarray(y.columns) if hasattr(y, "columns") else None
    values = y.to_numpy() if hasattr(y, "to_numpy") else y
    if hasattr(values, "toarray"):
        values = values.toarray()
    if isinstance(values, np.ndarray) and values.ndim == 2 and values.shape[1] > 1:
        if not np.isin(values, [0, 1]).all():
            raise InputError("a table of labels holds 0 and 1 only.")
        return names if names is not None else np.arange(values.shape[1]), values.astype(bool), True
    flat = list(np.ravel(values)) if isinstance(values, np.ndarray) else list(values)
    if flat and isinstance(flat[0], (list, tuple, set, frozenset, np.ndarray)):
        rows = [set(row) for row in flat]
        classes = np.asarray(sorted(set().union(*rows)))
        return classes, np.array([[label in row for label in classes] for row in rows], dtype=bool), True
    if any(map(is_missing, flat)):
        raise InputError("a label is missing (NaN); give one to each text.")
    if any(isinstance(value, float) and not value.is_integer() for value in flat):
        raise InputError("Unknown label type: labels are names or whole numbers, found a continuous number.")
    classes, place = np.unique(np.asarray(flat), return_inverse=True)
    return classes, np.asarray(np.eye(len(classes), dtype=bool)[place]), False


def _labelled(
    texts: list[str],
    targets: npt.NDArray[np.bool_],
    classes: npt.NDArray[Any],
    multi_label: bool,
    questions: Sequence[str] | None,
    groups: Any,
) -> LabelledComments:
    if len(classes) < 2:
        raise InputError(f"there is {len(classes)} label (class) only; two at least are needed.")
    book = Codebook.from_labels([str(name) for name in classes], multi_label=multi_label, name="Labels")
    n = len(texts)
    for name, values in (("questions", questions), ("groups", groups)):
        if values is not None and len(values) != n:
            raise InputError(f"there are {n:,} texts and {len(values):,} {name}; one is wanted for each text.")
    return LabelledComments(
        book,
        ids=[str(i) for i in range(n)],
        texts=texts,
        questions=[""] * n if questions is None else [str(question) for question in questions],
        writers=[""] * n if groups is None else ["" if is_missing(group) else str(group) for group in groups],
        sectors=[""] * n,
        themes=targets,
        stances=np.zeros((*targets.shape, 0), dtype=bool),
        sentiments=[""] * n,
    )
