"""Networks that are really smaller, and the same where what was cut out said nothing."""

import json
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from atelier_trainer import prune, train_base
from atelier_trainer.architectures import build, load_denoiser
from atelier_trainer.attributes import AttributeSpace
from atelier_trainer.blocks import ResidualBlock, TransformerBlock
from atelier_trainer.data import load_scenes
from atelier_trainer.denoiser_training import write_denoiser
from atelier_trainer.diffusion import SCHEDULE
from atelier_trainer.export import export_denoiser
from atelier_trainer.presets import BasePreset, preset

SIZES = {"widths": (32, 32, 32), "depths": (1, 1, 2), "heads": 2, "conditioning": 32}
SETTINGS = {"hybrid": BasePreset(sizes=SIZES, text_dim=32), "dit": preset("tiny-dit")}


def with_idle_halves(settings: BasePreset) -> nn.Module:
    """Nobody reads every second head, hidden unit and channel; such a channel is its neighbour's twin, lest norms differ."""
    torch.manual_seed(4)
    model = build(settings)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
        for block in model.modules():
            if isinstance(block, TransformerBlock):
                block.out_self.weight[:, 16:] = 0
                block.out_cross.weight[:, :16] = 0
                block.mlp[2].weight[:, 1::2] = 0
            elif isinstance(block, ResidualBlock):
                block.conv_out.weight[:, 1::2] = 0
                block.conv_in.weight[1::2] = block.conv_in.weight[::2]
                block.conv_in.bias[1::2] = block.conv_in.bias[::2]
    return model


def saved(model: nn.Module, folder: Path, shards: Path) -> Path:
    write_denoiser(model, folder / "last", SCHEDULE)
    space = AttributeSpace.collect(load_scenes(shards).attributes)
    (folder / "attributes.json").write_text(json.dumps(space.to_dict()))
    return folder / "last"


def prune_to(out: Path, start: Path, shards: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> None:
    args = ["--from", str(start), "--shards", str(shards), "--out", str(out), "--batches", "2", "--batch", "4", *options]
    monkeypatch.setattr(sys, "argv", ["prune", *args])
    prune.main()


def answer(model: nn.Module) -> torch.Tensor:
    generator = torch.Generator().manual_seed(3)
    shapes = ((2, 3, 64, 64), (2, 4, 32), (2, 32))
    sample, hidden, pooled = (torch.randn(*shape, generator=generator) for shape in shapes)
    with torch.no_grad():
        return model.eval()(sample, torch.tensor([900.0, 300.0]), hidden, torch.ones(2, 4), pooled)


@pytest.mark.parametrize("architecture", SETTINGS)
def test_what_nobody_reads_goes_and_nothing_changes(architecture, shards, tmp_path, monkeypatch, capsys) -> None:
    model = with_idle_halves(SETTINGS[architecture])
    prune_to(tmp_path / "out", saved(model, tmp_path, shards), shards, monkeypatch, "--share", "0.5")
    report = json.loads(capsys.readouterr().out)
    smaller = load_denoiser(tmp_path / "out" / "last")
    assert prune.size_of(smaller) == report["after"] < 0.85 * prune.size_of(model)
    transformers = [block for block in smaller.modules() if isinstance(block, TransformerBlock)]
    assert {(b.heads_self, b.heads_cross, b.hidden) for b in transformers} == {(1, 1, 64)}
    assert all(block.qkv.weight.shape == (48, 32) for block in transformers)
    assert all(block.hidden == 16 for block in smaller.modules() if isinstance(block, ResidualBlock))
    torch.testing.assert_close(answer(smaller), answer(model), atol=1e-4, rtol=1e-4)


def test_recovery_trains_the_smaller_network_and_exports_it(shards, tmp_path, monkeypatch, capsys) -> None:
    start = saved(with_idle_halves(SETTINGS["hybrid"]), tmp_path, shards)
    prune_to(tmp_path / "pruned", start, shards, monkeypatch, "--share", "0.6")
    after = json.loads(capsys.readouterr().out)["after"]
    options = ["--preset", "tiny", "--from", str(tmp_path / "pruned" / "last"), "--shards", str(shards), "--cpu"]
    train_base.train(train_base.parser().parse_args([*options, "--out", str(tmp_path / "recovered"), "--steps", "2"]))
    recovered = load_denoiser(tmp_path / "recovered" / "ema")
    assert prune.size_of(recovered) == after
    assert not torch.equal(answer(recovered), answer(load_denoiser(tmp_path / "pruned" / "last")))
    big, small = tmp_path / "big.onnx", tmp_path / "small.onnx"
    export_denoiser(load_denoiser(start), 3, big, "fp16")
    export_denoiser(recovered, 3, small, "fp16")
    assert small.stat().st_size < 0.8 * big.stat().st_size


def test_no_block_loses_its_last_unit() -> None:
    kind = prune.KINDS[TransformerBlock][0]
    kept = prune.survivors({("weak", kind): torch.tensor([0.1, 0.2]), ("strong", kind): torch.tensor([5.0, 4.0, 3.0])}, 0.5)
    assert kept["weak", kind].tolist() == [1]
    assert kept["strong", kind].tolist() == [0, 1, 2]


def test_a_network_without_such_blocks_is_refused(shards, tmp_path, monkeypatch, capsys) -> None:
    start = saved(build(preset("tiny-unet")), tmp_path, shards)
    with pytest.raises(SystemExit):
        prune_to(tmp_path / "out", start, shards, monkeypatch)
    assert "no blocks that can be pruned" in capsys.readouterr().err
