"""A small convolutional network that looks at a whole 64×64 picture: the body of the picture classifiers."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Stage(nn.Module):
    """Halve the picture, then one residual block."""

    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        self.shrink = nn.Conv2d(channels_in, channels, 3, stride=2, padding=1)
        self.norm1 = nn.GroupNorm(8, channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = nn.GroupNorm(8, channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.shrink(x)
        h = self.conv1(F.silu(self.norm1(x)))
        return x + self.conv2(F.silu(self.norm2(h)))


@dataclass(frozen=True)
class NetworkSize:
    """Channels of the four stages (multiples of 8), of the 4×4 map after them, and the number of features."""

    widths: tuple[int, int, int, int]
    squeezed: int
    features: int


class PictureNetwork(nn.Module):
    """RGB [B, 3, 64, 64] in [-1, 1] → features [B, size.features]. Subclasses add heads."""

    def __init__(self, size: NetworkSize) -> None:
        super().__init__()
        self.stages = nn.Sequential(*(Stage(a, b) for a, b in zip((3, *size.widths), size.widths, strict=False)))
        self.squeeze = nn.Conv2d(size.widths[-1], size.squeezed, 1)
        self.feature = nn.Linear(size.squeezed * 16, size.features)

    def features(self, image: Tensor) -> Tensor:
        return F.silu(self.feature(F.silu(self.squeeze(self.stages(image))).flatten(1)))


def as_input(images: Tensor) -> Tensor:
    """Pictures uint8 [B, 3, 64, 64] → what networks take: float in [-1, 1], laid out as convolutions are fastest."""
    return (images.float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)
