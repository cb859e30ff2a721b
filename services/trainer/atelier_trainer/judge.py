"""The judge: reads a scene's exact attributes off its pixels. It shares no weight and no training step with the generator.

    python -m atelier_trainer.judge --shards … --heldout … --out … --steps 4000

Every attribute key is one head; class 0 means that the picture has no such attribute (a portrait has no weather).
"""

import argparse
import math
from pathlib import Path

import torch

from .attribute_classifier import AttributeClassifier, accuracy, fit_attributes, load_space, save_attributes
from .attributes import AttributeSpace
from .data import load_scenes
from .growth import keep_learnt
from .picture_network import NetworkSize
from .training_loop import LoopOptions

SIZE = NetworkSize(widths=(48, 96, 160, 192), squeezed=96, features=512)


class Judge(AttributeClassifier):
    """Its features [B, 512] are what Fréchet distances are computed on."""

    def __init__(self, space: AttributeSpace) -> None:
        super().__init__(space, SIZE)

    def grown(self, space: AttributeSpace) -> "Judge":
        """A judge of a larger space, with all that this one knows."""
        judge = Judge(space)
        keep_learnt(judge, self.state_dict())
        return judge

    @classmethod
    def load(cls, folder: Path) -> "Judge":
        judge = cls(load_space(folder))
        judge.load_state_dict(torch.load(folder / "judge.pt", weights_only=True))
        return judge


def train(args: argparse.Namespace) -> dict[str, float]:
    torch.manual_seed(args.seed)
    scenes = load_scenes(args.shards, limit=args.limit)
    if args.start:
        judge = Judge.load(args.start)
        judge = judge.grown(judge.space.grown(scenes.attributes))
    else:
        judge = Judge(AttributeSpace.collect(scenes.attributes))
    options = LoopOptions(args.steps, math.inf, args.learning_rate, warmup=args.steps // 10, seed=args.seed)
    fit_attributes(judge, scenes, options, args.batch, args.out)
    result = accuracy(judge, load_scenes(args.heldout))
    save_attributes(judge, args.out, "judge", result)
    return result


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--heldout", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--steps", type=int, default=4000)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--learning-rate", type=float, default=2e-3)
    p.add_argument("--limit", type=int)
    p.add_argument("--from", dest="start", type=Path, help="folder of a judge to go on from")
    p.add_argument("--seed", type=int, default=0)
    return p


if __name__ == "__main__":
    for key, value in train(parser().parse_args()).items():
        print(f"{key:24} {value:.4f}")
