"""What super-resolution learns from: renders of one scene at two sizes, and the smaller one as the models before it draw it."""

from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from .data import load_scenes
from .precision import cpu_autocast
from .redraw import redraw
from .shards import decode_png, list_shards, read_shard
from .super_resolution import SuperResolution

STAGES = {"sr256": ("png", 64, "256.png", 256, 1), "sr1024": ("256.png", 256, "1024.png", 1024, 6)}
CROP = {"sr256": 32, "sr1024": 64}


class Pairs(NamedTuple):
    """What to enlarge, how it should come out, and the first as it is once models have drawn it; uint8, a row each.

    Whole pictures for sr256, [N, 3, 64, 64] and [N, 3, 256, 256]; random crops for sr1024, [N, 3, 64, 64] and [N, 3, 256, 256].
    """

    small: Tensor
    large: Tensor
    drawn: Tensor | None


def load_pairs(folder: Path, stage: str, scenes: int, generator: torch.Generator, drawn: Tensor | None = None) -> Pairs:
    """Pairs of the first `scenes` scenes; `drawn` has the small picture of each as models draw it."""
    small_name, small_size, large_name, large_size, crops = STAGES[stage]
    smalls, larges, drawns = [], [], []
    samples = ((path, sample) for path in list_shards(folder) for sample in read_shard(path))
    for at, (path, sample) in enumerate(islice(samples, scenes)):
        small = decode_png(path, sample.key, sample.images[small_name], small_size)
        large = decode_png(path, sample.key, sample.images[large_name], large_size)
        side = small_size if crops == 1 else CROP[stage]
        for _ in range(crops):
            y, x = torch.randint(small_size - side + 1, (2,), generator=generator).tolist()
            y, x = y - y % 2, x - x % 2
            smalls.append(small[:, y : y + side, x : x + side].copy())
            larges.append(large[:, 4 * y : 4 * (y + side), 4 * x : 4 * (x + side)].copy())
            if drawn is not None:
                drawns.append(drawn[at, :, y : y + side, x : x + side].numpy())
    return Pairs(*(torch.from_numpy(np.stack(part)) if part else None for part in (smalls, larges, drawns)))


@torch.no_grad()
def draw_again(stage: str, base: Path, sr256: Path, shards: Path, scenes: int, generator: torch.Generator) -> Tensor:
    """uint8 [N, 3, s, s]: what `stage` will be given of the first `scenes` scenes, drawn by `base` and, for sr1024, enlarged.

    `base` has weights of a base model (`redraw`), `sr256` is the folder of the stage before sr1024.
    """
    drawn = redraw(base, shards, load_scenes(shards, limit=scenes).images, generator)
    if stage == "sr256":
        return drawn
    model = SuperResolution.load(sr256, "sr256").eval().to(memory_format=torch.channels_last)
    with cpu_autocast():
        enlarged = [model(part.float() / 255).float() for part in drawn.split(16)]
    return torch.cat([(part.clamp(0, 1) * 255).round().byte() for part in enlarged])
