"""Photographs of folders as 64×64 crops. None comes with the project; any folder of pictures will do."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

SIDE = 64
# Drawings, icons and line art have few colours.
FEWEST_COLOURS = 2500
LONGEST = 768


def load_photographs(folders: Sequence[Path]) -> list[Image.Image]:
    """Every file below the folders that looks like a photograph, at most 768 pixels a side, in name order."""
    found = []
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        try:
            with Image.open(path) as file:
                file.draft("RGB", (LONGEST, LONGEST))
                picture = file.convert("RGB")
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            continue
        if min(picture.size) < 100 or picture.resize((SIDE, SIDE)).getcolors(FEWEST_COLOURS) is not None:
            continue
        picture.thumbnail((LONGEST, LONGEST))
        found.append(picture)
    return found


def crops(pictures: Sequence[Image.Image], count: int, seed: int) -> np.ndarray:
    """uint8 [count, 3, 64, 64]: each a random part (a quarter of a side to the whole), squeezed to a square as services do it.

    Photographs are few: half of the crops are turned by quarters, and half have their colour channels exchanged.
    """
    rng = np.random.default_rng(seed)
    parts = []
    for i in range(count):
        picture = pictures[i % len(pictures)]
        share = rng.uniform(0.25, 1) ** np.array([rng.uniform(0.5, 1), rng.uniform(0.5, 1)])
        size = np.maximum(SIDE, np.array(picture.size) * share).astype(int)
        size = np.minimum(size, picture.size)
        corner = [int(rng.integers(0, free + 1)) for free in np.array(picture.size) - size]
        box = (corner[0], corner[1], corner[0] + int(size[0]), corner[1] + int(size[1]))
        part = np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=box))
        if rng.random() < 0.5:
            part = np.rot90(part, int(rng.integers(1, 4)))
        if rng.random() < 0.5:
            part = part[:, :, rng.permutation(3)]
        parts.append(part)
    return np.stack(parts).transpose(0, 3, 1, 2)
