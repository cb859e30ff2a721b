"""Train the prompt reader on labelled prompts: python -m atelier_trainer.train_prompt_reader --data … --pretrained … --out …

What a category's threshold costs is told on prompts that the reader has not seen: one trained without a part of the groups scores
that part (or several readers several parts). The reader that ships has seen all parts.
"""

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .bundle import read_manifest, write_metrics
from .prompt_reader import PromptReader, answers, export_prompt_reader, load_reader
from .prompt_safety_composed import compose
from .prompt_safety_contrasts import contrasts
from .prompt_safety_data import CATEGORIES, CLASSES, HARMLESS, UNSAFE, Row, read_captions, read_sets
from .prompt_safety_features import words
from .prompt_safety_noise import noisy
from .prompt_safety_written import written

# At most so many rows of a source, so that easy captions don't drown the hard pairs.
MOST = {"scenes": 1500, "coco": 1000, "compositional": 300, "artist styles": 150, "partiprompts": 700, "hatecheck hateful": 700}
# The clear harm that is rare counts more than once.
REPEATS = {"overt unsafe": 3, "i2p toxic": 6, "moderation harmless": 1, "moderation": 4}
# Chance of harm from which a text is blocked, by its likeliest category, where the quick classifier, which the service asks as
# well, is undecided. On unseen prompts privacy, crime and self-harm are mistaken for what only looks like them ten times as often
# as violence, hate and nudity, and would use up alone what all may block wrongly; privacy most of all.
_CLEAR = 0.07
THRESHOLDS = {
    "hate": _CLEAR,
    "nudity": _CLEAR,
    "self_harm": 0.45,
    "violence": _CLEAR,
    "illegal": 0.6,
    "harassment": 0.9,
    "shocking": _CLEAR,
}


def class_loss(logits: Tensor, labels: Sequence[str | None]) -> Tensor:
    """Mean cross-entropy; "unsafe" asks only that the text is not harmless. Every text has a label."""
    logs = logits.log_softmax(-1)
    safe = [i for i, label in enumerate(labels) if label != UNSAFE]
    unsafe = [i for i, label in enumerate(labels) if label == UNSAFE]
    targets = torch.tensor([CLASSES.index(labels[i] or HARMLESS) for i in safe], dtype=torch.long)
    # Telling harm from none matters more than telling harms apart.
    harm = torch.cat([logs[:, :1], logs[:, 1:].logsumexp(1, keepdim=True)], 1)
    exact = F.nll_loss(logs[safe], targets, reduction="sum") + F.nll_loss(harm[safe], (targets > 0).long(), reduction="sum")
    return (0.5 * exact - harm[unsafe, 1].sum()) / len(labels)


def balanced(rows: Sequence[Row], rng: random.Random) -> list[Row]:
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


def judged(reader: PromptReader, rows: Sequence[Row]) -> Tensor:
    """Log-probabilities [N, C] of texts as the service shows them: plain words."""
    return answers(reader, [" ".join(words(row.text)) for row in rows])[0]


def blocked(logs: Tensor) -> Tensor:
    """Whether texts [N] with these log-probabilities [N, C] are blocked."""
    thresholds = torch.tensor([THRESHOLDS[category] for category in CATEGORIES])
    return 1 - logs[:, 0].exp() >= thresholds[logs[:, 1:].argmax(1)]


def report(logs: Tensor, rows: Sequence[Row]) -> dict[str, float]:
    """Share blocked by source, and of all of OVERT's unsafe prompts."""
    stopped = blocked(logs).float()
    of = lambda name: [i for i, row in enumerate(rows) if row.source.startswith(name)]  # noqa: E731
    share = lambda own: round(stopped[own].mean().item(), 4) if own else 0.0  # noqa: E731
    shares = {f"{source} ({len(of(source))})": share(of(source)) for source in sorted({row.source for row in rows})}
    return {"overt unsafe": share(of("overt unsafe")), **shares}


def fit(reader: PromptReader, rows: Sequence[Row], args: argparse.Namespace) -> None:
    """Adapters and head on labelled rows, words dropped and misspelt anew in each epoch."""
    rng = random.Random(args.seed)
    plain = [words(row.text) for row in rows]
    trained = [p for p in reader.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=args.lr, weight_decay=0.01)
    began, step, total = time.monotonic(), 0, args.epochs * (len(rows) // args.batch)
    for _ in range(args.epochs):
        reader.train()
        ids = reader.encode([" ".join(noisy(text, rng)) for text in plain])
        order = sorted(range(len(rows)), key=lambda i: len(ids[i]) + 8 * rng.random())
        batches = [order[i : i + args.batch] for i in range(0, len(order) - args.batch + 1, args.batch)]
        rng.shuffle(batches)
        for indices in batches:
            for group in optimiser.param_groups:
                group["lr"] = args.lr * min(1, (step + 1) / 60) * max(0.02, 1 - step / total)
            with torch.autocast("cpu", torch.bfloat16):
                logits, _ = reader([ids[i] for i in indices])
            loss = class_loss(logits.float(), [rows[i].label for i in indices])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            step += 1
            if step % 50 == 0:
                print(f"{step}/{total} {loss.item():.3f} {time.monotonic() - began:.0f} s", flush=True)


def new_reader(args: argparse.Namespace, suffix: str) -> PromptReader:
    """A reader that knows nothing yet, or what the one of the run `--from` knows that saw the same parts."""
    torch.manual_seed(args.seed)
    reader = PromptReader(args.pretrained)
    if args.start:
        reader.load_state_dict(torch.load(args.start.with_suffix(suffix)))
    return reader


def fold_of(row: Row, folds: int) -> int:
    """Part of the groups that a row is in; independent of its split."""
    return random.Random(f"fold {row.group}").randrange(folds)


def unseen(rows: Sequence[Row], scored: Sequence[Row], args: argparse.Namespace) -> Tensor:
    """Log-probabilities [N, C] of `scored`, each by a reader that was trained on `rows` without that row's part."""
    logs = torch.zeros(len(scored), len(CLASSES))
    for fold in range(args.scored_folds):
        path = args.out.with_suffix(f".fold{fold}.pt")
        if not path.exists():
            reader = new_reader(args, f".fold{fold}.pt")
            fit(reader, balanced([row for row in rows if fold_of(row, args.folds) != fold], random.Random(args.seed)), args)
            torch.save(reader.state_dict(), path)
        own = [i for i, row in enumerate(scored) if fold_of(row, args.folds) == fold]
        logs[own] = judged(load_reader(args.pretrained, path), [scored[i] for i in own])
    return logs


def train(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    sets = read_sets(args.data) + read_captions(args.shards, args.captions)
    # What is our own is tested on nothing: all of it is for training.
    own = compose(args.composed) + contrasts(args.contrasts, args.seed) + written()
    known = [row for row in sets if row.split != "test"] + own
    # Captions by the ten thousand take long to score and say little more.
    some = [row for i, row in enumerate(known) if row.label is not None and (row.source != "coco" or i % 5 == 0)]
    scored = [row for row in some if fold_of(row, args.folds) < args.scored_folds]
    print(json.dumps({"unseen": report(unseen(known, scored, args), scored)}, indent=1), flush=True)
    if not args.out.exists():
        reader = new_reader(args, ".pt")
        fit(reader, balanced(known, random.Random(args.seed)), args)
        torch.save(reader.state_dict(), args.out)
    reader = load_reader(args.pretrained, args.out)
    test = [row for row in sets if row.split == "test" and row.label is not None]
    figures = {"test": report(judged(reader, test), test)}
    print(json.dumps(figures, indent=1))
    if args.bundle:
        export_prompt_reader(reader, args.pretrained, args.bundle, THRESHOLDS)
        write_metrics(args.bundle, read_manifest(args.bundle)["version"], {"prompt_reader": figures})


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True, help="folder with prompts/ and safety/")
    p.add_argument("--pretrained", type=Path, required=True, help="folder of the encoder")
    p.add_argument("--out", type=Path, required=True, help="checkpoint; one that is there is not trained again")
    p.add_argument("--from", dest="start", type=Path, help="checkpoint of a run with the same folds to go on from")
    p.add_argument("--bundle", type=Path, help="bundle that gets the role; none: only report")
    p.add_argument("--composed", type=int, default=2_000)
    p.add_argument("--contrasts", type=int, default=8_000)
    p.add_argument("--shards", type=Path, help="scenes whose captions are harmless; none: they teach nothing")
    p.add_argument("--captions", type=int, default=6_000)
    p.add_argument("--folds", type=int, default=5, help="parts that the groups are divided into")
    p.add_argument("--scored-folds", type=int, default=1, help="how many of them are left out, one at a time, and scored")
    p.add_argument("--epochs", type=int, default=3)
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seed", type=int, default=0)
    return p


if __name__ == "__main__":
    train(parser().parse_args())
