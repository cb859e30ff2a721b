"""Checkpoints that survive kill −9: written to a temporary folder, flushed, then renamed."""

import os
import re
import shutil
from pathlib import Path

from accelerate import Accelerator

NAME = re.compile(r"^step-(\d+)$")


def latest(folder: Path) -> Path | None:
    """The newest complete checkpoint of a run, or None."""
    found = sorted(p for p in folder.glob("step-*") if NAME.match(p.name))
    return found[-1] if found else None


def step_of(path: Path) -> int:
    """The number of optimiser steps made before a checkpoint."""
    match = NAME.match(path.name)
    if not match:
        raise ValueError(f"{path}: not a checkpoint folder")
    return int(match[1])


def save(accelerator: Accelerator, folder: Path, step: int, keep: int = 2) -> Path:
    """Atomically save all that accelerate knows (weights, optimiser, random states, registered objects); keep the newest few."""
    target, partial = folder / f"step-{step:08d}", folder / "partial"
    if accelerator.is_main_process:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(target, ignore_errors=True)
    accelerator.wait_for_everyone()
    accelerator.save_state(str(partial))
    accelerator.wait_for_everyone()
    if accelerator.is_main_process:
        for file in partial.rglob("*"):
            if file.is_file():
                _flush(file)
        partial.rename(target)
        _flush(folder)
        for old in sorted(p for p in folder.glob("step-*") if NAME.match(p.name))[:-keep]:
            shutil.rmtree(old)
    accelerator.wait_for_everyone()
    return target


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
