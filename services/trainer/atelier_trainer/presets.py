"""Named settings of the base model."""

from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class BasePreset:
    """`batch` is global, rates are per optimiser step of it. `sizes` are the arguments of the architecture's class.

    `precision`: fastest, no (fp32), bf16 or fp16.
    `complete` is the share of pictures told every attribute, `shift` > 1 trains more on noisy steps.
    """

    architecture: str = "hybrid"
    sizes: dict[str, Any] = field(default_factory=dict)
    batch: int = 32
    learning_rate: float = 4e-4
    warmup_steps: int = 300
    weight_decay: float = 0.01
    ema_decay: float = 0.999
    caption_dropout: float = 0.1
    shift: float = 2.0
    snr_gamma: float = 5.0
    prediction: str = "sample"
    beta_schedule: str = "squaredcos_cap_v2"
    zero_terminal_snr: bool = False
    clip: float = 1.0
    complete: float = 0.3
    text_dim: int = 256
    precision: str = "fastest"


STARTER = {"widths": (64, 160, 384), "depths": (4, 2, 6), "heads": 6, "conditioning": 384}
LARGE = {"widths": (128, 320, 768), "depths": (2, 3, 12), "heads": 12, "conditioning": 768}
TINY = {"widths": (16, 16, 32), "depths": (1, 1, 1), "heads": 2, "conditioning": 32}
SMALL_RUN = {"batch": 4, "warmup_steps": 2, "precision": "no", "text_dim": 32}

PRESETS = {
    "starter": BasePreset(sizes=STARTER, batch=16),
    "large": BasePreset(sizes=LARGE, batch=256, learning_rate=2e-4),
    "unet": BasePreset(architecture="unet", sizes={"widths": (128, 256, 384)}, batch=64),
    "dit": BasePreset(architecture="dit", sizes={"width": 384, "layers": 10}, batch=64),
    "tiny": BasePreset(sizes=TINY, **SMALL_RUN),
    "tiny-unet": BasePreset(architecture="unet", sizes={"widths": (16, 32), "layers": 1, "head_dim": 16}, **SMALL_RUN),
    "tiny-dit": BasePreset(architecture="dit", sizes={"width": 32, "heads": 2, "layers": 1, "conditioning": 32}, **SMALL_RUN),
}


def preset(name: str, **changes: object) -> BasePreset:
    """A preset by name with some settings changed; unknown names list the known ones."""
    if name not in PRESETS:
        raise ValueError(f"unknown preset {name!r}; known: {', '.join(PRESETS)}")
    return replace(PRESETS[name], **{key: value for key, value in changes.items() if value is not None})
