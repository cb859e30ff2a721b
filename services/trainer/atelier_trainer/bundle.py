"""A model bundle: ONNX files beside a manifest `atelier.json` with the SHA-256 of each. Roles are replaced one by one."""

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

MANIFEST = "atelier.json"


def file_entry(bundle: Path, path: Path) -> dict[str, Any]:
    """Manifest entry of a file inside the bundle."""
    data = path.read_bytes()
    return {"path": path.relative_to(bundle).as_posix(), "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def read_manifest(bundle: Path) -> dict[str, Any]:
    """The manifest, or a new one where there is none yet."""
    path = bundle / MANIFEST
    if path.exists():
        return json.loads(path.read_text())
    return {"name": "starter", "version": "0", "licence": "Apache-2.0", "languages": ["en"], "roles": {}, "metrics": {}}


def copy_into(target: Path, source: Path) -> Path:
    """Copy a file, making its folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target


def write_role(bundle: Path, role: str, files: dict[str, Path], config: dict[str, Any], instructions: Sequence[str] = ()) -> None:
    """Enter or replace one role; other roles stay. `instructions`: of the processor, that the file `model` counts on."""
    manifest = read_manifest(bundle)
    entry = {"files": {key: file_entry(bundle, path) for key, path in files.items()}, "config": config}
    manifest["roles"][role] = entry | ({"instructions": list(instructions)} if instructions else {})
    _write(bundle, manifest)


def write_profiles(bundle: Path, profiles: dict[str, Any]) -> None:
    """Replace the tested ways to sample."""
    _write(bundle, read_manifest(bundle) | {"profiles": profiles})


def write_metrics(bundle: Path, version: str | None, metrics: dict[str, Any]) -> None:
    """Set the version, where one is given, and merge metrics."""
    manifest = read_manifest(bundle)
    manifest["version"] = version or manifest["version"]
    manifest["metrics"].update(metrics)
    _write(bundle, manifest)


def _write(bundle: Path, manifest: dict[str, Any]) -> None:
    """Atomic: a reader sees the old manifest or the new one."""
    partial = bundle / (MANIFEST + ".partial")
    partial.write_text(json.dumps(manifest, indent=2) + "\n")
    os.replace(partial, bundle / MANIFEST)
