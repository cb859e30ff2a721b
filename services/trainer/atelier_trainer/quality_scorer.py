"""The quality scorer: how well made a picture is, whatever it shows, as one number from 0 to 1 (1: like a clean render)."""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from .picture_network import NetworkSize, PictureNetwork

SIZE = NetworkSize(widths=(16, 32, 48, 64), squeezed=32, features=64)


class QualityScorer(PictureNetwork):
    """RGB [B, 3, 64, 64] in [-1, 1] → score [B, 1]."""

    def __init__(self) -> None:
        super().__init__(SIZE)
        self.head = nn.Linear(SIZE.features, 1)

    def logit(self, image: Tensor) -> Tensor:
        return self.head(self.features(image))

    def forward(self, image: Tensor) -> Tensor:
        return torch.sigmoid(self.logit(image))

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        save_file({key: value.contiguous() for key, value in self.state_dict().items()}, folder / "quality.safetensors")

    @classmethod
    def load(cls, folder: Path) -> "QualityScorer":
        model = cls()
        model.load_state_dict(load_file(folder / "quality.safetensors"))
        return model
