"""Make a bundle whose denoiser has fewer bits.

python -m atelier_trainer.quantise --bundle bundles/starter --shards data/shards --out bundles/starter-int8 --method static-int8

Methods: static-int8 (QDQ, calibrated), dynamic-int8, int4 (weights, in blocks) and fp16. Of what the shards hold, noisy pictures
at all timesteps with their conditions calibrate, and others of them judge. Layers stay as they are, the most sensitive first,
until the error is within `--budget`. Prints JSON. The new bundle's profiles have no figures: `npm run optimise` measures them.
"""

import argparse
import json
import os
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import onnx
from diffusers import DDPMScheduler

from .attributes import AttributeSpace
from .batches import Batches
from .bundle import read_manifest, write_metrics, write_profiles, write_role
from .data import load_scenes
from .diffusion import ForwardProcess
from .presets import preset
from .quantisation import METHODS, Deviation, Feeds, open_graph, plain, within_budget

ROLE = "denoiser"
# Items that run at once; the first batches calibrate, the last judge.
BATCH = 8


def noisy_items(batches: Batches, first: int, count: int) -> Iterator[Feeds]:
    """What the denoiser is asked while it draws: `count` batches of pictures between noise and finished."""
    for step in range(first, first + count):
        batch = batches.draw(step)
        noisy = batches.process.add_noise(batch.x0, batch.noise, batch.timesteps)
        hidden, mask, pooled = batch.condition
        yield {
            "sample": noisy.numpy(),
            "timestep": batch.timesteps.float().numpy(),
            "encoder_hidden_states": hidden.numpy(),
            "encoder_attention_mask": mask.long().numpy(),
            "text_embeds": pooled.numpy(),
        }


def bundle_batches(bundle: Path, shards: Path, seed: int = 0) -> Batches:
    """Batches as the bundle's denoiser meets them: told everything, as a prior tells it, or a caption, or nothing (guidance)."""
    roles = read_manifest(bundle)["roles"]
    space = AttributeSpace.from_dict(roles["text_encoder"]["config"]["attributes"])
    dim = roles["text_encoder"]["config"]["dim"]
    settings = preset("starter", batch=BATCH, text_dim=dim, complete=0.6, shift=1.0)
    process = ForwardProcess(DDPMScheduler.from_config(roles[ROLE]["config"]), shift=settings.shift)
    return Batches(load_scenes(shards, limit=2000), space, process, settings, seed, shards)


def speedup(before: onnx.ModelProto, after: onnx.ModelProto, item: Feeds, runs: int = 15) -> float:
    """How many times less processor time one picture's step takes, median of turns."""
    one = {name: value[:1] for name, value in item.items()}
    sessions = [open_graph(model) for model in (before, after)]
    times: list[list[float]] = [[], []]
    for _ in range(runs):
        for session, own in zip(sessions, times, strict=True):
            began = time.process_time()
            session.run(None, one)
            own.append(time.process_time() - began)
    return statistics.median(times[0]) / statistics.median(times[1])


def copy_bundle(source: Path, target: Path) -> None:
    """The same files by hard links where the disk allows them: what is replaced gets a file of its own."""

    def link(a: str, b: str) -> None:
        try:
            os.link(a, b)
        except OSError:
            shutil.copyfile(a, b)

    shutil.copytree(source, target, copy_function=link)


# Products of eight-bit numbers in one instruction: without it integers are slower than what they replace, and saturate on AVX2.
DOT_PRODUCTS = "avx512_vnni|avx_vnni|asimddp"
INSTRUCTIONS = dict.fromkeys(("static-int8", "dynamic-int8", "int4"), (DOT_PRODUCTS,))


def write_bundle(
    source: Path, target: Path, model: onnx.ModelProto, suffix: str, report: dict[str, object], instructions: Sequence[str] = ()
) -> None:
    """A copy of a bundle with another denoiser; the one before stays as `plain` where the new one counts on instructions."""
    copy_bundle(source, target)
    manifest = read_manifest(target)
    role = manifest["roles"][ROLE]
    path = target / role["files"]["model"]["path"]
    files = {"model": path}
    if instructions:
        files["plain"] = path.rename(path.with_name("plain.onnx"))
    else:
        path.unlink()
    onnx.save(model, str(path))
    write_role(target, ROLE, files, role["config"], instructions)
    # What was measured with the other weights doesn't hold for these.
    bare = {name: {k: v for k, v in profile.items() if k != "figures"} for name, profile in manifest.get("profiles", {}).items()}
    write_profiles(target, bare)
    write_metrics(target, f"{manifest['version']}+{suffix}", {"quantised_denoiser": report})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--shards", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the new bundle; must not be there yet")
    parser.add_argument("--method", choices=METHODS, required=True)
    parser.add_argument("--budget", type=float, default=0.05, help="largest relative error of the output (root mean square)")
    parser.add_argument("--calibration", type=int, default=8, help=f"batches of {BATCH} that find the ranges")
    parser.add_argument("--judging", type=int, default=2, help=f"batches of {BATCH} that the error is measured on")
    args = parser.parse_args()
    if args.out.exists():
        parser.error(f"{args.out} is there already")
    source = args.bundle / read_manifest(args.bundle)["roles"][ROLE]["files"]["model"]["path"]
    batches = bundle_batches(args.bundle, args.shards)
    model = plain(onnx.load(str(source)), args.method)
    judging = list(noisy_items(batches, args.calibration, args.judging))
    made = within_budget(model, args.method, noisy_items(batches, 0, args.calibration), Deviation(model, judging), args.budget)
    report: dict[str, object] = {
        "method": args.method,
        "error": round(made.error, 5),
        "budget": args.budget,
        "layers": made.layers,
        "kept": {name: round(error, 5) for name, error in made.kept.items()},
        "bytesFp32": model.ByteSize(),
        "bytesBefore": source.stat().st_size,
        "bytes": made.model.ByteSize(),
        "speedup": round(speedup(model, made.model, judging[0]), 3),
    }
    write_bundle(args.bundle, args.out, made.model, args.method, report, INSTRUCTIONS.get(args.method, ()))
    print(json.dumps(report))


if __name__ == "__main__":
    main()
