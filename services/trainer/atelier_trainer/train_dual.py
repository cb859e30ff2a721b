"""Train the dual encoder: python -m atelier_trainer.train_dual --shards … --tokenizer … --out … --minutes 4

Half of each batch's pictures also bring a caption made wrong by one word, which must score below the right one.
"""

import argparse
import json
import random
import time
from pathlib import Path

import torch
from tqdm import tqdm

from .data import SceneSet, load_scenes
from .dual_encoder import DualEncoder, contrastive_loss
from .hard_negatives import make_wrong
from .precision import cpu_autocast
from .tokenizer import load_tokenizer
from .tokens import encode_texts


def fullest(captions: tuple) -> str:
    """The caption that states most."""
    return max(captions, key=lambda c: (len(c.states), -len(c.text))).text


@torch.no_grad()
def evaluate(model: DualEncoder, tokenizer, scenes: SceneSet, groups: int = 8) -> dict[str, float]:
    """Text → picture R@1 among 100 held-out scenes, and how often a caption beats its one-word-wrong version."""
    model.eval()
    rng, hits, wins, pairs = random.Random(0), 0, 0, 0
    for g in range(groups):
        rows = range(g * 100, (g + 1) * 100)
        texts = [fullest(scenes.captions[i]) for i in rows]
        image = model.image(scenes.images[rows.start : rows.stop].float() / 127.5 - 1)
        text = model.text(*encode_texts(tokenizer, texts, model.config["window"]))
        hits += ((text @ image.t()).argmax(1) == torch.arange(100)).sum().item()
        wrong = [(i, w) for i, t in enumerate(texts) if (w := make_wrong(t, rng))]
        other = model.text(*encode_texts(tokenizer, [w for _, w in wrong], model.config["window"]))
        index = torch.tensor([i for i, _ in wrong])
        wins += ((image[index] * text[index]).sum(1) > (image[index] * other).sum(1)).sum().item()
        pairs += len(wrong)
    model.train()
    return {"retrievalAt1Of100": hits / (groups * 100), "hardNegatives": wins / pairs, "hardNegativePairs": pairs}


def train(args: argparse.Namespace) -> dict[str, float]:
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    scenes = load_scenes(args.shards, limit=args.limit)
    tokenizer = load_tokenizer(args.tokenizer)
    model = DualEncoder.load(args.out) if args.resume else DualEncoder(tokenizer.get_vocab_size())
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.1f} M parameters", flush=True)
    optimiser = torch.optim.AdamW(model.parameters(), lr=args.lr, betas=(0.9, 0.98), weight_decay=0.05)
    started, step = time.monotonic(), 0
    bar = tqdm(desc="dual encoder", mininterval=10)
    while (progress := (time.monotonic() - started) / (args.minutes * 60)) < 1 and step < args.steps:
        for group in optimiser.param_groups:
            group["lr"] = args.lr * min(1, (step + 1) / 100, max(0.02, (1 - progress) / 0.5))
        pick = [rng.randrange(len(scenes)) for _ in range(args.batch)]
        right = [fullest(scenes.captions[i]) if rng.random() < 0.6 else rng.choice(scenes.captions[i]).text for i in pick]
        wrong = [w for text in right[: args.batch // 2] if (w := make_wrong(text, rng))]
        ids, mask = encode_texts(tokenizer, right + wrong, model.config["window"])
        with cpu_autocast():
            image = model.image(scenes.images[pick].float() / 127.5 - 1)
            text = model.text(ids, mask)
        loss = contrastive_loss(image, text, model.scale)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        bar.update()
        if step % 25 == 0:
            bar.set_postfix(loss=f"{loss.item():.3f}")
    bar.close()
    model.save(args.out)
    held_out = load_scenes(args.held_out, limit=800) if args.held_out else None
    metrics = {"steps": step, **(evaluate(model, tokenizer, held_out) if held_out else {})}
    (args.out / "dual_metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    print(json.dumps(metrics))
    return metrics


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--held-out", type=Path)
    p.add_argument("--tokenizer", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--limit", type=int)
    p.add_argument("--batch", type=int, default=128)
    p.add_argument("--minutes", type=float, default=4)
    p.add_argument("--steps", type=int, default=1_000_000)
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--resume", action="store_true")
    return p


if __name__ == "__main__":
    train(parser().parse_args())
