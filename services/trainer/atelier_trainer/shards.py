"""WebDataset shards: `<key>.json` + `<key>.png` (64×64) and, when rendered, `<key>.256.png`, `<key>.1024.png`.

Curated shards also have `<key>.tokens.npy` and `<key>.pooled.npy`: what the text encoder made of each caption.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from webdataset.tariterators import group_by_keys, tar_file_expander


class ShardError(ValueError):
    """A shard that can't be read. The message names the file and, where known, the sample."""


@dataclass(frozen=True)
class Caption:
    """One wording of a picture, and the attribute keys that this wording states."""

    text: str
    states: frozenset[str]


@dataclass(frozen=True)
class Embeddings:
    """A text encoder's answer to every caption of a sample: tokens float16 [C, T, dim], pooled float16 [C, dim]."""

    tokens: np.ndarray
    pooled: np.ndarray


@dataclass(frozen=True)
class Sample:
    """One record of a shard; `images` maps "png", "256.png", "1024.png" to encoded bytes, `embeddings` is None without cache."""

    key: str
    domain: str
    attributes: dict[str, str]
    captions: tuple[Caption, ...]
    images: dict[str, bytes]
    embeddings: Embeddings | None = None


def list_shards(folder: Path) -> list[Path]:
    """The shards of a folder in name order; raises ShardError when there is none."""
    shards = sorted(folder.glob("*.tar"))
    if not shards:
        raise ShardError(f"{folder}: no .tar shard in this folder")
    return shards


def read_shard(path: Path) -> Iterator[Sample]:
    """Yield every sample in file order. A truncated or malformed shard raises ShardError; nothing is skipped."""
    try:
        with path.open("rb") as stream:
            records = group_by_keys(tar_file_expander([{"url": str(path), "stream": stream}]))
            for record in records:
                yield _sample(path, record)
    except ShardError:
        raise
    except Exception as error:
        raise ShardError(f"{path}: not a readable tar shard ({error})") from error


def _sample(path: Path, record: dict) -> Sample:
    key = record["__key__"]
    try:
        data = json.loads(record["json"])
        captions = tuple(Caption(item["text"], frozenset(item["states"])) for item in data["captions"])
        images = {name: value for name, value in record.items() if name.endswith("png")}
        if not captions:
            raise ValueError("no captions")
        if "png" not in images:
            raise KeyError("png")
        embeddings = _embeddings(record, len(captions)) if "tokens.npy" in record else None
        return Sample(key, data["domain"], dict(data["attributes"]), captions, images, embeddings)
    except (KeyError, TypeError, ValueError) as error:
        raise ShardError(f"{path}: sample {key}: {type(error).__name__}: {error}") from error


def read_empty(folder: Path) -> Embeddings:
    """The embedding of the empty caption beside curated shards. Raises ShardError when it is not there."""
    try:
        tokens, pooled = (np.load(folder / f"empty.{name}.npy") for name in ("tokens", "pooled"))
    except (OSError, ValueError) as error:
        raise ShardError(f"{folder}: no embedding of the empty caption ({error})") from error
    return Embeddings(tokens[None], pooled[None])


def _embeddings(record: dict, captions: int) -> Embeddings:
    """Raises ValueError when they are not those of so many captions."""
    tokens, pooled = (np.load(io.BytesIO(record[name])) for name in ("tokens.npy", "pooled.npy"))
    if tokens.ndim != 3 or pooled.ndim != 2 or tokens.shape[::2] != pooled.shape or len(pooled) != captions:
        raise ValueError(f"embeddings {tokens.shape}, {pooled.shape} of {captions} captions")
    return Embeddings(tokens, pooled)


def decode_png(path: Path, key: str, data: bytes, size: int) -> np.ndarray:
    """RGB pixels, uint8 [3, size, size]. Raises ShardError for a broken picture or another size."""
    try:
        image = Image.open(io.BytesIO(data)).convert("RGB")
    except Exception as error:
        raise ShardError(f"{path}: sample {key}: broken PNG ({error})") from error
    if image.size != (size, size):
        raise ShardError(f"{path}: sample {key}: picture is {image.size}, expected {size}×{size}")
    return np.asarray(image).transpose(2, 0, 1)
