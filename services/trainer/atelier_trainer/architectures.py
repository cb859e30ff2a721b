"""From a preset to a network, and from a saved folder back to one."""

import json
from pathlib import Path

from diffusers import ModelMixin

from .denoiser import HybridDenoiser
from .diffusers_unet import UNetDenoiser
from .dit import DiTDenoiser
from .presets import BasePreset

CLASSES: dict[str, type[ModelMixin]] = {"hybrid": HybridDenoiser, "unet": UNetDenoiser, "dit": DiTDenoiser}


def build(settings: BasePreset) -> ModelMixin:
    """A new network of the preset's architecture and sizes."""
    return CLASSES[settings.architecture](**settings.sizes, text_dim=settings.text_dim)


def load_denoiser(folder: Path) -> ModelMixin:
    """Load a saved denoiser; raises ValueError for a class that isn't ours."""
    name = json.loads((folder / "config.json").read_text())["_class_name"]
    for known in CLASSES.values():
        if known.__name__ == name:
            return known.from_pretrained(folder)
    raise ValueError(f"{folder}: {name} is not one of {', '.join(known.__name__ for known in CLASSES.values())}")
