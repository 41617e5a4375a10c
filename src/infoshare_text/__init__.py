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
    from infoshare_text.codebook import Codebook, default_codebook
    from infoshare_text.coding.classify import Coder, classify
    from infoshare_text.coding.evidence import explain
    from infoshare_text.coding.model_folder import load_themes as load_model
    from infoshare_text.reading.survey import Survey, read_survey
    from infoshare_text.writing.spreadsheet_text import unguarded
    from infoshare_text.writing.tables import write_table

_PUBLIC = {
    "Codebook": ("codebook", "Codebook"),
    "Coder": ("coding.classify", "Coder"),
    "Survey": ("reading.survey", "Survey"),
    "classify": ("coding.classify", "classify"),
    "default_codebook": ("codebook", "default_codebook"),
    "find_personal_data": ("cleaning.personal_data.redact", "find_personal_data"),
    "explain": ("coding.evidence", "explain"),
    "load_model": ("coding.model_folder", "load_themes"),
    "unguarded": ("writing.spreadsheet_text", "unguarded"),
    "redact": ("cleaning.personal_data.redact", "redact"),
    "read_survey": ("reading.survey", "read_survey"),
    "write_table": ("writing.tables", "write_table"),
}

__all__ = [
    "Codebook",
    "Coder",
    "ColumnError",
    "InfoshareTextError",
    "InputError",
    "MissingExtraError",
    "ModelFolderError",
    "OutputError",
    "Survey",
    "classify",
    "default_codebook",
    "explain",
    "find_personal_data",
    "load_model",
    "read_survey",
    "redact",
    "unguarded",
    "write_table",
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
