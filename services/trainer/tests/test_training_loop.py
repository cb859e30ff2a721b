"""The loop of the small models: its rate, its ends, and going on after a stop as if there had been none."""

import random
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from atelier_trainer.training_loop import LAST_RATE, LoopOptions, fit, rate_factor


def test_rate_warms_up_and_falls_along_a_cosine():
    assert rate_factor(0, 10, 0.0) == pytest.approx(0.1)
    assert rate_factor(10, 10, 0.0) == pytest.approx(1.0)
    assert rate_factor(10, 10, 0.5) == pytest.approx((1 + LAST_RATE) / 2)
    assert rate_factor(10, 10, 1.0) == pytest.approx(LAST_RATE)


def line() -> nn.Linear:
    torch.manual_seed(0)
    return nn.Linear(1, 1)


def loss_on(model: nn.Module, stop_at: int | None = None):
    """Mean squared error of y = 3x - 1; raises at the step `stop_at`, as a kill would."""
    calls = 0

    def loss_of(rng: random.Random) -> Tensor:
        nonlocal calls
        calls += 1
        if calls == stop_at:
            raise KeyboardInterrupt
        x = torch.tensor([[rng.uniform(-1, 1)] for _ in range(8)])
        return (model(x) - (3 * x - 1)).square().mean()

    return loss_of


def test_learns_and_stops_after_its_steps(tmp_path: Path):
    model = line()
    assert fit(model, loss_on(model), LoopOptions(400, 60, 0.05), tmp_path) == 400
    assert model.weight.item() == pytest.approx(3, abs=0.1)


def test_a_resumed_run_ends_in_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("atelier_trainer.training_loop.SAVE_SECONDS", 0.0)
    options = LoopOptions(50, 60, 0.05)
    whole, stopped, resumed = line(), line(), line()
    fit(whole, loss_on(whole), options, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        fit(stopped, loss_on(stopped, stop_at=20), options, tmp_path / "parts")
    assert fit(resumed, loss_on(resumed), options, tmp_path / "parts") == 50
    assert torch.equal(whole.weight, resumed.weight)


def test_no_minutes_are_no_steps(tmp_path: Path):
    model = line()
    assert fit(model, loss_on(model), LoopOptions(10, 1e-9, 0.05), tmp_path) == 0
