"""A pretrained sentence encoder as teacher: MiniLM (BERT, Devlin et al. 2019; Wang et al. 2020) from a package's folder.

The folder holds `model.safetensors`, `config.json` and `tokenizer.json`. Its weights stay there: what the project ships is a
small network of its own that learns from the teacher's answers.
"""

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

MAX_TOKENS = 96


class Layer(nn.Module):
    """One post-norm transformer layer."""

    def __init__(self, weights: dict[str, Tensor], prefix: str, heads: int) -> None:
        super().__init__()
        self.heads = heads
        names = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")
        self.query, self.key, self.value, self.out = (_linear(weights, f"{prefix}.{name}") for name in names)
        self.up, self.down = _linear(weights, f"{prefix}.intermediate.dense"), _linear(weights, f"{prefix}.output.dense")
        self.norm1 = _norm(weights, f"{prefix}.attention.output.LayerNorm")
        self.norm2 = _norm(weights, f"{prefix}.output.LayerNorm")

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, dim = x.shape
        q, k, v = (f(x).view(batch, length, self.heads, -1).transpose(1, 2) for f in (self.query, self.key, self.value))
        scores = q @ k.transpose(2, 3) / math.sqrt(dim / self.heads)
        mixed = scores.masked_fill(~mask[:, None, None], -1e9).softmax(-1) @ v
        x = self.norm1(x + self.out(mixed.transpose(1, 2).reshape(batch, length, dim)))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class Teacher(nn.Module):
    """Text → logits over `classes`. The embeddings and the first `frozen` layers stay as they came."""

    def __init__(self, folder: Path, classes: int, frozen: int = 3) -> None:
        super().__init__()
        weights = load_file(folder / "model.safetensors")
        config = json.loads((folder / "config.json").read_text())
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.tokenizer.no_padding()
        words = weights["embeddings.word_embeddings.weight"]
        self.words = nn.Embedding.from_pretrained(words)
        places, kind = weights["embeddings.position_embeddings.weight"], weights["embeddings.token_type_embeddings.weight"][0]
        self.register_buffer("places", places[:MAX_TOKENS] + kind)
        self.norm = _norm(weights, "embeddings.LayerNorm")
        layers = [Layer(weights, f"encoder.layer.{i}", config["num_attention_heads"]) for i in range(config["num_hidden_layers"])]
        self.lower, self.upper = nn.ModuleList(layers[:frozen]), nn.ModuleList(layers[frozen:])
        self.head = nn.Linear(config["hidden_size"], classes)

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]

    @torch.no_grad()
    def lower_states(self, ids: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """States [B, T, D] after the frozen layers and the mask [B, T]."""
        length = max(map(len, ids))
        padded = torch.tensor([[*row, *[0] * (length - len(row))] for row in ids])
        mask = torch.tensor([[i < len(row) for i in range(length)] for row in ids])
        x = self.norm(self.words(padded) + self.places[:length])
        for layer in self.lower:
            x = layer(x, mask)
        return x, mask

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [B, C] and mean states [B, D] from the frozen layers' states."""
        for layer in self.upper:
            x = layer(x, mask)
        pooled = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return self.head(pooled), pooled


def by_length(ids: Sequence[Sequence[int]], batch: int) -> Iterator[list[int]]:
    """Indices in batches of like length."""
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    yield from (order[i : i + batch] for i in range(0, len(order), batch))


@torch.no_grad()
def answers(teacher: Teacher, texts: Sequence[str], batch: int = 64) -> tuple[Tensor, Tensor]:
    """The teacher's log-probabilities [N, C] and sentence vectors [N, D]."""
    teacher.eval()
    ids = teacher.encode(texts)
    logs, vectors = torch.empty(len(texts), teacher.head.out_features), torch.empty(len(texts), teacher.head.in_features)
    for indices in by_length(ids, batch):
        logits, pooled = teacher(*teacher.lower_states([ids[i] for i in indices]))
        logs[indices], vectors[indices] = logits.log_softmax(-1), pooled
    return logs, vectors


def _linear(weights: dict[str, Tensor], name: str) -> nn.Linear:
    weight = weights[f"{name}.weight"]
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.load_state_dict({"weight": weight, "bias": weights[f"{name}.bias"]})
    return layer


def _norm(weights: dict[str, Tensor], name: str) -> nn.LayerNorm:
    weight = weights[f"{name}.weight"]
    layer = nn.LayerNorm(weight.shape[0], eps=1e-12)
    layer.load_state_dict({"weight": weight, "bias": weights[f"{name}.bias"]})
    return layer
