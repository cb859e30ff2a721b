"""Train the captioner: python -m atelier_trainer.train_captioner --shards … --held-out … --bundle … --dual runs/dual --out …

The image tower stays as the dual encoder left it, so pictures are looked at once and only the words are learnt.
"""

import argparse
import json
import random
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from .augmentation import degrade
from .caption_reader import CaptionReader
from .captioner import Captioner, caption_ids, joined
from .data import SceneSet, load_scenes
from .dual_encoder import DualEncoder, ImageTower
from .precision import cpu_autocast
from .tokenizer import END, PAD, START
from .tokens import pad_ids
from .training_loop import LoopOptions, fit, loop_arguments

# The captions that state most, two of each picture: a caption that says little is always true and of no use.
WORDINGS = 2


@torch.no_grad()
def features_of(tower: ImageTower, images: Tensor, soften: bool) -> Tensor:
    """What the tower sees in pictures uint8 [N, 3, 64, 64]: [N, F]. `soften` makes them look generated."""
    tower.eval()
    parts = []
    generator = torch.Generator().manual_seed(0)
    for start in tqdm(range(0, len(images), 250), desc="looking", mininterval=10):
        image = images[start : start + 250].float() / 127.5 - 1
        image = degrade(image, generator) if soften else image
        parts.append(tower(image.contiguous(memory_format=torch.channels_last))[1])
    return torch.cat(parts)


def next_token_loss(model: Captioner, features: Tensor, ids: Tensor, mask: Tensor) -> Tensor:
    """Mean cross-entropy of every following token; padding left out."""
    logits = model(features, ids[:, :-1]).float()
    losses = F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none").view(mask[:, 1:].shape)
    return (losses * mask[:, 1:]).sum() / mask[:, 1:].sum()


def evaluate(model: Captioner, tower: ImageTower, reader: CaptionReader, scenes: SceneSet) -> dict:
    """Captions of held-out pictures, read by the text encoder: how much of what they state is true, and how much they state."""
    model.eval()
    tokenizer = reader.tokenizer
    start, end = tokenizer.token_to_id(START), tokenizer.token_to_id(END)
    texts: list[str] = []
    features = features_of(tower, scenes.images, soften=False)
    for part in features.split(200):
        texts += [joined([tokenizer.id_to_token(i) for i in ids]) for ids in caption_ids(model, part, start, end)]
    stated = torch.cat([reader.classes(texts[i : i + 200]) for i in range(0, len(texts), 200)])
    truth = torch.tensor([reader.space.labels(a, a) for a in scenes.attributes])
    right, said = (stated == truth) & (stated > 0), stated > 0
    by_key = {
        key: round((right[:, k].sum() / said[:, k].sum()).item(), 3)
        for k, key in enumerate(reader.space.keys)
        if said[:, k].sum() >= 20
    }
    model.train()
    return {
        "attributesTrue": (right.sum() / said.sum()).item(),
        "attributesPerCaption": (said.sum() / len(texts)).item(),
        "captionsAllTrue": (right | ~said).all(1).float().mean().item(),
        "worst": dict(sorted(by_key.items(), key=lambda item: item[1])[:8]),
        "samples": texts[:6],
    }


def train(args: argparse.Namespace) -> dict:
    torch.manual_seed(args.seed)
    reader = CaptionReader(args.bundle)
    tower = DualEncoder.load(args.dual).image.to(memory_format=torch.channels_last)
    scenes = load_scenes(args.shards, limit=args.limit)
    chosen = [sorted(group, key=lambda c: (-len(c.states), len(c.text)))[:WORDINGS] for group in scenes.captions]
    rows = [[e.ids for e in reader.tokenizer.encode_batch([c.text for c in group])] for group in chosen]
    half = len(scenes) // 2
    features = torch.cat([features_of(tower, scenes.images[:half], False), features_of(tower, scenes.images[half:], True)])
    count = len(scenes)
    del scenes
    assert reader.tokenizer.token_to_id(PAD) == 0
    model = Captioner(reader.tokenizer.get_vocab_size(), features.shape[1])
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters, {count} pictures", flush=True)

    def loss_of(rng: random.Random) -> Tensor:
        # Sorted so that a batch's captions are of like length.
        pool = [(i, rng.choice(rows[i])) for i in (rng.randrange(count) for _ in range(4 * args.batch))]
        pool.sort(key=lambda item: len(item[1]))
        at = rng.randrange(4) * args.batch
        part = pool[at : at + args.batch]
        ids, mask = pad_ids([row for _, row in part], model.config["window"] + 1)
        with cpu_autocast():
            return next_token_loss(model, features[[i for i, _ in part]], ids, mask)

    steps = fit(model, loss_of, LoopOptions.of(args), args.out)
    model.save(args.out)
    metrics: dict = {"steps": steps}
    if args.held_out:
        metrics |= evaluate(model, tower, reader, load_scenes(args.held_out, limit=args.held_out_limit))
    (args.out / "captioner_metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    print(json.dumps(metrics))
    return metrics


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--held-out", type=Path)
    p.add_argument("--held-out-limit", type=int, default=1000)
    p.add_argument(
        "--bundle",
        type=Path,
        required=True,
        help="has the tokenizer, and the text encoder that reads captions back",
    )
    p.add_argument("--dual", type=Path, required=True, help="folder of train_dual")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--limit", type=int)
    loop_arguments(p, batch=64, steps=1500, lr=2e-3)
    return p


if __name__ == "__main__":
    train(parser().parse_args())
