"""The networks that look at pictures: each trains a little, exports to what PyTorch computes, and comes back from its bundle."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch.nn import functional as F

from atelier_trainer.attributes import AttributeSpace
from atelier_trainer.augmentation import move
from atelier_trainer.bundle import read_manifest, write_role
from atelier_trainer.dual_encoder import DualEncoder
from atelier_trainer.export import export_dual
from atelier_trainer.faults import FAULTS, spoil
from atelier_trainer.harm_classifier import (
    CATEGORIES,
    KINDS,
    NOTHING,
    THINGS,
    CategoryScores,
    HarmClassifier,
    calibrated_offset,
)
from atelier_trainer.judge import Judge
from atelier_trainer.onnx_export import TOLERANCE, _int8_codes
from atelier_trainer.picture_exports import export_classifier, export_harm, export_quality
from atelier_trainer.restore import restore_dual, restore_judge
from atelier_trainer.stand_in_layers import kinds_in, lay, load_layers
from atelier_trainer.textures import textures
from atelier_trainer.train_harm import parser as harm_parser
from atelier_trainer.train_harm import train as train_harm
from atelier_trainer.train_portrait import load_portrait_classifier
from atelier_trainer.train_portrait import parser as portrait_parser
from atelier_trainer.train_portrait import train as train_portrait
from atelier_trainer.train_quality import parser as quality_parser
from atelier_trainer.train_quality import rank_correlation
from atelier_trainer.train_quality import train as train_quality

from .conftest import write_shard

SPACE = AttributeSpace.collect([{"age": "old", "gender": "man"}, {"age": "young", "gender": "woman"}])


def folder_of(tmp_path: Path, name: str, **options) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    write_shard(folder / "shard-00000.tar", **options)
    return folder


def bundle_of(tmp_path: Path) -> Path:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    return bundle


def run(path: Path, picture: torch.Tensor) -> list[np.ndarray]:
    return onnxruntime.InferenceSession(str(path)).run(None, {"image": picture.numpy()})


DRAWN_THINGS = {"red": ("harm.weapon", "pistol"), "green": ("harm.noose", "noose"), "blue": ("look-alike", "spoon")}


def marked(tmp_path: Path, count: int) -> Path:
    """Red squares stand in for pistols, green ones for nooses; blue ones are spoons."""
    return folder_of(
        tmp_path,
        "marked",
        count=count,
        layers=True,
        more=lambda number, colour: {f"harm.{kind}": "none" for kind in KINDS} | dict([DRAWN_THINGS[colour]]),
    )


def test_layers_are_laid_where_their_labels_say(tmp_path: Path) -> None:
    layers = load_layers(marked(tmp_path, 12), every=10)
    assert len(layers.images) == 10
    pistols = layers.of(torch.tensor([THINGS.index(("weapon", "pistol"))]))
    assert len(pistols.images) == 3 and layers.weights[layers.things == pistols.things[0]].sum() == pytest.approx(1)
    white, nothing = torch.ones(6, 3, 64, 64), torch.full((6, 8, 8), NOTHING)
    images, places = lay(white, nothing, pistols, torch.Generator().manual_seed(3))
    red = (images[:, 1] < 0).float()
    assert torch.equal(F.avg_pool2d(red, 8) >= 0.2, places == pistols.things[0])
    assert (places[F.avg_pool2d(red, 8) == 0] == NOTHING).all() and len({tuple(p.flatten().tolist()) for p in places}) > 3
    assert kinds_in(places).tolist() == [[True, False, False, False]] * 6
    assert not kinds_in(nothing).any()


def test_harm_is_learnt_and_its_scores_are_those_of_the_exported_file(tmp_path: Path, shards: Path) -> None:
    folder = marked(tmp_path, 120)
    plain = folder_of(tmp_path, "plain", count=3)
    arguments = ["--stand-ins", str(folder), "--shards", str(plain), "--held-out", str(folder)]
    options = ["--generated", str(plain), "--held-out-generated", str(plain), "--steps", "40", "--batch", "32", "--warmup", "5"]
    # Blood and signs are in no picture, so there is no line to calibrate for them.
    with pytest.raises(ValueError, match="blood"):
        train_harm(harm_parser().parse_args([*arguments, *options, "--out", str(tmp_path / "none")]))

    model = HarmClassifier()
    (tmp_path / "harm").mkdir()
    model.save(tmp_path / "harm")
    bundle = bundle_of(tmp_path)
    assert export_harm(bundle, tmp_path / "harm") <= TOLERANCE
    role = read_manifest(bundle)["roles"]["harm_classifier"]
    assert role["config"] == {"size": 64, "classes": list(CATEGORIES)}
    (scores,) = run(bundle / role["files"]["model"]["path"], torch.zeros(2, 3, 64, 64))
    assert scores.shape == (2, len(CATEGORIES)) and ((scores >= 0) & (scores <= 1)).all()


def test_a_category_scores_as_its_likeliest_kind() -> None:
    model = HarmClassifier()
    with torch.no_grad():
        model.head.weight.zero_()
        model.head.bias.fill_(-100)
        # Each place shows a pool of blood, a noose or nothing with these odds, and 64 places that agree add up.
        for thing, odds in ((("blood", "pool"), 2.0), (("noose", "noose"), 1.0), (THINGS[NOTHING], 1.0)):
            model.head.bias[THINGS.index(thing)] = np.log(odds)
        model.offset.fill_(np.log(64))
    violence, hate, self_harm = CategoryScores(model)(torch.zeros(1, 3, 64, 64))[0].tolist()
    assert [violence, hate, self_harm] == pytest.approx([2 / (2 + 2), 0, 1 / (1 + 3)], abs=1e-5)


def test_the_line_lies_between_harmless_and_harmful_pictures() -> None:
    labels = torch.tensor([[False]] * 100 + [[True]] * 100)
    logits = torch.cat([torch.linspace(-5, 1, 100), torch.linspace(3, 9, 100)])[:, None]
    assert calibrated_offset(logits, labels).item() == pytest.approx(3.0, abs=0.1)


def test_where_they_overlap_the_line_spares_harmless_pictures() -> None:
    labels = torch.tensor([[False]] * 100 + [[True]] * 100)
    logits = torch.cat([torch.linspace(-5, 3, 100), torch.linspace(-1, 9, 100)])[:, None]
    assert calibrated_offset(logits, labels).item() == pytest.approx(3.0, abs=0.1)


def test_portrait_classifier_trains_exports_and_reads_the_same(tmp_path: Path) -> None:
    ages = {"red": "old", "green": "young", "blue": "child"}
    faces = folder_of(tmp_path, "faces", count=48, domain="portrait", more=lambda number, colour: {"age": ages[colour]})
    write_shard(faces / "others.tar")
    out = tmp_path / "portrait"
    arguments = ["--shards", str(faces), "--held-out", str(faces), "--out", str(out), "--steps", "30", "--batch", "16"]
    metrics = train_portrait(portrait_parser().parse_args([*arguments, "--warmup", "5"]))
    assert metrics["crisp"]["age"] > 0.6
    model = load_portrait_classifier(out)
    bundle = bundle_of(tmp_path)
    assert export_classifier(bundle, "portrait_classifier", model, out) <= TOLERANCE
    files = read_manifest(bundle)["roles"]["portrait_classifier"]["files"]
    assert json.loads((bundle / files["attributes"]["path"]).read_text())["age"] == ["", "child", "old", "young"]


def test_quality_trains_exports_and_keeps_its_threshold(tmp_path: Path, shards: Path) -> None:
    out = tmp_path / "quality"
    arguments = ["--shards", str(shards), "--generated", str(shards), "--held-out", str(shards), "--out", str(out)]
    metrics = train_quality(quality_parser().parse_args([*arguments, "--steps", "4", "--batch", "16"]))
    assert set(metrics["spoiltBelowClean"]) == set(FAULTS)
    bundle = bundle_of(tmp_path)
    assert export_quality(bundle, out) <= TOLERANCE
    assert read_manifest(bundle)["roles"]["quality"]["config"]["threshold"] == round(metrics["threshold"], 4)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_grows_with_its_severity_and_starts_at_nothing(name: str) -> None:
    # Coarse shapes with a little grain: each fault finds something to spoil.
    shapes, grain = (torch.rand(4, 3, side, side, generator=torch.Generator().manual_seed(side)) for side in (4, 64))
    picture = torch.nn.functional.interpolate(shapes, size=64, mode="bilinear") * 1.6 - 0.8 + 0.2 * (grain - 0.5)
    change = []
    for severity in (0.0, 0.3, 1.0):
        spoilt = FAULTS[name](picture, torch.full((4, 1, 1, 1), severity), torch.Generator().manual_seed(2))
        assert spoilt.shape == picture.shape
        change.append((spoilt - picture).abs().mean().item())
    assert change[0] == pytest.approx(0, abs=1e-6)
    assert change[0] < change[1] < change[2]


def test_what_is_left_of_the_quality_is_none_for_the_worst_and_all_for_the_best() -> None:
    picture = torch.rand(64, 3, 64, 64) * 2 - 1
    spoilt, left = spoil(picture, torch.Generator().manual_seed(0))
    change = (spoilt - picture).abs().mean((1, 2, 3))
    assert ((left >= 0) & (left <= 1)).all()
    assert rank_correlation(change, 1 - left.flatten()) > 0.3


def test_textures_are_pictures_of_many_colours_and_the_same_for_a_seed() -> None:
    pictures = textures(6, seed=3)
    assert pictures.shape == (6, 3, 64, 64) and pictures.dtype == np.uint8
    assert all(picture.std() > 3 for picture in pictures)
    np.testing.assert_array_equal(pictures, textures(6, seed=3))


def test_moved_pictures_keep_their_pixels() -> None:
    picture = torch.full((8, 3, 64, 64), 0.25)
    torch.testing.assert_close(move(picture, torch.Generator().manual_seed(0)), picture)


@pytest.mark.parametrize("shape", [(96, 80), (64, 48, 3, 3)])
def test_int8_codes_give_rounded_weights_back(shape: tuple[int, ...]) -> None:
    weight = torch.randn(shape)
    scale = weight.abs().amax(dim=tuple(range(1, len(shape))), keepdim=True) / 127
    rounded = ((weight / scale).round() * scale).numpy()
    codes, scales = _int8_codes(rounded)
    assert codes.dtype == np.int8
    np.testing.assert_allclose(codes * scales, rounded, atol=1e-6)
    assert _int8_codes(weight.numpy()) is None


def test_judge_and_dual_encoder_come_back_from_their_bundle(tmp_path: Path) -> None:
    bundle = bundle_of(tmp_path)
    write_role(bundle, "text_encoder", {}, {"attributes": SPACE.to_dict(), "dim": 32})
    judge, dual = Judge(SPACE), DualEncoder(SPACE, 32, dim=16)
    with torch.no_grad():  # as training leaves them: exporters write parameters that are alike only once
        for parameter in [*judge.parameters(), *dual.image.parameters(), *dual.text.parameters()]:
            parameter.copy_(torch.randn_like(parameter) * 0.1)
    source = tmp_path / "judge"
    source.mkdir()
    (source / "attributes.json").write_text(json.dumps(SPACE.to_dict()))
    export_classifier(bundle, "judge", judge, source)
    dual.save(tmp_path / "dual")
    (tmp_path / "dual" / "dual_metrics.json").write_text("{}")
    export_dual(bundle, tmp_path / "dual")

    picture = torch.rand(2, 3, 64, 64) * 2 - 1
    restored = restore_dual(bundle).eval()
    assert restored.scale.item() == pytest.approx(dual.scale.item(), rel=1e-3)
    embedding, _ = run(bundle / "dual_encoder" / "image.onnx", picture)
    np.testing.assert_allclose(restored.image(picture)[0].detach().numpy(), embedding, atol=TOLERANCE)
    features = run(bundle / "judge" / "model.onnx", picture)[0]
    np.testing.assert_allclose(restore_judge(bundle).eval()(picture)[0].detach().numpy(), features, atol=TOLERANCE)
