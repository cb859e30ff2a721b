"""One prompt reader out of several: python -m atelier_trainer.average_prompt_readers --out reader.pt one.pt two.pt …

Readers that began from one encoder and learnt from other prompts, or in another order, err in other places, and the mean of their
weights judges about as well as all of them together (model soups, Wortsman et al. 2022). What is averaged are the changes of the
encoder's matrices, not the factors these are kept as: the mean of products is no product of means.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

State = dict[str, Tensor]


def average(states: Sequence[State], rank: int) -> State:
    """The mean of readers' states, each change of a matrix as near as `rank` allows (Eckart and Young 1936)."""
    mean: State = {}
    for name in states[0]:
        if name.endswith(".down"):
            up = name.removesuffix("down") + "up"
            change = torch.stack([state[up] @ state[name] for state in states]).mean(0)
            left, size, right = torch.linalg.svd(change, full_matrices=False)
            root = size[:rank].sqrt()
            mean[up], mean[name] = left[:, :rank] * root, root[:, None] * right[:rank]
        elif not name.endswith(".up"):
            mean[name] = torch.stack([state[name] for state in states]).mean(0)
    return mean


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readers", type=Path, nargs="+", help="checkpoints of train_prompt_reader")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rank", type=int, default=32)
    args = parser.parse_args()
    torch.save(average([torch.load(path) for path in args.readers], args.rank), args.out)


if __name__ == "__main__":
    main()
