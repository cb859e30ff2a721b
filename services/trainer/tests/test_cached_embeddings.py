"""Training on the caption embeddings that the data pipeline cached."""

import numpy as np
import pytest
import torch

from atelier_trainer.conditions import CachedConditions
from atelier_trainer.data import load_scenes
from atelier_trainer.shards import ShardError, read_empty
from atelier_trainer.train_base import parser, train

from .conftest import npy, write_shard


@pytest.fixture
def curated(tmp_path):
    write_shard(tmp_path / "shard-00000.tar", 8, embedding_dim=32)
    (tmp_path / "empty.tokens.npy").write_bytes(npy(np.full((3, 32), -1)))
    (tmp_path / "empty.pooled.npy").write_bytes(npy(np.full(32, -1)))
    return tmp_path


def test_pictures_draw_their_own_captions_or_the_empty_one(curated):
    bank = CachedConditions(load_scenes(curated, embeddings=True).embeddings, read_empty(curated))
    picture = torch.arange(8).repeat(50)
    rows = bank.draw(picture, 0.25, torch.Generator().manual_seed(0))
    tokens, pooled = bank.of_labels(rows)
    assert (tokens.shape, pooled.shape) == ((400, 3, 32), (400, 32))
    empty = pooled[:, 0] == -1
    assert 0.15 < empty.float().mean() < 0.35
    assert torch.equal(pooled[~empty, 0], picture[~empty].float())


def test_a_base_model_trains_on_them(curated, tmp_path):
    args = ["--preset", "tiny", "--cpu", "--shards", str(curated), "--out", str(tmp_path / "out"), "--steps", "2"]
    assert train(parser().parse_args([*args, "--cached-embeddings"]))["step"] == 2


def test_shards_without_embeddings_are_named(shards):
    with pytest.raises(ShardError, match="no cached caption embeddings"):
        load_scenes(shards, embeddings=True)
    with pytest.raises(ShardError, match="empty"):
        read_empty(shards)
