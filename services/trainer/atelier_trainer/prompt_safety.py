"""The prompt-safety classifier: hashed words and n-grams, a small pre-norm transformer, a class for each harm, one for none."""

import math
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .bundle import write_role
from .onnx_export import export_onnx
from .prompt_safety_data import CATEGORIES, CLASSES
from .prompt_safety_features import GRAM_ROWS, MAX_GRAMS, MAX_WORDS, ROWS, WORD_ROWS

DIM, DEPTH, HEADS, HIDDEN = 128, 3, 4, 384
ROLE = "prompt_safety"


class Block(nn.Module):
    """Self-attention and feed-forward, norms first."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(DIM), nn.LayerNorm(DIM)
        self.qkv, self.out = nn.Linear(DIM, 3 * DIM), nn.Linear(DIM, DIM)
        self.up, self.down = nn.Linear(DIM, HIDDEN), nn.Linear(HIDDEN, DIM)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(batch, length, 3, HEADS, DIM // HEADS).permute(2, 0, 3, 1, 4).unbind(0)
        scores = q @ k.transpose(2, 3) / math.sqrt(DIM // HEADS) + (mask[:, None, None] - 1) * 1e4
        x = x + self.dropout(self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, DIM)))
        return x + self.dropout(self.down(F.gelu(self.up(self.norm2(x)))))


class PromptSafety(nn.Module):
    """Word rows [B, T, 2] and n-gram rows [B, T, 16] → logits [B, classes]."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.table = nn.Embedding(ROWS, DIM, padding_idx=0)
        nn.init.normal_(self.table.weight, std=0.05)
        self.register_buffer("places", _sinusoids(MAX_WORDS))
        self.blocks = nn.ModuleList(Block(dropout) for _ in range(DEPTH))
        self.norm, self.head = nn.LayerNorm(DIM), nn.Linear(3 * DIM, len(CLASSES))
        self.dropout = nn.Dropout(dropout)

    def embed(self, words: Tensor, grams: Tensor) -> Tensor:
        """Vectors of words [B, T, D]: their rows' sum and their n-grams' mean."""
        count = (grams > 0).sum(-1, keepdim=True).clamp(min=1)
        return self.table(words).sum(-2) + self.table(grams).sum(-2) / count

    def features(self, words: Tensor, grams: Tensor) -> Tensor:
        """What the head reads [B, 3 D]: mean and maximum of the states, and the mean of the words as they came."""
        mask = (words[..., 0] > 0).float()
        count = mask.sum(1, keepdim=True).clamp(min=1)
        vectors = self.embed(words, grams)
        x = self.dropout(vectors + self.places[: words.shape[1]])
        for block in self.blocks:
            x = block(x, mask)
        x = self.norm(x)
        mean = (x * mask[..., None]).sum(1) / count
        most = (x + (mask[..., None] - 1) * 1e4).amax(1)
        return torch.cat([mean, most.clamp(min=-10), (vectors * mask[..., None]).sum(1) / count], 1)

    def forward(self, words: Tensor, grams: Tensor) -> Tensor:
        return self.head(self.dropout(self.features(words, grams)))


def scores(logits: Tensor) -> Tensor:
    """Category scores [B, categories]: how sure it is that a text is unsafe, times a category's chance beside the likeliest's."""
    chances = logits.softmax(-1)
    harms = chances[:, 1:]
    return (1 - chances[:, :1]) * harms / harms.amax(1, keepdim=True)


@torch.no_grad()
def move_threshold(model: PromptSafety, threshold: float) -> None:
    """Move the harmless class's bias so that a text whose chance of harm was `threshold`, 0..1 exclusive, gets 0.5."""
    model.head.bias[0] += math.log(threshold / (1 - threshold))


class _Scores(nn.Module):
    def __init__(self, model: PromptSafety) -> None:
        super().__init__()
        self.model = model

    def forward(self, words: Tensor, grams: Tensor) -> Tensor:
        return scores(self.model(words, grams))


def export_prompt_safety(model: PromptSafety, bundle: Path, threshold: float) -> float:
    """Role `prompt_safety`; returns the largest difference between PyTorch and ONNX Runtime. The table is stored in int8.

    The exported scores are on the policy's scale: what scored `threshold` here scores 0.5 there. `model` is changed.
    """
    move_threshold(model, threshold)
    path = bundle / ROLE / "model.onnx"
    words = torch.randint(1, WORD_ROWS, (2, 9, 2))
    grams = torch.randint(WORD_ROWS + 1, ROWS, (2, 9, MAX_GRAMS))
    words[1, 6:], grams[1, 6:] = 0, 0
    free = {0: "batch", 1: "words"}
    dynamic = {"words": free, "grams": free, "scores": {0: "batch"}}
    difference = export_onnx(_Scores(model), (words, grams), ("words", "grams"), ("scores",), dynamic, path, storage="int8")
    config = {
        "language": "en",
        "categories": list(CATEGORIES),
        "wordRows": WORD_ROWS,
        "gramRows": GRAM_ROWS,
        "maxGrams": MAX_GRAMS,
        "maxWords": MAX_WORDS,
    }
    write_role(bundle, ROLE, {"model": path}, config)
    return difference


def _sinusoids(length: int) -> Tensor:
    """Positions as sines and cosines [length, DIM] (Vaswani et al. 2017), small beside the words."""
    angle = torch.arange(length)[:, None] / 10_000 ** (torch.arange(0, DIM, 2) / DIM)
    return 0.2 * torch.stack([angle.sin(), angle.cos()], -1).flatten(1)
