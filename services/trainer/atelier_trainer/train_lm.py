"""Train the language model: python -m atelier_trainer.train_lm --shards … --tokenizer … --everyday … --out … --minutes 3"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from .language_model import LanguageModel
from .precision import cpu_autocast
from .tokenizer import caption_file_texts, load_tokenizer
from .tokens import encode_texts
from .train_text import read_captions


def next_token_loss(model: LanguageModel, ids: Tensor, mask: Tensor) -> Tensor:
    """Mean cross-entropy of every following token; padding left out."""
    logits = model(ids[:, :-1]).float()
    losses = F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none").view(mask[:, 1:].shape)
    return (losses * mask[:, 1:]).sum() / mask[:, 1:].sum()


def train(args: argparse.Namespace) -> dict[str, float]:
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    tokenizer = load_tokenizer(args.tokenizer)
    captions = [c.text for _, group in read_captions(args.shards, args.limit) for c in group]
    everyday = list(caption_file_texts(args.everyday))
    held_out, captions = captions[:800], captions[800:]
    model = LanguageModel.load(args.out) if args.resume else LanguageModel(tokenizer.get_vocab_size())
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters, {len(captions)} captions", flush=True)
    optimiser = torch.optim.AdamW(model.parameters(), lr=args.lr, betas=(0.9, 0.98), weight_decay=0.01)
    started, step = time.monotonic(), 0
    bar = tqdm(desc="language model", mininterval=10)
    while (progress := (time.monotonic() - started) / (args.minutes * 60)) < 1 and step < args.steps:
        for group in optimiser.param_groups:
            group["lr"] = args.lr * min(1, (step + 1) / 50, max(0.02, (1 - progress) / 0.5))
        texts = [rng.choice(everyday if everyday and rng.random() < 0.25 else captions) for _ in range(args.batch)]
        ids, mask = encode_texts(tokenizer, texts, model.config["window"])
        with cpu_autocast():
            loss = next_token_loss(model, ids, mask)
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
    with torch.no_grad():
        loss = next_token_loss(model, *encode_texts(tokenizer, held_out, model.config["window"])).item()
    metrics = {"steps": step, "heldOutLoss": loss, "heldOutPerplexity": math.exp(loss)}
    (args.out / "lm_metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    print(json.dumps(metrics))
    return metrics


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--tokenizer", type=Path, required=True)
    p.add_argument("--everyday", type=Path, nargs="*", default=[])
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--limit", type=int, default=20_000)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--minutes", type=float, default=3)
    p.add_argument("--steps", type=int, default=1_000_000)
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--resume", action="store_true")
    return p


if __name__ == "__main__":
    train(parser().parse_args())
