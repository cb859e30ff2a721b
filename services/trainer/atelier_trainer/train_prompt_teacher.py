"""Fine-tune the teacher on labelled prompts: python -m atelier_trainer.train_prompt_teacher --data … --pretrained … --out …"""

import argparse
import json
import random
import time
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from .prompt_safety_composed import compose
from .prompt_safety_data import CATEGORIES, HARMLESS, UNSAFE, Row, read_captions, read_sets
from .prompt_safety_teacher import Teacher, answers

CLASSES = (HARMLESS, *CATEGORIES)
# At most so many rows of a source, so that easy captions don't drown the hard pairs.
MOST = {"scenes": 1500, "coco": 1000, "compositional": 300, "artist styles": 150, "partiprompts": 700, "hatecheck hateful": 350}
# The clear harm that is rare counts more than once.
REPEATS = {"overt unsafe": 2, "i2p toxic": 3, "moderation": 1}


def class_loss(logits: Tensor, labels: list[str | None]) -> Tensor:
    """Mean cross-entropy; "unsafe" asks only that the text is not harmless. Every text has a label."""
    logs = logits.log_softmax(-1)
    safe = [i for i, label in enumerate(labels) if label != UNSAFE]
    unsafe = [i for i, label in enumerate(labels) if label == UNSAFE]
    targets = torch.tensor([CLASSES.index(labels[i] or HARMLESS) for i in safe], dtype=torch.long)
    # Telling harm from none matters more than telling harms apart.
    harm = torch.cat([logs[:, :1], logs[:, 1:].logsumexp(1, keepdim=True)], 1)
    exact = F.nll_loss(logs[safe], targets, reduction="sum") + F.nll_loss(harm[safe], (targets > 0).long(), reduction="sum")
    return (0.5 * exact - harm[unsafe, 1].sum()) / len(labels)


def balanced(rows: list[Row], rng: random.Random) -> list[Row]:
    """Labelled rows, capped and repeated by source."""
    by_source: dict[str, list[Row]] = {}
    for row in rows:
        if row.label is not None:
            by_source.setdefault(row.source, []).append(row)
    chosen: list[Row] = []
    for source, group in sorted(by_source.items()):
        rng.shuffle(group)
        times = next((n for name, n in REPEATS.items() if source.startswith(name)), 1)
        chosen += group[: MOST.get(source, len(group))] * times
    return chosen


def recall_at(scores: Tensor, harmless: Tensor, rate: float) -> tuple[float, float]:
    """Threshold that at most the share `rate` of `harmless` reaches, and the share of `scores` that reach it."""
    threshold = harmless.sort(descending=True).values[int(rate * len(harmless))].item() + 1e-6
    return threshold, (scores >= threshold).float().mean().item()


def evaluate(teacher: Teacher, rows: list[Row]) -> dict[str, float]:
    """Recall of OVERT's unsafe prompts at 3 % of its harmless ones, and the rest at that threshold."""
    rows = [row for row in rows if row.label is not None and row.source not in ("compositional", "artist styles")]
    harm = 1 - answers(teacher, [row.text for row in rows])[0][:, 0].exp()
    of = lambda name: harm[[i for i, row in enumerate(rows) if row.source.startswith(name)]]  # noqa: E731
    threshold, recall = recall_at(of("overt unsafe"), of("overt benign"), 0.03)
    shares = {s: (of(s) >= threshold).float().mean().item() for s in sorted({row.source for row in rows})}
    return {"threshold": threshold, "overtRecallAt3": recall} | shares


def train(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    rng = random.Random(0)
    rows = read_sets(args.data) + compose(args.composed) + read_captions(args.shards, args.captions)
    teacher = Teacher(args.pretrained, len(CLASSES), args.frozen)
    chosen = balanced([row for row in rows if row.split == "train"], rng)
    print(len(chosen), "rows", flush=True)
    groups = [
        {"params": teacher.upper.parameters(), "lr": args.lr},
        {"params": teacher.head.parameters(), "lr": 10 * args.lr},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    ids = teacher.encode([row.text for row in chosen])
    began, step, total = time.process_time(), 0, args.epochs * (len(chosen) // args.batch)
    base = [group["lr"] for group in optimiser.param_groups]
    for _ in range(args.epochs):
        order = sorted(range(len(chosen)), key=lambda i: len(ids[i]) + 8 * rng.random())
        batches = [order[i : i + args.batch] for i in range(0, len(order) - args.batch + 1, args.batch)]
        rng.shuffle(batches)
        for indices in batches:
            for group, lr in zip(optimiser.param_groups, base, strict=True):
                group["lr"] = lr * min(1, (step + 1) / 40) * max(0.02, 1 - step / total)
            logits, _ = teacher(*teacher.lower_states([ids[i] for i in indices]))
            loss = class_loss(logits, [chosen[i].label for i in indices])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            optimiser.step()
            step += 1
            if step % 20 == 0:
                print(f"{step}/{total} {loss.item():.3f} {time.process_time() - began:.0f} s", flush=True)
        torch.save({k: v for k, v in teacher.state_dict().items() if k.startswith(("upper", "head"))}, args.out)
    sample = [row for row in rows if row.split != "train" and (row.source != "coco" or rng.random() < 0.1)]
    print(json.dumps(evaluate(teacher, [row for row in sample if row.split == "test"]), indent=1))


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--pretrained", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--composed", type=int, default=2_500)
    p.add_argument("--shards", type=Path, help="scenes whose captions are harmless; none: they teach nothing")
    p.add_argument("--captions", type=int, default=6_000)
    p.add_argument("--frozen", type=int, default=3)
    p.add_argument("--epochs", type=int, default=3)
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--lr", type=float, default=1e-4)
    p.add_argument("--threads", type=int, default=1)
    return p


if __name__ == "__main__":
    train(parser().parse_args())
