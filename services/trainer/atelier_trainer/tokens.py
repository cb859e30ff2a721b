"""Tokenised captions: padded id matrices, and the everyday words that serve as wording noise."""

from collections.abc import Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor


def pad_ids(ids: Sequence[Sequence[int]], window: int, multiple: int = 8) -> tuple[Tensor, Tensor]:
    """Ids int64 [B, T] and mask int64 [B, T]; T is the longest, rounded up, at most `window` (longer ones are cut)."""
    longest = min(window, max(len(row) for row in ids))
    length = min(window, -(-longest // multiple) * multiple)
    out = torch.zeros(len(ids), length, dtype=torch.int64)
    mask = torch.zeros(len(ids), length, dtype=torch.int64)
    for i, row in enumerate(ids):
        n = min(len(row), length)
        out[i, :n] = torch.tensor(row[:n])
        mask[i, :n] = 1
    return out, mask


def encode_texts(tokenizer: Tokenizer, texts: Sequence[str], window: int) -> tuple[Tensor, Tensor]:
    """Token ids and mask of a batch of texts, see `pad_ids`."""
    return pad_ids([item.ids for item in tokenizer.encode_batch(list(texts))], window)
