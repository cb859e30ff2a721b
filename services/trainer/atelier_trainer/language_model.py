"""A small causal language model over prompt tokens: what comes next while somebody types."""

import json
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from .transformer import Transformer


class LanguageModel(nn.Module):
    """input_ids [B, T] (T ≤ window) → logits [B, T, vocabulary]; output weights are tied to the token embedding."""

    def __init__(self, vocab_size: int, dim: int = 128, layers: int = 2, window: int = 160) -> None:
        super().__init__()
        self.config = {"vocab_size": vocab_size, "dim": dim, "layers": layers, "window": window}
        self.body = Transformer(vocab_size, dim, layers, max(1, dim // 32), window, causal=True)

    def forward(self, input_ids: Tensor) -> Tensor:
        return F.linear(self.body(input_ids), self.body.token.weight)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        save_file(self.state_dict(), folder / "language_model.safetensors")
        (folder / "language_model.json").write_text(json.dumps(self.config) + "\n")

    @classmethod
    def load(cls, folder: Path) -> "LanguageModel":
        model = cls(**json.loads((folder / "language_model.json").read_text()))
        model.load_state_dict(load_file(folder / "language_model.safetensors"))
        return model
