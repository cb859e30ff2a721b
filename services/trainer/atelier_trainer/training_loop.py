"""The training loop of the small models: so many steps or minutes, warm-up and cosine, saved so that kill −9 loses a minute.

    loop_arguments(parser, batch=64, steps=1400, lr=2e-3)         # --batch --steps --minutes --lr --warmup --seed
    steps = fit(model, loss_of, LoopOptions.of(args), args.out)   # loss_of(random.Random) → loss of one step's batch

Each step's random numbers are a function of (seed, step) alone, so the same command goes on where it was stopped. A run that is
limited by steps ends in the same weights; one that is limited by minutes depends on the machine's speed.
"""

import argparse
import math
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from tqdm import tqdm

CHECKPOINT = "training.pt"
SAVE_SECONDS = 60.0
LAST_RATE = 0.02


@dataclass(frozen=True)
class LoopOptions:
    """Ends after `steps` or `minutes` of training, whichever comes first; `lr` is reached after `warmup` steps."""

    steps: int
    minutes: float
    lr: float
    warmup: int = 50
    weight_decay: float = 0.02
    seed: int = 0

    @classmethod
    def of(cls, args: argparse.Namespace) -> "LoopOptions":
        return cls(args.steps, args.minutes, args.lr, args.warmup, seed=args.seed)


def loop_arguments(
    parser: argparse.ArgumentParser, *, batch: int, lr: float, steps: int = 1_000_000, minutes: float = 600
) -> None:
    """Add the options that every small model's training has; the keywords are this model's defaults."""
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--minutes", type=float, default=minutes, help="of training, earlier runs of the same --out included")
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--lr", type=float, default=lr)
    parser.add_argument("--warmup", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)


def rate_factor(step: int, warmup: int, progress: float) -> float:
    """Share of the learning rate at `step` when `progress` (0..1) is over: linear warm-up, cosine to LAST_RATE."""
    cosine = LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
    return min(1.0, (step + 1) / max(1, warmup)) * cosine


def fit(model: nn.Module, loss_of: Callable[[random.Random], Tensor], options: LoopOptions, folder: Path) -> int:
    """Train in place, resuming `folder`'s checkpoint if there is one; gives the number of steps made in all."""
    decayed = [p for p in model.parameters() if p.requires_grad and p.dim() > 1]
    free = [p for p in model.parameters() if p.requires_grad and p.dim() <= 1]
    groups = [{"params": decayed, "weight_decay": options.weight_decay}, {"params": free, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=options.lr, betas=(0.9, 0.98), fused=True)
    step, seconds = _resume(model, optimiser, folder / CHECKPOINT)
    began = saved = time.monotonic()
    bar = tqdm(desc=folder.name, initial=step, mininterval=10)
    while step < options.steps:
        elapsed = seconds + time.monotonic() - began
        progress = max(step / options.steps, elapsed / (options.minutes * 60))
        if progress >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = options.lr * rate_factor(step, options.warmup, progress)
        loss = loss_of(random.Random(f"{options.seed}/{step}"))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        bar.update()
        if step % 25 == 0:
            bar.set_postfix(loss=f"{loss.item():.3f}", refresh=False)
        if time.monotonic() - saved > SAVE_SECONDS:
            _save(model, optimiser, step, seconds + time.monotonic() - began, folder / CHECKPOINT)
            saved = time.monotonic()
    bar.close()
    _save(model, optimiser, step, seconds + time.monotonic() - began, folder / CHECKPOINT)
    return step


def _resume(model: nn.Module, optimiser: torch.optim.Optimizer, path: Path) -> tuple[int, float]:
    """Steps and seconds of training so far."""
    if not path.exists():
        return 0, 0.0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    print(f"continuing from step {state['step']}", flush=True)
    return state["step"], state["seconds"]


def _save(model: nn.Module, optimiser: torch.optim.Optimizer, step: int, seconds: float, path: Path) -> None:
    """Atomic: after a kill there is the checkpoint before or this one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "seconds": seconds}
    with partial.open("wb") as stream:
        torch.save(state, stream)
        stream.flush()
        os.fsync(stream.fileno())
    partial.rename(path)
