"""Train the language model: python -m atelier_trainer.train_lm --shards … --tokenizer … --prompts … --out … --minutes 12

One causal model for completion and enhancement. Its texts are `[CLS] prompt [SEP]`, which teaches it what comes next, and
`[CLS] prompt [SEP] addition , addition … [SEP]`, which teaches it what a fuller prompt would add.
"""

import argparse
import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from .enhancement_pairs import Pairs, Scene
from .language_model import LanguageModel
from .precision import cpu_autocast
from .prompt_sets import split_prompts
from .tokenizer import load_tokenizer
from .tokens import pad_ids
from .train_text import read_captions
from .training_loop import LoopOptions, fit, loop_arguments

# Shares of a batch: captions of the grammar, pairs, prompts that people wrote.
SHARES = {"captions": 0.5, "pairs": 0.25, "prompts": 0.25}
WORD = re.compile(r"[^\W_](?:[^\W_]|['-])*")


def next_token_loss(model: LanguageModel, ids: Tensor, mask: Tensor) -> Tensor:
    """Mean cross-entropy of every following token; padding left out before the logits are made."""
    follows = mask[:, 1:].bool()
    logits = F.linear(model.body(ids[:, :-1])[follows], model.body.token.weight)
    return F.cross_entropy(logits.float(), ids[:, 1:][follows])


class Texts:
    """Token rows of one kind, sorted by length so that rows of one length can be drawn."""

    def __init__(self, rows: Sequence[Sequence[int]]) -> None:
        self.rows = sorted(rows, key=len)
        self.begin: dict[int, int] = {}
        for i, row in enumerate(self.rows):
            self.begin.setdefault(len(row), i)

    def near(self, length: int, count: int, rng: random.Random) -> list[Sequence[int]]:
        """`count` rows of about `length` tokens."""
        shorter = [n for n in self.begin if n <= length]
        at = self.begin[max(shorter)] if shorter else 0
        low, high = max(0, at - count), min(len(self.rows), max(at, 0) + 20 * count)
        return [self.rows[rng.randrange(low, high)] for _ in range(count)]


def encode(tokenizer: Tokenizer, texts: Sequence[str], window: int) -> list[list[int]]:
    """`[CLS] text [SEP]`; those that are too long are left out."""
    return [e.ids for e in tokenizer.encode_batch_fast(list(texts)) if len(e.ids) <= window]


def encode_pairs(tokenizer: Tokenizer, pairs: Sequence[tuple[str, list[str]]], window: int) -> list[list[int]]:
    """`[CLS] prompt [SEP] addition , addition [SEP]`."""
    prompts = tokenizer.encode_batch_fast([prompt for prompt, _ in pairs])
    additions = tokenizer.encode_batch_fast([", ".join(phrases) for _, phrases in pairs])
    rows = [prompt.ids + added.ids[1:] for prompt, added in zip(prompts, additions, strict=True)]
    return [row for row in rows if len(row) <= window]


def make_rows(tokenizer: Tokenizer, scenes: Sequence[Scene], pairs: Pairs, prompts: Sequence[str], window: int, seed: int):
    """Token rows by kind, see SHARES."""
    rng = random.Random(seed)
    drawn = [pair for scene in scenes for _ in range(2) if (pair := pairs.draw(scene, rng))]
    captions = [caption.text for _, group in scenes for caption in group]
    return {
        "captions": encode(tokenizer, captions, window),
        "pairs": encode_pairs(tokenizer, drawn, window),
        "prompts": encode(tokenizer, prompts, window),
    }


def count_words(texts: Iterable[str], most: int = 8000, rare: int = 5) -> dict[str, int]:
    """The commonest words in lower case, as completion may offer them, and how often they occur."""
    counts = Counter(word for text in texts for word in WORD.findall(text.lower()))
    return {word: count for word, count in counts.most_common(most) if count >= rare}


@torch.no_grad()
def perplexity(model: LanguageModel, rows: Sequence[Sequence[int]], most: int = 1000) -> float:
    """Per token, over rows that were not learnt from."""
    model.eval()
    total = count = 0.0
    for begin in range(0, min(most, len(rows)), 100):
        ids, mask = pad_ids(rows[begin : begin + 100], model.config["window"])
        tokens = mask[:, 1:].sum().item()
        total += next_token_loss(model, ids, mask).item() * tokens
        count += tokens
    model.train()
    return math.exp(total / count)


def train(args: argparse.Namespace) -> dict[str, float]:
    torch.manual_seed(args.seed)
    tokenizer = load_tokenizer(args.tokenizer)
    scenes = read_captions(args.shards, args.limit)
    learnt, held_out = split_prompts(args.prompts)
    pairs = Pairs(scenes[args.held_out :])
    rows = make_rows(tokenizer, scenes[args.held_out :], pairs, learnt, args.window, args.seed)
    kept = make_rows(tokenizer, scenes[: args.held_out], pairs, held_out, args.window, args.seed)
    kinds = {kind: Texts(some) for kind, some in rows.items() if some}
    model = LanguageModel(tokenizer.get_vocab_size(), args.dim, args.layers, args.window)
    sizes = {kind: len(texts.rows) for kind, texts in kinds.items()}
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters, {sizes}", flush=True)

    def loss_of(rng: random.Random) -> Tensor:
        length = len(rng.choice(kinds[rng.choices(list(kinds), [SHARES[kind] for kind in kinds])[0]].rows))
        count = max(8, args.tokens // length)
        batch = [row for kind, texts in kinds.items() for row in texts.near(length, max(1, round(SHARES[kind] * count)), rng)]
        with cpu_autocast():
            return next_token_loss(model, *pad_ids(batch, args.window))

    args.out.mkdir(parents=True, exist_ok=True)
    texts = [*(caption.text for _, group in scenes[args.held_out :] for caption in group), *learnt]
    (args.out / "words.json").write_text(json.dumps(count_words(texts)) + "\n")
    steps = fit(model, loss_of, LoopOptions.of(args), args.out)
    model.save(args.out)
    metrics = {"steps": steps, **{f"{kind}Perplexity": perplexity(model, some) for kind, some in kept.items() if some}}
    (args.out / "lm_metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    print(json.dumps(metrics))
    return metrics


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--tokenizer", type=Path, required=True)
    p.add_argument("--prompts", type=Path, nargs="*", default=[], help="prompt sets with an open licence, see prompt_sets.py")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--limit", type=int, default=30_000, help="scenes")
    p.add_argument("--held-out", type=int, default=500, help="of these, not learnt from")
    p.add_argument("--tokens", type=int, default=2048, help="of a step's batch")
    p.add_argument("--window", type=int, default=160)
    p.add_argument("--dim", type=int, default=128)
    p.add_argument("--layers", type=int, default=2)
    loop_arguments(p, batch=0, minutes=12, lr=3e-3)
    return p


if __name__ == "__main__":
    train(parser().parse_args())
