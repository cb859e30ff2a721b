"""Read weights back out of a bundle's ONNX files, to go on training a model whose checkpoints are gone.

python -m atelier_trainer.restore --bundle ../../bundles/starter --preset starter --out runs/restored
python -m atelier_trainer.restore --bundle ../../bundles/starter --role dual_encoder --out runs/dual

Roles: denoiser, super_resolution (both stages), text_encoder, dual_encoder, judge.

The folder is what the model's own training leaves, so that every command that reads one goes on from it.
"""

import argparse
import json
import math
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import torch
from diffusers import ModelMixin
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import nn

from .architectures import build
from .attribute_classifier import save_attributes
from .attributes import AttributeSpace
from .bundle import read_manifest
from .denoiser_training import write_denoiser
from .diffusion import noise_schedule
from .dual_encoder import DualEncoder
from .export import export_denoiser, export_super_resolution, export_text_encoder
from .judge import Judge
from .onnx_export import unstored
from .picture_exports import export_attributes, export_tower
from .presets import preset
from .super_resolution import SIZES, SuperResolution
from .text_encoder import TextEncoder

ROLES = ("denoiser", "super_resolution", "text_encoder", "dual_encoder", "judge")


def stored_tensors(path: Path) -> dict[str, np.ndarray]:
    """Every initialiser of an exported file by its original name, in fp32, whatever its storage (`onnx_export`)."""
    return {item.name: numpy_helper.to_array(item) for item in unstored(onnx.load(str(path))).graph.initializer}


@torch.no_grad()
def restore(module: nn.Module, source: Path, reference: Path) -> nn.Module:
    """Fill `module` with the weights of `source`.

    Exporters rename and transpose weights, so `reference` is `module` itself exported as it stands, in fp32: where a parameter
    is found in it tells where the same parameter is in `source`. Raises ValueError for one that is in neither.
    """
    stored, known = stored_tensors(source), stored_tensors(reference)
    for name, parameter in module.named_parameters():
        parameter.copy_(torch.from_numpy(_find(name, parameter.numpy(), known, stored)))
    return module


def _find(name: str, value: np.ndarray, known: dict[str, np.ndarray], stored: dict[str, np.ndarray]) -> np.ndarray:
    for key in [name] if name in known else known:
        for turned in (False, True):
            array = known[key].T if turned else known[key]
            if array.size == value.size and np.array_equal(array.ravel(), value.ravel()):
                return (stored[key].T if turned else stored[key]).reshape(value.shape).copy()
    raise ValueError(f"{name} {value.shape} is not in the exported file")


@torch.no_grad()
def restore_exported(module: nn.Module, source: Path, export: Callable[[Path], object]) -> None:
    """Fill `module` with the weights of `source`; `export` writes the module as it stands, in fp32, to a path."""
    for parameter in module.parameters():  # parameters that start alike (zeros, ones) could not be told apart
        parameter.copy_(torch.randn_like(parameter) * 0.05)
    with tempfile.TemporaryDirectory() as folder:
        reference = Path(folder) / "reference.onnx"
        export(reference)
        restore(module, source, reference)


def file_of(bundle: Path, role: str, name: str = "model") -> Path:
    """A file of a role. Raises KeyError when the bundle has no such role."""
    return bundle / read_manifest(bundle)["roles"][role]["files"][name]["path"]


def restore_denoiser(bundle: Path, preset_name: str) -> tuple[ModelMixin, dict[str, list[str]]]:
    """The denoiser of a bundle as a network of the preset it was trained with, and the attribute space it was trained on."""
    space = read_manifest(bundle)["roles"]["text_encoder"]["config"]["attributes"]
    model = build(preset(preset_name))
    restore_exported(model, file_of(bundle, "denoiser"), lambda path: export_denoiser(model, len(space), path, "fp32"))
    return model, space


def restore_super_resolution(bundle: Path, stage: str) -> SuperResolution:
    """A super-resolution stage of a bundle, `sr256` or `sr1024`."""
    model = SuperResolution(**SIZES[stage])
    source = file_of(bundle, f"super_resolution_{stage[2:]}")
    restore_exported(model, source, lambda path: export_super_resolution(model, path, "fp32"))
    return model


def restore_text_encoder(bundle: Path, layers: int) -> TextEncoder:
    config = read_manifest(bundle)["roles"]["text_encoder"]["config"]
    space, size = AttributeSpace.from_dict(config["attributes"]), {"dim": config["dim"], "window": config["window"]}
    vocab = Tokenizer.from_file(str(file_of(bundle, "text_encoder", "tokenizer"))).get_vocab_size()
    model = TextEncoder(vocab, space, layers=layers, heads=size["dim"] // 64, **size)
    restore_exported(model, file_of(bundle, "text_encoder"), lambda path: export_text_encoder(model, path, "fp32"))
    return model


def restore_dual(bundle: Path) -> DualEncoder:
    """Both towers, with the scale and bias of the match as the manifest has them."""
    roles = read_manifest(bundle)["roles"]
    config, text = roles["dual_encoder"]["config"], roles["text_encoder"]["config"]
    model = DualEncoder(AttributeSpace.from_dict(text["attributes"]), text["dim"], config["dim"])
    for tower in ("image", "text"):
        restore_exported(
            getattr(model, tower),
            file_of(bundle, "dual_encoder", tower),
            lambda path, tower=tower: export_tower(model, tower, path, "fp32"),
        )
    with torch.no_grad():
        model.log_scale.fill_(math.log(config["scale"]))
        model.bias.fill_(config["bias"])
    return model


def restore_judge(bundle: Path) -> Judge:
    space = AttributeSpace.from_dict(json.loads(file_of(bundle, "judge", "attributes").read_text()))
    judge = Judge(space)
    restore_exported(judge, file_of(bundle, "judge"), lambda path: export_attributes(judge, path, "fp32"))
    return judge


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--role", choices=ROLES, default="denoiser")
    parser.add_argument("--preset", default="starter", help="of the denoiser")
    parser.add_argument("--layers", type=int, default=4, help="of the text encoder")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    metrics = read_manifest(args.bundle)["metrics"]
    args.out.mkdir(parents=True, exist_ok=True)
    if args.role == "dual_encoder":
        restore_dual(args.bundle).save(args.out)
        (args.out / "dual_metrics.json").write_text(json.dumps(metrics.get("dual_metrics", {}), indent=1) + "\n")
    elif args.role == "super_resolution":
        for stage in SIZES:
            restore_super_resolution(args.bundle, stage).save(args.out, stage)
    elif args.role == "text_encoder":
        restore_text_encoder(args.bundle, args.layers).save(args.out)
        for role, name in (("text_encoder", "tokenizer"), ("vocabulary", "words")):
            shutil.copyfile(file_of(args.bundle, role, name), args.out / f"{name}.json")
    elif args.role == "judge":
        save_attributes(restore_judge(args.bundle), args.out, "judge", metrics.get("judge_metrics", {}))
    else:
        model, space = restore_denoiser(args.bundle, args.preset)
        (args.out / "attributes.json").write_text(json.dumps(space, indent=1) + "\n")
        write_denoiser(model, args.out / "last", noise_schedule(preset(args.preset)))


if __name__ == "__main__":
    main()
