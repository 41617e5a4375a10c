"""The codebook: themes, stances and sentiments as data.

The one place where themes are named; columns, models and reports follow its order.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Theme:
    """One theme of a codebook.

    Attributes
    ----------
    key : str
        Name used in columns and files, lower case with underscores.
    label : str
        Name used in print.
    definition, include, exclude : str
        What a coder goes by.
    """

    key: str
    label: str
    definition: str
    include: str = ""
    exclude: str = ""


@dataclass(frozen=True)
class Codebook:
    """Themes in their order, with the stances and sentiments a comment can take."""

    name: str
    version: str
    themes: tuple[Theme, ...]
    stances: dict[str, str]
    sentiments: dict[str, str]

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the themes, in codebook order."""
        return tuple(theme.key for theme in self.themes)

    @classmethod
    def from_toml(cls, text: str) -> Codebook:
        """Read a codebook from TOML text (the form of ``codebook.toml``)."""
        data: dict[str, Any] = tomllib.loads(text)
        return cls(
            name=data["name"],
            version=data["version"],
            themes=tuple(Theme(**theme) for theme in data["themes"]),
            stances=dict(data["stances"]),
            sentiments=dict(data["sentiments"]),
        )


@cache
def default_codebook() -> Codebook:
    """Return the codebook of the six cultural themes.

    >>> default_codebook().keys[:2]
    ('leadership', 'vision_collaboration')
    """
    text = files("infoshare_text").joinpath("codebook.toml").read_text(encoding="utf-8")
    return Codebook.from_toml(text)
