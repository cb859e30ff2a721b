"""Sampling with diffusers' DDIM and classifier-free guidance."""

from collections.abc import Callable

import torch
from diffusers import DDIMScheduler
from torch import Tensor


@torch.no_grad()
def sample(
    denoise: Callable[[Tensor, Tensor, Tensor, Tensor, Tensor], Tensor],
    scheduler: DDIMScheduler,
    condition: tuple[Tensor, Tensor, Tensor],
    empty: tuple[Tensor, Tensor, Tensor],
    noise: Tensor,
    steps: int = 25,
    guidance: float = 2.5,
) -> Tensor:
    """Pictures [B, 3, H, W] in [-1, 1] from `noise`.

    `condition` is (hidden_states, mask, pooled) of the prompts, `empty` the same of the empty prompt, both with batch B.
    """
    scheduler.set_timesteps(steps)
    both = [torch.cat([e, c]) for e, c in zip(empty, condition, strict=True)]
    x = noise
    for timestep in scheduler.timesteps:
        t = timestep.float().expand(2 * len(x))
        unconditional, conditional = denoise(torch.cat([x, x]), t, *both).float().chunk(2)
        prediction = unconditional + guidance * (conditional - unconditional)
        x = scheduler.step(prediction, timestep, x, eta=0.0).prev_sample
    return x.clamp(-1, 1)
