"""Train a super-resolution stage: python -m atelier_trainer.train_sr --stage sr256 --shards … --out … --minutes 6

`sr256` learns 64 → 256, `sr1024` learns 256 → 1024, both from crops of vector renders made at each size. With `--base` half of
what they enlarge was drawn again by the base model (`redraw.py`) and, for `sr1024`, enlarged by the `sr256` of the same folder,
so that they learn to mend what those get wrong. With `--adversarial` an adversary (`adversary.py`) looks at what comes out.
"""

import argparse
import json
import time
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from .adversary import PatchAdversary, adversary_loss, deceiver_loss
from .precision import cpu_autocast
from .super_resolution import SIZES, SuperResolution, degrade, sharpness_loss
from .super_resolution_pairs import CROP, STAGES, draw_again, load_pairs


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
    drawn = draw_again(args.stage, args.base, args.out, args.shards, args.scenes, generator) if args.base else None
    small, large, drawn = load_pairs(args.shards, args.stage, args.scenes, generator, drawn)
    test = max(4, len(small) // 25)
    model = SuperResolution(**SIZES[args.stage])
    if args.resume:
        model = SuperResolution.load(args.out, args.stage)
    model = model.to(memory_format=torch.channels_last)
    average = SuperResolution(**model.config)
    average.load_state_dict(model.state_dict())
    optimiser = torch.optim.AdamW(model.parameters(), lr=args.lr, betas=(0.9, 0.99), weight_decay=0)
    adversary = PatchAdversary().to(memory_format=torch.channels_last) if args.adversarial else None
    rival = torch.optim.AdamW(adversary.parameters(), lr=args.lr, betas=(0.5, 0.99), weight_decay=0) if adversary else None
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
        if drawn is not None:
            half = torch.rand(args.batch, 1, 1, 1, generator=generator) < 0.5
            source = torch.where(half, drawn[pick, :, y : y + side, x : x + side].float() / 255, source)
        with cpu_autocast():
            output = model(source.to(memory_format=torch.channels_last))
        loss = sharpness_loss(output.float(), target)
        if adversary:
            guide = bicubic(source)
            with cpu_autocast():
                told = adversary_loss(adversary(target, guide), adversary(output.detach(), guide))
            rival.zero_grad()
            told.backward()
            rival.step()
            with cpu_autocast():
                loss = loss + args.adversarial * deceiver_loss(adversary(output, guide))
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
    p.add_argument("--base", type=Path, help="weights of a base model (ema/ or last/) that draws half of what is enlarged")
    p.add_argument("--adversarial", type=float, default=0, help="weight of the adversary's loss; pixels have 1")
    p.add_argument("--resume", action="store_true")
    return p


if __name__ == "__main__":
    train(parser().parse_args())
