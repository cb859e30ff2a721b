"""Train the quality scorer: python -m atelier_trainer.train_quality --shards … --generated … --held-out … --out runs/quality

What it calls good is defined here and by nobody's taste: a clean render of the scene grammar counts 1; one with a fault of
`faults.py` counts what the fault leaves of it, 1 - severity; a picture drawn by a generator counts a half. So it tells well-made
pictures of this world from spoilt ones. Beauty it can't tell.
"""

import argparse
import json
import random
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from .augmentation import move
from .data import SceneSet, load_scenes
from .faults import FAULTS, spoil
from .picture_network import as_input
from .precision import cpu_autocast
from .quality_scorer import QualityScorer
from .training_loop import LoopOptions, fit, loop_arguments

# Of a batch; what is left of it is spoilt.
SHARE_CLEAN, SHARE_GENERATED = 0.3, 0.15
GENERATED_COUNTS = 0.5
# Clean pictures that may fall below the threshold.
LOST = 0.002
KEPT_BACK = 10


@torch.no_grad()
def scores_of(model: QualityScorer, images: Tensor) -> Tensor:
    """Scores [N] of pictures in [-1, 1]."""
    model.eval()
    return torch.cat([model(part) for part in images.split(250)]).flatten()


def rank_correlation(a: Tensor, b: Tensor) -> float:
    """Spearman's, without ties."""
    ranks = torch.stack([value.argsort().argsort().double() for value in (a, b)])
    return torch.corrcoef(ranks)[0, 1].item()


def evaluate(model: QualityScorer, held_out: SceneSet, generated: SceneSet | None) -> dict:
    """How surely a spoilt picture scores below its clean self, by fault at half severity; and whether scores follow severity."""
    clean = as_input(held_out.images)
    own = scores_of(model, clean)
    generator = torch.Generator().manual_seed(0)
    half = torch.full((len(clean), 1, 1, 1), 0.5)
    below = {
        name: (scores_of(model, fault(clean, half, generator).clamp(-1, 1)) < own).float().mean().item()
        for name, fault in FAULTS.items()
    }
    spoilt, left = spoil(clean, generator)
    result: dict = {
        "cleanMean": own.mean().item(),
        "spoiltBelowClean": below,
        "rankCorrelation": rank_correlation(scores_of(model, spoilt), left.flatten()),
    }
    if generated:
        drawn = scores_of(model, as_input(generated.images))
        result["generatedMean"] = drawn.mean().item()
        result["generatedBelowClean"] = (drawn[:, None] < own[None]).float().mean().item()
    return result


def train(args: argparse.Namespace) -> dict:
    torch.manual_seed(args.seed)
    images = load_scenes(args.shards, limit=args.limit).images
    back = torch.arange(len(images)) % KEPT_BACK == 0
    images, kept_back = images[~back], images[back]
    generated = load_scenes(args.generated).images if args.generated else images[:0]
    model = QualityScorer().to(memory_format=torch.channels_last)
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters, {len(images)} pictures", flush=True)
    clean, drawn = round(args.batch * SHARE_CLEAN), round(args.batch * SHARE_GENERATED) if len(generated) else 0

    def loss_of(rng: random.Random) -> Tensor:
        generator = torch.Generator().manual_seed(rng.getrandbits(60))
        rows = torch.randint(len(images), (args.batch - drawn,), generator=generator)
        image = as_input(images[rows])
        spoilt, left = spoil(image[clean:], generator)
        parts, targets = [image[:clean], spoilt], [torch.ones(clean, 1), left]
        if drawn:
            rows = torch.randint(len(generated), (drawn,), generator=generator)
            parts.append(move(as_input(generated[rows]), generator, most=2))
            targets.append(torch.full((drawn, 1), GENERATED_COUNTS))
        with cpu_autocast():
            logits = model.logit(torch.cat(parts).contiguous(memory_format=torch.channels_last))
        return F.binary_cross_entropy_with_logits(logits.float(), torch.cat(targets))

    steps = fit(model, loss_of, LoopOptions.of(args), args.out)
    model.save(args.out)
    threshold = torch.quantile(scores_of(model, as_input(kept_back)), LOST).item()
    metrics: dict = {"steps": steps, "threshold": threshold}
    if args.held_out:
        drawn_too = load_scenes(args.held_out_generated) if args.held_out_generated else None
        metrics |= evaluate(model, load_scenes(args.held_out), drawn_too)
    (args.out / "quality_metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    print(json.dumps(metrics))
    return metrics


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--generated", type=Path, help="shards of `draw`")
    p.add_argument("--held-out", type=Path)
    p.add_argument("--held-out-generated", type=Path)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--limit", type=int)
    loop_arguments(p, batch=64, minutes=10, lr=2e-3)
    return p


if __name__ == "__main__":
    train(parser().parse_args())
