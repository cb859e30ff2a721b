"""A whole training set in memory, and batches that are a pure function of (seed, step)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .shards import Caption, Embeddings, ShardError, decode_png, list_shards, read_shard


@dataclass
class SceneSet:
    """Pictures uint8 [N, 3, size, size] with their attributes and captions."""

    images: Tensor
    attributes: list[dict[str, str]]
    captions: list[tuple[Caption, ...]]
    embeddings: list[Embeddings] | None = None

    def __len__(self) -> int:
        return len(self.captions)


def load_scenes(folder: Path, size: int = 64, limit: int | None = None, embeddings: bool = False) -> SceneSet:
    """Load every shard of `folder` (or the first `limit` samples). New shards are picked up by loading again.

    `domain` becomes an attribute that every caption states. With `embeddings` every sample must bring those of its captions.
    Raises ShardError naming the bad shard.
    """
    images, attributes, captions, cached = [], [], [], []
    for path in list_shards(folder):
        for sample in read_shard(path):
            images.append(decode_png(path, sample.key, sample.images["png"], size))
            attributes.append({"domain": sample.domain, **sample.attributes})
            captions.append(tuple(Caption(c.text, c.states | {"domain"}) for c in sample.captions))
            if embeddings:
                if sample.embeddings is None:
                    raise ShardError(f"{path}: sample {sample.key}: no cached caption embeddings")
                cached.append(sample.embeddings)
            if limit is not None and len(images) >= limit:
                break
        if limit is not None and len(images) >= limit:
            break
    if not images:
        raise ShardError(f"{folder}: the shards hold no samples")
    return SceneSet(torch.from_numpy(np.stack(images)), attributes, captions, cached if embeddings else None)


def step_generator(seed: int, step: int) -> torch.Generator:
    """The random numbers of one training step: resuming at a step needs no stored state, and every rank draws the same."""
    return torch.Generator().manual_seed((seed * 1_000_003 + step) % (2**63))


def rank_slice(batch: int, rank: int, world: int) -> slice:
    """The part of a global batch that belongs to `rank`; the batch must divide evenly."""
    if batch % world:
        raise ValueError(f"batch of {batch} does not divide among {world} processes")
    part = batch // world
    return slice(rank * part, (rank + 1) * part)
