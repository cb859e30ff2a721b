"""Contact sheets: pictures in a grid with their prompts below."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from torch import Tensor


def to_image(picture: Tensor) -> Image.Image:
    """[3, H, W] in [-1, 1] → PIL."""
    pixels = ((picture.clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0).contiguous().numpy()
    return Image.fromarray(pixels)


def contact_sheet(pictures: Sequence[Image.Image], prompts: Sequence[str], path: Path, columns: int = 8, side: int = 128) -> None:
    """Write the sheet as PNG; pictures are scaled to `side`."""
    font = ImageFont.load_default(10)
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * (side + 6), rows * (side + 42)), "white")
    draw = ImageDraw.Draw(sheet)
    for i, (picture, prompt) in enumerate(zip(pictures, prompts, strict=True)):
        x, y = (i % columns) * (side + 6), (i // columns) * (side + 42)
        sheet.paste(picture.resize((side, side), Image.Resampling.BICUBIC), (x, y))
        draw.multiline_text((x + 1, y + side + 1), "\n".join(textwrap.wrap(prompt, 25)[:3]), fill="black", font=font, spacing=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)
