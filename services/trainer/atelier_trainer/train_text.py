"""Train the tokenizer and the text encoder on captions alone: python -m atelier_trainer.train_text --shards … --out …

Every head must say which value of its attribute the caption states, or that it leaves it open (cross-entropy).
"""

import argparse
import json
import random
import time
from pathlib import Path

import torch
from torch.nn import functional as F
from tqdm import tqdm

from .attributes import AttributeSpace
from .precision import cpu_autocast
from .prompt_openings import UNDRAWN, opening_rows
from .shards import Caption, list_shards, read_shard
from .text_batches import TextBatches
from .text_encoder import TextEncoder
from .tokenizer import caption_file_texts, load_tokenizer, train_tokenizer
from .tokens import encode_texts


def read_captions(folder: Path, limit: int) -> list[tuple[dict[str, str], tuple[Caption, ...]]]:
    """(attributes, captions) of up to `limit` samples, pictures left aside."""
    items = []
    for path in list_shards(folder):
        for sample in read_shard(path):
            captions = tuple(Caption(c.text, c.states | {"domain"}) for c in sample.captions)
            items.append(({"domain": sample.domain, **sample.attributes}, captions))
            if len(items) >= limit:
                return items
    return items


def accuracy(encoder: TextEncoder, tokenizer, items, batch: int = 256) -> dict[str, float]:
    """Rate of right heads over all captions: overall, over stated values only, and the worst keys."""
    space = encoder.space
    rows = [(c.text, space.labels(a, c.states)) for a, captions in items for c in captions]
    right, stated = torch.zeros(len(space.keys)), torch.zeros(len(space.keys))
    total_right = exact = 0
    encoder.eval()
    with torch.no_grad():
        for i in range(0, len(rows), batch):
            part = rows[i : i + batch]
            labels = torch.tensor([row[1] for row in part])
            ids, mask = encode_texts(tokenizer, [row[0] for row in part], encoder.config["window"])
            hit = encoder(ids, mask)[3].argmax(-1) == labels
            total_right += hit.sum().item()
            exact += hit.all(1).sum().item()
            right += (hit & (labels > 0)).sum(0)
            stated += (labels > 0).sum(0)
    encoder.train()
    per_key = {k: round((right[i] / stated[i]).item(), 4) for i, k in enumerate(space.keys) if stated[i] > 0}
    worst = dict(sorted(per_key.items(), key=lambda item: item[1])[:8])
    return {
        "heads": total_right / (len(rows) * len(space.keys)),
        "stated": (right.sum() / stated.sum()).item(),
        "captionsAllRight": exact / len(rows),
        "captions": len(rows),
        "worst": worst,
    }


def open_space(args: argparse.Namespace, items) -> AttributeSpace:
    """The base model's attribute space when given, so that both speak of the same classes; else collected here."""
    if args.space:
        return AttributeSpace.from_dict(json.loads(args.space.read_text()))
    return AttributeSpace.collect(a for a, _ in items)


def train(args: argparse.Namespace) -> dict:
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    items = read_captions(args.shards, args.limit)
    held_out, items = items[: args.held_out], items[args.held_out :]
    everyday = list(caption_file_texts(args.everyday))
    args.out.mkdir(parents=True, exist_ok=True)
    texts = [c.text for _, captions in items for c in captions]
    if args.resume:
        tokenizer = load_tokenizer(args.out / "tokenizer.json")
        encoder = TextEncoder.load(args.out)
    elif args.start:
        tokenizer = load_tokenizer(args.start / "tokenizer.json")
        tokenizer.save(str(args.out / "tokenizer.json"))
        encoder = TextEncoder.load(args.start).grown(open_space(args, items))
    else:
        tokenizer = train_tokenizer([*texts, *everyday], args.vocab)
        tokenizer.save(str(args.out / "tokenizer.json"))
        space = open_space(args, items)
        encoder = TextEncoder(tokenizer.get_vocab_size(), space, args.dim, args.layers, args.dim // 64, args.window)
    space = encoder.space
    words = sorted({w.lower().strip(".,") for text in everyday for w in text.split()} - {""})
    known = {w.lower().strip(".,") for text in (*texts, *UNDRAWN) for w in text.split()}
    fillers = [w for w in words if w not in known]
    print(f"{len(items)} scenes, {len(space.keys)} attributes, {sum(map(len, space.values))} classes")
    labelled = [(c.text, space.labels(a, c.states)) for a, captions in items for c in captions]
    batches = TextBatches(labelled, fillers, args.batch, rng, opening_rows(space))
    stream = iter(batches)
    optimiser = torch.optim.AdamW(encoder.parameters(), lr=args.lr, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    started, step = time.monotonic(), 0
    bar = tqdm(total=args.steps, desc="text encoder", mininterval=5)
    while step < args.steps and time.monotonic() - started < args.minutes * 60:
        progress = max(step / args.steps, (time.monotonic() - started) / (args.minutes * 60))
        for group in optimiser.param_groups:
            group["lr"] = args.lr * min(1, (step + 1) / 50) * min(1, (1 - progress) / 0.7 + 0.005)
        batch = next(stream)
        labels = torch.tensor([row[1] for row in batch])
        ids, mask = encode_texts(tokenizer, [row[0] for row in batch], args.window)
        with cpu_autocast():
            logits = encoder(ids, mask)[3]
        loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none").view_as(labels)
        loss = (loss * torch.where(labels > 0, 3.0, 1.0)).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimiser.step()
        wrong = (logits.argmax(-1) != labels).any(1)
        batches.remember([row for row, missed in zip(batch, wrong.tolist(), strict=True) if missed])
        step += 1
        bar.update()
        if step % 25 == 0:
            bar.set_postfix(loss=f"{loss.item():.3f}", wrong=f"{wrong.float().mean().item():.2f}")
        if step % 250 == 0:
            encoder.save(args.out)
    bar.close()
    encoder.save(args.out)
    report = {"heldOut": accuracy(encoder, tokenizer, held_out), "steps": step, "minutes": (time.monotonic() - started) / 60}
    (args.out / "text_metrics.json").write_text(json.dumps(report, indent=1) + "\n")
    vocabulary = sorted({w for text in texts for w in _plain_words(text)})
    (args.out / "words.json").write_text(json.dumps(vocabulary) + "\n")
    print(json.dumps(report))
    return report


def _plain_words(text: str) -> list[str]:
    return [w for w in "".join(c if c.isalnum() or c in "'-" else " " for c in text.lower()).split() if w]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shards", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--everyday", type=Path, nargs="*", default=[], help="CSV files of everyday captions")
    parser.add_argument("--space", type=Path, help="attributes.json of the base model's run")
    parser.add_argument("--limit", type=int, default=30_000)
    parser.add_argument("--held-out", type=int, default=250)
    parser.add_argument("--vocab", type=int, default=4096)
    parser.add_argument("--dim", type=int, default=256)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--window", type=int, default=224)
    parser.add_argument("--batch", type=int, default=96)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--lr", type=float, default=6e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--from", dest="start", type=Path, help="folder of an encoder to go on from, restored or of another run")
    parser.add_argument("--resume", action="store_true")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
