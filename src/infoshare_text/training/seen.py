"""Which comments a model has seen: fingerprints that tell whether a given comment was in training, and hold none.

Fingerprints are keyed, and the key follows from all comments of the training and the seed, so that the same training
writes the same bytes. No table made beforehand, and no other model's list, tells what stands in this one. Whoever holds
the folder holds the key, and can test a comment that they have: no list that an evaluation can use prevents that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from infoshare_text.cleaning.duplicates import normal_text
from infoshare_text.coding.model_folder import SEEN
from infoshare_text.errors import ModelFolderError

_KEY_BYTES, _PRINT_BYTES = 16, 4


@dataclass(frozen=True)
class Seen:
    """Fingerprints of the normalised texts of a training.

    Attributes
    ----------
    key : bytes
    prints : frozenset of str
        Eight hexadecimal digits for each distinct text.
    """

    key: bytes
    prints: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str], seed: int) -> Seen:
        """Take the fingerprints of comments, under a key that is theirs."""
        distinct = sorted({normal_text(text) for text in texts})
        whole = blake2b(f"{seed}".encode(), digest_size=_KEY_BYTES)
        for text in distinct:
            whole.update(b"\n" + text.encode("utf-8", "replace"))
        key = whole.digest()
        return cls(key, frozenset(_print(text, key) for text in distinct))

    @classmethod
    def in_folder(cls, folder: Path) -> Seen | None:
        """Read what a model folder holds of it; None where it holds nothing.

        Raises
        ------
        ModelFolderError
            It is of no form that this version knows.
        """
        path = folder / f"{SEEN}.txt"
        if not path.is_file():
            return None
        key, *prints = path.read_text(encoding="utf-8").split()
        if len(key) != 2 * _KEY_BYTES:
            raise ModelFolderError(f"{folder}: its {SEEN}.txt is of an earlier version. Train the model again.")
        return cls(bytes.fromhex(key), frozenset(prints))

    def lines(self) -> list[str]:
        """Return the lines of the file: the key, then the fingerprints in order."""
        return [self.key.hex(), *sorted(self.prints)]

    def holds(self, texts: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Tell which texts were in training, shape (n,)."""
        return np.array([_print(normal_text(text), self.key) in self.prints for text in texts], dtype=bool)


def _print(words: str, key: bytes) -> str:
    return blake2b(words.encode("utf-8", "replace"), key=key, digest_size=_PRINT_BYTES).hexdigest()
