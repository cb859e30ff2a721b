"""A CLIP-style dual encoder (Radford et al. 2021): pictures and captions in one space, cosine similarity tells the match."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from .super_resolution import PlainBlock
from .transformer import Transformer


class ImageTower(nn.Module):
    """image [B, 3, 64, 64] in [-1, 1] → embedding [B, dim], length 1. Residual convolutions down to 4×4, all positions read."""

    def __init__(self, dim: int, widths: tuple[int, ...] = (48, 96, 192, 256)) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(12, widths[0], 3, padding=1)]
        for i, width in enumerate(widths):
            if i:
                layers.append(nn.Conv2d(widths[i - 1], width, 3, stride=2, padding=1))
            layers += [nn.GroupNorm(8, width), PlainBlock(width)]
        self.body = nn.Sequential(*layers)
        self.norm = nn.GroupNorm(8, widths[-1])
        self.squeeze = nn.Conv2d(widths[-1], 96, 1)
        self.out = nn.Sequential(nn.Linear(96 * 16, 2 * dim), nn.GELU("tanh"), nn.Linear(2 * dim, dim))

    def forward(self, image: Tensor) -> Tensor:
        x = F.silu(self.norm(self.body(F.pixel_unshuffle(image, 2))))
        return F.normalize(self.out(self.squeeze(x).flatten(1)).float(), dim=1)


class TextTower(nn.Module):
    """input_ids, attention_mask [B, T] → embedding [B, dim], length 1."""

    def __init__(self, vocab_size: int, dim: int, window: int) -> None:
        super().__init__()
        self.body = Transformer(vocab_size, dim, 3, dim // 64, window)
        self.out = nn.Linear(2 * dim, dim)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        hidden = self.body(input_ids, attention_mask)
        weight = attention_mask.to(hidden.dtype)[:, :, None]
        mean = (hidden * weight).sum(1) / weight.sum(1).clamp(min=1)
        return F.normalize(self.out(torch.cat([hidden[:, 0], mean], dim=1)).float(), dim=1)


class DualEncoder(nn.Module):
    """Both towers and the learned temperature."""

    def __init__(self, vocab_size: int, dim: int = 192, window: int = 224) -> None:
        super().__init__()
        self.config = {"vocab_size": vocab_size, "dim": dim, "window": window}
        self.image = ImageTower(dim)
        self.text = TextTower(vocab_size, dim, window)
        self.log_scale = nn.Parameter(torch.tensor(2.66))

    @property
    def scale(self) -> Tensor:
        return self.log_scale.clamp(max=4.6).exp()

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        save_file(self.state_dict(), folder / "dual_encoder.safetensors")
        (folder / "dual_encoder.json").write_text(json.dumps(self.config) + "\n")

    @classmethod
    def load(cls, folder: Path) -> "DualEncoder":
        model = cls(**json.loads((folder / "dual_encoder.json").read_text()))
        model.load_state_dict(load_file(folder / "dual_encoder.safetensors"))
        return model


def contrastive_loss(image: Tensor, text: Tensor, scale: Tensor) -> Tensor:
    """Symmetric InfoNCE over a batch of matching rows; `text` may have more rows than `image`: hard negatives at the end."""
    logits = scale * image @ text.t()
    target = torch.arange(len(image), device=image.device)
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits[:, : len(image)].t(), target)) / 2
