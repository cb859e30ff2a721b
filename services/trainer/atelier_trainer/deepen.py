"""Make a deeper network of a trained one, that draws the same until it is trained on: blocks that pass on what they get.

python -m atelier_trainer.deepen --from runs/base/last --depths 3 2 6 --out runs/deeper
python -m atelier_trainer.train_base --from runs/deeper/last --shards data/shards --out runs/base2 --steps 5000

As Net2Net deepens (Chen et al. 2016), with residual blocks that start at zero. Depth where pictures are large is what fine detail
takes, and it costs few weights. Prints JSON.
"""

import argparse
import json
from pathlib import Path

import torch
from torch import nn

from .architectures import load_denoiser
from .blocks import ResidualBlock, TransformerBlock
from .denoiser import HybridDenoiser
from .denoiser_training import write_resized
from .prune import size_of


@torch.no_grad()
def silence(block: nn.Module) -> None:
    """Make a block pass on its input as it is, with gradients that let it learn. Raises TypeError for a block of another kind."""
    if isinstance(block, ResidualBlock):
        last = [block.conv_out]
    elif isinstance(block, TransformerBlock):
        last = [block.out_cross, block.modulation]
    else:
        raise TypeError(f"{type(block).__name__} is no block of the denoiser")
    for layer in last:
        nn.init.zeros_(layer.weight)
        nn.init.zeros_(layer.bias)


def deepened(model: HybridDenoiser, depths: tuple[int, int, int]) -> HybridDenoiser:
    """A network with `depths` blocks that computes what `model` does; the new ones come last at each size.

    Raises ValueError where it would have fewer blocks than `model`.
    """
    if any(new < old for new, old in zip(depths, model.config.depths, strict=True)):
        raise ValueError(f"{model.config.depths} blocks can't become {depths}; prune makes networks smaller")
    deeper = HybridDenoiser.from_config({**model.config, "depths": depths})
    learnt = model.state_dict()
    for stage in ("down0", "down1", "middle", "up1", "up0"):
        known = len(getattr(model, stage))
        for block in getattr(deeper, stage)[known:]:
            silence(block)
    deeper.load_state_dict(deeper.state_dict() | learnt)
    return deeper


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="start", type=Path, required=True, help="folder of a hybrid denoiser's weights")
    parser.add_argument("--depths", type=int, nargs=3, required=True, help="blocks at 1/2, 1/4 and 1/8 of the size")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    model = load_denoiser(args.start)
    if not isinstance(model, HybridDenoiser):
        raise SystemExit(f"{args.start} is a {type(model).__name__}; only the hybrid denoiser can be deepened")
    deeper = deepened(model, tuple(args.depths))
    write_resized(deeper, args.start, args.out)
    print(json.dumps({"before": size_of(model), "after": size_of(deeper), "depths": args.depths}))


if __name__ == "__main__":
    main()
