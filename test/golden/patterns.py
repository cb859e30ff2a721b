"""The picture and the mask that goldens are begun from; test/golden/patterns.ts draws the same."""

import numpy as np
from PIL import Image


def picture(side):
    """Red grows to the right, green downwards; blue is a checkerboard of four pixels."""
    y, x = np.mgrid[:side, :side]
    blue = np.where((x // 4 + y // 4) % 2, 200, 40)
    return Image.fromarray(np.stack([255 * x // (side - 1), 255 * y // (side - 1), blue], -1).astype(np.uint8))


def mask(side):
    """A white disc in the middle."""
    y, x = np.mgrid[:side, :side] * 2 - side + 1
    return Image.fromarray(np.where(3 * (x * x + y * y) <= side * side, 255, 0).astype(np.uint8))
