"""The training of a denoiser on shards, whatever its loss: learning, distilling and recovering all run through here.

Every step is a function of (seed, step) and of what the checkpoint holds, so the same command goes on to the same weights.
"""

import argparse
import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import torch
from accelerate import Accelerator
from accelerate.utils import DataLoaderConfiguration
from diffusers import DDPMScheduler, ModelMixin
from torch import Tensor, nn
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from . import checkpoint
from .attributes import AttributeSpace
from .batches import Batch, Batches
from .data import SceneSet, load_scenes, rank_slice
from .diffusion import ForwardProcess
from .ema import Ema
from .precision import fastest
from .presets import BasePreset

# (the network being trained, the average of its weights, a batch, its step) → loss.
LossOf = Callable[[nn.Module, Ema, Batch, int], Tensor]


class Position:
    """How many steps were made, as accelerate saves it."""

    def __init__(self) -> None:
        self.step = 0

    def state_dict(self) -> dict:
        return {"step": self.step}

    def load_state_dict(self, state: dict) -> None:
        self.step = state["step"]


def rate_factor(step: int, warmup: int, end: int | None, cooldown: int) -> float:
    """Warm-up, constant, and a linear fall over the last `cooldown` steps before `end`."""
    factor = min(1.0, (step + 1) / max(1, warmup))
    if cooldown and end is not None:
        factor = min(factor, max(0.0, (end - step) / cooldown))
    return factor


def open_space(out: Path, scenes: SceneSet, start: Path | None = None) -> AttributeSpace:
    """The attribute space of a run, fixed by its first start: that of the weights it starts from and what else shards have."""
    path = out / "attributes.json"
    if path.exists():
        return AttributeSpace.from_dict(json.loads(path.read_text()))
    out.mkdir(parents=True, exist_ok=True)
    inherited = start.parent / "attributes.json" if start else None
    if inherited and inherited.exists():
        space = AttributeSpace.from_dict(json.loads(inherited.read_text())).grown(scenes.attributes)
    else:
        space = AttributeSpace.collect(scenes.attributes)
    partial = out / f"attributes.json.{os.getpid()}"
    partial.write_text(json.dumps(space.to_dict(), indent=1) + "\n")
    partial.rename(path)
    return space


class DenoiserTraining:
    """One run: its processes, its data, and the loop. `schedule` is the scheduler_config.json that goes with the weights."""

    def __init__(self, args: argparse.Namespace, settings: BasePreset, schedule: dict[str, object]) -> None:
        self.args, self.settings, self.schedule = args, settings, schedule
        self.accelerator = Accelerator(
            mixed_precision=fastest() if settings.precision == "fastest" else settings.precision,
            cpu=args.cpu,
            dynamo_backend="inductor" if args.compile else None,
            dataloader_config=DataLoaderConfiguration(),
        )
        torch.manual_seed(args.seed)
        scenes = load_scenes(args.shards, limit=args.limit, embeddings=args.cached_embeddings)
        space = open_space(args.out, scenes, args.start)
        self.process = ForwardProcess(DDPMScheduler.from_config(schedule), settings.snr_gamma, settings.shift)
        device = self.accelerator.device
        self.batches = Batches(scenes, space, self.process, settings, args.seed, args.shards, device)

    def place(self, model: nn.Module) -> nn.Module:
        """A network on the run's device, in the memory order that is fastest there."""
        cpu = self.accelerator.device.type == "cpu"
        return model.to(self.accelerator.device, **({"memory_format": torch.channels_last} if cpu else {}))

    def frozen(self, model: nn.Module) -> nn.Module:
        """A network that is asked and not trained."""
        model = self.place(model).eval().requires_grad_(False)
        if self.args.compile:
            model.compile()
        return model

    def train(self, model: ModelMixin, loss_of: LossOf, *states: nn.Module) -> dict:
        """Train in place, from the newest checkpoint if there is one. `states` are saved with the weights."""
        args, settings, accelerator = self.args, self.settings, self.accelerator
        model = self.place(model)
        if args.gradient_checkpointing:
            model.enable_gradient_checkpointing()
        parameters = sum(p.numel() for p in model.parameters())
        accelerator.print(f"{len(self.batches.scenes)} scenes, {parameters / 1e6:.1f} M parameters, {settings}")
        optimiser = torch.optim.AdamW(
            model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.98), weight_decay=settings.weight_decay, fused=True
        )
        ema = Ema(model, settings.ema_decay)
        position = Position()
        model, optimiser = accelerator.prepare(model, optimiser)
        accelerator.register_for_checkpointing(ema, position, *states)
        newest = checkpoint.latest(args.out)
        if newest:
            accelerator.load_state(str(newest))
            accelerator.print(f"continuing from step {position.step}")
        if args.dry_run:
            self.batches.draw(position.step)
            accelerator.print("dry run: everything loads; no step made")
            return {"step": position.step, "parameters": parameters}
        return self._loop(model, loss_of, optimiser, ema, position)

    def _loop(self, model: nn.Module, loss_of: LossOf, optimiser: torch.optim.Optimizer, ema: Ema, position: Position) -> dict:
        args, settings, accelerator = self.args, self.settings, self.accelerator
        part = rank_slice(settings.batch, accelerator.process_index, accelerator.num_processes)
        writer = SummaryWriter(str(args.out / "tensorboard")) if accelerator.is_main_process else None
        bar = tqdm(
            initial=position.step, total=args.steps, desc=args.out.name, mininterval=10, disable=not accelerator.is_main_process
        )
        stop = _stop_on_sigterm()
        saved_at = seen_at = time.monotonic()
        running, last = 0.0, float("nan")
        while position.step < args.steps:
            step = position.step
            for group in optimiser.param_groups:
                factor = rate_factor(step, settings.warmup_steps, args.steps, args.cooldown_steps)
                group["lr"] = settings.learning_rate * factor
            loss = loss_of(model, ema, self.batches.draw(step, part), step)
            accelerator.backward(loss)
            accelerator.clip_grad_norm_(model.parameters(), settings.clip)
            optimiser.step()
            optimiser.zero_grad()
            ema.update(model.parameters())
            position.step += 1
            last = loss.item()
            if last != last:
                raise FloatingPointError(f"loss is not a number at step {step}; the last checkpoint is intact")
            running += last
            bar.update()
            if position.step % args.log_every == 0:
                mean, now = running / args.log_every, time.monotonic()
                speed = settings.batch * args.log_every / (now - seen_at)
                running, seen_at = 0.0, now
                if writer:
                    writer.add_scalar("loss", mean, position.step)
                    writer.add_scalar("images_per_second", speed, position.step)
                    writer.add_scalar("learning_rate", optimiser.param_groups[0]["lr"], position.step)
                accelerator.print(f"step {position.step} loss {mean:.4f} {speed:.1f} images/s", flush=True)
            due = time.monotonic() - saved_at > args.save_minutes * 60
            if due or stop or position.step == args.steps or position.step == args.save_at:
                self._save(model, ema, position.step)
                saved_at = time.monotonic()
            if stop:
                break
        bar.close()
        if writer:
            writer.close()
        return {"step": position.step, "loss": last}

    def _save(self, model: nn.Module, ema: Ema, step: int) -> None:
        out, accelerator = self.args.out, self.accelerator
        checkpoint.save(accelerator, out, step)
        if accelerator.is_main_process:
            bare = accelerator.unwrap_model(model, keep_torch_compile=False)
            average = type(bare).from_config(bare.config)
            ema.copy_to(average)
            write_denoiser(average, out / "ema", self.schedule)
            write_denoiser(bare, out / "last", self.schedule)


def _stop_on_sigterm() -> list[int]:
    """A list that SIGTERM makes non-empty: the run then saves after the step in hand and ends."""
    received: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: received.append(number))
    return received


def write_denoiser(model: ModelMixin, folder: Path, schedule: dict[str, object]) -> None:
    """Replace a diffusers folder of weights and schedule, for sampling and export; a reader sees the old one or the new one."""
    partial, old = folder.with_name(f"{folder.name}-partial"), folder.with_name(f"{folder.name}-old")
    # A kill −9 on the way may have left some of it.
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
    model.save_pretrained(partial)
    (partial / "scheduler").mkdir(exist_ok=True)
    (partial / "scheduler" / "scheduler_config.json").write_text(json.dumps(schedule, indent=1) + "\n")
    if folder.exists():
        folder.rename(old)
    partial.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def write_resized(model: ModelMixin, start: Path, out: Path) -> None:
    """Weights made of those in `start` as a run's folder `out` that training goes on from: `last/` and attributes.json."""
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(start.parent / "attributes.json", out / "attributes.json")
    write_denoiser(model, out / "last", read_schedule(start))


def read_schedule(folder: Path) -> dict[str, object]:
    """The scheduler_config.json beside a denoiser's weights."""
    return json.loads((folder / "scheduler" / "scheduler_config.json").read_text())


def run_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of every training of a denoiser."""
    p = parser
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--cooldown-steps", type=int, default=0)
    p.add_argument("--batch", type=int)
    p.add_argument("--learning-rate", type=float)
    p.add_argument("--warmup-steps", type=int)
    p.add_argument("--ema-decay", type=float)
    p.add_argument("--precision", choices=("fastest", "no", "bf16", "fp16"))
    p.add_argument("--complete", type=float, help="share of pictures told every attribute, as a prior tells them (0 to 1)")
    p.add_argument("--shift", type=float, help="above 1 trains more on noisy steps")
    p.add_argument("--gradient-checkpointing", action="store_true", help="less memory, a third more time")
    p.add_argument("--cached-embeddings", action="store_true", help="condition on the shards' caption embeddings, not on states")
    p.add_argument("--limit", type=int)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--save-minutes", type=float, default=2.0)
    p.add_argument("--save-at", type=int, help="also save after this step")
    p.add_argument("--log-every", type=int, default=50)
    p.add_argument("--compile", action="store_true", help="torch.compile the denoiser")
    p.add_argument("--cpu", action="store_true")
    p.add_argument("--dry-run", action="store_true")


def run_settings(args: argparse.Namespace) -> dict[str, object]:
    """What these options change of a preset; None leaves it."""
    names = ("batch", "learning_rate", "warmup_steps", "ema_decay", "precision", "complete", "shift")
    return {name: getattr(args, name) for name in names}
