"""A small captioner: what the dual encoder's image tower sees, in words, token by token (cf. ClipCap, Mokady et al. 2021)."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from .transformer import Layer


class Captioner(nn.Module):
    """features [B, F] of a picture, input_ids [B, T] (T ≤ window) → logits [B, T, vocabulary] of the token after each.

    The features become a few tokens in front of the caption; the body is a causal transformer, output weights are tied.
    """

    def __init__(
        self, vocab_size: int, features: int, dim: int = 160, layers: int = 3, prefix: int = 8, window: int = 64
    ) -> None:
        super().__init__()
        self.config = {
            "vocab_size": vocab_size,
            "features": features,
            "dim": dim,
            "layers": layers,
            "prefix": prefix,
            "window": window,
        }
        self.prefix = prefix
        self.see = nn.Linear(features, prefix * dim)
        self.token = nn.Embedding(vocab_size, dim)
        self.position = nn.Embedding(prefix + window, dim)
        self.layers = nn.ModuleList(Layer(dim, dim // 32, causal=True) for _ in range(layers))
        self.norm = nn.LayerNorm(dim)
        nn.init.normal_(self.token.weight, std=0.05)
        nn.init.normal_(self.position.weight, std=0.02)

    def forward(self, features: Tensor, input_ids: Tensor) -> Tensor:
        words = self.token(input_ids)
        seen = self.see(features).view(features.shape[0], self.prefix, words.shape[2])
        x = torch.cat([seen, words], dim=1)
        steps = torch.arange(x.shape[1], device=x.device)
        x = x + self.position(steps)[None]
        bias = ((steps[None, :] > steps[:, None]).to(x.dtype) * -1e4)[None, None]
        keep = torch.ones_like(x[:, :, :1])
        for layer in self.layers:
            x = layer(x, keep, bias)
        x = self.norm(x[:, self.prefix :])
        # Activations are transposed, not the embedding: an exporter would store a turned copy of that.
        return (self.token.weight @ x.flatten(0, 1).t()).t().unflatten(0, x.shape[:2])

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        save_file(self.state_dict(), folder / "captioner.safetensors")
        (folder / "captioner.json").write_text(json.dumps(self.config) + "\n")

    @classmethod
    def load(cls, folder: Path) -> "Captioner":
        model = cls(**json.loads((folder / "captioner.json").read_text()))
        model.load_state_dict(load_file(folder / "captioner.safetensors"))
        return model


@torch.no_grad()
def caption_ids(model: Captioner, features: Tensor, start: int, end: int) -> list[list[int]]:
    """The likeliest next token each time, for pictures [B, F]; ids between `start` and `end`."""
    ids = torch.full((len(features), 1), start)
    done = torch.zeros(len(features), dtype=torch.bool)
    while ids.shape[1] < model.config["window"] and not done.all():
        following = model(features, ids)[:, -1].argmax(-1)
        ids = torch.cat([ids, torch.where(done, end, following)[:, None]], dim=1)
        done |= following == end
    return [row[1 : row.index(end)] if end in row else row[1:] for row in ids.tolist()]


def joined(tokens: list[str]) -> str:
    """Word pieces as text: pieces of one word together, no blank before punctuation."""
    text = " ".join(tokens).replace(" ##", "").replace(" - ", "-")
    for sign in (".", ",", ":"):
        text = text.replace(f" {sign}", sign)
    return text
