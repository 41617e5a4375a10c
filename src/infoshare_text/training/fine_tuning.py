"""Fine-tune MiniLM on themes, stances and sentiment together, and write it as an ONNX network of small whole numbers.

One layer on the mean and the peak of the last layer's pieces scores all outputs at once, so that each task helps the
others. For building the models that ship only: needs torch and the extra ``build``; users run the network that results.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from infoshare_text.coding.encoder import LAYERS_TOLD, MOST_PIECES, SCORES, STATES
from infoshare_text.coding.sentiment import SENTIMENTS
from infoshare_text.errors import MissingExtraError
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.vectors import Pretrained

EPOCHS = 2
_BATCH = 32
_SORTED_TOGETHER = 50
_RATE, _RATE_OF_HEAD = 1e-4, 1e-3
_WARM_UP = 0.06
_SHARES = {"themes": 2.0, "stances": 3.0, "sentiment": 0.7}
"""What each task's loss counts: means over very different numbers of outputs."""
_EVERY = 200

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Network:
    """A fine-tuned encoder as files.

    Attributes
    ----------
    onnx : bytes
        Takes ``ids`` and ``mask``, int64 of shape (n, pieces); gives ``scores``, float32 of shape (n, n_outputs), and
        ``states``, float32 of shape (n, n_states): the mean of the pieces in each of the last layers.
    tokenizer : bytes
    """

    onnx: bytes
    tokenizer: bytes


def fine_tune(comments: LabelledComments, told: Callable[[str], None], seed: int = 0) -> Network:
    """Fine-tune on all comments given.

    Parameters
    ----------
    comments : LabelledComments
        With stances and sentiments.
    told : callable
        Called with a line of progress.
    seed : int

    Returns
    -------
    Network

    Raises
    ------
    MissingExtraError
        torch, transformers, onnx or the encoder is not installed.
    ModelFolderError
        The encoder is not the one this recipe is for.
    """
    try:
        import onnx  # noqa: F401
        import onnxruntime.quantization  # noqa: F401
        import onnxscript  # noqa: F401
        import torch
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "torch", "build") from None
    torch.manual_seed(seed)
    torch.set_num_threads(os.cpu_count() or 1)
    # The plain form of attention is the one that exports to ONNX as plain products, which eight bits can hold.
    pretrained = Pretrained.load(attn_implementation="eager")
    network = _scoring(torch, pretrained.network, comments)
    pieces = pretrained.tokenizer(comments.texts, truncation=True, max_length=MOST_PIECES)["input_ids"]
    _train(torch, network, pieces, comments, np.random.default_rng(seed), told)
    return Network(_as_onnx(torch, network), (pretrained.source / "tokenizer.json").read_bytes())


def _scoring(torch: Any, encoder: Any, comments: LabelledComments) -> Any:
    """Return the encoder under one layer that scores every output."""
    themes, stances = comments.stances.shape[1:]

    class Scoring(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder
            self.drop = torch.nn.Dropout(0.1)
            outputs = themes * (1 + stances) + len(SENTIMENTS)
            self.head = torch.nn.Linear(2 * encoder.config.hidden_size, outputs)

        def forward(self, ids: Any, mask: Any) -> Any:
            layers = self.encoder(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
            there = mask.unsqueeze(-1).to(layers[-1].dtype)
            means = [(layer * there).sum(1) / there.sum(1) for layer in layers[-LAYERS_TOLD:]]
            peak = (layers[-1] + (there - 1) * 1e4).max(1).values
            return self.head(self.drop(torch.cat([means[-1], peak], 1))), torch.cat(means, 1)

    return Scoring()


def _train(
    torch: Any,
    network: Any,
    pieces: list[list[int]],
    comments: LabelledComments,
    rng: np.random.Generator,
    told: Callable[[str], None],
) -> None:
    """Run AdamW with a rate that rises for a moment and falls in a line."""
    steps = EPOCHS * len(list(_batches(pieces, rng)))
    rates = [_RATE, _RATE_OF_HEAD]
    parts = [{"params": network.encoder.parameters()}, {"params": network.head.parameters()}]
    optimiser = torch.optim.AdamW(
        [{**part, "lr": rate} for part, rate in zip(parts, rates, strict=True)], weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rates, total_steps=steps + EPOCHS, pct_start=_WARM_UP, anneal_strategy="linear"
    )
    targets = _targets(torch, comments)
    network.train()
    done = 0
    for _ in range(EPOCHS):
        for batch in _batches(pieces, rng):
            # Products in sixteen bits: twice as fast where the processor has them, and as good for this.
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores, _ = network(*_padded(torch, pieces, batch))
            loss = _loss(torch, scores.float(), targets, batch)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            done += 1
            if done % _EVERY == 0:
                told(f"step {done:,} of about {steps:,}: loss {loss.item():.3f}")
    network.eval()


def _batches(pieces: list[list[int]], rng: np.random.Generator) -> Iterator[Ints]:
    """Yield batches of comments about as long as each other, in a random order."""
    order = rng.permutation(len(pieces))
    length = np.array([len(one) for one in pieces])
    parts = np.array_split(order, max(1, len(order) // (_BATCH * _SORTED_TOGETHER)))
    sorted_parts = [part[np.argsort(length[part], kind="stable")] for part in parts]
    batches = [part[start : start + _BATCH] for part in sorted_parts for start in range(0, len(part), _BATCH)]
    for place in rng.permutation(len(batches)):
        yield batches[place]


def _padded(torch: Any, pieces: list[list[int]], batch: Ints) -> tuple[Any, Any]:
    ids = np.zeros((len(batch), max(len(pieces[i]) for i in batch)), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, i in enumerate(batch):
        ids[row, : len(pieces[i])] = pieces[i]
        mask[row, : len(pieces[i])] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


def _targets(torch: Any, comments: LabelledComments) -> tuple[Any, Any, Any]:
    tone = np.array([SENTIMENTS.index(sentiment) for sentiment in comments.sentiments])
    stances = comments.stances.reshape(len(comments), -1).astype(np.float32)
    return torch.from_numpy(comments.themes.astype(np.float32)), torch.from_numpy(stances), torch.from_numpy(tone)


def _loss(torch: Any, scores: Any, targets: tuple[Any, Any, Any], batch: Ints) -> Any:
    """Add up the losses of the three tasks; a stance counts as absent where its theme is."""
    themes, stances, tone = (target[batch] for target in targets)
    n, s = themes.shape[1], stances.shape[1]
    functional = torch.nn.functional
    return (
        _SHARES["themes"] * functional.binary_cross_entropy_with_logits(scores[:, :n], themes)
        + _SHARES["stances"] * functional.binary_cross_entropy_with_logits(scores[:, n : n + s], stances)
        + _SHARES["sentiment"] * functional.cross_entropy(scores[:, n + s :], tone)
    )


def _as_onnx(torch: Any, network: Any) -> bytes:
    """Export, with weights rounded to seven bits, a scale for each output of a layer."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    ids = torch.ones(2, 7, dtype=torch.int64)
    sizes = {0: torch.export.Dim("comments"), 1: torch.export.Dim("pieces")}
    program = torch.onnx.export(
        network,
        (ids, ids.clone()),
        input_names=["ids", "mask"],
        output_names=[SCORES, STATES],
        dynamic_shapes={"ids": sizes, "mask": sizes},
        dynamo=True,
        verbose=False,
    )
    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        program.save(str(whole))
        # Seven of the eight bits: sums of full ones overflow on processors without VNNI, and read otherwise there.
        quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        return _without_origin(small.read_bytes())


def _without_origin(network: bytes) -> bytes:
    """Take out what the export noted of this machine: the lines and folders of the code that made each part."""
    import onnx

    model = onnx.load_from_string(network)
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    return bytes(model.SerializeToString())
