"""Stand-ins and look-alikes as layers, laid over any picture: each picture of training is new, and where harm is in it is known.

Pasting what is known at random makes many labelled pictures out of few (Ghiasi et al., 2021, "Simple Copy-Paste").
"""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from .augmentation import move
from .harm_classifier import KINDS, NOTHING, PLACE, THINGS
from .shards import list_shards, read_shard

# Share of a place (8×8 pixels) that a thing must cover to be looked for there, and below which it need not be.
COVERED, CLEAR = 0.2, 0.03
# Places between these teach nothing.
IGNORED = -100
# How far a layer is moved, pixels.
MOVED = 10


@dataclass
class LayerSet:
    """RGBA uint8 [N, 4, 64, 64] of one thing each, and which: indices of THINGS int64 [N]."""

    images: Tensor
    things: Tensor

    @property
    def weights(self) -> Tensor:
        """Float [N]: one over how many layers show the same thing."""
        return 1 / self.things.bincount()[self.things]

    def of(self, chosen: Tensor) -> "LayerSet":
        """Those whose things are among `chosen`. Raises ValueError when there is none."""
        keep = torch.isin(self.things, chosen)
        if not keep.any():
            raise ValueError(f"no layer shows any of {', '.join(THINGS[i][1] for i in chosen.tolist())}")
        return LayerSet(self.images[keep], self.things[keep])


HARMFUL = torch.tensor([i for i, (kind, _) in enumerate(THINGS) if kind in KINDS])
HARMLESS = torch.tensor([i for i, (kind, _) in enumerate(THINGS) if kind not in KINDS and i != NOTHING])


def load_layers(folder: Path, every: int | None = None) -> LayerSet:
    """The layers of shards with stand-ins that show one thing alone; without every `every`-th sample, which is kept back."""
    images, things, number = [], [], -1
    for path in list_shards(folder):
        for sample in read_shard(path):
            number += 1
            shown = [i for i, (key, thing) in enumerate(THINGS) if sample.attributes.get(key_of(key)) == thing]
            if len(shown) != 1 or (every and number % every == 0):
                continue
            layer = Image.open(io.BytesIO(sample.images["layer.png"])).convert("RGBA")
            images.append(np.asarray(layer).transpose(2, 0, 1))
            things.append(shown[0])
    return LayerSet(torch.from_numpy(np.stack(images)), torch.tensor(things))


def key_of(kind: str) -> str:
    """The attribute that names a thing of this kind, as libs/scenes writes it."""
    return f"harm.{kind}" if kind in KINDS else kind


def lay(images: Tensor, places: Tensor, layers: LayerSet, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """One random layer over each picture, every thing as often as any other.

    Pictures float [B, 3, 64, 64] in [-1, 1] and `places` int64 [B, 8, 8], what each place shows (THINGS), before and after.
    """
    rows = torch.multinomial(layers.weights, len(images), replacement=True, generator=generator)
    layer = move(layers.images[rows].float() / 255, generator, MOVED)
    alpha = layer[:, 3:]
    covered = F.avg_pool2d(alpha, PLACE)[:, 0]
    thing = layers.things[rows][:, None, None]
    places = torch.where(covered >= COVERED, thing, torch.where(covered > CLEAR, IGNORED, places))
    return torch.lerp(images, layer[:, :3] * 2 - 1, alpha), places


def kinds_in(places: Tensor) -> Tensor:
    """Bool [B, kinds]: which kinds of harm a map of things [B, 8, 8] shows."""
    own = [torch.tensor([i for i, (k, _) in enumerate(THINGS) if k == kind]) for kind in KINDS]
    return torch.stack([torch.isin(places, things).flatten(1).any(1) for things in own], dim=1)
