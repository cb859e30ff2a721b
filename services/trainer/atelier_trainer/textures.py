"""Pictures of nothing in particular with the statistics of photographs, drawn by rule: what a classifier must not object to.

Dead leaves (opaque shapes of power-law sizes on top of each other) have the edges and scale invariance of natural images
(Lee, Mumford and Huang, 2001); 1/f noise has their spectrum. Both teach networks about photographs without any
(Baradad et al., 2021).
"""

import numpy as np
from PIL import Image, ImageDraw

SIDE = 64
# Drawn larger and averaged down, so that edges are as smooth as those of photographs.
SUPERSAMPLED = 2 * SIDE


def textures(count: int, seed: int) -> np.ndarray:
    """uint8 [count, 3, 64, 64], two thirds dead leaves, the rest noise; a function of (count, seed)."""
    rng = np.random.default_rng(seed)
    pictures = [dead_leaves(rng) if i % 3 else coloured_noise(rng) for i in range(count)]
    return np.stack(pictures).transpose(0, 3, 1, 2)


def dead_leaves(rng: np.random.Generator) -> np.ndarray:
    """uint8 [64, 64, 3]: up to 160 ellipses, rectangles and triangles in a few related colours, some of them grained."""
    palette = _palette(rng)
    image = Image.new("RGB", (SUPERSAMPLED, SUPERSAMPLED), tuple(int(v) for v in palette[0]))
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(15, 160)):
        # Inverse cubic density of radii.
        radius = 3 / np.sqrt(rng.uniform(0.002, 1))
        x, y = rng.uniform(0, SUPERSAMPLED, 2)
        colour = tuple(int(v) for v in np.clip(palette[rng.integers(len(palette))] + rng.normal(0, 14, 3), 0, 255))
        angles = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 7)))
        kind = rng.integers(3)
        if kind == 0:
            squeeze = rng.uniform(0.3, 1)
            draw.ellipse((x - radius, y - radius * squeeze, x + radius, y + radius * squeeze), fill=colour)
        else:
            corners = [(x + radius * np.cos(a), y + radius * np.sin(a)) for a in angles]
            draw.polygon(corners, fill=colour)
    small = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX)).astype(np.float32)
    grain = rng.normal(0, rng.uniform(0, 12), small.shape)
    shading = 1 + rng.uniform(-0.4, 0.4) * np.linspace(-1, 1, SIDE)[:, None, None]
    return np.clip(small * shading + grain, 0, 255).astype(np.uint8)


def coloured_noise(rng: np.random.Generator) -> np.ndarray:
    """uint8 [64, 64, 3]: noise whose amplitude falls as frequency to the power -0.7 to -2, channels correlated."""
    frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None])
    frequency[0, 0] = 1
    amplitude = frequency ** -rng.uniform(0.7, 2)
    planes = np.stack([np.fft.irfft2(amplitude * np.fft.rfft2(rng.normal(size=(SIDE, SIDE)))) for _ in range(3)], axis=-1)
    planes /= planes.std(axis=(0, 1)) + 1e-9
    mixed = planes @ (np.eye(3) * rng.uniform(0.1, 1) + np.ones((3, 3)) * rng.uniform(0.2, 0.6))
    picture = rng.uniform(60, 190, 3) + mixed * rng.uniform(15, 50)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _palette(rng: np.random.Generator) -> np.ndarray:
    """Three to eight colours round one or two hues, as a photograph has them; [n, 3] in 0..255."""
    centre = rng.uniform(30, 225, 3)
    spread = rng.uniform(15, 75)
    colours = centre + rng.normal(0, spread, (rng.integers(3, 9), 3)) + rng.normal(0, 45, (1, 1))
    return np.clip(colours, 0, 255)
