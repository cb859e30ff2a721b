"""Small synthetic shards: coloured squares, with captions that say so."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

COLOURS = {"red": (220, 40, 40), "green": (40, 180, 60), "blue": (40, 60, 220)}


def add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


def png(colour: str, place: str, size: int) -> bytes:
    image = Image.new("RGB", (size, size), "white")
    left = 0 if place == "left" else size // 2
    ImageDraw.Draw(image).rectangle((left, size // 4, left + size // 2 - 1, 3 * size // 4 - 1), fill=COLOURS[colour])
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def layer(colour: str, place: str) -> bytes:
    """The square of `png` alone, on nothing."""
    image = Image.new("RGBA", (64, 64))
    left = 0 if place == "left" else 32
    ImageDraw.Draw(image).rectangle((left, 16, left + 31, 47), fill=(*COLOURS[colour], 255))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array.astype(np.float16))
    return stream.getvalue()


def write_shard(
    path: Path,
    count: int = 24,
    sizes: tuple[int, ...] = (64,),
    embedding_dim: int | None = None,
    domain: str = "abstract",
    more: Callable[[int, str], dict[str, str]] = lambda number, colour: {},
    layers: bool = False,
) -> Path:
    """`more` gives further attributes of a sample by its number and colour; with `layers` each has its square as a layer too."""
    with tarfile.open(path, "w") as tar:
        for i in range(count):
            colour, place = list(COLOURS)[i % 3], ("left", "right")[i // 3 % 2]
            captions = [
                {"text": f"a {colour} square on the {place}", "states": ["colour", "place"]},
                {"text": f"a square coloured {colour}", "states": ["colour"]},
            ]
            record = {"key": f"k{i:05d}", "seed": i, "domain": domain, "captions": captions}
            record["attributes"] = {"colour": colour, "place": place, **more(i, colour)}
            add(tar, f"k{i:05d}.json", json.dumps(record).encode())
            for size in sizes:
                add(tar, f"k{i:05d}.png" if size == 64 else f"k{i:05d}.{size}.png", png(colour, place, size))
            if layers:
                add(tar, f"k{i:05d}.layer.png", layer(colour, place))
            if embedding_dim:
                add(tar, f"k{i:05d}.tokens.npy", npy(np.full((2, 3, embedding_dim), i)))
                add(tar, f"k{i:05d}.pooled.npy", npy(np.full((2, embedding_dim), i)))
    return path


@pytest.fixture(scope="session")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shards")
    write_shard(folder / "shard-00000.tar")
    write_shard(folder / "shard-00001.tar")
    return folder


@pytest.fixture(scope="session")
def sized_shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sized")
    write_shard(folder / "shard-00000.tar", 8, (64, 256, 1024))
    return folder
