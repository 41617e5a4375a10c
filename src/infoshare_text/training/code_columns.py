"""Which columns of a labelled file hold codes, stances and sentiment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from infoshare_text.codebook import Codebook
from infoshare_text.columns import REVIEW_DONE
from infoshare_text.errors import listed
from infoshare_text.training.code_cells import CodeNames, normal_name
from infoshare_text.training.faults import COLUMN, Faults, Source

_JOINED = ("themes", "codes", "theme", "code", "labels", "label", "categories", "category", "tags", "tag")
_RESPONDENT = ("respondent_id", "respondent", "respondentid", "response_id", "responseid", "writer")


@dataclass(frozen=True)
class CodeColumns:
    """Names of the columns that hold what a person coded; None where there is none.

    Attributes
    ----------
    themes : list of (str or None)
        For one 0/1 column a theme, in codebook order; empty where codes stand in one cell.
    joined : str or None
        The column whose cells hold the codes of a comment together.
    stances : list of (str or None)
        One for each theme; empty where there are none.
    joined_stances : str or None
        Beside ``joined``: cells such as ``leadership: barrier; risk_management: need``.
    sentiment, done, respondent : str or None
    """

    themes: list[str | None]
    joined: str | None
    stances: list[str | None]
    joined_stances: str | None
    sentiment: str | None
    done: str | None
    respondent: str | None

    @property
    def used(self) -> set[str]:
        """All columns named here."""
        single = (self.joined, self.joined_stances, self.sentiment, self.done, self.respondent)
        return {name for name in (*self.themes, *self.stances, *single) if name is not None}


def find_code_columns(source: Source, codebook: Codebook, from_review: bool, faults: Faults) -> CodeColumns:
    """Find the columns of codes by their names.

    Parameters
    ----------
    source : Source
    codebook : Codebook
    from_review : bool
        Whether the file is a workbook that was written to code in, so that all its columns must be there.
    faults : Faults
        Takes every column that is missing, doubled or of no known code.
    """
    there: dict[str, str] = {}
    for column in source.columns:
        there.setdefault(normal_name(column), column)
    themes, joined = _theme_columns(codebook, there)
    stances = _stance_columns(codebook, there)
    wants_stances = bool(codebook.stances) and (from_review or any(stances))
    sentiment = there.get("sentiment") if codebook.sentiments else None
    columns = CodeColumns(
        themes=themes,
        joined=joined,
        stances=stances if wants_stances else [],
        joined_stances=_first(there, ("stance", "stances")) if joined and codebook.stances else None,
        sentiment=sentiment,
        done=there.get(REVIEW_DONE),
        respondent=_first(there, _RESPONDENT),
    )
    _check(source, columns, codebook, from_review, faults)
    return columns


def _theme_columns(codebook: Codebook, there: dict[str, str]) -> tuple[list[str | None], str | None]:
    names = [(normal_name(theme.key), normal_name(theme.label)) for theme in codebook.themes]
    prefixed = [there.get(f"theme_{key}", there.get(f"theme_{label}")) for key, label in names]
    plain = [there.get(key, there.get(label)) for key, label in names]
    if any(prefixed):
        return [first or second for first, second in zip(prefixed, plain, strict=True)], None
    joined = _first(there, _JOINED)
    if all(plain) or (any(plain) and joined is None):
        return plain, None
    return [], joined


def _stance_columns(codebook: Codebook, there: dict[str, str]) -> list[str | None]:
    found: list[str | None] = []
    for theme in codebook.themes:
        key, label = normal_name(theme.key), normal_name(theme.label)
        forms = (f"stance_{key}", f"{label}_stance", f"{key}_stance", f"stance_{label}")
        found.append(_first(there, forms))
    return found


def _first(there: dict[str, str], names: Sequence[str]) -> str | None:
    return next((there[name] for name in names if name in there), None)


def _check(source: Source, columns: CodeColumns, codebook: Codebook, from_review: bool, faults: Faults) -> None:
    if not columns.themes and columns.joined is None:
        keys = listed(codebook.keys, at_most=6)
        if {"0", "1"} & set(source.columns):
            what = "the first row holds values, not the names of columns. Put a row of names on top."
            faults.add(COLUMN, source, what)
            return
        faults.add(
            COLUMN,
            source,
            f"no column holds codes. Wanted is a column of 0 and 1 for each code ({keys}), or one column 'themes' with "
            f"the codes of a comment joined by ';'. The columns are: {listed(source.columns, at_most=15)}. The "
            f"codes are those of {codebook.name!r}: if the file is coded by another codebook, name it (--codebook).",
        )
        return
    free = [name for name in source.columns if name not in columns.used]
    meant = [_missing(source, *wanted, free, faults) for wanted in _wanted(columns, codebook)]
    if from_review and codebook.sentiments and columns.sentiment is None:
        meant.append(_missing(source, "the", ("sentiment",), None, free, faults))
    _refuse_doubles(source, columns, codebook, faults)
    names, used = CodeNames(codebook), {normal_name(name) for name in columns.used}
    for name in free:
        kind = _claims_to_be(name, columns)
        if kind and name not in meant and normal_name(name) not in used:
            hint = names.nearest(normal_name(name).removeprefix("stance_").removesuffix("_stance"))
            faults.add(
                COLUMN,
                source,
                f"{source.column(name)} is named as {kind} of a code that the codebook {codebook.name!r} does not have."
                f"{hint} Rename it, or take it out.",
            )


def _wanted(columns: CodeColumns, codebook: Codebook) -> list[tuple[str, tuple[str, ...], str | None]]:
    """List the columns that must be there: (what they hold, names they may go by, name found)."""
    names = [(theme.label, theme.key) for theme in codebook.themes]
    themes = [("the code", name, there) for name, there in zip(names, columns.themes, strict=False)]
    stances = [("the stances of", name, there) for name, there in zip(names, columns.stances, strict=False)]
    return [*themes, *stances]


def _missing(
    source: Source, kind: str, names: tuple[str, ...], there: str | None, free: Sequence[str], faults: Faults
) -> str | None:
    """Note a column that is not there; return the one that was perhaps renamed."""
    if there is not None:
        return None
    bare = {_bare(column): column for column in free}
    near = [match for name in names for match in get_close_matches(normal_name(name), bare, n=1, cutoff=0.75)]
    meant = bare[near[0]] if near else None
    hint = f"Was {source.column(meant)} renamed? Name it as before" if meant else "Add it, empty if need be"
    faults.add(COLUMN, source, f"there is no column for {kind} {names[0]!r}. {hint}, or use a codebook without it.")
    return meant


def _bare(column: str) -> str:
    return normal_name(column).removeprefix("theme_").removeprefix("stance_").removesuffix("_stance")


def _claims_to_be(name: str, columns: CodeColumns) -> str:
    plain = normal_name(name)
    if plain.startswith("theme_"):
        return "a column"
    return "the stance" if columns.stances and (plain.startswith("stance_") or plain.endswith("_stance")) else ""


def _refuse_doubles(source: Source, columns: CodeColumns, codebook: Codebook, faults: Faults) -> None:
    for name in sorted(columns.used):
        same = [column for column in source.columns if normal_name(column) == normal_name(name)]
        if len(same) > 1:
            faults.add(COLUMN, source, f"two columns of one name: {listed(same)}. Rename one of each.")
    for theme, there in zip(codebook.themes, columns.themes, strict=False):
        prefix = "theme_" if normal_name(there or "").startswith("theme_") else ""
        forms = {prefix + normal_name(theme.key), prefix + normal_name(theme.label)}
        named = {normal_name(column): column for column in source.columns if normal_name(column) in forms}
        if len(named) > 1:
            what = f"two columns of the code {theme.label!r}: {listed(named.values())}. Take one of them out."
            faults.add(COLUMN, source, what)
