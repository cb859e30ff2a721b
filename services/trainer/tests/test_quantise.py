"""Bundles with fewer bits, run by ONNX Runtime: within the error that was asked for, and with what is sensitive left alone."""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from atelier_trainer import quantise
from atelier_trainer.architectures import build
from atelier_trainer.attributes import AttributeSpace
from atelier_trainer.bundle import read_manifest, write_profiles, write_role
from atelier_trainer.data import load_scenes
from atelier_trainer.denoiser_training import write_denoiser
from atelier_trainer.diffusion import SCHEDULE
from atelier_trainer.export import export_base
from atelier_trainer.onnx_export import unstored
from atelier_trainer.presets import preset
from atelier_trainer.quantisation import METHODS

SENSITIVE = "/middle.0/mlp/mlp.2/MatMul"


@pytest.fixture(scope="module")
def bundle(shards: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny denoiser with a loud hidden unit that nothing listens to: it spoils the range of one layer's input, and no more."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("bundle")
    model = build(preset("tiny"))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
        first, _, second = model.middle[0].mlp
        first.bias[0] = 3000
        second.weight[:, 0] = 0
    write_denoiser(model, folder / "last", SCHEDULE)
    space = AttributeSpace.collect(load_scenes(shards).attributes)
    write_role(folder, "text_encoder", {}, {"attributes": space.to_dict(), "dim": 32})
    export_base(folder, folder / "last", len(space.keys))
    write_profiles(folder, {"turbo": {"sampler": "ddim", "steps": 4, "guidance": 1, "figures": {"denoiser": "another"}}})
    return folder


def made(bundle: Path, shards: Path, out: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> Path:
    args = ["--bundle", str(bundle), "--shards", str(shards), "--out", str(out), "--calibration", "3", "--judging", "1"]
    monkeypatch.setattr(sys, "argv", ["quantise", *args, *options])
    quantise.main()
    return out


def model_of(folder: Path) -> Path:
    return folder / read_manifest(folder)["roles"]["denoiser"]["files"]["model"]["path"]


def answers(folder: Path, items: list[dict[str, np.ndarray]]) -> np.ndarray:
    session = onnxruntime.InferenceSession(str(model_of(folder)), providers=["CPUExecutionProvider"])
    return np.concatenate([session.run(["out_sample"], item)[0] for item in items])


@pytest.mark.parametrize("method", METHODS)
def test_a_bundle_with_fewer_bits_answers_within_its_budget(method, bundle, shards, tmp_path, monkeypatch, capsys) -> None:
    out = made(bundle, shards, tmp_path / "out", monkeypatch, "--method", method, "--budget", "0.1")
    report = json.loads(capsys.readouterr().out)
    entry = read_manifest(out)["roles"]["denoiser"]["files"]["model"]
    data = model_of(out).read_bytes()
    assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
    assert report["bytes"] < 0.65 * report["bytesFp32"]
    role = read_manifest(out)["roles"]["denoiser"]
    if method == "fp16":
        assert "instructions" not in role and "plain" not in role["files"]
    else:
        # A machine without them falls back to what the bundle was made from.
        assert role["instructions"] == [quantise.DOT_PRODUCTS]
        assert (out / role["files"]["plain"]["path"]).read_bytes() == model_of(bundle).read_bytes()
    assert read_manifest(out)["profiles"] == {"turbo": {"sampler": "ddim", "steps": 4, "guidance": 1}}
    # The bundle it was made from stays what it was, though the two share files.
    assert read_manifest(bundle)["profiles"]["turbo"]["figures"]
    items = list(quantise.noisy_items(quantise.bundle_batches(bundle, shards), 7, 2))
    expected, actual = answers(bundle, items), answers(out, items)
    error = np.sqrt(np.square(actual - expected).sum() / np.square(expected).sum())
    assert 0 < error < 0.15, "on items that neither calibrated nor judged"


def test_the_layer_that_bears_it_worst_is_found_and_stays_fp32(bundle, shards, tmp_path, monkeypatch, capsys) -> None:
    out = made(bundle, shards, tmp_path / "out", monkeypatch, "--method", "static-int8", "--budget", "0.02")
    report = json.loads(capsys.readouterr().out)
    assert next(iter(report["kept"])) == SENSITIVE
    assert len(report["kept"]) < report["layers"] / 2
    graph = onnx.load(str(model_of(out))).graph
    weights = {item.name: item for item in graph.initializer}
    kept = [node for node in graph.node if node.name in report["kept"]]
    assert len(kept) == len(report["kept"])
    # In fp32, though it may be stored in half.
    assert all(weights.get(node.input[1], weights.get(f"{node.input[1]}.half")) is not None for node in kept)
    rounded = [node for node in graph.node if node.op_type == "DequantizeLinear" and node.input[0] in weights]
    assert len([node for node in rounded if weights[node.input[0]].data_type == onnx.TensorProto.INT8]) >= report["layers"] / 2
    scales = [weights[node.input[1]] for node in rounded if len(weights[node.input[0]].dims) >= 2]
    assert all(np.prod(scale.dims) > 1 for scale in scales), "a scale for each channel"


def test_a_graph_is_plain_again(bundle) -> None:
    stored = onnx.load(str(model_of(bundle)))
    item = {
        "sample": np.random.default_rng(0).normal(size=(1, 3, 64, 64)).astype(np.float32),
        "timestep": np.array([500], np.float32),
        "encoder_hidden_states": np.ones((1, 3, 32), np.float32),
        "encoder_attention_mask": np.ones((1, 3), np.int64),
        "text_embeds": np.ones((1, 32), np.float32),
    }
    expected = answers(bundle, [item])
    assert any(entry.data_type == onnx.TensorProto.FLOAT16 for entry in stored.graph.initializer)
    graph = unstored(stored)
    assert not any(entry.data_type in (onnx.TensorProto.FLOAT16, onnx.TensorProto.INT8) for entry in graph.graph.initializer)
    actual = onnxruntime.InferenceSession(graph.SerializeToString()).run(None, item)[0]
    assert np.array_equal(actual, expected)
