"""What happens to a picture before a classifier sees it in training, so that soft, moved and mirrored ones are judged alike."""

import torch
from torch import Tensor
from torch.nn import functional as F


def degrade(image: Tensor, generator: torch.Generator) -> Tensor:
    """Blur, noise and colour drift as a generator makes them, so that a soft picture is judged for what it shows."""
    b = len(image)
    amount = torch.rand(b, 1, 1, 1, generator=generator)
    image = image + amount * 0.9 * (F.avg_pool2d(image, 3, 1, 1, count_include_pad=False) - image)
    image = image + 0.06 * torch.rand(b, 1, 1, 1, generator=generator) * torch.randn(image.shape, generator=generator)
    return image + 0.04 * torch.randn(b, 3, 1, 1, generator=generator)


def move(image: Tensor, generator: torch.Generator, most: int = 4) -> Tensor:
    """Mirror half of the pictures and shift each by up to `most` pixels; edges are continued. [B, 3, H, W]."""
    b, _, height, width = image.shape
    padded = F.pad(image, (most, most, most, most), mode="replicate")
    mirrored = torch.rand(b, generator=generator) < 0.5
    padded = torch.where(mirrored[:, None, None, None], padded.flip(3), padded)
    offsets = torch.randint(2 * most + 1, (2, b, 1), generator=generator)
    rows = offsets[0] + torch.arange(height)
    columns = offsets[1] + torch.arange(width)
    return padded[torch.arange(b)[:, None, None], :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
