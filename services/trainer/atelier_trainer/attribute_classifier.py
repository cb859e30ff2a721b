"""Reads the exact attributes of a scene off its pixels: one network, one head for each attribute key."""

import json
import random
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .attributes import AttributeSpace
from .augmentation import degrade
from .data import SceneSet
from .picture_network import NetworkSize, PictureNetwork, as_input
from .precision import cpu_autocast
from .training_loop import LoopOptions, fit


class AttributeClassifier(PictureNetwork):
    """RGB [B, 3, 64, 64] in [-1, 1] → features and one logit vector per key; class 0: the picture has no such attribute."""

    def __init__(self, space: AttributeSpace, size: NetworkSize) -> None:
        super().__init__(size)
        self.space = space
        self.heads = nn.ModuleList(nn.Linear(size.features, len(values)) for values in space.values)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        features = self.features(image)
        return features, *(head(features) for head in self.heads)


def labels_of(scenes: SceneSet, space: AttributeSpace) -> Tensor:
    """Int64 [N, keys]."""
    return torch.tensor([space.labels(attributes, attributes) for attributes in scenes.attributes])


def fit_attributes(model: AttributeClassifier, scenes: SceneSet, options: LoopOptions, batch: int, folder: Path) -> int:
    """Train on pictures of the scenes, degraded by amounts from none up. Gives the steps made."""
    labels = labels_of(scenes, model.space)
    model.to(memory_format=torch.channels_last)

    def loss_of(rng: random.Random) -> Tensor:
        generator = torch.Generator().manual_seed(rng.getrandbits(60))
        rows = torch.randint(len(scenes), (batch,), generator=generator)
        image = degrade(as_input(scenes.images[rows]), generator)
        with cpu_autocast():
            logits = model(image)[1:]
        return sum(F.cross_entropy(out.float(), labels[rows, k]) for k, out in enumerate(logits))

    return fit(model, loss_of, options, folder)


@torch.no_grad()
def accuracy(model: AttributeClassifier, scenes: SceneSet, soften: bool = False) -> dict[str, float]:
    """Share right per key, over the pictures that have the attribute."""
    model.eval()
    labels = labels_of(scenes, model.space)
    generator = torch.Generator().manual_seed(0)
    guesses = []
    for part in scenes.images.split(250):
        image = degrade(as_input(part), generator) if soften else as_input(part)
        guesses.append(torch.stack([logits.argmax(1) for logits in model(image)[1:]], dim=1))
    right = torch.cat(guesses) == labels
    present = labels > 0
    return {
        key: (right[:, k] & present[:, k]).sum().item() / max(1, present[:, k].sum().item())
        for k, key in enumerate(model.space.keys)
    }


def save_attributes(model: AttributeClassifier, folder: Path, name: str, metrics: dict) -> None:
    """Write `<name>.pt`, `attributes.json` (key → class names) and `metrics.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), folder / f"{name}.pt")
    (folder / "attributes.json").write_text(json.dumps(model.space.to_dict(), indent=1) + "\n")
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")


def load_space(folder: Path) -> AttributeSpace:
    """The attributes that the classifier saved in `folder` reads."""
    return AttributeSpace.from_dict(json.loads((folder / "attributes.json").read_text()))
