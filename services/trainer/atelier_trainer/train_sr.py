"""Train a super-resolution stage: python -m atelier_trainer.train_sr --stage sr256 --shards … --out … --minutes 6

`sr256` learns 64 → 256, `sr1024` learns 256 → 1024, both from crops of vector renders made at each size. With `--base` half of
what `sr256` enlarges was drawn again by the base model (`redraw.py`), so that it learns to mend what that model gets wrong.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from .precision import cpu_autocast
from .redraw import redraw
from .shards import decode_png, list_shards, read_shard
from .super_resolution import SIZES, SuperResolution, degrade, sharpness_loss

STAGES = {"sr256": ("png", 64, "256.png", 256, 1), "sr1024": ("256.png", 256, "1024.png", 1024, 6)}
CROP = {"sr256": 32, "sr1024": 64}


def load_pairs(folder: Path, stage: str, scenes: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """uint8 (small [N, 3, s, s], large [N, 3, 4s, 4s]): whole pictures for sr256, random crops for sr1024."""
    small_name, small_size, large_name, large_size, crops = STAGES[stage]
    smalls, larges = [], []
    for path in list_shards(folder):
        for sample in read_shard(path):
            small = decode_png(path, sample.key, sample.images[small_name], small_size)
            large = decode_png(path, sample.key, sample.images[large_name], large_size)
            side = small_size if crops == 1 else CROP[stage]
            for _ in range(crops):
                y, x = torch.randint(small_size - side + 1, (2,), generator=generator).tolist()
                y, x = y - y % 2, x - x % 2
                smalls.append(small[:, y : y + side, x : x + side].copy())
                larges.append(large[:, 4 * y : 4 * (y + side), 4 * x : 4 * (x + side)].copy())
            if len(smalls) >= scenes * crops:
                return torch.from_numpy(np.stack(smalls)), torch.from_numpy(np.stack(larges))
    return torch.from_numpy(np.stack(smalls)), torch.from_numpy(np.stack(larges))


def bicubic(image: Tensor) -> Tensor:
    """Four-fold bicubic enlargement, what every stage is measured against."""
    return F.interpolate(image, scale_factor=4, mode="bicubic", align_corners=False)


def psnr(output: Tensor, target: Tensor) -> float:
    """Mean over pictures in dB, peak 1."""
    error = (output.clamp(0, 1) - target).square().flatten(1).mean(1)
    return (-10 * error.clamp(min=1e-10).log10()).mean().item()


@torch.no_grad()
def evaluate(model: SuperResolution, small: Tensor, large: Tensor) -> dict[str, float]:
    """PSNR on clean held-out pairs, beside bicubic enlargement."""
    ours, baseline, count = 0.0, 0.0, 0
    for i in range(0, len(small), 4):
        a, b = small[i : i + 4].float() / 255, large[i : i + 4].float() / 255
        ours += psnr(model(a), b) * len(a)
        baseline += psnr(bicubic(a), b) * len(a)
        count += len(a)
    return {"psnrDb": ours / count, "bicubicDb": baseline / count, "gainDb": (ours - baseline) / count}


def train(args: argparse.Namespace) -> dict[str, float]:
    torch.manual_seed(args.seed)
    generator = torch.Generator().manual_seed(args.seed)
    if args.base and args.stage != "sr256":
        raise ValueError("--base is for sr256: the base model draws no other size")
    small, large = load_pairs(args.shards, args.stage, args.scenes, generator)
    redrawn = redraw(args.base, args.shards, small, generator) if args.base else None
    test = max(4, len(small) // 25)
    model = SuperResolution(**SIZES[args.stage])
    if args.resume:
        model = SuperResolution.load(args.out, args.stage)
    model = model.to(memory_format=torch.channels_last)
    average = SuperResolution(**model.config)
    average.load_state_dict(model.state_dict())
    optimiser = torch.optim.AdamW(model.parameters(), lr=args.lr, betas=(0.9, 0.99), weight_decay=0)
    side = min(CROP[args.stage], small.shape[-1])
    print(f"{len(small)} pairs, {sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters", flush=True)
    started, step = time.monotonic(), 0
    bar = tqdm(desc=args.stage, mininterval=10)
    while (progress := (time.monotonic() - started) / (args.minutes * 60)) < 1 and step < args.steps:
        for group in optimiser.param_groups:
            group["lr"] = args.lr * min(1, (step + 1) / 100, max(0.02, (1 - progress) / 0.4))
        pick = torch.randint(test, len(small), (args.batch,), generator=generator)
        y, x = torch.randint(small.shape[-1] - side + 1, (2,), generator=generator).tolist()
        y, x = y - y % 2, x - x % 2
        target = large[pick, :, 4 * y : 4 * (y + side), 4 * x : 4 * (x + side)].float() / 255
        clean = small[pick, :, y : y + side, x : x + side]
        source = degrade(clean.float() / 255, generator)
        if redrawn is not None:
            half = torch.rand(args.batch, 1, 1, 1, generator=generator) < 0.5
            source = torch.where(half, redrawn[pick, :, y : y + side, x : x + side].float() / 255, source)
        with cpu_autocast():
            output = model(source.to(memory_format=torch.channels_last))
        loss = sharpness_loss(output.float(), target)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        optimiser.step()
        with torch.no_grad():
            torch._foreach_lerp_(
                list(average.parameters()), list(model.parameters()), min(0.1, 10 / (step + 10)) if step < 300 else 0.01
            )
        step += 1
        bar.update()
        if step % 50 == 0:
            start = sharpness_loss(bicubic(source), target).item()
            bar.set_postfix(loss=f"{loss.item():.4f}", bicubic=f"{start:.4f}")
        if step % 300 == 0:
            average.save(args.out, args.stage)
    bar.close()
    average.save(args.out, args.stage)
    metrics = evaluate(average, small[:test], large[:test]) | {"steps": step}
    (args.out / f"{args.stage}_metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    print(json.dumps(metrics))
    return metrics


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--stage", choices=sorted(STAGES), required=True)
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--scenes", type=int, default=1200)
    p.add_argument("--minutes", type=float, default=6)
    p.add_argument("--steps", type=int, default=1_000_000)
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--lr", type=float, default=4e-4)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--base", type=Path, help="weights of a base model (ema/ or last/ of its run) that draws half of the inputs")
    p.add_argument("--resume", action="store_true")
    return p


if __name__ == "__main__":
    train(parser().parse_args())
