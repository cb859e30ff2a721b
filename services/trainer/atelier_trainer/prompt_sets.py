"""Prompts that people wrote, out of public sets: which part is learnt from and which is kept for measuring.

CSV files have a column `prompt` or `caption`, with `image_id` where several are of one picture; text files have a prompt a line.
A tenth is held out, by SHA-1 of the picture's id or else of the text, so that whoever measures can find the same tenth.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

HELD_OUT_SHARE = 0.1


def read_prompts(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """(group, prompt) in file order, white space tidied, empty ones left out; prompts of one group are of one picture."""
    for path in paths:
        with path.open(newline="", encoding="utf-8") as stream:
            rows = csv.DictReader(stream) if path.suffix == ".csv" else ({"prompt": line} for line in stream)
            for row in rows:
                text = " ".join((row.get("prompt") or row.get("caption") or "").split())
                if text:
                    yield str(row.get("image_id") or text).lstrip("0"), text


def is_held_out(group: str) -> bool:
    """Whether a group is kept for measuring."""
    return int.from_bytes(hashlib.sha1(group.encode()).digest()[:4]) / 2**32 < HELD_OUT_SHARE


def split_prompts(paths: Iterable[Path]) -> tuple[list[str], list[str]]:
    """(learnt from, held out)."""
    parts: tuple[list[str], list[str]] = ([], [])
    for group, text in read_prompts(paths):
        parts[is_held_out(group)].append(text)
    return parts
