"""Forward process and sampler against diffusers' own arithmetic."""

import pytest
import torch
from diffusers import DDIMScheduler, DDPMScheduler

from atelier_trainer.diffusion import SCHEDULE, ForwardProcess
from atelier_trainer.sampler import sample


def make(prediction: str, **changes) -> ForwardProcess:
    return ForwardProcess(DDPMScheduler(**(SCHEDULE | {"prediction_type": prediction} | changes)), shift=2.0)


@pytest.mark.parametrize("schedule", ["linear", "scaled_linear", "squaredcos_cap_v2"])
def test_noise_and_velocity_match_the_scheduler(schedule):
    scheduler = DDPMScheduler(**(SCHEDULE | {"beta_schedule": schedule, "prediction_type": "v_prediction"}))
    process = ForwardProcess(scheduler)
    x0, noise, t = torch.randn(4, 3, 8, 8), torch.randn(4, 3, 8, 8), torch.tensor([0, 250, 700, 999])
    torch.testing.assert_close(process.add_noise(x0, noise, t), scheduler.add_noise(x0, noise, t))
    torch.testing.assert_close(process.target(x0, noise, t), scheduler.get_velocity(x0, noise, t))


def test_all_predictions_weigh_the_same_error_alike():
    """The same mistake in x0 costs the same whether the network predicts x0, noise or velocity."""
    x0, noise = torch.rand(3, 3, 8, 8) * 2 - 1, torch.randn(3, 3, 8, 8)
    t = torch.tensor([100, 500, 900])
    wrong = x0 + 0.1
    losses = []
    for prediction in ("sample", "epsilon", "v_prediction"):
        process = make(prediction)
        noisy = process.add_noise(x0, noise, t)
        a = process.alphas_cumprod[t].view(-1, 1, 1, 1)
        implied = (noisy - a.sqrt() * wrong) / (1 - a).sqrt()
        losses.append(process.loss(process.target(wrong, implied, t), x0, noise, t))
    torch.testing.assert_close(losses[1], losses[0], rtol=2e-3, atol=1e-5)
    torch.testing.assert_close(losses[2], losses[0], rtol=2e-3, atol=1e-5)


def test_weights_are_bounded_and_never_vanish():
    weight = make("sample").weight(torch.arange(1000))
    assert weight.min() >= 1
    assert weight.max() <= 5


def test_timesteps_prefer_noise_and_cover_the_range():
    t = make("sample").sample_timesteps(4096, torch.Generator().manual_seed(0))
    assert 640 < t.float().median() < 690
    assert t.min() < 10
    assert t.max() > 990


def test_a_perfect_denoiser_is_sampled_to_its_picture():
    truth = torch.rand(2, 3, 64, 64) * 2 - 1
    both = torch.cat([truth, truth])
    empty = (torch.zeros(2, 1, 4), torch.ones(2, 1), torch.zeros(2, 4))
    picture = sample(lambda *_: both, DDIMScheduler(**SCHEDULE), empty, empty, torch.randn(2, 3, 64, 64), steps=10)
    torch.testing.assert_close(picture, truth, atol=2e-3, rtol=0)


def test_guidance_extrapolates_from_the_empty_prompt():
    unconditional, conditional = torch.full((1, 3, 8, 8), -0.1), torch.full((1, 3, 8, 8), 0.1)
    both = torch.cat([unconditional, conditional])
    empty = (torch.zeros(1, 1, 4), torch.ones(1, 1), torch.zeros(1, 4))
    picture = sample(lambda *_: both, DDIMScheduler(**SCHEDULE), empty, empty, torch.zeros(1, 3, 8, 8), 5, 2.0)
    torch.testing.assert_close(picture, torch.full_like(picture, 0.3), atol=1e-3, rtol=0)
