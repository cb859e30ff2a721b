"""Four-fold super-resolution: residual convolutions without norms (EDSR, Lim et al. 2017), sub-pixel upsampling (ESPCN)."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F


class PlainBlock(nn.Module):
    """conv → ReLU → conv, added to its input."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        nn.init.normal_(self.second.weight, std=0.01)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.relu(self.first(x)))


def bicubic_kernels() -> Tensor:
    """Four-fold bicubic enlargement (a = -0.75) as kernels [16, 5, 5], one per output pixel of a 4×4 tile."""
    rows = []
    for phase in range(4):
        distances = torch.tensor([tap - (phase - 1.5) / 4 for tap in range(-2, 3)]).abs()
        near = 1.25 * distances**3 - 2.25 * distances**2 + 1
        far = -0.75 * (distances**3 - 5 * distances**2 + 8 * distances - 4)
        rows.append(torch.where(distances <= 1, near, torch.where(distances < 2, far, torch.zeros(5))))
    taps = torch.stack(rows)
    return torch.einsum("ya,xb->yxab", taps, taps).reshape(16, 5, 5)


class SuperResolution(nn.Module):
    """image [B, 3, H, W] in [0, 1] → [B, 3, 4H, 4W] (unclamped). Adds what bicubic enlargement misses; starts as bicubic.

    The body works at 1/`shrink` of the input's size (1 or 2; H and W must divide by it), the tail at the input's size.
    """

    def __init__(self, width: int = 48, blocks: int = 10, shrink: int = 1, tail_width: int = 48, tail_blocks: int = 0) -> None:
        super().__init__()
        self.config = {
            "width": width,
            "blocks": blocks,
            "shrink": shrink,
            "tail_width": tail_width,
            "tail_blocks": tail_blocks,
        }
        self.shrink = shrink
        self.stem = nn.Conv2d(3 * shrink**2, width, 3, padding=1)
        self.body = nn.Sequential(*(PlainBlock(width) for _ in range(blocks)))
        self.grow = nn.Conv2d(width, tail_width * shrink**2, 3, padding=1)
        self.tail = nn.Sequential(*(PlainBlock(tail_width) for _ in range(tail_blocks)))
        self.head = nn.Conv2d(tail_width, 3 * 16, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.register_buffer("bicubic", bicubic_kernels().repeat(3, 1, 1)[:, None])

    def forward(self, image: Tensor) -> Tensor:
        x = image * 2 - 1
        x = self.stem(F.pixel_unshuffle(x, self.shrink) if self.shrink > 1 else x)
        x = self.grow(x + self.body(x))
        x = F.leaky_relu(F.pixel_shuffle(x, self.shrink) if self.shrink > 1 else x, 0.2)
        with torch.autocast(image.device.type, enabled=False):
            enlarged = F.conv2d(F.pad(image.float(), (2, 2, 2, 2), mode="replicate"), self.bicubic, groups=3)
        return F.pixel_shuffle(enlarged + self.head(self.tail(x)), 4)

    def save(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        save_file({key: value.contiguous() for key, value in self.state_dict().items()}, folder / f"{name}.safetensors")
        (folder / f"{name}.json").write_text(json.dumps(self.config) + "\n")

    @classmethod
    def load(cls, folder: Path, name: str) -> "SuperResolution":
        model = cls(**json.loads((folder / f"{name}.json").read_text()))
        model.load_state_dict(load_file(folder / f"{name}.safetensors"))
        return model


SIZES = {
    "sr256": {"width": 48, "blocks": 10, "shrink": 1, "tail_width": 48, "tail_blocks": 0},
    "sr1024": {"width": 56, "blocks": 5, "shrink": 2, "tail_width": 28, "tail_blocks": 2},
}


def degrade(image: Tensor, generator: torch.Generator) -> Tensor:
    """Make clean small pictures [B, 3, H, W] look generated: blur, noise at two scales, 8-bit rounding. Half stay clean."""
    b, _, h, w = image.shape
    strength = torch.rand(b, 1, 1, 1, generator=generator)
    strength = torch.where(torch.rand(b, 1, 1, 1, generator=generator) < 0.5, torch.zeros_like(strength), strength)
    blurred = F.avg_pool2d(F.pad(image, (1, 1, 1, 1), mode="reflect"), 3, stride=1)
    mix = 0.6 * strength * torch.rand(b, 1, 1, 1, generator=generator)
    fine = torch.randn(b, 3, h, w, generator=generator) * 0.02
    coarse = F.interpolate(torch.randn(b, 3, h // 4, w // 4, generator=generator) * 0.02, size=(h, w), mode="bilinear")
    noisy = image + mix * (blurred - image) + strength * (fine + coarse)
    return (noisy.clamp(0, 1) * 255).round() / 255


def sharpness_loss(output: Tensor, target: Tensor) -> Tensor:
    """L1 on pixels and on their differences to the right and below, so that edges come out crisp."""
    loss = (output - target).abs().mean()
    for axis in (2, 3):
        loss = loss + (output.diff(dim=axis) - target.diff(dim=axis)).abs().mean()
    return loss
