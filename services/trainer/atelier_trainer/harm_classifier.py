"""The harm classifier: which kinds of stand-ins a picture shows, and what that means in the policy's categories."""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from .judge import SIZE as JUDGE_SIZE
from .picture_network import PictureNetwork, Stage

# As libs/scenes draws them: attributes `harm.<kind>`.
KINDS = ("weapon", "blood", "hate-sign", "noose")
# The policy's categories, each with the kinds that show it; gore counts as violence there.
CATEGORIES: dict[str, tuple[str, ...]] = {"violence": ("weapon", "blood"), "hate": ("hate-sign",), "self_harm": ("noose",)}

# The judge's, so that it can begin with the judge's eyes.
WIDTHS = JUDGE_SIZE.widths[:3]
# Logit of a place at the start: nothing is harm until it was learnt.
NOWHERE = -6.0


class HarmClassifier(nn.Module):
    """RGB [B, 3, 64, 64] in [-1, 1] → logits [B, kinds]; `offset` is the logit at which each kind is taken for present.

    Each of the 8×8 places of the picture is judged by the same small head, and a soft maximum joins them: what was learnt of a
    pistol in one corner holds in all of them. A layer that sees the whole picture at once has to learn each place by itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.Sequential(*(Stage(a, b) for a, b in zip((3, *WIDTHS), WIDTHS, strict=False)))
        self.place = nn.Conv2d(WIDTHS[-1], WIDTHS[-1], 1)
        self.head = nn.Conv2d(WIDTHS[-1], len(KINDS), 1)
        nn.init.constant_(self.head.bias, NOWHERE)
        self.register_buffer("offset", torch.zeros(len(KINDS)))

    def forward(self, image: Tensor) -> Tensor:
        places = self.head(F.silu(self.place(F.silu(self.stages(image)))))
        return places.flatten(2).logsumexp(2) - self.offset

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


def calibrated_offset(logits: Tensor, labels: Tensor, highest_share: float = 0.003, lowest_share: float = 0.005) -> Tensor:
    """Per kind, the middle between what all but `highest_share` of harmless pictures stay below and what all but `lowest_share`
    of harmful ones reach; where these overlap, the former: pictures by people who did nothing wrong are by far the most.

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
        offsets.append(torch.maximum((low + high) / 2, low))
    return torch.stack(offsets)
