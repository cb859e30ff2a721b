"""The judge: reads a scene's exact attributes off its pixels. It shares no weight and no training step with the generator.

    python -m atelier_trainer.judge --shards … --heldout … --out … --steps 4000

Every attribute key is one head; class 0 means that the picture has no such attribute (a portrait has no weather).
"""

import argparse
import json
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm import tqdm

from .attributes import AttributeSpace
from .data import SceneSet, load_scenes, step_generator
from .precision import cpu_autocast


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


class Judge(nn.Module):
    """RGB [B, 3, 64, 64] in [-1, 1] → features [B, 512] and one logit vector per attribute key."""

    def __init__(self, space: AttributeSpace, widths: tuple[int, ...] = (48, 96, 160, 192)) -> None:
        super().__init__()
        self.space = space
        self.stages = nn.Sequential(*(Stage(a, b) for a, b in zip((3, *widths), widths, strict=False)))
        self.squeeze = nn.Conv2d(widths[-1], 96, 1)
        self.feature = nn.Linear(96 * 16, 512)
        self.heads = nn.ModuleList(nn.Linear(512, len(values)) for values in space.values)

    def features(self, image: Tensor) -> Tensor:
        """The layer that Fréchet distances are computed on, [B, 512]."""
        return F.silu(self.feature(F.silu(self.squeeze(self.stages(image))).flatten(1)))

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        features = self.features(image)
        return features, *(head(features) for head in self.heads)


def labels_of(scenes: SceneSet, space: AttributeSpace) -> Tensor:
    """Int64 [N, keys]."""
    return torch.tensor([space.labels(attributes, attributes) for attributes in scenes.attributes])


def degrade(image: Tensor, generator: torch.Generator) -> Tensor:
    """Blur, noise and colour drift as a generator makes them, so that a soft picture is judged for what it shows."""
    b = len(image)
    amount = torch.rand(b, 1, 1, 1, generator=generator)
    image = image + amount * 0.9 * (F.avg_pool2d(image, 3, 1, 1, count_include_pad=False) - image)
    image = image + 0.06 * torch.rand(b, 1, 1, 1, generator=generator) * torch.randn(image.shape, generator=generator)
    return image + 0.04 * torch.randn(b, 3, 1, 1, generator=generator)


@torch.no_grad()
def accuracy(judge: Judge, scenes: SceneSet, labels: Tensor) -> dict[str, float]:
    """Share right per key, over the pictures that have the attribute."""
    judge.eval()
    guesses = []
    for start in range(0, len(scenes), 250):
        image = scenes.images[start : start + 250].float() / 127.5 - 1
        guesses.append(torch.stack([logits.argmax(1) for logits in judge(image)[1:]], dim=1))
    right = torch.cat(guesses) == labels
    present = labels > 0
    return {
        key: (right[:, k] & present[:, k]).sum().item() / max(1, present[:, k].sum().item())
        for k, key in enumerate(judge.space.keys)
    }


def train(args: argparse.Namespace) -> dict[str, float]:
    torch.manual_seed(args.seed)
    scenes = load_scenes(args.shards, limit=args.limit)
    space = AttributeSpace.collect(scenes.attributes)
    labels = labels_of(scenes, space)
    judge = Judge(space).to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(judge.parameters(), lr=args.learning_rate, weight_decay=0.02, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, args.learning_rate, args.steps, pct_start=0.1)
    bar = tqdm(range(args.steps), desc="judge", mininterval=10)
    for step in bar:
        generator = step_generator(args.seed, step)
        rows = torch.randint(len(scenes), (args.batch,), generator=generator)
        image = degrade(scenes.images[rows].float() / 127.5 - 1, generator).to(memory_format=torch.channels_last)
        with cpu_autocast():
            logits = judge(image)[1:]
        loss = sum(F.cross_entropy(out.float(), labels[rows, k]) for k, out in enumerate(logits))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 100 == 0:
            bar.set_postfix(loss=f"{loss.item():.3f}")
    heldout = load_scenes(args.heldout)
    result = accuracy(judge, heldout, labels_of(heldout, space))
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save(judge.state_dict(), args.out / "judge.pt")
    (args.out / "metrics.json").write_text(json.dumps(result, indent=1) + "\n")
    export(judge, args.out)
    return result


def export(judge: Judge, folder: Path) -> None:
    """Write `model.onnx` (input `image`, outputs `features` and one per key) and `attributes.json` (key → class names)."""
    judge.eval()
    torch.onnx.export(
        judge,
        (torch.zeros(2, 3, 64, 64),),
        str(folder / "model.onnx"),
        input_names=["image"],
        output_names=["features", *judge.space.keys],
        dynamic_axes={name: {0: "batch"} for name in ("image", "features", *judge.space.keys)},
        opset_version=17,
        dynamo=False,
    )
    (folder / "attributes.json").write_text(json.dumps(judge.space.to_dict(), indent=1) + "\n")


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--heldout", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--steps", type=int, default=4000)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--learning-rate", type=float, default=2e-3)
    p.add_argument("--limit", type=int)
    p.add_argument("--seed", type=int, default=0)
    return p


if __name__ == "__main__":
    for key, value in train(parser().parse_args()).items():
        print(f"{key:24} {value:.4f}")
