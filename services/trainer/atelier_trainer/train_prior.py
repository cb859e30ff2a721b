"""Train the attribute prior on what scenes have and what their captions leave open; no picture is read.

python -m atelier_trainer.train_prior --shards … --held-out … --bundle ../../bundles/starter --out runs/prior
"""

import argparse
import json
import math
import random
from collections import Counter
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional as F

from .attributes import AttributeSpace
from .bundle import read_manifest
from .prior import AttributePrior, drawing_order
from .shards import list_shards, read_shard
from .training_loop import LoopOptions, fit, loop_arguments

# Who somebody is, is drawn as often as scenes have it, not as often as captions leave it open.
EVEN = ("gender", "age", "skin")

# How often a prompt that leaves even the domain open gets each; the scene grammar's own mix.
MIX = {"landscape": 0.42, "portrait": 0.3, "abstract": 0.28}

# Values whose odds are so many times what scenes give them: who asks for a cat wants no dog beside it. How two things stand
# to each other is drawn before the second one; what is left of them RARE forbids mostly.
PREFERRED = {"relation": ("none", 9.0)}


class StatedScenes:
    """Classes of whole scenes [N, K], and which keys each caption states; scenes are drawn so that domains come as in MIX."""

    def __init__(self, folder: Path, space: AttributeSpace) -> None:
        self.attributes, rows, stated, first = [], [], [], [0]
        for shard in list_shards(folder):
            for sample in read_shard(shard):
                scene = {"domain": sample.domain, **sample.attributes}
                self.attributes.append(scene)
                rows.append(space.labels(scene, scene))
                stated += [[key in c.states or key == "domain" for key in space.keys] for c in sample.captions]
                first.append(len(stated))
        self.scenes, self.stated, self.first = torch.tensor(rows), torch.tensor(stated), torch.tensor(first)
        domains = [scene["domain"] for scene in self.attributes]
        having = Counter(domains)
        self.weights = torch.tensor([MIX.get(domain, 1 / len(MIX)) / having[domain] for domain in domains])

    def draw(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Classes [B, K] of scenes, and the keys [B, K] that one caption of each states; of every tenth none states anything."""
        scene = torch.multinomial(self.weights, count, replacement=True, generator=generator)
        choice, silent = torch.rand(2, count, generator=generator)
        row = self.first[scene] + (choice * (self.first[scene + 1] - self.first[scene])).long()
        return self.scenes[scene], self.stated[row] & (silent > 0.1)[:, None]


def prior_loss(model: AttributePrior, classes: Tensor, stated: Tensor, generator: torch.Generator) -> Tensor:
    """Cross-entropy of the next open key, after a random number of keys in the model's order were drawn as the scene has them."""
    place = torch.tensor([model.order.index(k) for k in range(classes.shape[1])])
    stated = stated & (classes > 0)
    at = _random_open(stated, generator)
    known = stated | (place[None] < place[at][:, None])
    scores = model.logits(model.sum_of(classes, known), at)
    return F.cross_entropy(scores, classes.gather(1, at[:, None])[:, 0])


def _random_open(stated: Tensor, generator: torch.Generator) -> Tensor:
    """One key [B] of those that are not stated."""
    return torch.multinomial((~stated).float() + 1e-9, 1, generator=generator)[:, 0]


@torch.no_grad()
def balance(model: AttributePrior, scenes: StatedScenes, rounds: int = 5, draws: int = 8192) -> None:
    """Shift the biases of EVEN keys until a prompt for any portrait gets their values as often as portraits have them."""
    for round_ in range(rounds):
        classes = draw_portraits(model, draws, seed=1000 + round_)
        for key in EVEN:
            k, target = shares_of(model, scenes, key)
            drawn = torch.bincount(classes[:, k], minlength=len(target)).float() / draws
            shift = (target.clamp(min=1e-6) / drawn.clamp(min=1e-6)).log()
            model.bias[k, : len(target)] += torch.where(target > 0, shift, 0.0)


@torch.no_grad()
def prefer(model: AttributePrior) -> None:
    """Shift the biases of PREFERRED values."""
    for key, (value, odds) in PREFERRED.items():
        if key in model.space.keys:
            k = model.space.keys.index(key)
            model.bias[k, model.space.values[k].index(value)] += math.log(odds)


def draw_portraits(model: AttributePrior, count: int, seed: int) -> Tensor:
    """Classes [count, K] of scenes drawn for a prompt that says "portrait" and no more."""
    asked = torch.tensor([model.space.labels({"domain": "portrait"}, ["domain"])] * count)
    tokens, _ = model.embedding.of_labels(asked)
    uniform = torch.rand(asked.shape, generator=torch.Generator().manual_seed(seed))
    return model.classes_of(model(tokens, tokens, uniform)[0])


def shares_of(model: AttributePrior, scenes: StatedScenes, key: str) -> tuple[int, Tensor]:
    """A key's place, and how often portraits have each of its values [values]."""
    k = model.space.keys.index(key)
    portrait = scenes.scenes[torch.tensor([a["domain"] == "portrait" for a in scenes.attributes])]
    return k, torch.bincount(portrait[:, k], minlength=len(model.space.values[k])).float() / len(portrait)


@torch.no_grad()
def impossible_share(model: AttributePrior, conflicts: Tensor, prompts: Tensor) -> float:
    """Share (0 to 1) of scenes drawn for `prompts` [B, K] (classes, 0 where open) that have two values in conflict."""
    tokens, _ = model.embedding.of_labels(prompts)
    uniform = torch.rand(prompts.shape, generator=torch.Generator().manual_seed(3))
    drawn = model.classes_of(model(tokens, tokens, uniform)[0])
    places = torch.arange(drawn.shape[1]) * model.space.width + drawn
    pairs = conflicts[places[:, :, None], places[:, None, :]]
    # A key that such scenes don't have (0) goes with anything.
    given = (drawn > 0)[:, :, None] & (drawn > 0)[:, None, :]
    return (pairs & given).any(2).any(1).float().mean().item()


def conflicts_of(classes: Tensor, width: int) -> Tensor:
    """Bool [K * width, K * width]: which two values no scene of `classes` [N, K] has together."""
    counts = torch.zeros(classes.shape[1] * width, classes.shape[1] * width)
    for part in classes.split(8192):
        hot = F.one_hot(part, width).flatten(1).float()
        counts += hot.T @ hot
    return counts == 0


@torch.no_grad()
def measure(model: AttributePrior, held_out: StatedScenes) -> dict[str, float]:
    """On held-out captions: cross-entropy a key in nats, the share of scenes drawn that can't be, and how far (total variation,
    0 to 1) portraits drawn are from portraits."""
    generator = torch.Generator().manual_seed(0)
    classes, stated = held_out.draw(4096, generator)
    result = {"nats": prior_loss(model, classes, stated, generator).item()}
    result["impossible"] = impossible_share(model, model.conflicts, torch.where(stated, classes, 0))
    drawn = draw_portraits(model, 8192, seed=0)
    for key in (*EVEN, "skin.tone"):
        k, target = shares_of(model, held_out, key)
        shares = torch.bincount(drawn[:, k], minlength=len(target)).float() / len(drawn)
        result[f"totalVariation.{key}"] = (shares - target).abs().sum().item() / 2
    return {name: round(value, 4) for name, value in result.items()}


def load_prior(folder: Path) -> AttributePrior:
    settings = json.loads((folder / "prior.json").read_text())
    model = AttributePrior(AttributeSpace.from_dict(settings["attributes"]), settings["order"], **settings["config"])
    model.load_state_dict(load_file(folder / "prior.safetensors"))
    return model


def save_prior(model: AttributePrior, folder: Path, metrics: dict) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    save_file(model.state_dict(), folder / "prior.safetensors")
    settings = {"config": model.config, "order": model.order, "attributes": model.space.to_dict()}
    (folder / "prior.json").write_text(json.dumps(settings, indent=1) + "\n")
    (folder / "prior_metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")


def train(args: argparse.Namespace) -> dict:
    torch.manual_seed(args.seed)
    config = read_manifest(args.bundle)["roles"]["text_encoder"]["config"]
    space = AttributeSpace.from_dict(config["attributes"])
    scenes = StatedScenes(args.shards, space)
    model = AttributePrior(space, drawing_order(space, scenes.attributes), config["dim"])
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters, {len(scenes.scenes)} scenes", flush=True)

    def loss_of(rng: random.Random) -> Tensor:
        generator = torch.Generator().manual_seed(rng.getrandbits(63))
        return prior_loss(model, *scenes.draw(args.batch, generator), generator)

    steps = fit(model, loss_of, LoopOptions.of(args), args.out)
    model.conflicts.copy_(conflicts_of(scenes.scenes, space.width))
    balance(model, scenes)
    prefer(model)
    metrics = {"steps": steps, **measure(model, StatedScenes(args.held_out, space))}
    save_prior(model, args.out, metrics)
    print(json.dumps(metrics))
    return metrics


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--held-out", type=Path, required=True)
    p.add_argument("--bundle", type=Path, required=True, help="whose text encoder the prior follows")
    p.add_argument("--out", type=Path, required=True)
    loop_arguments(p, batch=512, lr=2e-3, steps=6000)
    return p


if __name__ == "__main__":
    train(parser().parse_args())
