"""Fewer bits for a network's weights, and for what flows through it; the layers that bear it worst, as measured, keep theirs.

ONNX Runtime's own quantisers do it. Every method takes a plain fp32 graph and the names of the layers it may touch.
"""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, QuantType, create_calibrator, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from onnxruntime.quantization.onnx_model import ONNXModel
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer
from onnxruntime.transformers.float16 import convert_float_to_float16

from .onnx_export import store, unstored

Feeds = dict[str, np.ndarray]
# (plain graph, names of the layers to quantise) → the quantised graph.
Quantiser = Callable[[onnx.ModelProto, set[str]], onnx.ModelProto]

OPERATORS = {
    "static-int8": ("Conv", "MatMul", "Gemm"),
    # Convolutions with ranges found at run time are slower than fp32 on CPUs.
    "dynamic-int8": ("MatMul",),
    "int4": ("MatMul",),
    "fp16": ("Conv", "MatMul", "Gemm"),
}
METHODS = tuple(OPERATORS)
# Weights that share a scale in 4-bit matrices; accuracy level 4 computes with int8 activations.
BLOCK, INT8_ACTIVATIONS = 32, 4


def plain(model: onnx.ModelProto, method: str) -> onnx.ModelProto:
    """The graph with fp32 weights and shapes inferred; a method that knows MatMul alone finds all linear layers as such."""
    wrapped = ONNXModel(unstored(model))
    if "Gemm" not in OPERATORS[method]:
        wrapped.replace_gemm_with_matmul()
        wrapped.clean_initializers()
    for i, node in enumerate(wrapped.model.graph.node):
        node.name = node.name or f"{node.op_type}_{i}"
    return onnx.shape_inference.infer_shapes(wrapped.model)


def layers_of(model: onnx.ModelProto, method: str) -> list[str]:
    """Nodes with a weight that the method can quantise."""
    weights = {item.name for item in model.graph.initializer if item.data_type == onnx.TensorProto.FLOAT and len(item.dims) >= 2}
    return [node.name for node in model.graph.node if node.op_type in OPERATORS[method] and node.input[1] in weights]


class _Reader(CalibrationDataReader):
    def __init__(self, items: Iterable[Feeds]) -> None:
        self.items = iter(items)

    def get_next(self) -> Feeds | None:
        return next(self.items, None)


def quantiser(method: str, model: onnx.ModelProto, calibration: Iterable[Feeds]) -> Quantiser:
    """A method made ready for a plain graph; only static int8 looks at the calibration items."""
    bare = {"dynamic-int8": _dynamic, "int4": _int4, "fp16": _fp16}.get(method) or _static(model, calibration)
    return lambda source, layers: _halved(bare(source, layers))


def _halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """Weights of layers that are still fp32 stored as fp16, as bundles store them, and computed as before."""
    layers = [node for node in model.graph.node if node.op_type in ("Conv", "MatMul", "Gemm")]
    return store(model, "fp16", {node.input[1] for node in layers})


def _static(model: onnx.ModelProto, calibration: Iterable[Feeds]) -> Quantiser:
    """QDQ: int8 weights with a scale for each channel, uint8 activations with the range they have on the calibration items."""
    with tempfile.TemporaryDirectory() as folder:
        path, augmented = Path(folder) / "plain.onnx", Path(folder) / "augmented.onnx"
        onnx.save(model, str(path))
        calibrator = create_calibrator(path, OPERATORS["static-int8"], augmented_model_path=str(augmented))
        calibrator.collect_data(_Reader(calibration))
        ranges = calibrator.compute_data()

    def quantise(source: onnx.ModelProto, layers: set[str]) -> onnx.ModelProto:
        made = QDQQuantizer(
            _copy(source),
            per_channel=True,
            reduce_range=False,
            weight_qType=QuantType.QInt8,
            activation_qType=QuantType.QUInt8,
            tensors_range=ranges,
            nodes_to_quantize=sorted(layers),
            nodes_to_exclude=[],
            op_types_to_quantize=list(OPERATORS["static-int8"]),
            # They give fp32 at once; what comes after them isn't quantised.
            extra_options={"OpTypesToExcludeOutputQuantization": ["MatMul", "Gemm"], "MatMulConstBOnly": True},
        )
        made.quantize_model()
        return made.model.model

    return quantise


def _dynamic(source: onnx.ModelProto, layers: set[str]) -> onnx.ModelProto:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dynamic.onnx"
        quantize_dynamic(
            _copy(source),
            path,
            op_types_to_quantize=list(OPERATORS["dynamic-int8"]),
            per_channel=True,
            weight_type=QuantType.QInt8,
            nodes_to_quantize=sorted(layers),
            extra_options={"MatMulConstBOnly": True},
        )
        return onnx.load(str(path))


def _int4(source: onnx.ModelProto, layers: set[str]) -> onnx.ModelProto:
    made = MatMulNBitsQuantizer(
        _copy(source),
        bits=4,
        block_size=BLOCK,
        accuracy_level=INT8_ACTIVATIONS,
        nodes_to_exclude=sorted(set(layers_of(source, "int4")) - layers),
    )
    made.process()
    return made.model.model


def _fp16(source: onnx.ModelProto, layers: set[str]) -> onnx.ModelProto:
    kept = sorted(set(layers_of(source, "fp16")) - layers)
    return convert_float_to_float16(_copy(source), keep_io_types=True, node_block_list=kept)


def _copy(model: onnx.ModelProto) -> onnx.ModelProto:
    """Quantisers change the graph they are given."""
    twin = onnx.ModelProto()
    twin.CopyFrom(model)
    return twin


def open_graph(model: onnx.ModelProto, threads: int = 1) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


class Deviation:
    """How far a graph's answers are from the plain one's: root mean square of the difference over that of the answers."""

    def __init__(self, model: onnx.ModelProto, items: Sequence[Feeds]) -> None:
        self.items = items
        self.expected = self._answers(model)

    def of(self, model: onnx.ModelProto) -> float:
        wrong = right = 0.0
        for answer, expected in zip(self._answers(model), self.expected, strict=True):
            wrong += float(np.square(answer - expected).sum())
            right += float(np.square(expected).sum())
        return (wrong / right) ** 0.5

    def _answers(self, model: onnx.ModelProto) -> list[np.ndarray]:
        session = open_graph(model)
        return [session.run(None, item)[0].astype(np.float64) for item in self.items]


@dataclass(frozen=True)
class Quantised:
    model: onnx.ModelProto
    error: float
    layers: int
    # Layers left as they were, the most sensitive first, with the error that quantising each of them alone makes.
    kept: dict[str, float]


def within_budget(
    model: onnx.ModelProto, method: str, calibration: Iterable[Feeds], deviation: Deviation, budget: float
) -> Quantised:
    """As many layers quantised as the budget allows. Where all are too many, each is tried alone, and the worst few stay."""
    quantise, names = quantiser(method, model, calibration), layers_of(model, method)
    made = quantise(model, set(names))
    error = deviation.of(made)
    if error <= budget:
        return Quantised(made, error, len(names), {})
    alone = {name: deviation.of(quantise(model, {name})) for name in names}
    worst = sorted(names, key=lambda name: -alone[name])
    best = Quantised(model, 0.0, len(names), {name: alone[name] for name in worst})
    low, high = 1, len(worst)
    while low < high:
        count = (low + high) // 2
        made = quantise(model, set(worst[count:]))
        error = deviation.of(made)
        if error <= budget:
            high, best = count, Quantised(made, error, len(names), {name: alone[name] for name in worst[:count]})
        else:
            low = count + 1
    return best
