"""A small transformer that reads sentences whole: the second opinion of an accurate model.

MiniLM (W. Wang et al., NeurIPS 2020), taken from the sentence encoder all-MiniLM-L6-v2, fine-tuned on the corpus that
ships, its weights in seven bits, run by onnxruntime. Each comment is read alone: how the numbers of a comment are
rounded to eight bits then never depends on its neighbours.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from infoshare_text.coding.features import Floats
from infoshare_text.errors import MissingExtraError

NETWORK, PIECES = "encoder.onnx", "tokenizer.json"
MOST_PIECES = 128
"""Pieces of words that are read; what a long comment says after them only the other half of the model sees."""

SCORES, STATES = "scores", "states"
"""What the network gives: scores of all that it was trained on, and what its layers made of a comment."""
LAYERS_TOLD = 4
"""The last layers whose states it gives, for models of one's own to learn from."""


class Encoder:
    """A network that reads comments, loaded once.

    Parameters
    ----------
    network, tokenizer : bytes
        An ONNX file; a tokenizer in the form of the package ``tokenizers``.

    Raises
    ------
    MissingExtraError
        onnxruntime or tokenizers is not installed.
    """

    def __init__(self, network: bytes, tokenizer: bytes) -> None:
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ModuleNotFoundError as error:
            raise MissingExtraError(error.name or "onnxruntime", "accurate") from None
        options = onnxruntime.SessionOptions()
        # One comment is too little work for two threads; many comments are read side by side instead.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        self._tokenizer: Any = Tokenizer.from_buffer(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_PIECES)
        self._files = network, tokenizer
        self._widths = {output.name: int(output.shape[1]) for output in self._session.get_outputs()}

    def __reduce__(self) -> tuple[type[Encoder], tuple[bytes, bytes]]:
        """Copy and pickle as the files it is made of."""
        return Encoder, self._files

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the network."""
        return hashlib.sha256(self._files[0]).hexdigest()

    @property
    def n_states(self) -> int:
        """Numbers that :meth:`states` gives for a comment."""
        return self._widths[STATES]

    @classmethod
    def at(cls, folder: Path) -> Encoder:
        """Load the network and the tokenizer of a model folder."""
        return cls((folder / NETWORK).read_bytes(), (folder / PIECES).read_bytes())

    def scores(self, comments: Sequence[str]) -> Floats:
        """Score comments by what the network was trained on.

        Parameters
        ----------
        comments : sequence of str, length n

        Returns
        -------
        float32 array of shape (n, n_outputs)
            Log odds of the themes, then of the stances within each, then scores of the sentiments.
        """
        return self._read(comments, SCORES)

    def states(self, comments: Sequence[str]) -> Floats:
        """Return what the last layers made of comments, for others to learn from.

        Parameters
        ----------
        comments : sequence of str, length n

        Returns
        -------
        float32 array of shape (n, n_states)
            The mean of the pieces in each layer, layer by layer.
        """
        return self._read(comments, STATES)

    def _read(self, comments: Sequence[str], wanted: str) -> Floats:
        """Read comments, each on its own; a wording that comes again is read once."""
        distinct = {comment: place for place, comment in enumerate(dict.fromkeys(comments))}
        pieces = [read.ids for read in self._tokenizer.encode_batch(list(map(_whole, distinct)))]

        def one(ids: list[int]) -> Any:
            row = np.asarray([ids], dtype=np.int64)
            return self._session.run([wanted], {"ids": row, "mask": np.ones_like(row)})[0][0]

        with ThreadPoolExecutor(os.cpu_count()) as threads:
            rows = list(threads.map(one, pieces))
        read = np.asarray(rows, dtype=np.float32).reshape(len(distinct), self._widths[wanted])
        return read[[distinct[comment] for comment in comments]]


@dataclass(frozen=True)
class Head:
    """One layer on the states of an encoder: what a model of one's own learnt from whole sentences.

    Attributes
    ----------
    encoder : Encoder
    weights : float32 array of shape (n_states, n_outputs)
    intercept : float32 array of shape (n_outputs,)
        Outputs: themes, stances within each, sentiments, as of the linear models beside it.
    """

    encoder: Encoder
    weights: Floats
    intercept: Floats

    def scores(self, comments: Sequence[str]) -> Floats:
        """Score comments, shape (n, n_outputs)."""
        return self.scores_of(self.encoder.states(comments))

    def scores_of(self, states: Floats) -> Floats:
        """Score comments by their states, shape (n, n_states); (n, n_outputs)."""
        # In long numbers: how they are summed, which depends on how many comments there are, no longer shows.
        return np.asarray(states.astype(np.float64) @ self.weights + self.intercept, dtype=np.float32)


def _whole(comment: str) -> str:
    """Replace halves of characters, which the tokenizer takes for no text."""
    return comment.encode("utf-8", "replace").decode()
