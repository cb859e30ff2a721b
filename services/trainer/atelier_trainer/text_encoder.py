"""The text encoder: a transformer that reads a caption, says which attributes it states, and appends them as tokens."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from .attributes import AttributeSpace
from .blocks import attend
from .conditions import AttributeEmbedding
from .growth import keep_learnt
from .transformer import Transformer


class TextEncoder(nn.Module):
    """Outputs: hidden_states [B, K, dim], hidden_mask [B, K] (ones), pooled [B, dim], logits [B, K, width].

    Each attribute key reads the caption with a query of its own; its token is the embedding of its values weighted by their
    predicted probabilities, `pooled` their sum. So free wording reaches the generator as the attributes it means.
    """

    def __init__(self, vocab_size: int, space: AttributeSpace, dim: int, layers: int, heads: int, window: int) -> None:
        super().__init__()
        self.space = space
        self.config = {"vocab_size": vocab_size, "dim": dim, "layers": layers, "heads": heads, "window": window}
        self.body = Transformer(vocab_size, dim, layers, heads, window)
        keys, width = len(space.keys), space.width
        self.queries = nn.Parameter(torch.randn(1, keys, dim) * 0.5)
        self.key_value = nn.Linear(dim, 2 * dim)
        self.reading = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, dim), nn.GELU("tanh"))
        self.classes = nn.Parameter(torch.randn(keys, width, dim) * dim**-0.5)
        self.class_bias = nn.Parameter(torch.zeros(keys, width))
        self.embedding = AttributeEmbedding(space, dim)
        self.register_buffer("valid", space.valid())

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        hidden = self.body(input_ids, attention_mask)
        bias = ((1.0 - attention_mask.to(hidden.dtype)) * -1e4)[:, None, None, :]
        key, value = self.key_value(hidden).chunk(2, dim=2)
        queries = self.queries.expand(hidden.shape[0], -1, -1).to(key.dtype)
        reading = self.reading(attend(queries, key, value, self.config["heads"], bias))
        logits = torch.einsum("bkd,kwd->bkw", reading.float(), self.classes) + self.class_bias
        logits = logits.masked_fill(~self.valid, -1e4)
        tokens, pooled = self.embedding(logits.softmax(-1))
        return tokens, torch.ones_like(logits[:, :, 0], dtype=attention_mask.dtype), pooled, logits

    def grown(self, space: AttributeSpace) -> "TextEncoder":
        """An encoder that reads a larger space, with all that this one knows."""
        encoder = TextEncoder(space=space, **self.config)
        keep_learnt(encoder, self.state_dict())
        return encoder

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        save_file(self.state_dict(), folder / "text_encoder.safetensors")
        settings = {"config": self.config, "attributes": self.space.to_dict()}
        (folder / "text_encoder.json").write_text(json.dumps(settings, indent=1) + "\n")

    @classmethod
    def load(cls, folder: Path) -> "TextEncoder":
        settings = json.loads((folder / "text_encoder.json").read_text())
        model = cls(space=AttributeSpace.from_dict(settings["attributes"]), **settings["config"])
        model.load_state_dict(load_file(folder / "text_encoder.safetensors"), strict=True)
        return model
