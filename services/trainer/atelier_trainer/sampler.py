"""Sampling with diffusers' DDIM, or LCM for consistency models, and classifier-free guidance."""

from collections.abc import Callable

import torch
from diffusers import DDIMScheduler, LCMScheduler
from torch import Tensor


@torch.no_grad()
def sample(
    denoise: Callable[[Tensor, Tensor, Tensor, Tensor, Tensor], Tensor],
    scheduler: DDIMScheduler | LCMScheduler,
    condition: tuple[Tensor, Tensor, Tensor],
    empty: tuple[Tensor, Tensor, Tensor],
    noise: Tensor,
    steps: int = 25,
    guidance: float = 2.5,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Pictures [B, 3, H, W] in [-1, 1] from `noise`.

    `condition` is (hidden_states, mask, pooled) of the prompts, `empty` the same of the empty prompt, both with batch B.
    At guidance 1 the empty prompt isn't asked. LCM draws noise of its own between steps, from `generator`.
    """
    scheduler.set_timesteps(steps)
    both = [torch.cat([e, c]) for e, c in zip(empty, condition, strict=True)]
    x = noise
    for timestep in scheduler.timesteps:
        t = timestep.float()
        if guidance == 1:
            prediction = denoise(x, t.expand(len(x)), *condition).float()
        else:
            unconditional, conditional = denoise(torch.cat([x, x]), t.expand(2 * len(x)), *both).float().chunk(2)
            prediction = unconditional + guidance * (conditional - unconditional)
        x = scheduler.step(prediction, timestep, x, generator=generator).prev_sample
    return x.clamp(-1, 1)
