"""Which number format a training step computes in."""

import contextlib
import functools
import time

import torch
from torch.nn import functional as F

# A step is not all matrix products, and bf16 adds conversions: below this gain of the products alone it loses.
WORTH_IT = 1.3


@functools.cache
def fastest() -> str:
    """`bf16` where it computes matrix products faster than fp32 by a third, else `no`.

    On a CPU that is measured: AMX makes bf16 several times faster, AVX-512's instructions alone slower, emulation much slower.
    """
    if torch.cuda.is_available():
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "no"
    return "bf16" if _product_seconds(torch.float32) > WORTH_IT * _product_seconds(torch.bfloat16) else "no"


def _product_seconds(dtype: torch.dtype) -> float:
    """The quickest of five products of a transformer's size, in seconds; a first one, which prepares the kernel, is left out."""
    x, weight = torch.ones(512, 384, dtype=dtype), torch.ones(1536, 384, dtype=dtype)
    times = []
    for _ in range(6):
        start = time.perf_counter()
        F.linear(x, weight)
        times.append(time.perf_counter() - start)
    return min(times[1:])


def cpu_autocast() -> contextlib.AbstractContextManager:
    """Autocast for the small models, which train on CPUs: bf16 where that is fast, nothing elsewhere."""
    return torch.autocast("cpu", torch.bfloat16) if fastest() == "bf16" else contextlib.nullcontext()
