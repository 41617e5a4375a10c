"""The codebook: themes, stances and sentiments as data.

The one place where themes are named; columns, models and reports follow its order. A team's own codebook is a TOML
file of the same form as ``codebook.toml``::

    name = "Library survey"
    version = "1"
    multi_label = true            # false: exactly one code a comment

    [[themes]]
    key = "opening_hours"         # lower case, digits, underscores; names the columns
    label = "Opening hours"
    definition = "When the building is open."
    include = "Evenings, weekends, bank holidays."
    exclude = "How long one may borrow."
    examples = ["Shut when I finish work."]

    [stances]                     # optional, as are sentiments
    barrier = "It is in the way."
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from infoshare_text.errors import InputError, listed

FEWEST_THEMES, MOST_THEMES = 2, 200
MOST_STANCES, MOST_SENTIMENTS = 8, 12
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_KEY_RULE = "a key is lower-case letters, digits and underscores, begins with a letter and has 60 characters at most"


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
    examples : tuple of str
        Comments that a coder would give this theme.
    """

    key: str
    label: str
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """Themes in their order, with the stances and sentiments a comment can take.

    Attributes
    ----------
    name, version : str
    themes : tuple of Theme
    stances, sentiments : dict
        Key to meaning; empty where the codebook has none.
    multi_label : bool
        Whether a comment carries any number of themes, or exactly one.
    """

    name: str
    version: str
    themes: tuple[Theme, ...]
    stances: dict[str, str]
    sentiments: dict[str, str]
    multi_label: bool = True

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the themes, in codebook order."""
        return tuple(theme.key for theme in self.themes)

    @classmethod
    def from_toml(cls, text: str, source: str = "codebook") -> Codebook:
        """Read a codebook from TOML text (the form of ``codebook.toml``).

        Parameters
        ----------
        text : str
        source : str
            What errors call it.

        Raises
        ------
        InputError
            Every fault of the codebook, at once.
        """
        try:
            data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"{source}: is not TOML ({error}).") from None
        return cls.from_dict(data, source)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], source: str = "codebook") -> Codebook:
        """Make a codebook of plain data, as :meth:`as_dict` gives it.

        Raises
        ------
        InputError
            Every fault of the codebook, at once.
        """
        if faults := list(_faults(data)):
            raise InputError.from_faults(source, faults)
        return cls(
            name=data["name"],
            version=data["version"],
            themes=tuple(_theme(theme) for theme in data["themes"]),
            stances=dict(data.get("stances", {})),
            sentiments=dict(data.get("sentiments", {})),
            multi_label=data.get("multi_label", True),
        )

    @classmethod
    def from_labels(cls, labels: Iterable[str], *, multi_label: bool = True, name: str = "Codes") -> Codebook:
        """Make a codebook of bare labels, each with a key made of it.

        >>> Codebook.from_labels(["Opening hours", "Staff & volunteers"]).keys
        ('opening_hours', 'staff_volunteers')
        """
        themes: list[Theme] = []
        for label in labels:
            key = _key_of(label, {theme.key for theme in themes})
            themes.append(Theme(key, label))
        book = cls(name, "1", tuple(themes), {}, {}, multi_label)
        return cls.from_dict(book.as_dict(), name)

    def as_dict(self) -> dict[str, Any]:
        """Return the codebook as plain data for JSON or TOML; what is not there is left out."""
        return {
            "name": self.name,
            "version": self.version,
            **({} if self.multi_label else {"multi_label": False}),
            "themes": [_plain(theme) for theme in self.themes],
            "stances": self.stances,
            "sentiments": self.sentiments,
        }

    def with_only(self, *, stances: bool, sentiments: bool) -> Codebook:
        """Return the codebook without its stances or its sentiments where they are not wanted."""
        return replace(self, stances=self.stances if stances else {}, sentiments=self.sentiments if sentiments else {})


@cache
def default_codebook() -> Codebook:
    """Return the codebook of the six cultural themes.

    >>> default_codebook().keys[:2]
    ('leadership', 'vision_collaboration')
    """
    text = files("infoshare_text").joinpath("codebook.toml").read_text(encoding="utf-8")
    return Codebook.from_toml(text)


def read_codebook(path: str | Path) -> Codebook:
    """Read a codebook from a TOML file.

    Parameters
    ----------
    path : str or Path
        A file of the form shown in :mod:`infoshare_text.codebook`: 2 to 200 themes, each with a key and a label;
        definitions, what to include and exclude, and examples as far as there are any; stances and sentiments
        where wanted; ``multi_label = false`` where each comment gets exactly one code.

    Returns
    -------
    Codebook

    Raises
    ------
    InputError
        The file cannot be read, or every fault of the codebook at once.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from error
    return Codebook.from_toml(text, str(path))


def _faults(data: Mapping[str, Any]) -> Iterable[str]:
    known = [field.name for field in fields(Codebook)]
    if odd := sorted(set(data) - set(known)):
        yield f"has {listed(odd)}, which no codebook has. It may have: {listed(known)}"
    for name in ("name", "version"):
        if not isinstance(data.get(name), str) or not data[name].strip():
            yield f'lacks {name} = "…", a text'
    if not isinstance(data.get("multi_label", True), bool):
        yield "has a multi_label that is neither true nor false"
    yield from _theme_faults(data.get("themes"))
    for name, most in (("stances", MOST_STANCES), ("sentiments", MOST_SENTIMENTS)):
        yield from _meaning_faults(name, data.get(name, {}), most)


def _theme_faults(themes: Any) -> Iterable[str]:
    if not isinstance(themes, list) or not all(isinstance(theme, dict) for theme in themes):
        yield "lacks themes: write one [[themes]] table for each"
        return
    if not FEWEST_THEMES <= len(themes) <= MOST_THEMES:
        yield f"has {len(themes)} themes; {FEWEST_THEMES} to {MOST_THEMES} are wanted"
    known = [field.name for field in fields(Theme)]
    for number, theme in enumerate(themes, 1):
        where = f"theme {number} ({theme.get('key', 'no key')!r})"
        if odd := sorted(set(theme) - set(known)):
            yield f"{where} has {listed(odd)}, which no theme has. It may have: {listed(known)}"
        if not _is_key(theme.get("key")):
            yield f"{where}: {_KEY_RULE}"
        if not isinstance(theme.get("label"), str) or not theme["label"].strip():
            yield f'{where} lacks label = "…", its name in print'
        if not all(isinstance(theme.get(name, ""), str) for name in ("definition", "include", "exclude")):
            yield f"{where}: definition, include and exclude are texts"
        examples = theme.get("examples", [])
        if not isinstance(examples, (list, tuple)) or not all(isinstance(example, str) for example in examples):
            yield f"{where}: examples are a list of texts"
    for name in ("key", "label"):
        held = [str(theme.get(name, "")).strip().casefold() for theme in themes if theme.get(name)]
        if doubled := sorted({value for value in held if held.count(value) > 1}):
            yield f"has two themes of one {name}: {listed(doubled)}"


def _meaning_faults(name: str, meanings: Any, most: int) -> Iterable[str]:
    if not isinstance(meanings, dict) or not all(isinstance(meaning, str) for meaning in meanings.values()):
        yield f'{name}: write a table [{name}] with lines of the form key = "meaning"'
        return
    if name == "sentiments" and len(meanings) == 1:
        yield "has one sentiment; two or more are wanted, or none"
    if len(meanings) > most:
        yield f"has {len(meanings)} {name}; {most} at most are possible"
    if odd := [key for key in meanings if not _is_key(key)]:
        yield f"{name}: {listed(odd)} cannot name a column; {_KEY_RULE}"


def _is_key(key: Any) -> bool:
    return isinstance(key, str) and _KEY.fullmatch(key) is not None


def _key_of(label: str, taken: set[str]) -> str:
    key = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:50].rstrip("_")
    key = key if _is_key(key) else f"code_{key}".rstrip("_")
    free, number = key, 2
    while free in taken:
        free, number = f"{key}_{number}", number + 1
    return free


def _theme(data: Mapping[str, Any]) -> Theme:
    return Theme(**{**data, "examples": tuple(data.get("examples", ()))})


def _plain(theme: Theme) -> dict[str, Any]:
    data = dict(vars(theme))
    examples = data.pop("examples")
    return {**data, "examples": list(examples)} if examples else data
