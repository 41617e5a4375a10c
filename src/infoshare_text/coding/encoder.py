"""A small transformer that reads sentences whole: the second opinion of the accurate model.

MiniLM (W. Wang et al., NeurIPS 2020), taken from the sentence encoder all-MiniLM-L6-v2, fine-tuned on the corpus that
ships, its weights in seven bits, run by onnxruntime. Each comment is read alone: how the numbers of a comment are
rounded to eight bits then never depends on its neighbours.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from infoshare_text.coding.features import Floats
from infoshare_text.errors import MissingExtraError

NETWORK, PIECES = "encoder.onnx", "tokenizer.json"
MOST_PIECES = 128
"""Pieces of words that are read; what a long comment says after them only the other half of the model sees."""


class Encoder:
    """A network that scores comments, loaded once.

    Parameters
    ----------
    network, tokenizer : bytes
        An ONNX file whose output has a score for each output; a tokenizer in the form of the package ``tokenizers``.
    outputs : int

    Raises
    ------
    MissingExtraError
        onnxruntime or tokenizers is not installed.
    """

    def __init__(self, network: bytes, tokenizer: bytes, outputs: int) -> None:
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
        self._outputs = outputs

    @classmethod
    def at(cls, folder: Path, outputs: int) -> Encoder:
        """Load the network and the tokenizer of a model folder."""
        return cls((folder / NETWORK).read_bytes(), (folder / PIECES).read_bytes(), outputs)

    def scores(self, comments: Sequence[str]) -> Floats:
        """Score comments, each on its own; a wording that comes again is read once.

        Parameters
        ----------
        comments : sequence of str, length n

        Returns
        -------
        float32 array of shape (n, n_outputs)
            Log odds of the themes, then of the stances within each, then scores of the sentiments.
        """
        distinct = {comment: place for place, comment in enumerate(dict.fromkeys(comments))}
        pieces = [read.ids for read in self._tokenizer.encode_batch(list(distinct))]
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            rows = list(threads.map(self._read, pieces))
        scores = np.asarray(rows, dtype=np.float32).reshape(len(distinct), self._outputs)
        return scores[[distinct[comment] for comment in comments]]

    def _read(self, pieces: list[int]) -> Any:
        ids = np.asarray([pieces], dtype=np.int64)
        return self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})[0][0]
