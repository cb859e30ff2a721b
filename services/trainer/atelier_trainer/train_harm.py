"""Train the harm classifier on scenes with stand-ins: python -m atelier_trainer.train_harm --stand-ins … --shards … --out …

`--stand-ins` are shards of `npm run scenes -- --stand-ins`; `--shards` ordinary ones, all harmless. What was drawn into the
former is laid over the latter anew in every step (`stand_in_layers`), so that each place of the picture has its own label.
Textures drawn by rule and, where they are given, pictures that a bundle drew (`draw`) and crops of photographs are harmless as
well. A tenth of everything is kept back to calibrate the line.
"""

import argparse
import json
import random
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from .augmentation import degrade, move
from .data import SceneSet, load_scenes
from .harm_classifier import CATEGORIES, KINDS, NOTHING, PLACE, THINGS, CategoryScores, HarmClassifier, calibrated_offset
from .judge import Judge
from .photographs import crops, load_photographs
from .picture_network import as_input
from .stand_in_layers import HARMFUL, HARMLESS, IGNORED, kinds_in, lay, load_layers
from .textures import textures
from .training_loop import LoopOptions, fit, loop_arguments

# What pictures of a batch are under the layers; what is left of it are ordinary scenes.
SHARE_TEXTURES, SHARE_GENERATED, SHARE_PHOTOGRAPHS = 0.15, 0.1, 0.3
# Which part of a batch gets a look-alike, a stand-in and a second one: as many as libs/scenes draws into its scenes.
LOOK_ALIKE, STAND_IN, SECOND = (0.0, 0.35), (0.25, 0.75), (0.65, 0.75)
TEXTURES, CROPS = 3000, 20_000
KEPT_BACK = 10
# Most places show nothing; weighed less, they don't drown the others.
WEIGHT_OF_NOTHING = 0.3


def labels_of(scenes: SceneSet) -> Tensor:
    """Bool [N, kinds]."""
    return torch.tensor([[a.get(f"harm.{kind}", "none") != "none" for kind in KINDS] for a in scenes.attributes])


def split(images: Tensor) -> tuple[Tensor, Tensor]:
    """All but every tenth, and every tenth."""
    back = torch.arange(len(images)) % KEPT_BACK == 0
    return images[~back], images[back]


@torch.no_grad()
def logits_of(model: HarmClassifier, images: Tensor, soften: bool = False) -> Tensor:
    """Float [N, kinds] of pictures uint8 [N, 3, 64, 64]; `soften` makes them look generated first."""
    model.eval()
    generator = torch.Generator().manual_seed(0)
    parts = [degrade(as_input(p), generator) if soften else as_input(p) for p in images.split(250)]
    return torch.cat([model(part) for part in parts])


def calibrate(model: HarmClassifier, harmful: Tensor, labels: Tensor, harmless: list[Tensor]) -> None:
    """Set the model's offset from pictures kept back, each crisp and soft."""
    images = [harmful, *(part for part in harmless if len(part))]
    truth = torch.cat([labels, torch.zeros(sum(map(len, images[1:])), len(KINDS), dtype=torch.bool)])
    model.offset.zero_()
    logits = torch.cat([logits_of(model, torch.cat(images), soften) for soften in (False, True)])
    model.offset.copy_(calibrated_offset(logits, truth.repeat(2, 1)))


def evaluate(model: HarmClassifier, scenes: SceneSet) -> dict[str, float]:
    """Recall of harm as a whole and by category, false positives on the harmless rest, crisp and soft, at the calibrated line."""
    labels = labels_of(scenes)
    truth = torch.stack([labels[:, [KINDS.index(k) for k in kinds]].any(1) for kinds in CATEGORIES.values()], dim=1)
    result = {}
    for name, soften in (("crisp", False), ("soft", True)):
        found = torch.sigmoid(logits_of(model, scenes.images, soften)) >= 0.5
        found = torch.stack([found[:, columns].any(1) for columns in CategoryScores(model).columns], dim=1)
        result[f"{name}Recall"] = found[truth.any(1)].any(1).float().mean().item()
        result[f"{name}FalsePositives"] = found[~truth.any(1)].any(1).float().mean().item()
        for k, category in enumerate(CATEGORIES):
            result[f"{name}Recall.{category}"] = found[truth[:, k], k].float().mean().item()
    return result


def train(args: argparse.Namespace) -> dict:
    torch.manual_seed(args.seed)
    stand_ins = load_scenes(args.stand_ins, limit=args.limit)
    layers = load_layers(args.stand_ins, every=KEPT_BACK)
    harmful_layers, harmless_layers = layers.of(HARMFUL), layers.of(HARMLESS)
    plain, plain_back = split(load_scenes(args.shards, limit=args.limit).images)
    grain, grain_back = split(torch.from_numpy(textures(TEXTURES, args.seed)))
    pictures = load_photographs(args.photographs)
    nothing = torch.empty(0, 3, 64, 64, dtype=torch.uint8)
    photos, photos_back = split(torch.from_numpy(crops(pictures, CROPS, args.seed)) if pictures else nothing)
    drawn, drawn_back = split(load_scenes(args.generated).images if args.generated else nothing)
    model = HarmClassifier().to(memory_format=torch.channels_last)
    if args.judge:
        model.look_like(Judge.load(args.judge))
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters, {len(layers.images)} layers", flush=True)
    # What there is none of gives its share to the ordinary scenes.
    grounds = [(grain, SHARE_TEXTURES), (drawn, SHARE_GENERATED), (photos, SHARE_PHOTOGRAPHS)]
    grounds = [(images, round(args.batch * share)) for images, share in grounds if len(images)]
    grounds.append((plain, args.batch - sum(count for _, count in grounds)))
    weights = torch.ones(len(THINGS))
    weights[NOTHING] = WEIGHT_OF_NOTHING

    def loss_of(rng: random.Random) -> Tensor:
        generator = torch.Generator().manual_seed(rng.getrandbits(60))
        ground = [images[torch.randint(len(images), (count,), generator=generator)] for images, count in grounds]
        image = as_input(torch.cat(ground)[torch.randperm(args.batch, generator=generator)])
        image = move(image, generator).contiguous()
        places = torch.full((args.batch, 64 // PLACE, 64 // PLACE), NOTHING)
        for (first, last), things in ((LOOK_ALIKE, harmless_layers), (STAND_IN, harmful_layers), (SECOND, harmful_layers)):
            rows = slice(round(first * args.batch), round(last * args.batch))
            image[rows], places[rows] = lay(image[rows], places[rows], things, generator)
        image = degrade(image, generator)
        # In fp32: convolutions of so few channels are a third slower in bf16 (72 against 97 pictures a second of one core).
        found = model.places(image.contiguous(memory_format=torch.channels_last))
        there = F.cross_entropy(found, places, weights, ignore_index=IGNORED)
        return there + F.binary_cross_entropy_with_logits(model.kinds(found), kinds_in(places).float())

    steps = fit(model, loss_of, LoopOptions.of(args), args.out)
    back = torch.arange(len(stand_ins)) % KEPT_BACK == 0
    calibrate(model, stand_ins.images[back], labels_of(stand_ins)[back], [plain_back, grain_back, drawn_back, photos_back])
    model.save(args.out)
    metrics: dict = {"steps": steps, "offsets": dict(zip(KINDS, model.offset.tolist(), strict=True))}
    if args.held_out:
        metrics |= evaluate(model, load_scenes(args.held_out))
    if args.held_out_generated:
        found = torch.sigmoid(logits_of(model, load_scenes(args.held_out_generated).images)) >= 0.5
        metrics["generatedFalsePositives"] = found.any(1).float().mean().item()
    (args.out / "harm_metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    print(json.dumps(metrics))
    return metrics


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--stand-ins", type=Path, required=True)
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--held-out", type=Path, help="shards with stand-ins that were not trained on")
    p.add_argument("--generated", type=Path, help="shards of pictures that a bundle drew")
    p.add_argument("--held-out-generated", type=Path)
    p.add_argument("--photographs", type=Path, nargs="*", default=[], help="folders of harmless pictures, searched in depth")
    p.add_argument("--judge", type=Path, help="folder of a judge to begin with the body of")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--limit", type=int, help="of scenes of each sort")
    loop_arguments(p, batch=64, minutes=10, lr=2e-3)
    return p


if __name__ == "__main__":
    train(parser().parse_args())
