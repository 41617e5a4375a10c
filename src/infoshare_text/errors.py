"""What can go wrong, in words a survey analyst can act on.

Every error the library raises on purpose derives from :class:`InfoshareTextError`;
the command line prints its text and exits with 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

_SHOWN_AT_MOST = 20


class InfoshareTextError(ValueError):
    """A fault in the user's data or options: what, where and what to do."""

    @classmethod
    def from_faults(cls, subject: str, faults: Sequence[str]) -> InfoshareTextError:
        """Build one error that lists every fault found in one input.

        Parameters
        ----------
        subject : str
            The file or table that the faults are in.
        faults : sequence of str
            One sentence for each fault; must not be empty.

        Returns
        -------
        InfoshareTextError
            An error of the class it is called on.
        """
        if len(faults) == 1:
            return cls(f"{subject}: {faults[0]}")
        shown = [f"  - {fault}" for fault in faults[:_SHOWN_AT_MOST]]
        if len(faults) > _SHOWN_AT_MOST:
            shown.append(f"  - and {len(faults) - _SHOWN_AT_MOST} more of the kind")
        return cls("\n".join([f"{subject}: {len(faults)} faults", *shown]))


class InputError(InfoshareTextError):
    """A file or table that cannot be read as it is."""


class ColumnError(InfoshareTextError):
    """A column that is missing, doubled or not what it is used for."""

    @classmethod
    def absent(cls, wanted: str, there: Iterable[str]) -> ColumnError:
        """Say which column is missing, which are there, and which was perhaps meant."""
        names = [str(name) for name in there]
        close = get_close_matches(wanted, names, n=1, cutoff=0.6)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        return cls(f"there is no column {wanted!r}.{hint} The columns are: {listed(names)}.")


class OutputError(InfoshareTextError):
    """A file that cannot be written."""


class ModelFolderError(InfoshareTextError):
    """A model folder that is incomplete, altered, foreign or of another version."""


class MissingExtraError(InfoshareTextError, ImportError):
    """A function that needs an optional part of the installation."""

    def __init__(self, module: str, extra: str) -> None:
        super().__init__(
            f"this needs the package {module!r}, which a plain installation leaves out. "
            f"Install it with: pip install 'infoshare-text[{extra}]'"
        )


def listed(names: Iterable[str], at_most: int = 30) -> str:
    """Join names for a message, quoted, the long tail counted instead of shown.

    >>> listed(["age", "sector"])
    "'age', 'sector'"
    """
    quoted = [repr(_short(name)) for name in names]
    if len(quoted) > at_most:
        quoted = [*quoted[:at_most], f"and {len(quoted) - at_most} more"]
    return ", ".join(quoted) or "none"


def _short(name: str, width: int = 90) -> str:
    return name if len(name) <= width else name[: width - 1] + "…"
