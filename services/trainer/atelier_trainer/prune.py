"""Make a smaller network of a trained one: whole attention heads, hidden units and channels that it would miss least are cut out.

python -m atelier_trainer.prune     --from runs/base/last --shards data/shards --out runs/pruned --share 0.3
python -m atelier_trainer.train_base --from runs/pruned/last --shards data/shards --out runs/recovered --steps 2000

How much a unit would be missed is, to first order, what the loss changes without it (Molchanov et al. 2019; for heads, Michel et
al. 2019): the square of Σ w · ∂L/∂w over the weights that read it, summed over batches. What is left is dense and needs no
runtime of its own; training it on, as ever, is the recovery. Prints JSON.
"""

import argparse
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import DDPMScheduler, ModelMixin
from torch import Tensor, nn

from .architectures import load_denoiser
from .attributes import AttributeSpace
from .batches import Batches
from .blocks import ResidualBlock, TransformerBlock
from .data import load_scenes
from .denoiser_training import read_schedule, write_resized
from .diffusion import ForwardProcess
from .precision import cpu_autocast
from .presets import preset


@dataclass(frozen=True)
class Kind:
    """Parts of a block that can go one by one. Rows of `writers` make them, in so many sections; columns of `reader` use them."""

    # The block's argument that says how many there are.
    size: str
    reader: str
    writers: tuple[tuple[str, int], ...]
    # How many are left is a multiple of it where there are more: what vector instructions like.
    multiple: int = 1
    # Normalised in so many groups: as many must go from each, lest units change their groups.
    groups: int = 1


KINDS: dict[type[nn.Module], tuple[Kind, ...]] = {
    TransformerBlock: (
        Kind("heads_self", "out_self", (("qkv", 3),)),
        Kind("heads_cross", "out_cross", (("q_cross", 1), ("kv_cross", 2))),
        Kind("hidden", "mlp.2", (("mlp.0", 1),), multiple=8),
    ),
    ResidualBlock: (Kind("hidden", "conv_out", (("conv_in", 1), ("modulation", 2), ("norm_out", 1)), groups=16),),
}


def prunable(model: nn.Module) -> Iterator[tuple[str, nn.Module, Kind]]:
    """Every kind of every block, by the block's name."""
    for name, block in model.named_modules():
        for kind in KINDS.get(type(block), ()):
            yield name, block, kind


def importances(model: ModelMixin, batches: Batches, count: int) -> dict[tuple[str, Kind], Tensor]:
    """How much each unit would be missed, from so many batches."""
    process, total = batches.process, {}
    for step in range(count):
        batch = batches.draw(step)
        noisy = process.add_noise(batch.x0, batch.noise, batch.timesteps)
        with cpu_autocast():
            prediction = model(noisy, batch.timesteps.float(), *batch.condition)
        model.zero_grad()
        process.loss(prediction, batch.x0, batch.noise, batch.timesteps).mean().backward()
        for name, block, kind in prunable(model):
            weight = block.get_submodule(kind.reader).weight
            change = (weight.detach() * weight.grad).transpose(0, 1).reshape(getattr(block, kind.size), -1).sum(1)
            total[name, kind] = total.get((name, kind), 0) + change.square()
    return total


def survivors(importance: dict[tuple[str, Kind], Tensor], share: float) -> dict[tuple[str, Kind], Tensor]:
    """Sorted indices of the units that stay: of each kind the least important go, wherever they are, but never a block's last."""
    kept = {}
    for kind in {kind for _, kind in importance}:
        own = {name: scores for (name, each), scores in importance.items() if each == kind}
        everything = torch.cat(list(own.values())).sort().values
        line = everything[min(len(everything) - 1, int(share * len(everything)))]
        for name, scores in own.items():
            count = int((scores >= line).sum()) if kind.groups == 1 else round((1 - share) * len(scores))
            per_group = max(1, math.ceil(count / kind.groups))
            per_group = min(len(scores) // kind.groups, -(-per_group // kind.multiple) * kind.multiple)
            best = scores.view(kind.groups, -1).topk(per_group).indices
            first = torch.arange(kind.groups)[:, None] * (len(scores) // kind.groups)
            kept[name, kind] = (best + first).flatten().sort().values
    return kept


@torch.no_grad()
def pruned(model: ModelMixin, kept: dict[tuple[str, Kind], Tensor]) -> ModelMixin:
    """The network that is left, its sizes in its config."""
    sizes: dict[str, dict[str, int]] = {}
    weights = model.state_dict()
    for name, block, kind in prunable(model):
        stay, count = kept[name, kind], getattr(block, kind.size)
        sizes.setdefault(name, {})[kind.size] = len(stay)
        for writer, sections in kind.writers:
            for key in (f"{name}.{writer}.weight", f"{name}.{writer}.bias"):
                rows = weights[key].unflatten(0, (sections, count, -1))
                weights[key] = rows[:, stay].flatten(0, 2)
        key = f"{name}.{kind.reader}.weight"
        weights[key] = weights[key].unflatten(1, (count, -1))[:, stay].flatten(1, 2)
    smaller = type(model).from_config({**model.config, "pruned": sizes})
    smaller.load_state_dict(weights)
    return smaller


def size_of(model: nn.Module) -> int:
    """How many parameters it has."""
    return sum(parameter.numel() for parameter in model.parameters())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="start", type=Path, required=True, help="folder of weights (last/ or ema/)")
    parser.add_argument("--shards", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="gets last/ and attributes.json")
    parser.add_argument("--share", type=float, default=0.3, help="of each kind of unit that goes, 0 to 1")
    parser.add_argument("--batches", type=int, default=32)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--limit", type=int, help="scenes to load")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    model, schedule = load_denoiser(args.start), read_schedule(args.start)
    if not any(True for _ in prunable(model)):
        parser.error(f"{type(model).__name__} has no blocks that can be pruned")
    space = AttributeSpace.from_dict(json.loads((args.start.parent / "attributes.json").read_text()))
    settings = preset("starter", batch=args.batch, text_dim=model.config.text_dim)
    process = ForwardProcess(DDPMScheduler.from_config(schedule), settings.snr_gamma, settings.shift)
    batches = Batches(load_scenes(args.shards, limit=args.limit), space, process, settings, args.seed, args.shards)
    kept = survivors(importances(model, batches, args.batches), args.share)
    smaller = pruned(model, kept)
    write_resized(smaller, args.start, args.out)
    print(json.dumps({"before": size_of(model), "after": size_of(smaller), "sizes": smaller.config.pruned}))


if __name__ == "__main__":
    main()
