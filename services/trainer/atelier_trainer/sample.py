"""Draw a contact sheet: python -m atelier_trainer.sample --base …/ema --space …/attributes.json --shards … --out sheet.png

Prompts are captions of held-out scenes (their stated attributes condition the model), or with --text lines of a file.
"""

import argparse
import json
from pathlib import Path

import torch
from diffusers import DDIMScheduler

from .architectures import load_denoiser
from .attributes import AttributeSpace
from .conditions import AttributeEmbedding
from .contact_sheet import contact_sheet, to_image
from .precision import cpu_autocast
from .sampler import sample
from .shards import list_shards, read_shard
from .text_encoder import TextEncoder
from .tokenizer import load_tokenizer
from .tokens import encode_texts


def held_out_captions(folder: Path, space: AttributeSpace, count: int) -> tuple[list[str], torch.Tensor]:
    """The longest-stated caption of the first `count` scenes, with its classes [count, K]."""
    texts, labels = [], []
    for path in list_shards(folder):
        for item in read_shard(path):
            caption = max(item.captions, key=lambda c: len(c.states) - len(c.text.split()) / 100)
            texts.append(caption.text)
            labels.append(space.labels({"domain": item.domain, **item.attributes}, caption.states | {"domain"}))
            if len(texts) == count:
                return texts, torch.tensor(labels)
    return texts, torch.tensor(labels)


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--space", type=Path, required=True)
    parser.add_argument("--shards", type=Path)
    parser.add_argument("--text", type=Path, help="folder of a trained text encoder")
    parser.add_argument("--prompts", type=Path, help="one prompt a line; needs --text")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--guidance", type=float, default=2.5)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    space = AttributeSpace.from_dict(json.loads(args.space.read_text()))
    model = load_denoiser(args.base).eval()
    embedding = AttributeEmbedding(space, model.config.text_dim)
    if args.prompts:
        prompts = args.prompts.read_text().splitlines()[: args.count]
        encoder, tokenizer = TextEncoder.load(args.text).eval(), load_tokenizer(args.text / "tokenizer.json")
        hidden, mask, pooled, _ = encoder(*encode_texts(tokenizer, prompts, encoder.config["window"]))
    else:
        prompts, labels = held_out_captions(args.shards, space, args.count)
        hidden, pooled = embedding.of_labels(labels)
        mask = torch.ones(hidden.shape[:2])
    nothing, nothing_pooled = embedding.of_labels(torch.zeros(len(prompts), len(space.keys), dtype=torch.long))
    scheduler = DDIMScheduler.from_config(json.loads((args.base / "scheduler" / "scheduler_config.json").read_text()))
    noise = torch.randn(len(prompts), 3, 64, 64, generator=torch.Generator().manual_seed(args.seed))
    with cpu_autocast():
        pictures = sample(
            model,
            scheduler,
            (hidden, mask.float(), pooled),
            (nothing, mask.float(), nothing_pooled),
            noise,
            args.steps,
            args.guidance,
        )
    contact_sheet([to_image(p) for p in pictures], prompts, args.out)


if __name__ == "__main__":
    main()
