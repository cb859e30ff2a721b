"""The harm classifier: which stand-ins a picture shows and where, and what that means in the policy's categories."""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from .judge import SIZE as JUDGE_SIZE
from .picture_network import PictureNetwork, Stage

# Everything that libs/scenes draws into scenes, stand-ins by kind (attributes `harm.<kind>`) and look-alikes.
DRAWN = {
    "weapon": ("pistol", "rifle", "knife", "sword"),
    "blood": ("pool", "splatter", "drips"),
    "hate-sign": ("hooked-wheel", "twin-bolts", "barred-wheel"),
    "noose": ("noose",),
    "look-alike": (
        *("hair-dryer", "spoon", "pencil", "paddle", "paint", "tomatoes", "petals", "plus", "peace-sign", "star-badge"),
        *("single-bolt", "spoked-wheel", "lifebuoy", "balloon", "swing"),
    ),
}
KINDS = tuple(kind for kind in DRAWN if kind != "look-alike")
# What a place is told to be: nothing of these, or one of them.
THINGS = (("nothing", "nothing"), *((kind, thing) for kind, things in DRAWN.items() for thing in things))
NOTHING = 0
# The policy's categories, each with the kinds that show it; gore counts as violence there.
CATEGORIES: dict[str, tuple[str, ...]] = {"violence": ("weapon", "blood"), "hate": ("hate-sign",), "self_harm": ("noose",)}

# The judge's, so that it can begin with the judge's eyes.
WIDTHS = JUDGE_SIZE.widths[:3]
# Side of a place, pixels.
PLACE = 8
# Logit of nothing at the start: harm is nowhere until it was learnt.
NOWHERE = 9.0


class HarmClassifier(nn.Module):
    """RGB [B, 3, 64, 64] in [-1, 1] → logits [B, kinds]; `offset` is the logit at which each kind is taken for present.

    Each of the 8×8 places of the picture is told by the same small head what it shows, one of THINGS, and the places' odds of
    a kind are added up: what was learnt of a pistol in one corner holds in all of them, and a sword must beat a paddle.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.Sequential(*(Stage(a, b) for a, b in zip((3, *WIDTHS), WIDTHS, strict=False)))
        self.place = nn.Conv2d(WIDTHS[-1], WIDTHS[-1], 1)
        self.head = nn.Conv2d(WIDTHS[-1], len(THINGS), 1)
        with torch.no_grad():
            self.head.bias.zero_()[NOTHING] = NOWHERE
        self.register_buffer("offset", torch.zeros(len(KINDS)))

    def places(self, image: Tensor) -> Tensor:
        """Logits [B, things, 8, 8] of what each place shows."""
        return self.head(F.silu(self.place(F.silu(self.stages(image)))))

    def kinds(self, places: Tensor) -> Tensor:
        """Logits [B, kinds] of pictures from those of their places."""
        logits = []
        for kind in KINDS:
            own = [i for i, (k, _) in enumerate(THINGS) if k == kind]
            others = [i for i, (k, _) in enumerate(THINGS) if k != kind]
            odds = places[:, own].logsumexp(1) - places[:, others].logsumexp(1)
            logits.append(odds.flatten(1).logsumexp(1))
        return torch.stack(logits, 1) - self.offset

    def forward(self, image: Tensor) -> Tensor:
        """The mean over the picture and its mirror image: what only one of them seems to show is seldom there."""
        here, mirrored = self.kinds(self.places(torch.cat([image, image.flip(-1)]))).chunk(2)
        return (here + mirrored) / 2

    def look_like(self, judge: PictureNetwork) -> None:
        """Begin with the first stages of a judge."""
        self.stages.load_state_dict(judge.stages[: len(WIDTHS)].state_dict())

    def save(self, folder: Path) -> None:
        save_file({key: value.contiguous() for key, value in self.state_dict().items()}, folder / "harm.safetensors")

    @classmethod
    def load(cls, folder: Path) -> "HarmClassifier":
        model = cls()
        model.load_state_dict(load_file(folder / "harm.safetensors"))
        return model


class CategoryScores(nn.Module):
    """Scores [B, categories] in [0, 1]: the likeliest kind of each category; 0.5 is where the calibration put the line."""

    def __init__(self, model: HarmClassifier) -> None:
        super().__init__()
        self.model = model
        self.columns = [[KINDS.index(kind) for kind in kinds] for kinds in CATEGORIES.values()]

    def forward(self, image: Tensor) -> Tensor:
        present = torch.sigmoid(self.model(image))
        return torch.stack([present[:, columns].amax(1) for columns in self.columns], dim=1)


def calibrated_offset(logits: Tensor, labels: Tensor, highest_share: float = 0.001, lowest_share: float = 0.01) -> Tensor:
    """Per kind, the highest line that all but `lowest_share` of harmful pictures reach: harmless ones are by far the most, and of
    more sorts than could be collected. Where it is higher, what all but `highest_share` of the collected ones stay below.

    Logits and bool labels [N, kinds] are of pictures that were not trained on. Raises ValueError for a kind that none or all of
    them have.
    """
    offsets = []
    for kind in range(logits.shape[1]):
        has = labels[:, kind]
        if has.all() or not has.any():
            raise ValueError(f"{KINDS[kind]}: needs pictures with and without it to find the line")
        low = torch.quantile(logits[~has, kind], 1 - highest_share)
        high = torch.quantile(logits[has, kind], lowest_share)
        offsets.append(torch.maximum(low, high))
    return torch.stack(offsets)
