"""Which number format a training step computes in."""

import contextlib

import torch


def fastest() -> str:
    """`bf16` where the processor has instructions for it, else `no`: emulated bf16 is five times slower than fp32."""
    if torch.cuda.is_available():
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "no"
    capabilities = torch.cpu.get_capabilities()
    return "bf16" if any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16")) else "no"


def cpu_autocast() -> contextlib.AbstractContextManager:
    """Autocast for the small models, which train on CPUs: bf16 where that is fast, nothing elsewhere."""
    return torch.autocast("cpu", torch.bfloat16) if fastest() == "bf16" else contextlib.nullcontext()
