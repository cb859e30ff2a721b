"""Train the portrait attribute classifier: age, gender presentation, skin tone and the rest of what a portrait shows.

    python -m atelier_trainer.train_portrait --shards … --held-out … --out runs/portrait

A quarter of the pictures are no portraits; class 0 of every attribute says so.
"""

import argparse
import json
from pathlib import Path

import torch

from .attribute_classifier import AttributeClassifier, accuracy, fit_attributes, load_space, save_attributes
from .attributes import AttributeSpace
from .data import SceneSet, load_scenes
from .picture_network import NetworkSize
from .training_loop import LoopOptions, loop_arguments

SIZE = NetworkSize(widths=(24, 48, 72, 80), squeezed=48, features=128)
OTHERS_PER_PORTRAIT = 1 / 3


def load_portrait_classifier(folder: Path) -> AttributeClassifier:
    model = AttributeClassifier(load_space(folder), SIZE)
    model.load_state_dict(torch.load(folder / "portrait.pt", weights_only=True))
    return model


def portraits_and_others(scenes: SceneSet) -> SceneSet:
    """Every portrait, then a third as many other scenes, which have none of a portrait's attributes."""
    portraits = [i for i, a in enumerate(scenes.attributes) if a["domain"] == "portrait"]
    others = [i for i, a in enumerate(scenes.attributes) if a["domain"] != "portrait"]
    others = others[: int(len(portraits) * OTHERS_PER_PORTRAIT)]
    attributes = [{k: v for k, v in scenes.attributes[i].items() if k != "domain"} for i in portraits] + [{} for _ in others]
    rows = portraits + others
    return SceneSet(scenes.images[rows], attributes, [scenes.captions[i] for i in rows])


def train(args: argparse.Namespace) -> dict:
    torch.manual_seed(args.seed)
    scenes = portraits_and_others(load_scenes(args.shards, limit=args.limit))
    model = AttributeClassifier(AttributeSpace.collect(scenes.attributes), SIZE)
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters, {len(scenes)} pictures", flush=True)
    steps = fit_attributes(model, scenes, LoopOptions.of(args), args.batch, args.out)
    held_out = portraits_and_others(load_scenes(args.held_out))
    metrics = {"steps": steps, "crisp": accuracy(model, held_out), "soft": accuracy(model, held_out, soften=True)}
    save_attributes(model, args.out, "portrait", metrics)
    print(json.dumps(metrics))
    return metrics


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--held-out", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--limit", type=int)
    loop_arguments(p, batch=64, minutes=10, lr=2e-3)
    return p


if __name__ == "__main__":
    train(parser().parse_args())
