"""How far pictures of few steps are from a teacher's of many: held-out conditions, the same noise.

python -m atelier_trainer.distillation_error --teacher runs/base/last --student runs/lcm/ema --shards data/held-out

Prints JSON: by steps, the root mean squared error (pixels are in [-1, 1]) of the teacher without guidance, of the student on the
same DDIM path, and of a consistency model by LCM's own sampler.
"""

import argparse
import json
from pathlib import Path

import torch
from diffusers import DDIMScheduler, DDPMScheduler, LCMScheduler
from torch import Tensor

from .architectures import load_denoiser
from .attributes import AttributeSpace
from .batches import Batch, Batches
from .data import load_scenes
from .denoiser_training import read_schedule
from .diffusion import GUIDANCE, ForwardProcess
from .precision import cpu_autocast
from .presets import preset
from .sampler import sample


def rms(a: Tensor, b: Tensor) -> float:
    return (a - b).square().mean().sqrt().item()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--student", type=Path, required=True)
    parser.add_argument("--shards", type=Path, required=True)
    parser.add_argument("--count", type=int, default=64)
    parser.add_argument("--steps", type=int, nargs="*", default=[1, 2, 4, 8])
    parser.add_argument("--teacher-steps", type=int, default=50)
    parser.add_argument("--guidance", type=float, default=GUIDANCE, help="of the teacher")
    args = parser.parse_args()
    space = AttributeSpace.from_dict(json.loads((args.teacher.parent / "attributes.json").read_text()))
    teacher, student = (load_denoiser(folder).eval() for folder in (args.teacher, args.student))
    schedule, own = read_schedule(args.teacher), read_schedule(args.student)
    # As a prior tells them: everything is known, and nobody is without a caption.
    settings = preset("starter", batch=args.count, complete=1.0, caption_dropout=0.0, text_dim=teacher.config.text_dim)
    process = ForwardProcess(DDPMScheduler.from_config(schedule))
    batches = Batches(load_scenes(args.shards, limit=4 * args.count), space, process, settings, 7, args.shards)
    batch: Batch = batches.draw(0)

    def draw(model, scheduler, steps: int, guidance: float = 1.0) -> Tensor:
        generator = torch.Generator().manual_seed(11)
        with cpu_autocast():
            empty = batches.nothing(args.count)
            return sample(model, scheduler, batch.condition, empty, batch.noise, steps, guidance, generator)

    ddim = DDIMScheduler.from_config(schedule | {"timestep_spacing": "trailing"})
    truth = draw(teacher, ddim, args.teacher_steps, args.guidance)
    report: dict[str, dict[str, float]] = {}
    for steps in args.steps:
        errors = {"teacher": rms(draw(teacher, ddim, steps), truth), "student": rms(draw(student, ddim, steps), truth)}
        if own.get("_class_name") == "LCMScheduler":
            errors["studentLcm"] = rms(draw(student, LCMScheduler.from_config(own), steps), truth)
        report[str(steps)] = {name: round(value, 5) for name, value in errors.items()}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
