"""What a student learns from a teacher: its guided pictures, where its path leads, or two of its steps as one."""

import contextlib
from collections.abc import Callable

import torch
from torch import Tensor, nn

from .batches import Batch, Condition
from .diffusion import ForwardProcess
from .ema import Ema

# As the service's LCM sampler and diffusers' LCMScheduler have them: standard deviation of the data, and time's scale.
SIGMA_DATA = 0.5
TIMESTEP_SCALING = 10.0
# Where the pseudo-Huber loss turns from square to absolute, as in the training of LCM.
HUBER = 1e-3

Autocast = Callable[[], contextlib.AbstractContextManager]


class Guided:
    """A frozen denoiser with classifier-free guidance: pictures [B, 3, H, W] from x_t. Guidance 1 asks it once."""

    def __init__(
        self, model: nn.Module, process: ForwardProcess, nothing: Callable[[int], Condition], guidance: float, autocast: Autocast
    ) -> None:
        self.model, self.process, self.nothing, self.guidance, self.autocast = model, process, nothing, guidance, autocast

    @torch.no_grad()
    def picture(self, x: Tensor, timesteps: Tensor, condition: Condition) -> Tensor:
        with self.autocast():
            if self.guidance == 1:
                output = self.model(x, timesteps.float(), *condition).float()
            else:
                both = [torch.cat(pair) for pair in zip(self.nothing(len(x)), condition, strict=True)]
                outputs = self.model(torch.cat([x, x]), timesteps.float().repeat(2), *both).float()
                unconditional, conditional = outputs.chunk(2)
                output = unconditional + self.guidance * (conditional - unconditional)
        return self.process.picture(output, x, timesteps)


class Consistency:
    """Latent consistency distillation (Luo et al. 2023, algorithm 1), in whatever space the denoiser works.

    All points of the teacher's path of `steps` DDIM steps are to lead to one picture: what the student says at one point is what
    the average of its weights says a teacher's step further on. The teacher is guided, so the student's pictures are at once.
    """

    def __init__(self, teacher: Guided, average: nn.Module, steps: int) -> None:
        self.teacher, self.average = teacher, average
        self.process, self.stride = teacher.process, teacher.process.steps // steps

    def __call__(self, model: nn.Module, ema: Ema, batch: Batch, _step: int) -> Tensor:
        process, stride = self.process, self.stride
        place = (batch.timesteps // stride).clamp(max=process.steps // stride - 1)
        timesteps, to = (place + 1) * stride - 1, place * stride - 1
        x = process.add_noise(batch.x0, batch.noise, timesteps)
        with torch.no_grad():
            later = process.ddim(x, self.teacher.picture(x, timesteps, batch.condition), timesteps, to)
            ema.copy_to(self.average)
            with self.teacher.autocast():
                target = self.consistent(self.average, later, to, batch.condition)
        error = self.consistent(model, x, timesteps, batch.condition) - target
        return ((error.square() + HUBER**2).sqrt() - HUBER).mean()

    def consistent(self, model: nn.Module, x: Tensor, timesteps: Tensor, condition: Condition) -> Tensor:
        """f(x, t) = c_skip x + c_out x̂_0: x itself at the end (Song et al. 2023, appendix C)."""
        known = timesteps.clamp(min=0)
        time = (known.float() * TIMESTEP_SCALING).view(-1, 1, 1, 1)
        skip = SIGMA_DATA**2 / (time.square() + SIGMA_DATA**2)
        out = time / (time.square() + SIGMA_DATA**2).sqrt()
        return skip * x + out * self.process.picture(model(x, known.float(), *condition), x, known)


class Progressive:
    """Progressive distillation (Salimans & Ho 2022): a student's step is two of the teacher's; then it is the teacher itself.

    Each stage of `stage_steps` training steps halves the sampling steps, from `steps`. The first teacher is guided, and so each
    student without asking twice (Meng et al. 2023). `successor` is a network like the student, saved with the run, that holds
    the later teachers.
    """

    def __init__(self, first: Guided, successor: nn.Module, steps: int, stage_steps: int) -> None:
        self.first, self.successor, self.steps, self.stage_steps = first, successor, steps, stage_steps
        self.process = first.process

    def __call__(self, model: nn.Module, ema: Ema, batch: Batch, step: int) -> Tensor:
        stage, since = divmod(step, self.stage_steps)
        if stage > 0 and since == 0:
            ema.copy_to(self.successor)
        teacher = self.first
        if stage > 0:
            teacher = Guided(self.successor, self.process, self.first.nothing, 1, self.first.autocast)
        steps = self.steps >> (stage + 1)
        place = batch.timesteps * steps // self.process.steps + 1
        timesteps, halfway, to = (self._spaced(place - part, steps) for part in (0, 0.5, 1))
        x = self.process.add_noise(batch.x0, batch.noise, timesteps)
        target = self._after_two_steps(teacher, x, (timesteps, halfway, to), batch.condition)
        output = model(x, timesteps.float(), *batch.condition)
        noise = self.process.noise_of(x, target, timesteps)
        return self.process.loss(output, target, noise, timesteps).mean()

    def _spaced(self, place: Tensor, steps: int) -> Tensor:
        """Timesteps as samplers space them when `trailing`: place `steps` is the noisiest, 0 the finished picture (-1)."""
        return (place * self.process.steps / steps).round().long() - 1

    def _after_two_steps(self, teacher: Guided, x: Tensor, times: tuple[Tensor, Tensor, Tensor], condition: Condition) -> Tensor:
        start, halfway, end = times
        half = self.process.ddim(x, teacher.picture(x, start, condition), start, halfway)
        later = self.process.ddim(half, teacher.picture(half, halfway, condition), halfway, end)
        return self.process.picture_between(x, start, later, end)


class Imitation:
    """The teacher's guided picture at every timestep (Meng et al. 2023, stage one): for a student that begins from little."""

    def __init__(self, teacher: Guided) -> None:
        self.teacher, self.process = teacher, teacher.process

    def __call__(self, model: nn.Module, _ema: Ema, batch: Batch, _step: int) -> Tensor:
        x = self.process.add_noise(batch.x0, batch.noise, batch.timesteps)
        target = self.teacher.picture(x, batch.timesteps, batch.condition)
        output = model(x, batch.timesteps.float(), *batch.condition)
        return self.process.loss(output, target, self.process.noise_of(x, target, batch.timesteps), batch.timesteps).mean()
