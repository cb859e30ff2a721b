"""Captions made wrong in one point. They teach the dual encoder to look closely, and test whether it does."""

import random
import re

import torch
from torch import Tensor

from .attributes import AttributeSpace

COUNTS = ("one", "two", "three", "four", "five")
MIRRORED = {"left": "right", "right": "left", "above": "below", "below": "above"}
WORD = re.compile(r"[a-z]+")
# What pictures get wrong most is drawn more often.
DELICATE = re.compile(r"count$|relation|colour")


def make_wrong(text: str, rng: random.Random) -> str | None:
    """`text` with another count, or with its relation mirrored (both ends of "left … right"); None when it has neither."""
    words = [m for m in WORD.finditer(text.lower()) if m[0] in COUNTS or m[0] in MIRRORED]
    if not words:
        return None
    spot = rng.choice(words)
    if spot[0] in MIRRORED:
        return WORD.sub(lambda m: MIRRORED.get(m[0], m[0]), text.lower())
    return text[: spot.start()] + rng.choice([word for word in COUNTS if word != spot[0]]) + text[spot.end() :]


class WrongLabels:
    """Draws classes [B, K] like given ones but for one stated attribute, or for two groups' colours, which change places."""

    def __init__(self, space: AttributeSpace) -> None:
        self.sizes = torch.tensor([len(values) for values in space.values])
        self.weight = torch.tensor([4.0 if DELICATE.search(key) else 1.0 for key in space.keys])
        self.none = torch.tensor([v.index("none") if "none" in v else 0 for v in space.values])
        places = {key: i for i, key in enumerate(space.keys)}
        pairs = [("group1.colour", "group2.colour"), ("group1.shape", "group2.shape"), ("group1.count", "group2.count")]
        self.pairs = [
            (places[a], places[b]) for a, b in pairs if a in places and b in places and self._alike(space, places[a], places[b])
        ]

    @staticmethod
    def _alike(space: AttributeSpace, a: int, b: int) -> bool:
        """Whether a class means the same for both keys, so that two can change places."""
        return space.values[a] == space.values[b]

    def draw(self, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Wrong classes [B, K], and bool [B]: whether the row stated anything that could be made wrong."""
        rows = torch.arange(len(labels))
        able = (labels > 0) & (self.sizes > 2)
        usable = able.any(1)
        weights = torch.where(usable[:, None], able * self.weight, torch.ones_like(self.weight))
        key = torch.multinomial(weights, 1, generator=generator)[:, 0]
        size = self.sizes[key]
        old = labels[rows, key]
        # Any other class but 0 (open): the classes 1 … size - 1 in a ring, moved on by 1 … size - 2.
        move = 1 + (torch.rand(len(labels), generator=generator) * (size - 2).clamp(min=1)).long()
        new = (old - 1 + move) % (size - 1).clamp(min=1) + 1
        wrong = labels.clone()
        wrong[rows, key] = torch.where(new == self.none[key], old % (size - 1).clamp(min=1) + 1, new)
        for a, b in self.pairs:
            swap = (labels[:, a] != labels[:, b]) & (labels[:, a] > 0) & (labels[:, b] > 0)
            swap &= (labels[:, a] != self.none[a]) & (labels[:, b] != self.none[b])
            swap &= torch.rand(len(labels), generator=generator) < 0.12
            wrong[swap] = labels[swap]
            wrong[swap, a], wrong[swap, b] = labels[swap, b], labels[swap, a]
        return wrong, usable & (wrong != labels).any(1)
