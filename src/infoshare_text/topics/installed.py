"""What the extra ``topics`` brings, asked for before any work is done."""

from __future__ import annotations

from importlib.util import find_spec

from infoshare_text.errors import MissingExtraError

_NEEDED = {
    "bertopic": "bertopic",
    "spacy_lookups_data": "spacy-lookups-data",
    "altair": "altair",
    "vl_convert": "vl-convert-python",
    "jinja2": "jinja2",
}
"""Module and package."""


def check_installed() -> None:
    """Say so where a package of the extra ``topics`` is missing; none is imported.

    Raises
    ------
    MissingExtraError
        Names the package and how to install it.
    """
    for module, package in _NEEDED.items():
        if find_spec(module) is None:
            raise MissingExtraError(package, "topics")
