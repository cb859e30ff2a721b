"""What spoils a picture, drawn by rule, from unseen to ruinous: the lessons of the quality scorer.

Each fault takes pictures [B, 3, H, W] in [-1, 1], a severity [B, 1, 1, 1] in [0, 1] (0 leaves the picture as it is) and a
generator, and gives the spoilt pictures.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

Fault = Callable[[Tensor, Tensor, torch.Generator], Tensor]


def blurred(image: Tensor, severity: Tensor, _: torch.Generator) -> Tensor:
    """Towards the mean of 3×3, then of 9×9 pixels."""
    slight = F.avg_pool2d(image, 3, 1, 1, count_include_pad=False)
    strong = F.avg_pool2d(image, 9, 1, 4, count_include_pad=False)
    return torch.lerp(torch.lerp(image, slight, (2 * severity).clamp(max=1)), strong, (2 * severity - 1).clamp(min=0))


def noisy(image: Tensor, severity: Tensor, generator: torch.Generator) -> Tensor:
    return image + 0.5 * severity * torch.randn(image.shape, generator=generator)


def blocky(image: Tensor, severity: Tensor, _: torch.Generator) -> Tensor:
    """As compressed too much: towards squares of 4×4 pixels."""
    return torch.lerp(image, F.interpolate(F.avg_pool2d(image, 4), scale_factor=4.0), severity)


def flat(image: Tensor, severity: Tensor, _: torch.Generator) -> Tensor:
    """Low contrast: towards the picture's mean."""
    return torch.lerp(image, image.mean((1, 2, 3), keepdim=True).expand_as(image), 0.95 * severity)


def badly_lit(image: Tensor, severity: Tensor, generator: torch.Generator) -> Tensor:
    """Half of them too dark, half with burnt-out lights."""
    light = (image + 1) / 2
    dark, bright = light * (1 - 0.9 * severity), light * (1 + 3 * severity)
    return 2 * torch.where(torch.rand(severity.shape, generator=generator) < 0.5, dark, bright) - 1


def tinted(image: Tensor, severity: Tensor, generator: torch.Generator) -> Tensor:
    """A colour cast, as light of the wrong colour leaves it."""
    cast = torch.randn(len(image), 3, 1, 1, generator=generator)
    return image + 0.6 * severity * (cast - cast.mean(1, keepdim=True))


def off_centre(image: Tensor, severity: Tensor, generator: torch.Generator) -> Tensor:
    """Shifted by up to half a side, what the picture lacks then continued from its edge."""
    side = image.shape[3]
    angle = 2 * torch.pi * torch.rand(len(image), generator=generator)
    reach = severity.flatten() * side / 2
    place = torch.arange(side)
    rows = (place + (reach * angle.sin()).round().long()[:, None]).clamp(0, side - 1)
    columns = (place + (reach * angle.cos()).round().long()[:, None]).clamp(0, side - 1)
    picture = torch.arange(len(image))[:, None, None]
    return image[picture, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def cluttered(image: Tensor, severity: Tensor, generator: torch.Generator, pieces: int = 10) -> Tensor:
    """Up to ten pieces of the batch's other pictures laid over it."""
    b, _, height, width = image.shape
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    result = image
    for piece in range(1, pieces + 1):
        top, left, tall, wide = (torch.randint(n, (b, 1, 1), generator=generator) for n in (height, width, 14, 14))
        inside = (rows >= top) & (rows < top + 4 + tall) & (columns >= left) & (columns < left + 4 + wide)
        there = inside[:, None] & (pieces * severity > piece - 0.5)
        result = torch.where(there, image.roll(piece, 0), result)
    return result


FAULTS: dict[str, Fault] = {
    "blurred": blurred,
    "noisy": noisy,
    "blocky": blocky,
    "flat": flat,
    "badlyLit": badly_lit,
    "tinted": tinted,
    "offCentre": off_centre,
    "cluttered": cluttered,
}


def spoil(image: Tensor, generator: torch.Generator, worst: int = 2) -> tuple[Tensor, Tensor]:
    """One to `worst` faults at random severities, and what they leave of the quality [B, 1]: the product of 1 - severity."""
    left = torch.ones(len(image), 1)
    for turn in range(worst):
        chosen = torch.randint(len(FAULTS), (len(image),), generator=generator)
        severity = torch.rand(len(image), 1, generator=generator)
        if turn:
            severity = severity * (torch.rand(len(image), 1, generator=generator) < 0.5)
        spoilt = image.clone()
        for number, fault in enumerate(FAULTS.values()):
            rows = chosen == number
            if rows.any():
                spoilt[rows] = fault(image[rows], severity[rows][:, :, None, None], generator)
        image, left = spoilt.clamp(-1, 1), left * (1 - severity)
    return image, left
