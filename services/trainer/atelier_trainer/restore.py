"""Read weights back out of a bundle's ONNX file, to go on training a model whose checkpoints are gone.

python -m atelier_trainer.restore --bundle ../../bundles/starter --preset starter --out runs/restored
python -m atelier_trainer.restore --bundle ../../bundles/starter --sr --out runs/sr
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from diffusers import ModelMixin
from onnx import numpy_helper
from torch import nn

from .architectures import build
from .diffusion import noise_schedule
from .export import export_denoiser, export_super_resolution
from .presets import preset
from .super_resolution import SIZES, SuperResolution
from .train_base import write_denoiser


def stored_tensors(path: Path) -> dict[str, np.ndarray]:
    """Every initialiser of an exported file by its original name, in fp32, whatever its storage (`onnx_export`)."""
    raw = {item.name: numpy_helper.to_array(item) for item in onnx.load(str(path)).graph.initializer}
    tensors = {}
    for name, array in raw.items():
        if name.endswith(".half"):
            tensors[name.removesuffix(".half")] = array.astype(np.float32)
        elif name.endswith(".int8"):
            base = name.removesuffix(".int8")
            tensors[base] = array.astype(np.float32) * raw[f"{base}.scale"]
        elif not (name.endswith(".scale") and f"{name.removesuffix('.scale')}.int8" in raw):
            tensors[name] = array
    return tensors


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


def restore_denoiser(bundle: Path, preset_name: str) -> tuple[ModelMixin, dict[str, list[str]]]:
    """The denoiser of a bundle as a network of the preset it was trained with, and the attribute space it was trained on."""
    roles = json.loads((bundle / "atelier.json").read_text())["roles"]
    space = roles["text_encoder"]["config"]["attributes"]
    model = _told_apart(build(preset(preset_name)))
    with tempfile.TemporaryDirectory() as folder:
        reference = Path(folder) / "reference.onnx"
        export_denoiser(model, len(space), reference, "fp32")
        restore(model, bundle / roles["denoiser"]["files"]["model"]["path"], reference)
    return model, space


def restore_super_resolution(bundle: Path, stage: str) -> SuperResolution:
    """A super-resolution stage of a bundle, `sr256` or `sr1024`."""
    role = json.loads((bundle / "atelier.json").read_text())["roles"][f"super_resolution_{stage[2:]}"]
    model = _told_apart(SuperResolution(**SIZES[stage]))
    with tempfile.TemporaryDirectory() as folder:
        reference = Path(folder) / "reference.onnx"
        export_super_resolution(model, reference, "fp32")
        return restore(model, bundle / role["files"]["model"]["path"], reference)


@torch.no_grad()
def _told_apart(model: nn.Module) -> nn.Module:
    """Parameters that start alike (zeros, ones) get values of their own."""
    for parameter in model.parameters():
        parameter.copy_(torch.randn_like(parameter) * 0.05)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--preset", default="starter")
    parser.add_argument("--sr", action="store_true", help="the super-resolution stages instead of the denoiser")
    parser.add_argument(
        "--out", type=Path, required=True, help="gets what a run of train_base (last/, attributes.json) or train_sr has"
    )
    args = parser.parse_args()
    if args.sr:
        for stage in SIZES:
            restore_super_resolution(args.bundle, stage).save(args.out, stage)
        return
    model, space = restore_denoiser(args.bundle, args.preset)
    schedule = noise_schedule(preset(args.preset))
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "attributes.json").write_text(json.dumps(space, indent=1) + "\n")
    write_denoiser(model, args.out / "last", schedule)


if __name__ == "__main__":
    main()
