"""Train the base model: python -m atelier_trainer.train_base --preset starter --shards … --out … --steps …

Stop and start at will: it continues from the newest checkpoint of --out. The rate is constant; `--cooldown-steps n` ends the
run with n steps of falling rate. Under `torchrun` or `accelerate launch` each process takes its part of the global batch.
"""

import argparse
from pathlib import Path

from torch import Tensor, nn

from .architectures import build, load_denoiser
from .batches import Batch
from .denoiser_training import DenoiserTraining, run_arguments, run_settings
from .diffusion import noise_schedule
from .ema import Ema
from .presets import preset


def train(args: argparse.Namespace) -> dict:
    settings = preset(
        args.preset,
        **run_settings(args),
        prediction=args.prediction,
        beta_schedule=args.beta_schedule,
        zero_terminal_snr=args.zero_terminal_snr or None,
    )
    run = DenoiserTraining(args, settings, noise_schedule(settings))
    process = run.process

    def loss_of(model: nn.Module, _ema: Ema, batch: Batch, _step: int) -> Tensor:
        noisy = process.add_noise(batch.x0, batch.noise, batch.timesteps)
        prediction = model(noisy, batch.timesteps.float(), *batch.condition)
        return process.loss(prediction, batch.x0, batch.noise, batch.timesteps).mean()

    return run.train(load_denoiser(args.start) if args.start else build(settings), loss_of)


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--preset", default="starter")
    p.add_argument(
        "--from", dest="start", type=Path, help="folder of weights to begin with (ema/ or last/ of a run, restored or pruned)"
    )
    p.add_argument("--steps", type=int, required=True, help="total steps of the whole run, resumed parts included")
    p.add_argument("--prediction", choices=("sample", "epsilon", "v_prediction"))
    p.add_argument("--beta-schedule", choices=("linear", "scaled_linear", "squaredcos_cap_v2"))
    p.add_argument("--zero-terminal-snr", action="store_true", help="the last timestep is pure noise (Lin et al. 2023)")
    run_arguments(p)
    return p


if __name__ == "__main__":
    train(parser().parse_args())
