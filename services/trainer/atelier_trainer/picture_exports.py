"""Exports of the networks that look at pictures: the dual encoder's towers, attribute classifiers, harm and quality.

They bear int8 convolutions: a quarter of their size in fp32, and no figure of theirs moves by more than a few thousandths.
"""

import json
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from .attribute_classifier import AttributeClassifier
from .bundle import copy_into, write_role
from .dual_encoder import DualEncoder
from .harm_classifier import CATEGORIES, CategoryScores, HarmClassifier
from .onnx_export import Storage, export_onnx
from .quality_scorer import QualityScorer


def export_tower(model: DualEncoder, tower: Literal["image", "text"], path: Path, storage: Storage) -> float:
    """One tower of a dual encoder as an ONNX file."""
    if tower == "image":
        free = {name: {0: "batch"} for name in ("image", "embedding", "features")}
        return export_onnx(model.image, (picture_like(),), ("image",), ("embedding", "features"), free, path, storage)
    free = {name: {0: "batch"} for name in ("hidden_states", "embedding")}
    hidden = torch.randn(2, len(model.space.keys), model.config["text_dim"])
    return export_onnx(model.text, (hidden,), ("hidden_states",), ("embedding",), free, path, storage)


def export_attributes(model: AttributeClassifier, path: Path, storage: Storage) -> float:
    """One attribute classifier as an ONNX file: outputs `features` and the logits of each key by its name."""
    outputs = ("features", *model.space.keys)
    free = {name: {0: "batch"} for name in ("image", *outputs)}
    return export_onnx(model, (picture_like(),), ("image",), outputs, free, path, storage)


def export_classifier(bundle: Path, role: str, model: AttributeClassifier, source: Path) -> float:
    """A role that reads attributes off pictures: `judge`, or `portrait_classifier`. `source` has its attributes.json."""
    path = bundle / role / "model.onnx"
    difference = export_attributes(model, path, "int8-all")
    attributes = copy_into(path.with_name("attributes.json"), source / "attributes.json")
    write_role(bundle, role, {"model": path, "attributes": attributes}, {})
    return difference


def export_harm(bundle: Path, source: Path) -> float:
    """Role `harm_classifier`: scores of the policy's categories, 0.5 where the calibration put the line."""
    path = bundle / "harm_classifier" / "model.onnx"
    free = {"image": {0: "batch"}, "scores": {0: "batch"}}
    scores = CategoryScores(HarmClassifier.load(source))
    difference = export_onnx(scores, (picture_like(),), ("image",), ("scores",), free, path, "int8-all")
    write_role(bundle, "harm_classifier", {"model": path}, {"size": 64, "classes": list(CATEGORIES)})
    return difference


def export_quality(bundle: Path, source: Path) -> float:
    """Role `quality`: one score a picture; `threshold` is what all but few clean pictures reach."""
    path = bundle / "quality" / "model.onnx"
    free = {"image": {0: "batch"}, "score": {0: "batch"}}
    model = QualityScorer.load(source)
    difference = export_onnx(model, (picture_like(),), ("image",), ("score",), free, path, "int8-all")
    threshold = json.loads((source / "quality_metrics.json").read_text())["threshold"]
    write_role(bundle, "quality", {"model": path}, {"size": 64, "threshold": round(threshold, 4)})
    return difference


def picture_like() -> Tensor:
    """Inputs of a picture network, to trace it with."""
    return torch.rand(2, 3, 64, 64) * 2 - 1
