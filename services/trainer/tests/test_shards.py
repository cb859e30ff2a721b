"""Shards load whole; bad ones are named."""

import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest

from atelier_trainer.data import load_scenes, rank_slice, step_generator
from atelier_trainer.shards import ShardError, read_shard

from .conftest import add, png, write_shard


def test_loads_every_sample(shards):
    scenes = load_scenes(shards)
    assert len(scenes) == 48
    assert scenes.images.shape == (48, 3, 64, 64)
    assert scenes.attributes[1] == {"domain": "abstract", "colour": "green", "place": "left"}
    assert scenes.captions[1][1].states == {"colour", "domain"}


def test_empty_folder_is_named(tmp_path):
    with pytest.raises(ShardError, match=str(tmp_path)):
        load_scenes(tmp_path)


def test_truncated_shard_is_named(tmp_path):
    path = write_shard(tmp_path / "shard-00000.tar")
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ShardError, match=r"shard-00000\.tar"):
        load_scenes(tmp_path)


@pytest.mark.parametrize(
    ("json_text", "png", "message"),
    [("{", b"", "k9"), ('{"captions": []}', b"", "k9"), ('{"domain": "a"}', b"", "captions"), (None, b"no", "domain")],
)
def test_bad_sample_is_named(tmp_path, json_text, png, message):
    with tarfile.open(tmp_path / "shard-00007.tar", "w") as tar:
        text = json_text if json_text is not None else '{"attributes": {}, "captions": [{"text": "x", "states": []}]}'
        add(tar, "k9.json", text.encode())
        add(tar, "k9.png", png)
    with pytest.raises(ShardError, match=rf"(?s)shard-00007\.tar.*{message}"):
        load_scenes(tmp_path)


def test_broken_and_wrongly_sized_pictures_are_named(tmp_path, shards):
    with pytest.raises(ShardError, match="expected 32×32"):
        load_scenes(shards, size=32)
    record = b'{"domain": "a", "attributes": {}, "captions": [{"text": "x", "states": []}]}'
    with tarfile.open(tmp_path / "shard-00001.tar", "w") as tar:
        add(tar, "k1.json", record)
        add(tar, "k1.png", io.BytesIO(b"not a picture").getvalue())
    with pytest.raises(ShardError, match="k1: broken PNG"):
        load_scenes(tmp_path)


def test_steps_draw_the_same_numbers_again():
    first, again, other = (step_generator(1, s).get_state() for s in (5, 5, 6))
    assert first.equal(again)
    assert not first.equal(other)


def test_batches_divide_among_ranks():
    assert [rank_slice(8, r, 2) for r in (0, 1)] == [slice(0, 4), slice(4, 8)]
    with pytest.raises(ValueError, match="does not divide"):
        rank_slice(9, 0, 2)


def test_cached_embeddings_come_with_their_captions(tmp_path):
    def shard(captions: int) -> Path:
        path = tmp_path / f"shard-{captions:05d}.tar"
        with tarfile.open(path, "w") as tar:
            facts = {"domain": "abstract", "attributes": {}, "captions": [{"text": "x", "states": []}] * 2}
            add(tar, "k.json", json.dumps(facts).encode())
            add(tar, "k.png", png("red", "left", 64))
            for name, shape in (("tokens", (captions, 3, 4)), ("pooled", (captions, 4))):
                stream = io.BytesIO()
                np.save(stream, np.ones(shape, np.float16))
                add(tar, f"k.{name}.npy", stream.getvalue())
        return path

    (sample,) = read_shard(shard(2))
    assert (sample.embeddings.tokens.shape, sample.embeddings.pooled.shape) == ((2, 3, 4), (2, 4))
    with pytest.raises(ShardError, match="embeddings"):
        list(read_shard(shard(3)))
