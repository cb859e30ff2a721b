"""Each model exports to ONNX within 1e-3 of PyTorch, and the bundle's manifest is true."""

import hashlib
import json

import onnxruntime
import pytest
import torch
from tokenizers import Tokenizer
from torch.nn import functional as F

from atelier_trainer.adversary import PatchAdversary, adversary_loss, deceiver_loss
from atelier_trainer.architectures import build
from atelier_trainer.attributes import AttributeSpace
from atelier_trainer.bundle import read_manifest
from atelier_trainer.conditions import AttributeEmbedding, ConditionBank
from atelier_trainer.data import load_scenes
from atelier_trainer.draw import BundleGenerator, draw_shard
from atelier_trainer.export import export_base, export_captioner, export_dual, export_language_model, export_sr, export_text
from atelier_trainer.language_model import LanguageModel
from atelier_trainer.presets import preset
from atelier_trainer.shards import decode_png, list_shards, read_shard
from atelier_trainer.super_resolution import SuperResolution
from atelier_trainer.super_resolution_pairs import draw_again, load_pairs
from atelier_trainer.text_encoder import TextEncoder
from atelier_trainer.tokenizer import train_tokenizer
from atelier_trainer.train_base import parser as base_parser
from atelier_trainer.train_base import train as train_base
from atelier_trainer.train_captioner import parser as captioner_parser
from atelier_trainer.train_captioner import train as train_captioner
from atelier_trainer.train_dual import parser as dual_parser
from atelier_trainer.train_dual import train as train_dual
from atelier_trainer.train_sr import parser as sr_parser
from atelier_trainer.train_sr import train as train_sr

SPACE = AttributeSpace.collect([{"colour": "red", "place": "left"}, {"colour": "green", "count": "2"}])


@pytest.fixture
def text_folder(tmp_path):
    tokenizer = train_tokenizer(["a red square", "two green squares"] * 4, 200)
    encoder = TextEncoder(tokenizer.get_vocab_size(), SPACE, 32, 1, 2, 24)
    folder = tmp_path / "text"
    encoder.save(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "words.json").write_text('["red"]')
    return folder


def test_text_encoder_and_denoiser_export_into_one_bundle(tmp_path, text_folder):
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    assert export_text(bundle, text_folder) < 1e-3
    model = build(preset("tiny"))
    torch.nn.init.normal_(model.head.weight, std=0.1)
    model.save_pretrained(tmp_path / "base")
    assert export_base(bundle, tmp_path / "base", len(SPACE.keys)) < 1e-3
    manifest = read_manifest(bundle)
    assert set(manifest["roles"]) == {"text_encoder", "vocabulary", "denoiser"}
    assert manifest["roles"]["denoiser"]["config"]["prediction_type"] == "sample"
    for role in manifest["roles"].values():
        for file in role["files"].values():
            assert hashlib.sha256((bundle / file["path"]).read_bytes()).hexdigest() == file["sha256"]
    session = onnxruntime.InferenceSession(str(bundle / "text_encoder" / "model.onnx"))
    ids = torch.randint(4, 20, (3, 7)).numpy()
    hidden, mask, pooled = session.run(None, {"input_ids": ids, "attention_mask": (ids > 0).astype("int64")})
    assert (hidden.shape, mask.shape, pooled.shape) == ((3, 3, 32), (3, 3), (3, 32))


def test_a_bundle_draws_a_shard_from_the_captions_of_another(tmp_path, text_folder, shards):
    bundle, out = tmp_path / "bundle", tmp_path / "drawn.tar"
    bundle.mkdir()
    export_text(bundle, text_folder)
    build(preset("tiny")).save_pretrained(tmp_path / "base")
    export_base(bundle, tmp_path / "base", len(SPACE.keys))
    scenes = list(read_shard(next(shards.glob("*.tar"))))[:10]
    draw_shard(BundleGenerator(bundle), scenes, out, steps=2, seed=1)
    drawn = list(read_shard(out))
    assert [item.captions[0].text for item in drawn] == [item.captions[0].text for item in scenes]
    assert decode_png(out, drawn[9].key, drawn[9].images["png"], 64).std() > 0


@pytest.mark.parametrize("name", ["tiny-unet", "tiny-dit"])
def test_diffusers_architectures_export(tmp_path, name):
    (tmp_path / "bundle").mkdir()
    build(preset(name)).save_pretrained(tmp_path / "base")
    assert export_base(tmp_path / "bundle", tmp_path / "base", 5) < 1e-3


@pytest.fixture
def text_bundle(tmp_path, text_folder):
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    export_text(bundle, text_folder)
    return bundle


def test_dual_encoder_and_captioner_train_and_export(tmp_path, shards, text_bundle):
    dual, captioner = tmp_path / "dual", tmp_path / "captioner"
    common = ["--shards", str(shards), "--bundle", str(text_bundle), "--steps", "3", "--batch", "8"]
    train_dual(dual_parser().parse_args([*common, "--out", str(dual)]))
    common += ["--held-out", str(shards), "--held-out-limit", "8"]
    metrics = train_captioner(captioner_parser().parse_args([*common, "--dual", str(dual), "--out", str(captioner)]))
    assert 0 <= metrics["captionsAllTrue"] <= 1
    assert export_dual(text_bundle, dual) < 1e-3
    assert export_captioner(text_bundle, captioner) < 1e-3
    roles = read_manifest(text_bundle)["roles"]
    assert roles["dual_encoder"]["config"]["scale"] > 1
    assert roles["captioner"]["config"]["dualEncoderSha256"] == roles["dual_encoder"]["files"]["image"]["sha256"]


def test_language_model_is_causal_and_exports(tmp_path, text_folder):
    model = LanguageModel(50, 32, 1, 16).eval()
    ids = torch.randint(50, (1, 8))
    changed = ids.clone()
    changed[0, 6:] = (changed[0, 6:] + 1) % 50
    torch.testing.assert_close(model(ids)[:, :6], model(changed)[:, :6])
    model.save(tmp_path / "lm")
    (tmp_path / "lm" / "words.json").write_text('{"a": 1}')
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    assert export_language_model(bundle, tmp_path / "lm", text_folder / "tokenizer.json") < 1e-3
    roles = json.loads((bundle / "atelier.json").read_text())["roles"]
    assert roles["enhancer"]["files"]["model"] == roles["language_model"]["files"]["model"]
    tokenizer = Tokenizer.from_file(str(bundle / "language_model" / "tokenizer.json"))
    assert tokenizer.decode(tokenizer.encode("a red square, two squares").ids) == "a red square, two squares"


@pytest.mark.parametrize("stage", ["sr256", "sr1024"])
def test_super_resolution_starts_as_bicubic_and_exports(tmp_path, sized_shards, stage):
    image = torch.rand(1, 3, 10, 8)
    bicubic = F.interpolate(image, scale_factor=4, mode="bicubic", align_corners=False)
    torch.testing.assert_close(SuperResolution(shrink=2)(image), bicubic, atol=1e-5, rtol=0)
    args = ["--stage", stage, "--shards", str(sized_shards), "--out", str(tmp_path), "--steps", "3", "--batch", "2"]
    metrics = train_sr(sr_parser().parse_args(args))
    assert abs(metrics["gainDb"]) < 3
    (tmp_path / "bundle").mkdir()
    assert export_sr(tmp_path / "bundle", tmp_path, stage) < 1e-3


def test_an_adversary_changes_what_super_resolution_learns(tmp_path, sized_shards):
    pixels: list[torch.Tensor] = []
    for weight in ("0", "0.1"):
        args = ["--stage", "sr256", "--shards", str(sized_shards), "--out", str(tmp_path / weight)]
        train_sr(sr_parser().parse_args([*args, "--steps", "3", "--batch", "2", "--adversarial", weight]))
        pixels.append(SuperResolution.load(tmp_path / weight, "sr256")(torch.full((1, 3, 8, 8), 0.5)))
    assert not torch.equal(*pixels)


def test_the_last_stage_learns_from_what_the_models_before_it_draw(tmp_path, sized_shards):
    base = tmp_path / "base"
    train_base(
        base_parser().parse_args(["--preset", "tiny", "--shards", str(sized_shards), "--out", str(base), "--steps", "1", "--cpu"])
    )
    args = ["--shards", str(sized_shards), "--out", str(tmp_path), "--steps", "1", "--batch", "2", "--base", str(base / "ema")]
    for stage, side in (("sr256", 64), ("sr1024", 256)):
        train_sr(sr_parser().parse_args(["--stage", stage, *args]))
        drawn = draw_again(stage, base / "ema", tmp_path, sized_shards, 3, torch.Generator().manual_seed(0))
        assert drawn.shape == (3, 3, side, side)
        pairs = load_pairs(sized_shards, stage, 3, torch.Generator().manual_seed(0), drawn)
        assert pairs.drawn is not None and pairs.drawn.shape == pairs.small.shape
        assert pairs.large.shape[-1] == 4 * pairs.small.shape[-1]


def test_drawn_pictures_are_cropped_where_renders_are(sized_shards):
    names = {"sr256": ("png", 64), "sr1024": ("256.png", 256)}
    for stage, (name, side) in names.items():
        scenes = [s for path in list_shards(sized_shards) for s in read_shard(path)][:3]
        renders = torch.stack([torch.tensor(decode_png(sized_shards, s.key, s.images[name], side)) for s in scenes])
        pairs = load_pairs(sized_shards, stage, 3, torch.Generator().manual_seed(0), renders)
        assert torch.equal(pairs.drawn, pairs.small)


def test_an_adversary_is_taught_to_tell_renders_apart():
    torch.manual_seed(0)
    adversary = PatchAdversary(8)
    optimiser = torch.optim.Adam(adversary.parameters(), lr=1e-2)
    real, made = torch.rand(4, 3, 64, 64), torch.rand(4, 3, 64, 64) * 0.1 + 0.45
    losses = []
    for _ in range(20):
        losses.append(adversary_loss(adversary(real, made), adversary(made, made)))
        optimiser.zero_grad()
        losses[-1].backward()
        optimiser.step()
    assert losses[-1] < 0.5 * losses[0]
    assert deceiver_loss(adversary(made, made)) > deceiver_loss(adversary(real, made))


def test_conditions_follow_the_captions(shards):
    scenes = load_scenes(shards)
    space = AttributeSpace.collect(scenes.attributes)
    bank = ConditionBank(space, scenes.attributes, scenes.captions, complete=0.0)
    picture = torch.tensor([4] * 64)
    labels = bank.draw(picture, 0.25, torch.Generator().manual_seed(0))
    kinds = {tuple(row) for row in labels.tolist()}
    full = tuple(space.labels(scenes.attributes[4], space.keys))
    assert kinds == {full, tuple(v if k != "place" else 0 for k, v in zip(space.keys, full, strict=True)), (0,) * len(full)}


def test_certain_probabilities_give_the_label_tokens():
    embedding = AttributeEmbedding(SPACE, 16)
    labels = torch.tensor([[1, 0, 1]])
    tokens, pooled = embedding(F.one_hot(labels, SPACE.width).float())
    for actual, expected in zip((tokens, pooled), embedding.of_labels(labels), strict=True):
        torch.testing.assert_close(actual, expected)


def test_attribute_space_round_trips():
    assert AttributeSpace.from_dict(json.loads(json.dumps(SPACE.to_dict()))) == SPACE
    assert SPACE.labels({"colour": "red", "place": "nowhere"}, ["colour", "place", "unheard"]) == [2, 0, 0]
