"""A CLIP-style dual encoder (Radford et al. 2021): pictures and captions in one space, cosine similarity tells the match.

The text side is locked (cf. LiT, Zhai et al. 2022): it starts from what the text encoder reads out of a caption, the
probabilities of every attribute's values, so it trains on the labels of captions, without a text encoder at hand.
"""

import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from .attributes import AttributeSpace
from .conditions import AttributeEmbedding
from .growth import keep_learnt
from .picture_network import Stage


class ImageTower(nn.Module):
    """image [B, 3, 64, 64] in [-1, 1] → embedding [B, dim] of length 1, features [B, 384]. Residual convolutions down to 4×4."""

    FEATURES = 384

    def __init__(self, dim: int, widths: tuple[int, ...] = (32, 64, 128, 176)) -> None:
        super().__init__()
        self.stages = nn.Sequential(*(Stage(a, b) for a, b in zip((3, *widths), widths, strict=False)))
        self.squeeze = nn.Conv2d(widths[-1], 80, 1)
        self.feature = nn.Linear(80 * 16, self.FEATURES)
        self.out = nn.Linear(self.FEATURES, dim)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        features = F.silu(self.feature(F.silu(self.squeeze(self.stages(image))).flatten(1)))
        return F.normalize(self.out(features).float(), dim=1), features


class TextTower(nn.Module):
    """hidden_states [B, K, width of the text encoder] → embedding [B, dim] of length 1."""

    def __init__(self, space: AttributeSpace, text_dim: int, dim: int, hidden: int = 384) -> None:
        super().__init__()
        table = AttributeEmbedding(space, text_dim).values
        # The encoder's tokens are probabilities times this fixed table, so its pseudo-inverse gives the probabilities back.
        self.register_buffer("inverse", torch.linalg.pinv(table))
        self.body = nn.Sequential(nn.Linear(len(space.keys) * space.width, hidden), nn.GELU("tanh"), nn.Linear(hidden, dim))

    def forward(self, hidden_states: Tensor) -> Tensor:
        return self.of_probabilities(torch.einsum("bkd,kdw->bkw", hidden_states, self.inverse))

    def of_probabilities(self, probabilities: Tensor) -> Tensor:
        """Probabilities [B, K, width] of each attribute's values, the first of them "left open"."""
        return F.normalize(self.body(probabilities.flatten(1)).float(), dim=1)


class DualEncoder(nn.Module):
    """Both towers; `match_logit` of a cosine is the logit of "everything that the caption states is true of the picture"."""

    def __init__(self, space: AttributeSpace, text_dim: int, dim: int = 256) -> None:
        super().__init__()
        self.space = space
        self.config = {"text_dim": text_dim, "dim": dim}
        self.image = ImageTower(dim)
        self.text = TextTower(space, text_dim, dim)
        self.log_scale = nn.Parameter(torch.tensor(2.3))
        self.bias = nn.Parameter(torch.tensor(-3.0))

    @property
    def scale(self) -> Tensor:
        return self.log_scale.clamp(max=4.0).exp()

    def match_logit(self, cosine: Tensor) -> Tensor:
        return self.scale * cosine + self.bias

    def grown(self, space: AttributeSpace) -> "DualEncoder":
        """One that is told a larger space, with all that this one knows."""
        model = DualEncoder(space, **self.config)
        keep_learnt(model, self.state_dict())
        return model

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        save_file({k: v.contiguous() for k, v in self.state_dict().items()}, folder / "dual_encoder.safetensors")
        settings = {"config": self.config, "attributes": self.space.to_dict()}
        (folder / "dual_encoder.json").write_text(json.dumps(settings, indent=1) + "\n")

    @classmethod
    def load(cls, folder: Path) -> "DualEncoder":
        settings = json.loads((folder / "dual_encoder.json").read_text())
        model = cls(AttributeSpace.from_dict(settings["attributes"]), **settings["config"])
        model.load_state_dict(load_file(folder / "dual_encoder.safetensors"))
        return model


def space_digest(space: AttributeSpace) -> str:
    """SHA-256 of an attribute space: models that read each other's attributes must agree on it."""
    return hashlib.sha256(json.dumps(space.to_dict(), separators=(",", ":")).encode()).hexdigest()


def contrastive_loss(logits: Tensor, true: Tensor) -> Tensor:
    """Symmetric InfoNCE; row i of the logits [B, B + H] is picture i, column i its caption, later columns are wrong captions.

    `true` [B, B + H] marks captions that happen to be true of another picture: they are no negatives.
    """
    b = len(logits)
    own = torch.eye(b, logits.shape[1], dtype=torch.bool, device=logits.device)
    logits = logits.masked_fill(true & ~own, -1e4)
    target = torch.arange(b, device=logits.device)
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits[:, :b].t(), target)) / 2


def match_loss(logits: Tensor, true: Tensor) -> Tensor:
    """Every pair by itself (SigLIP, Zhai et al. 2023), true and false ones weighing alike, so that a threshold has a meaning."""
    losses = F.binary_cross_entropy_with_logits(logits, true.float(), reduction="none")
    return (losses[true].mean() + losses[~true].mean()) / 2
