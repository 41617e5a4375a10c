"""Reads open-ended survey answers on information sharing between public services.

>>> import infoshare_text as ist
>>> survey = ist.read_survey("examples/state_of_the_nation.csv")
>>> coded = ist.classify(survey.comments)

Public names are loaded when they are first used; importing the package loads neither pandas nor any model.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from infoshare_text.errors import (
    ColumnError,
    InfoshareTextError,
    InputError,
    MissingExtraError,
    ModelFolderError,
    OutputError,
)

if TYPE_CHECKING:
    from infoshare_text.cleaning.personal_data.redact import find_personal_data, redact
    from infoshare_text.codebook import Codebook, default_codebook, read_codebook
    from infoshare_text.coding.by_clause import classify_clauses
    from infoshare_text.coding.classify import Coder, classify
    from infoshare_text.coding.evidence import explain, load_model
    from infoshare_text.reading.spreadsheet_text import unguarded
    from infoshare_text.reading.survey import Survey, read_survey
    from infoshare_text.topics.find import Topics, find_topics
    from infoshare_text.topics.report import TopicReport, topic_report
    from infoshare_text.topics.tables import topics_by_group
    from infoshare_text.topics.topic_model import TopicModel, load_topics
    from infoshare_text.training.agreement import Agreement, agreement
    from infoshare_text.training.estimator import ThemeClassifier
    from infoshare_text.training.evaluation import Evaluation, evaluate
    from infoshare_text.training.labelled_files import read_labelled
    from infoshare_text.training.review import draw_for_review
    from infoshare_text.training.train import TrainedModel, train_theme_classifier
    from infoshare_text.writing.review_workbook import write_review
    from infoshare_text.writing.tables import write_table
    from infoshare_text.writing.topics.files import write_topics

_PUBLIC = {
    "Agreement": ("training.agreement", "Agreement"),
    "agreement": ("training.agreement", "agreement"),
    "Codebook": ("codebook", "Codebook"),
    "Coder": ("coding.classify", "Coder"),
    "Evaluation": ("training.evaluation", "Evaluation"),
    "Survey": ("reading.survey", "Survey"),
    "ThemeClassifier": ("training.estimator", "ThemeClassifier"),
    "TopicModel": ("topics.topic_model", "TopicModel"),
    "TopicReport": ("topics.report", "TopicReport"),
    "Topics": ("topics.find", "Topics"),
    "TrainedModel": ("training.train", "TrainedModel"),
    "classify": ("coding.classify", "classify"),
    "classify_clauses": ("coding.by_clause", "classify_clauses"),
    "default_codebook": ("codebook", "default_codebook"),
    "evaluate": ("training.evaluation", "evaluate"),
    "draw_for_review": ("training.review", "draw_for_review"),
    "find_personal_data": ("cleaning.personal_data.redact", "find_personal_data"),
    "explain": ("coding.evidence", "explain"),
    "find_topics": ("topics.find", "find_topics"),
    "load_topics": ("topics.topic_model", "load_topics"),
    "topic_report": ("topics.report", "topic_report"),
    "topics_by_group": ("topics.tables", "topics_by_group"),
    "load_model": ("coding.evidence", "load_model"),
    "read_codebook": ("codebook", "read_codebook"),
    "train_theme_classifier": ("training.train", "train_theme_classifier"),
    "unguarded": ("reading.spreadsheet_text", "unguarded"),
    "read_labelled": ("training.labelled_files", "read_labelled"),
    "redact": ("cleaning.personal_data.redact", "redact"),
    "read_survey": ("reading.survey", "read_survey"),
    "write_review": ("writing.review_workbook", "write_review"),
    "write_table": ("writing.tables", "write_table"),
    "write_topics": ("writing.topics.files", "write_topics"),
}

__all__ = [
    "Agreement",
    "Codebook",
    "Coder",
    "ColumnError",
    "Evaluation",
    "InfoshareTextError",
    "InputError",
    "MissingExtraError",
    "ModelFolderError",
    "OutputError",
    "Survey",
    "ThemeClassifier",
    "TopicModel",
    "TopicReport",
    "Topics",
    "TrainedModel",
    "agreement",
    "classify",
    "classify_clauses",
    "default_codebook",
    "draw_for_review",
    "evaluate",
    "explain",
    "find_personal_data",
    "find_topics",
    "load_model",
    "load_topics",
    "read_codebook",
    "read_labelled",
    "read_survey",
    "redact",
    "topic_report",
    "topics_by_group",
    "train_theme_classifier",
    "unguarded",
    "write_review",
    "write_table",
    "write_topics",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("infoshare-text")
    if name not in _PUBLIC:
        raise AttributeError(f"module 'infoshare_text' has no attribute {name!r}")
    module, attribute = _PUBLIC[name]
    return getattr(import_module(f"infoshare_text.{module}"), attribute)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
