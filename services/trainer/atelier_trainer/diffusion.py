"""The forward process and the training loss, over any diffusers noise schedule."""

import torch
from diffusers import DDPMScheduler
from torch import Tensor

from .presets import BasePreset

# Higher ones make colours run and shapes merge (`npm run bench -- starter` shows it); at 1 fine detail is missed.
GUIDANCE = 1.5

SCHEDULE = {
    "num_train_timesteps": 1000,
    "beta_schedule": "squaredcos_cap_v2",
    "prediction_type": "sample",
    "clip_sample": True,
    "rescale_betas_zero_snr": False,
    "timestep_spacing": "trailing",
}


def noise_schedule(settings: BasePreset) -> dict[str, object]:
    """A preset's scheduler_config.json. Raises ValueError for noise prediction where the last step holds nothing but noise."""
    if settings.zero_terminal_snr and settings.prediction == "epsilon":
        raise ValueError("epsilon prediction says nothing at zero terminal SNR; use v_prediction or sample")
    return SCHEDULE | {
        "beta_schedule": settings.beta_schedule,
        "prediction_type": settings.prediction,
        "rescale_betas_zero_snr": settings.zero_terminal_snr,
    }


class ForwardProcess:
    """q(x_t | x_0) of a scheduler, its regression targets and loss weights. Prediction: sample, epsilon or v_prediction."""

    def __init__(self, scheduler: DDPMScheduler, snr_gamma: float = 5.0, shift: float = 1.0) -> None:
        self.prediction = scheduler.config.prediction_type
        self.steps = scheduler.config.num_train_timesteps
        self.alphas_cumprod = scheduler.alphas_cumprod.float()
        self._reachable = torch.cat([self.alphas_cumprod, torch.ones(1)])
        self.limit = scheduler.config.clip_sample_range if scheduler.config.clip_sample else None
        self.snr_gamma = snr_gamma
        self.shift = shift

    def sample_timesteps(self, count: int, generator: torch.Generator) -> Tensor:
        """Int64 [count], stratified over the batch; `shift` > 1 prefers noisy steps (SD3's timestep shift, eq. 23)."""
        u = (torch.arange(count) + torch.rand(count, generator=generator)) / count
        u = u[torch.randperm(count, generator=generator)]
        u = self.shift * u / (1 + (self.shift - 1) * u)
        return (u * self.steps).long().clamp(max=self.steps - 1)

    def _gains(self, timesteps: Tensor, ndim: int) -> tuple[Tensor, Tensor]:
        """√ᾱ and √(1-ᾱ) at timesteps; -1 is the finished picture, without noise."""
        a = self._reachable.to(timesteps.device)[timesteps].view(-1, *[1] * (ndim - 1))
        return a.sqrt(), (1 - a).sqrt()

    def add_noise(self, x0: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """x_t = √ᾱ x_0 + √(1-ᾱ) ε."""
        signal, sigma = self._gains(timesteps, x0.ndim)
        return signal * x0 + sigma * noise

    def target(self, x0: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """What the network regresses."""
        if self.prediction == "sample":
            return x0
        if self.prediction == "epsilon":
            return noise
        signal, sigma = self._gains(timesteps, x0.ndim)
        return signal * noise - sigma * x0

    def picture(self, output: Tensor, x: Tensor, timesteps: Tensor) -> Tensor:
        """The x_0 that an output of the network means for x_t, in fp32."""
        output = output.float()
        if self.prediction == "sample":
            return output
        signal, sigma = self._gains(timesteps, x.ndim)
        return (x - sigma * output) / signal if self.prediction == "epsilon" else signal * x - sigma * output

    def noise_of(self, x: Tensor, picture: Tensor, timesteps: Tensor) -> Tensor:
        """The noise that is left of x_t without a picture."""
        signal, sigma = self._gains(timesteps, x.ndim)
        return (x - signal * picture) / sigma

    def ddim(self, x: Tensor, picture: Tensor, timesteps: Tensor, to: Tensor) -> Tensor:
        """x at timesteps `to` on the way from x_t to a predicted picture (Song et al. 2021, eq. 12, without noise)."""
        noise = self.noise_of(x, picture, timesteps)
        signal, sigma = self._gains(to, x.ndim)
        return signal * (picture if self.limit is None else picture.clamp(-self.limit, self.limit)) + sigma * noise

    def picture_between(self, x: Tensor, timesteps: Tensor, later: Tensor, to: Tensor) -> Tensor:
        """The picture whose DDIM step from x_t ends in `later`, x at timesteps `to` (Salimans & Ho 2022, appendix G)."""
        signal, sigma = self._gains(timesteps, x.ndim)
        signal_to, sigma_to = self._gains(to, x.ndim)
        ratio = sigma_to / sigma
        return (later - ratio * x) / (signal_to - ratio * signal)

    def weight(self, timesteps: Tensor) -> Tensor:
        """Loss weight [B]: the v-space loss cut at γ ("min-SNR", Hang et al. 2023, with +1 so that pure noise still counts).

        In terms of the x0 error every prediction type then has weight min(SNR + 1, γ).
        """
        a = self.alphas_cumprod.to(timesteps.device)[timesteps]
        snr = a / (1 - a)
        x0_weight = (snr + 1).clamp(max=self.snr_gamma)
        if self.prediction == "sample":
            return x0_weight
        return x0_weight / snr.clamp(min=1e-8) if self.prediction == "epsilon" else x0_weight / (snr + 1)

    def loss(self, prediction: Tensor, x0: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """Weighted squared error per item [B]."""
        error = (prediction.float() - self.target(x0, noise, timesteps)).square()
        return error.flatten(1).mean(1) * self.weight(timesteps)
