"""Export trained models into a bundle: python -m atelier_trainer.export --bundle bundles/starter --text … --base … --sr …

Only the models named are exported; every other role of the bundle stays. Each export is checked against ONNX Runtime.
"""

import argparse
import json
from pathlib import Path

import torch
from torch import Tensor, nn

from .architectures import load_denoiser
from .bundle import copy_into, read_manifest, write_metrics, write_role
from .captioner import Captioner
from .diffusion import GUIDANCE, SCHEDULE
from .dual_encoder import DualEncoder, space_digest
from .judge import Judge
from .language_model import LanguageModel
from .onnx_export import Storage, export_onnx
from .picture_exports import export_classifier, export_harm, export_quality, export_tower
from .super_resolution import SuperResolution
from .text_encoder import TextEncoder
from .tokenizer import END, START
from .train_portrait import load_portrait_classifier
from .train_prior import load_prior

# Captions are rarely longer, so the language model has hardly seen positions beyond.
CONTEXT = 96


class _TextOutputs(nn.Module):
    """The encoder without its logits, mask as int64."""

    def __init__(self, encoder: TextEncoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        hidden, mask, pooled, _ = self.encoder(input_ids, attention_mask)
        return hidden, mask.long(), pooled


class _LastLogits(nn.Module):
    """A language model's logits [B, 1, vocabulary] of the token that comes next: the others cost as much again."""

    def __init__(self, model: LanguageModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor) -> Tensor:
        body = self.model.body
        return nn.functional.linear(body(input_ids)[:, -1:], body.token.weight)


def export_text(bundle: Path, source: Path) -> float:
    """Roles `text_encoder` and `vocabulary`."""
    encoder = TextEncoder.load(source)
    model = bundle / "text_encoder" / "model.onnx"
    difference = export_text_encoder(encoder, model, "int8")
    tokenizer = copy_into(bundle / "tokenizer" / "tokenizer.json", source / "tokenizer.json")
    config = {
        "window": encoder.config["window"],
        "dim": encoder.config["dim"],
        "maxWords": 128,
        "attributes": encoder.space.to_dict(),
    }
    write_role(bundle, "text_encoder", {"model": model, "tokenizer": tokenizer}, config)
    words = copy_into(bundle / "vocabulary" / "words.json", source / "words.json")
    write_role(bundle, "vocabulary", {"words": words}, {})
    return difference


def export_text_encoder(encoder: TextEncoder, path: Path, storage: Storage) -> float:
    """The text encoder as an ONNX file that takes any batch and any number of tokens up to its window."""
    ids = torch.randint(4, encoder.config["vocab_size"], (2, 12))
    mask = torch.ones_like(ids)
    mask[1, 8:] = 0
    free = {0: "batch", 1: "tokens"}
    return export_onnx(
        _TextOutputs(encoder),
        (ids, mask),
        ("input_ids", "attention_mask"),
        ("hidden_states", "hidden_mask", "pooled"),
        {
            "input_ids": free,
            "attention_mask": free,
            "hidden_states": {0: "batch"},
            "hidden_mask": {0: "batch"},
            "pooled": {0: "batch"},
        },
        path,
        storage,
    )


def export_denoiser(model: nn.Module, keys: int, path: Path, storage: Storage) -> float:
    """One denoiser as an ONNX file that takes any batch and any number of condition tokens; traced with `keys` of them."""
    size, dim = model.config.sample_size, model.config.text_dim
    inputs = (
        torch.randn(2, 3, size, size),
        torch.tensor([999.0, 300.0]),
        torch.randn(2, keys, dim),
        torch.ones(2, keys, dtype=torch.int64),
        torch.randn(2, dim),
    )
    names = ("sample", "timestep", "encoder_hidden_states", "encoder_attention_mask", "text_embeds")
    free = {name: {0: "batch"} for name in (*names, "out_sample")}
    free["encoder_hidden_states"][1] = free["encoder_attention_mask"][1] = "tokens"
    return export_onnx(model, inputs, names, ("out_sample",), free, path, storage=storage)


def export_base(bundle: Path, source: Path, keys: int) -> float:
    """Role `denoiser`. `source` is a diffusers folder with `scheduler/`, `keys` the number of condition tokens."""
    path = bundle / "unet" / "model.onnx"
    difference = export_denoiser(load_denoiser(source), keys, path, "int8")
    schedule = source / "scheduler" / "scheduler_config.json"
    config = json.loads(schedule.read_text()) if schedule.exists() else SCHEDULE
    # A distilled one says itself how it is sampled.
    config = {"defaultSteps": 25, "defaultGuidance": GUIDANCE} | config | {"sampleSize": 64, "channels": 3}
    write_role(bundle, "denoiser", {"model": path}, config)
    return difference


def export_prior(bundle: Path, source: Path) -> float:
    """Role `prior`: draws what a prompt leaves open, between the text encoder and the denoiser."""
    model = load_prior(source)
    keys = len(model.space.keys)
    classes = torch.zeros(3, keys, dtype=torch.long)
    classes[:, model.order[0]] = torch.tensor([0, 1, 2])
    hidden, _ = model.embedding.of_labels(classes)
    negative, _ = model.embedding.of_labels(classes.flip(0))
    path = bundle / "prior" / "model.onnx"
    names, outputs = ("hidden_states", "negative_hidden_states", "uniform"), ("complete_hidden_states", "pooled")
    free = {name: {0: "batch"} for name in (*names, *outputs)}
    difference = export_onnx(model, (hidden, negative, torch.rand(3, keys)), names, outputs, free, path)
    write_role(bundle, "prior", {"model": path}, {"attributesSha256": space_digest(model.space)})
    return difference


def export_super_resolution(model: SuperResolution, path: Path, storage: Storage) -> float:
    """One stage as an ONNX file that takes pictures of any size its body can halve."""
    free = {0: "batch", 2: "height", 3: "width"}
    names = {"image": free, "enlarged": free}
    return export_onnx(model, (torch.rand(1, 3, 32, 48),), ("image",), ("enlarged",), names, path, storage)


def export_sr(bundle: Path, source: Path, stage: str) -> float:
    """Role `super_resolution_256` or `super_resolution_1024` from the stage named sr256 or sr1024."""
    model = SuperResolution.load(source, stage)
    path = bundle / f"super_resolution_{stage[2:]}" / "model.onnx"
    difference = export_super_resolution(model, path, "fp16")
    write_role(bundle, f"super_resolution_{stage[2:]}", {"model": path}, {"scale": 4, "multipleOf": model.shrink})
    return difference


def export_dual(bundle: Path, source: Path) -> float:
    """Role `dual_encoder`: the image tower, and the text tower on top of the bundle's text encoder."""
    model = DualEncoder.load(source)
    folder = bundle / "dual_encoder"
    image, text = folder / "image.onnx", folder / "text.onnx"
    # The text tower keeps the pseudo-inverse that turns tokens into probabilities, which int8 would blur.
    differences = [export_tower(model, "image", image, "int8-all"), export_tower(model, "text", text, "int8")]
    metrics = json.loads((source / "dual_metrics.json").read_text())
    config = {
        "dim": model.config["dim"],
        "features": model.image.FEATURES,
        "scale": round(model.scale.item(), 4),
        "bias": round(model.bias.item(), 4),
        "relevanceThreshold": metrics.get("relevanceThreshold", 0.3),
        "attributesSha256": space_digest(model.space),
    }
    write_role(bundle, "dual_encoder", {"image": image, "text": text}, config)
    return max(differences)


def export_captioner(bundle: Path, source: Path) -> float:
    """Role `captioner`: reads the features of the dual encoder, writes with the tokenizer that the bundle has already."""
    model = Captioner.load(source)
    path = bundle / "captioner" / "model.onnx"
    free = {"features": {0: "batch"}, "input_ids": {0: "batch", 1: "tokens"}, "logits": {0: "batch", 1: "tokens"}}
    inputs = (torch.randn(2, model.config["features"]), torch.randint(4, model.config["vocab_size"], (2, 9)))
    difference = export_onnx(model, inputs, ("features", "input_ids"), ("logits",), free, path, "int8")
    roles = read_manifest(bundle)["roles"]
    tokenizer = bundle / roles["text_encoder"]["files"]["tokenizer"]["path"]
    config = {
        "window": model.config["window"],
        "features": model.config["features"],
        "dualEncoderSha256": roles["dual_encoder"]["files"]["image"]["sha256"],
    }
    write_role(bundle, "captioner", {"model": path, "tokenizer": tokenizer}, config)
    return difference


def export_language_model(bundle: Path, source: Path, tokenizer: Path) -> float:
    """Roles `language_model` and `enhancer`: one model, of which completion reads the first text and enhancement the second."""
    model = LanguageModel.load(source)
    path = bundle / "language_model" / "model.onnx"
    free = {"input_ids": {0: "batch", 1: "tokens"}, "logits": {0: "batch"}}
    inputs = (torch.randint(4, model.config["vocab_size"], (2, 9)),)
    difference = export_onnx(_LastLogits(model), inputs, ("input_ids",), ("logits",), free, path, "int8")
    files = {"model": path, "tokenizer": write_decoding_tokenizer(path.with_name("tokenizer.json"), tokenizer)}
    words = copy_into(path.with_name("words.json"), source / "words.json")
    config = {"context": min(CONTEXT, model.config["window"]), "bos": START, "eos": END}
    write_role(bundle, "language_model", files | {"words": words}, config)
    write_role(bundle, "enhancer", files, config | {"separator": END, "temperature": 0.8, "topP": 0.95, "maxTokens": 40})
    return difference


def write_decoding_tokenizer(target: Path, source: Path) -> Path:
    """Copy a tokenizer, saying how its word pieces are put together again."""
    tokenizer = json.loads(source.read_text())
    tokenizer["decoder"] = {"type": "WordPiece", "prefix": "##", "cleanup": True}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(tokenizer, ensure_ascii=False) + "\n")
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--prior", type=Path, help="folder of train_prior")
    parser.add_argument("--sr", type=Path, help="folder of train_sr; stages that are there are exported")
    parser.add_argument("--dual", type=Path, help="folder of train_dual")
    parser.add_argument("--captioner", type=Path, help="folder of train_captioner")
    parser.add_argument("--lm", type=Path, help="folder of train_lm")
    parser.add_argument("--judge", type=Path, help="folder of judge")
    parser.add_argument("--portrait", type=Path, help="folder of train_portrait")
    parser.add_argument("--harm", type=Path, help="folder of train_harm")
    parser.add_argument("--quality", type=Path, help="folder of train_quality")
    parser.add_argument("--version", help="of the bundle; stays as it is where none is given")
    parser.add_argument("--metrics", type=Path, nargs="*", default=[], help="JSON files merged into the manifest's metrics")
    args = parser.parse_args()
    args.bundle.mkdir(parents=True, exist_ok=True)
    parity: dict[str, float] = {}
    if args.text:
        parity["text_encoder"] = export_text(args.bundle, args.text)
    if args.base:
        keys = json.loads((args.bundle / "atelier.json").read_text())["roles"]["text_encoder"]["config"]["attributes"]
        parity["denoiser"] = export_base(args.bundle, args.base, len(keys))
    if args.prior:
        parity["prior"] = export_prior(args.bundle, args.prior)
    for stage in ("sr256", "sr1024"):
        if args.sr and (args.sr / f"{stage}.safetensors").exists():
            parity[stage] = export_sr(args.bundle, args.sr, stage)
    if args.dual:
        parity["dual_encoder"] = export_dual(args.bundle, args.dual)
    if args.captioner:
        parity["captioner"] = export_captioner(args.bundle, args.captioner)
    if args.lm:
        parity["language_model"] = export_language_model(args.bundle, args.lm, args.bundle / "tokenizer" / "tokenizer.json")
    if args.judge:
        parity["judge"] = export_classifier(args.bundle, "judge", Judge.load(args.judge), args.judge)
    if args.portrait:
        model = load_portrait_classifier(args.portrait)
        parity["portrait_classifier"] = export_classifier(args.bundle, "portrait_classifier", model, args.portrait)
    if args.harm:
        parity["harm_classifier"] = export_harm(args.bundle, args.harm)
    if args.quality:
        parity["quality"] = export_quality(args.bundle, args.quality)
    metrics = {f"{path.stem}": json.loads(path.read_text()) for path in args.metrics}
    write_metrics(args.bundle, args.version, metrics | {f"parity_{key}": value for key, value in parity.items()})
    print(json.dumps(parity))


if __name__ == "__main__":
    main()
