"""Redrawn pictures are the base model's own, of the same scenes."""

import torch

from atelier_trainer.data import load_scenes
from atelier_trainer.redraw import redraw
from atelier_trainer.train_base import parser, train


def test_redraws_every_scene_with_the_base_model(shards, tmp_path):
    out = tmp_path / "base"
    train(parser().parse_args(["--preset", "tiny", "--shards", str(shards), "--out", str(out), "--steps", "2", "--cpu"]))
    pictures = load_scenes(shards).images
    drawn = redraw(out / "ema", shards, pictures, torch.Generator().manual_seed(0))
    assert drawn.shape == pictures.shape and drawn.dtype == torch.uint8
    assert not torch.equal(drawn, pictures)
    again = redraw(out / "ema", shards, pictures, torch.Generator().manual_seed(0))
    assert torch.equal(drawn, again)
