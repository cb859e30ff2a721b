"""Distil a denoiser into one that needs fewer steps, no second run for guidance, or fewer weights.

D="python -m atelier_trainer.train_distill --from runs/base/last --shards data/shards --out runs/student"
$D --method consistency --steps 3000
$D --method progressive --from-steps 32 --to-steps 4 --stage-steps 1000
$D --method imitation --student '{"depths": [1, 1, 4]}' --steps 3000

Stop and start at will, as `train_base`. What it leaves is exported like any base model; its schedule tells the sampler to use.
"""

import argparse
import json
from pathlib import Path

from diffusers import ModelMixin

from .architectures import load_denoiser
from .denoiser_training import DenoiserTraining, LossOf, read_schedule, run_arguments, run_settings
from .diffusion import GUIDANCE
from .distillation import TIMESTEP_SCALING, Consistency, Guided, Imitation, Progressive
from .presets import preset

METHODS = ("consistency", "progressive", "imitation")
# Steps a consistency model is asked for where nobody says how many.
CONSISTENCY_STEPS = 4
# Of the average that a consistency model aims at: it must follow closely.
TARGET_DECAY = 0.95


def student_of(teacher: ModelMixin, changes: dict[str, object]) -> ModelMixin:
    """A network of the teacher's kind with other sizes, and with the teacher's weights wherever shapes agree."""
    student = type(teacher).from_config({**teacher.config, **changes})
    own = student.state_dict()
    inherited = {key: value for key, value in teacher.state_dict().items() if key in own and own[key].shape == value.shape}
    student.load_state_dict(own | inherited)
    return student


def halvings(start: int, end: int) -> int:
    """How many stages lead from so many sampling steps to so many. Raises ValueError where halving doesn't."""
    stages = (start // end).bit_length() - 1
    if end < 1 or stages < 1 or end << stages != start:
        raise ValueError(f"{start} steps halved again and again never are {end}")
    return stages


def train(args: argparse.Namespace) -> dict:
    teacher = load_denoiser(args.start)
    student = student_of(teacher, args.student)
    schedule = read_schedule(args.start) | {"defaultGuidance": 1.0}
    if args.method == "progressive":
        args.steps = halvings(args.from_steps, args.to_steps) * args.stage_steps
        schedule |= {"defaultSteps": args.to_steps, "timestep_spacing": "trailing"}
    elif args.method == "consistency":
        schedule |= {
            "_class_name": "LCMScheduler",
            "original_inference_steps": args.from_steps,
            "timestep_scaling": TIMESTEP_SCALING,
            "defaultSteps": CONSISTENCY_STEPS,
        }
    changes = run_settings(args) | {"text_dim": teacher.config.text_dim}
    if args.method == "consistency":
        changes["ema_decay"] = args.ema_decay or TARGET_DECAY
    settings = preset(args.preset, **changes)
    run = DenoiserTraining(args, settings, schedule)
    guided = Guided(run.frozen(teacher), run.process, run.batches.nothing, args.guidance, run.accelerator.autocast)
    spare = run.frozen(student_of(student, {}))
    loss_of: LossOf
    if args.method == "consistency":
        loss_of = Consistency(guided, spare, args.from_steps)
    elif args.method == "progressive":
        loss_of = Progressive(guided, spare, args.from_steps, args.stage_steps)
    else:
        loss_of = Imitation(guided)
    return run.train(student, loss_of, *([spare] if args.method == "progressive" else []))


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--method", choices=METHODS, required=True)
    p.add_argument("--from", dest="start", type=Path, required=True, help="folder of the teacher's weights (last/ or ema/)")
    p.add_argument("--student", type=json.loads, default={}, help="JSON of sizes that differ from the teacher's")
    p.add_argument("--guidance", type=float, default=GUIDANCE, help="of the teacher; the student then needs none")
    p.add_argument("--from-steps", type=int, default=50, help="DDIM steps of the teacher")
    p.add_argument("--to-steps", type=int, default=4, help="progressive: of the last student")
    p.add_argument("--stage-steps", type=int, default=1000, help="progressive: training steps for each halving")
    p.add_argument("--steps", type=int, default=3000, help="training steps of the whole run; progressive ones follow from stages")
    p.add_argument("--preset", default="starter", help="whose batch, rate and other settings of training hold")
    run_arguments(p)
    return p


if __name__ == "__main__":
    train(parser().parse_args())
