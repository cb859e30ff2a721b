"""Train the base model: python -m atelier_trainer.train_base --preset starter --shards … --out … --steps …

Stop and start at will: it continues from the newest checkpoint of --out. The rate is constant; `--cooldown-steps n` ends the
run with n steps of falling rate. Under `torchrun` or `accelerate launch` each process takes its part of the global batch.
"""

import argparse
import json
import os
import shutil
import signal
import time
from pathlib import Path

import torch
from accelerate import Accelerator
from accelerate.utils import DataLoaderConfiguration
from diffusers import DDPMScheduler, ModelMixin
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from . import checkpoint
from .architectures import build, load_denoiser
from .attributes import AttributeSpace
from .conditions import AttributeEmbedding, CachedConditions, ConditionBank
from .data import SceneSet, load_scenes, rank_slice, step_generator
from .diffusion import ForwardProcess, noise_schedule
from .ema import Ema
from .precision import fastest
from .presets import BasePreset, preset
from .shards import read_empty


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
    """The attribute space of a run: that of the weights it starts from, fixed by the first start, whatever shards are added."""
    path = out / "attributes.json"
    if path.exists():
        return AttributeSpace.from_dict(json.loads(path.read_text()))
    out.mkdir(parents=True, exist_ok=True)
    inherited = start.parent / "attributes.json" if start else None
    if inherited and inherited.exists():
        space = AttributeSpace.from_dict(json.loads(inherited.read_text()))
    else:
        space = AttributeSpace.collect(scenes.attributes)
    partial = out / f"attributes.json.{os.getpid()}"
    partial.write_text(json.dumps(space.to_dict(), indent=1) + "\n")
    partial.rename(path)
    return space


def make_batch(
    scenes: SceneSet, bank: ConditionBank | CachedConditions, process: ForwardProcess, settings: BasePreset, seed: int, step: int
):
    """The global batch of a step: picture indices, stated classes, timesteps and noise, all from (seed, step)."""
    generator = step_generator(seed, step)
    picture = torch.randint(len(scenes), (settings.batch,), generator=generator)
    labels = bank.draw(picture, settings.caption_dropout, generator)
    timesteps = process.sample_timesteps(settings.batch, generator)
    noise = torch.randn(settings.batch, *scenes.images.shape[1:], generator=generator)
    return picture, labels, timesteps, noise


def train(args: argparse.Namespace) -> dict:
    settings = preset(
        args.preset,
        batch=args.batch,
        learning_rate=args.learning_rate,
        ema_decay=args.ema_decay,
        precision=args.precision,
        prediction=args.prediction,
        beta_schedule=args.beta_schedule,
        zero_terminal_snr=args.zero_terminal_snr or None,
        complete=args.complete,
    )
    accelerator = Accelerator(
        mixed_precision=fastest() if settings.precision == "fastest" else settings.precision,
        cpu=args.cpu,
        dynamo_backend="inductor" if args.compile else None,
        dataloader_config=DataLoaderConfiguration(),
    )
    torch.manual_seed(args.seed)
    scenes = load_scenes(args.shards, limit=args.limit, embeddings=args.cached_embeddings)
    space = open_space(args.out, scenes, args.start)
    if scenes.embeddings:
        bank = embedding = CachedConditions(scenes.embeddings, read_empty(args.shards))
    else:
        bank = ConditionBank(space, scenes.attributes, scenes.captions, settings.complete)
        embedding = AttributeEmbedding(space, settings.text_dim).to(accelerator.device)
    process = ForwardProcess(DDPMScheduler(**noise_schedule(settings)), settings.snr_gamma, settings.shift)
    model = load_denoiser(args.start) if args.start else build(settings)
    if accelerator.device.type == "cpu":
        model = model.to(memory_format=torch.channels_last)
    if args.gradient_checkpointing:
        model.enable_gradient_checkpointing()
    parameters = sum(p.numel() for p in model.parameters())
    accelerator.print(f"{len(scenes)} scenes, {parameters / 1e6:.1f} M parameters, {settings}")
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.98), weight_decay=settings.weight_decay, fused=True
    )
    ema = Ema(model.to(accelerator.device), settings.ema_decay)
    position = Position()
    model, optimiser = accelerator.prepare(model, optimiser)
    accelerator.register_for_checkpointing(ema, position)
    args.out.mkdir(parents=True, exist_ok=True)
    newest = checkpoint.latest(args.out)
    if newest:
        accelerator.load_state(str(newest))
        accelerator.print(f"continuing from step {position.step}")
    if args.dry_run:
        make_batch(scenes, bank, process, settings, args.seed, position.step)
        accelerator.print("dry run: everything loads; no step made")
        return {"step": position.step, "parameters": parameters}
    return _loop(args, settings, accelerator, model, optimiser, ema, position, scenes, bank, embedding, process)


def _loop(args, settings, accelerator, model, optimiser, ema, position, scenes, bank, embedding, process) -> dict:
    part = rank_slice(settings.batch, accelerator.process_index, accelerator.num_processes)
    writer = SummaryWriter(str(args.out / "tensorboard")) if accelerator.is_main_process else None
    bar = tqdm(initial=position.step, total=args.steps, desc="base", mininterval=10, disable=not accelerator.is_main_process)
    stop = _stop_on_sigterm()
    saved_at = seen_at = time.monotonic()
    running, last = 0.0, float("nan")
    while position.step < args.steps:
        step = position.step
        for group in optimiser.param_groups:
            factor = rate_factor(step, settings.warmup_steps, args.steps, args.cooldown_steps)
            group["lr"] = settings.learning_rate * factor
        picture, labels, timesteps, noise = make_batch(scenes, bank, process, settings, args.seed, step)
        device = accelerator.device
        x0 = scenes.images[picture[part]].to(device).float() / 127.5 - 1
        noise, timesteps = noise[part].to(device), timesteps[part].to(device)
        hidden, pooled = embedding.of_labels(labels[part].to(device))
        mask = torch.ones(hidden.shape[:2], device=device)
        prediction = model(process.add_noise(x0, noise, timesteps), timesteps.float(), hidden, mask, pooled)
        loss = process.loss(prediction, x0, noise, timesteps).mean()
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
            checkpoint.save(accelerator, args.out, position.step)
            if accelerator.is_main_process:
                bare = accelerator.unwrap_model(model, keep_torch_compile=False)
                average = type(bare).from_config(bare.config)
                ema.copy_to(average)
                write_denoiser(average, args.out / "ema", noise_schedule(settings))
                write_denoiser(bare, args.out / "last", noise_schedule(settings))
            saved_at = time.monotonic()
        if stop:
            break
    bar.close()
    if writer:
        writer.close()
    return {"step": position.step, "loss": last}


def _stop_on_sigterm() -> list[int]:
    """A list that SIGTERM makes non-empty: the run then saves after the step in hand and ends."""
    received: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: received.append(number))
    return received


def write_denoiser(model: ModelMixin, folder: Path, schedule: dict[str, object]) -> None:
    """Replace a diffusers folder of weights and schedule, for sampling and export; a reader sees the old one or the new one."""
    partial, old = folder.with_name(f"{folder.name}-partial"), folder.with_name(f"{folder.name}-old")
    model.save_pretrained(partial)
    (partial / "scheduler").mkdir(exist_ok=True)
    (partial / "scheduler" / "scheduler_config.json").write_text(json.dumps(schedule, indent=1) + "\n")
    if folder.exists():
        folder.rename(old)
    partial.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--preset", default="starter")
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument(
        "--from", dest="start", type=Path, help="folder of weights to begin with (ema/ or last/ of a run, or restored)"
    )
    p.add_argument("--steps", type=int, required=True, help="total steps of the whole run, resumed parts included")
    p.add_argument("--cooldown-steps", type=int, default=0)
    p.add_argument("--batch", type=int)
    p.add_argument("--learning-rate", type=float)
    p.add_argument("--ema-decay", type=float)
    p.add_argument("--precision", choices=("fastest", "no", "bf16", "fp16"))
    p.add_argument("--prediction", choices=("sample", "epsilon", "v_prediction"))
    p.add_argument("--beta-schedule", choices=("linear", "scaled_linear", "squaredcos_cap_v2"))
    p.add_argument("--zero-terminal-snr", action="store_true", help="the last timestep is pure noise (Lin et al. 2023)")
    p.add_argument("--complete", type=float, help="share of pictures told every attribute, as a prior tells them (0 to 1)")
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
    return p


if __name__ == "__main__":
    train(parser().parse_args())
