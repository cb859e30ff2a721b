"""PyTorch module → ONNX file, checked against ONNX Runtime; weights may be stored as fp16 and computed in fp32."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

TOLERANCE = 1e-3
# int8 is for large matrices; int8-all for convolutions and small matrices too, which classifiers bear better than generators.
Storage = Literal["fp32", "fp16", "int8", "int8-all"]


def export_onnx(
    module: nn.Module,
    inputs: Sequence[Tensor],
    input_names: Sequence[str],
    output_names: Sequence[str],
    dynamic: dict[str, dict[int, str]],
    path: Path,
    storage: Storage = "fp16",
) -> float:
    """Export and return the largest absolute difference between PyTorch and ONNX Runtime on `inputs` and other sizes, in fp32.

    Raises ValueError above 1e-3. `dynamic` names the free axes by input, e.g. {"sample": {0: "batch"}}. Weights are
    rounded to `storage` first (in both) and turned back to fp32 by nodes that runtimes fold when they load the graph.
    """
    module = module.eval().float()
    _round_for_storage(module, storage)
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        module,
        tuple(inputs),
        str(path),
        input_names=list(input_names),
        output_names=list(output_names),
        dynamic_axes=dict(dynamic),
        opset_version=18,
        dynamo=False,
    )
    onnx.save(store(_tie(onnx.load(str(path))), storage), str(path))
    return max(check_parity(module, variant, input_names, path) for variant in _other_sizes(inputs, input_names, dynamic))


def _other_sizes(
    inputs: Sequence[Tensor], input_names: Sequence[str], dynamic: dict[str, dict[int, str]]
) -> Iterator[tuple[Tensor, ...]]:
    """The inputs as they are, then with every free axis shorter and longer, so that no traced size is baked in."""
    yield tuple(inputs)
    for change in (lambda axis, n: 1 if axis == 0 else n - 2, lambda axis, n: 3 if axis == 0 else n + 2):
        variant = []
        for value, name in zip(inputs, input_names, strict=True):
            for axis in dynamic.get(name, {}):
                size = change(axis, value.shape[axis])
                value = torch.cat([value] * 3, dim=axis).narrow(axis, 0, size)
            variant.append(value.contiguous())
        yield tuple(variant)


@torch.no_grad()
def check_parity(module: nn.Module, inputs: Sequence[Tensor], input_names: Sequence[str], path: Path) -> float:
    """Largest absolute difference over all outputs; raises ValueError above TOLERANCE."""
    expected = module(*inputs)
    expected = expected if isinstance(expected, (tuple, list)) else (expected,)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    feeds = {name: value.numpy() for name, value in zip(input_names, inputs, strict=True)}
    actual = session.run(None, feeds)
    difference = max(float(np.abs(e.numpy().astype(np.float64) - a).max()) for e, a in zip(expected, actual, strict=False))
    if not difference <= TOLERANCE:
        raise ValueError(f"{path}: PyTorch and ONNX Runtime differ by {difference:.2e}, more than {TOLERANCE:.0e}")
    return difference


@torch.no_grad()
def _round_for_storage(module: nn.Module, storage: Storage) -> None:
    """Round weights to what the file will hold, so that parity is exact."""
    for value in [*module.parameters(), *module.buffers()]:
        kind = _kind(value.dim(), value.numel(), storage) if value.dtype == torch.float32 else "fp32"
        if kind == "int8":
            scale = value.abs().amax(dim=tuple(range(1, value.dim())), keepdim=True).clamp(min=1e-8) / 127
            value.copy_((value / scale).round() * scale)
        elif kind == "fp16":
            value.copy_(value.half().float())


def _kind(dims: int, size: int, storage: Storage) -> Storage:
    """How a tensor is stored: matrices of 64k and more as int8 where that is asked, others of 1,024 and more as fp16."""
    if (storage == "int8" and dims == 2 and size >= 65_536) or (storage == "int8-all" and dims >= 2 and size >= 4096):
        return "int8"
    return "fp32" if storage == "fp32" or size < 1024 else "fp16"


def _tie(model: onnx.ModelProto) -> onnx.ModelProto:
    """Keep a matrix once that the exporter wrote twice, the second time transposed: tied embeddings of language models."""
    first: dict[bytes, str] = {}
    tied, kept = [], []
    for initializer in model.graph.initializer:
        array = numpy_helper.to_array(initializer)
        if array.ndim == 2 and array.size >= 65_536:
            twin = first.get(hashlib.sha256(np.ascontiguousarray(array.T)).digest())
            if twin:
                tied.append(helper.make_node("Transpose", [twin], [initializer.name], perm=[1, 0]))
                continue
            first[hashlib.sha256(np.ascontiguousarray(array)).digest()] = initializer.name
        kept.append(initializer)
    nodes = [*tied, *model.graph.node]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def store(model: onnx.ModelProto, storage: Storage, names: set[str] | None = None) -> onnx.ModelProto:
    """Replace large fp32 initialisers (of those `names`, where given) by small ones that the graph turns back.

    Exact when the weights were rounded before.
    """
    restored, kept = [], []
    for initializer in model.graph.initializer:
        array, name = numpy_helper.to_array(initializer), initializer.name
        large = initializer.data_type == TensorProto.FLOAT and (names is None or name in names)
        kind = _kind(array.ndim, array.size, storage) if large else "fp32"
        codes = _int8_codes(array) if kind == "int8" else None
        if kind == "fp32":
            kept.append(initializer)
        elif codes is None:
            kept.append(numpy_helper.from_array(array.astype(np.float16), f"{name}.half"))
            restored.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
        else:
            kept.append(numpy_helper.from_array(codes[0], f"{name}.int8"))
            kept.append(numpy_helper.from_array(codes[1], f"{name}.scale"))
            restored.append(helper.make_node("Cast", [f"{name}.int8"], [f"{name}.codes"], to=TensorProto.FLOAT))
            restored.append(helper.make_node("Mul", [f"{name}.codes", f"{name}.scale"], [name]))
    nodes = [*restored, *model.graph.node]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def unstored(model: onnx.ModelProto) -> onnx.ModelProto:
    """The inverse of `store`: plain fp32 initialisers, as quantisers look for them. Another exporter's graph stays as it is."""
    raw = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    plain: dict[str, np.ndarray] = {}
    for name, array in raw.items():
        if name.endswith(".half"):
            plain[name.removesuffix(".half")] = array.astype(np.float32)
        elif name.endswith(".int8"):
            base = name.removesuffix(".int8")
            plain[base] = array.astype(np.float32) * raw[f"{base}.scale"]
        elif not (name.endswith(".scale") and f"{name.removesuffix('.scale')}.int8" in raw):
            plain[name] = array
    nodes = [node for node in model.graph.node if not (set(node.output) & plain.keys() or node.output[0].endswith(".codes"))]
    del model.graph.initializer[:]
    model.graph.initializer.extend(numpy_helper.from_array(array, name) for name, array in plain.items())
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def _int8_codes(array: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Codes, and scales along the axis that was rounded (exporters may transpose a matrix); None when neither fits."""
    for kept in range(2):
        others = tuple(axis for axis in range(array.ndim) if axis != kept)
        scale = np.maximum(np.abs(array).max(axis=others, keepdims=True), 1e-8) / np.float32(127)
        codes = np.round(array / scale)
        if np.abs(codes * scale - array).max() <= 1e-6 * max(1.0, float(np.abs(array).max())):
            return codes.astype(np.int8), scale.astype(np.float32)
    return None
