"""Draw pictures with a bundle, as a shard: python -m atelier_trainer.draw --bundle … --shards … --out runs/generated --count 400

Classifiers that will judge generated pictures are shown some. Each record keeps the caption that was drawn, one a scene of
`--shards`, and the attributes of that scene: what was asked for, not what came out.
"""

import argparse
import io
import json
import os
import tarfile
from pathlib import Path

import onnxruntime
import torch
from diffusers import DDIMScheduler
from torch import Tensor
from tqdm import tqdm

from .bundle import read_manifest
from .contact_sheet import to_image
from .sampler import sample
from .shards import Sample, list_shards, read_shard
from .tokenizer import load_tokenizer
from .tokens import encode_texts

BATCH = 8


class BundleGenerator:
    """Text encoder, prior (where there is one) and denoiser of a bundle, as the services run them."""

    def __init__(self, bundle: Path) -> None:
        roles = read_manifest(bundle)["roles"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, torch.get_num_threads())
        self.window: int = roles["text_encoder"]["config"]["window"]
        self.tokenizer = load_tokenizer(bundle / roles["text_encoder"]["files"]["tokenizer"]["path"])
        self.text, self.denoiser, self.prior = (
            onnxruntime.InferenceSession(str(bundle / roles[role]["files"]["model"]["path"]), options) if role in roles else None
            for role in ("text_encoder", "denoiser", "prior")
        )
        self.config = roles["denoiser"]["config"]
        self.scheduler = DDIMScheduler.from_config(self.config)

    def encode(self, texts: list[str]) -> tuple[Tensor, Tensor, Tensor]:
        ids, mask = encode_texts(self.tokenizer, texts, self.window)
        names = ["hidden_states", "hidden_mask", "pooled"]
        outputs = self.text.run(names, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})
        hidden, hidden_mask, pooled = (torch.from_numpy(value) for value in outputs)
        return hidden, hidden_mask, pooled

    def denoise(self, x: Tensor, timestep: Tensor, hidden: Tensor, mask: Tensor, pooled: Tensor) -> Tensor:
        values = (x, timestep, hidden, mask, pooled)
        names = ("sample", "timestep", "encoder_hidden_states", "encoder_attention_mask", "text_embeds")
        feeds = {name: value.contiguous().numpy() for name, value in zip(names, values, strict=True)}
        return torch.from_numpy(self.denoiser.run(["out_sample"], feeds)[0])

    def draw(self, texts: list[str], seed: int, steps: int) -> Tensor:
        """Pictures [B, 3, 64, 64] in [-1, 1] at the bundle's default guidance."""
        generator = torch.Generator().manual_seed(seed)
        noise = torch.randn(len(texts), 3, 64, 64, generator=generator)
        condition, empty = self.encode(texts), self.encode([""] * len(texts))
        if self.prior:
            condition = self.completed(condition, empty, torch.rand(condition[0].shape[:2], generator=generator))
        return sample(self.denoise, self.scheduler, condition, empty, noise, steps, self.config["defaultGuidance"])

    def completed(
        self, condition: tuple[Tensor, Tensor, Tensor], empty: tuple[Tensor, Tensor, Tensor], uniform: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """A condition with what it leaves open drawn by the prior from numbers [B, K] in [0, 1)."""
        values = {"hidden_states": condition[0], "negative_hidden_states": empty[0], "uniform": uniform}
        hidden, pooled = self.prior.run(None, {name: value.numpy() for name, value in values.items()})
        return torch.from_numpy(hidden), condition[1], torch.from_numpy(pooled)


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


def _record(sample_: Sample, text: str, states: frozenset[str]) -> bytes:
    record = {
        "key": sample_.key,
        "domain": sample_.domain,
        "attributes": sample_.attributes,
        "captions": [{"text": text, "states": sorted(states - {"domain"})}],
    }
    return json.dumps(record).encode()


def draw_shard(generator: BundleGenerator, scenes: list[Sample], path: Path, steps: int, seed: int) -> None:
    """One shard of a picture for each scene, drawn from the caption that states most; named when it is whole."""
    partial = path.with_suffix(".partial")
    with tarfile.open(partial, "w") as tar:
        for start in tqdm(range(0, len(scenes), BATCH), desc="drawing", mininterval=10):
            batch = scenes[start : start + BATCH]
            captions = [max(item.captions, key=lambda c: (len(c.states), -len(c.text))) for item in batch]
            pictures = generator.draw([c.text for c in captions], seed + start, steps)
            for item, caption, picture in zip(batch, captions, pictures, strict=True):
                stream = io.BytesIO()
                to_image(picture).save(stream, "PNG")
                _add(tar, f"{item.key}.json", _record(item, caption.text, caption.states))
                _add(tar, f"{item.key}.png", stream.getvalue())
    os.replace(partial, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--shards", type=Path, required=True, help="scenes whose captions are drawn")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    # Every so-manyth scene, so that each kind in the folder is drawn.
    scenes = [item for path in list_shards(args.shards) for item in read_shard(path)]
    scenes = scenes[:: max(1, len(scenes) // args.count)][: args.count]
    draw_shard(BundleGenerator(args.bundle), scenes, args.out / "shard-00000.tar", args.steps, args.seed)


if __name__ == "__main__":
    main()
