"""Exponential moving average of weights; the picture maker uses the average, not the last step."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn


class Ema:
    """`decay` is approached from below while few steps were made: min(decay, (1 + n) / (10 + n))."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.count = 0
        self.shadow = [p.detach().clone() for p in model.parameters()]

    @torch.no_grad()
    def update(self, parameters: Iterable[Tensor]) -> None:
        self.count += 1
        decay = min(self.decay, (1 + self.count) / (10 + self.count))
        torch._foreach_lerp_(self.shadow, [p.detach() for p in parameters], 1 - decay)

    @torch.no_grad()
    def copy_to(self, model: nn.Module) -> None:
        for target, source in zip(model.parameters(), self.shadow, strict=True):
            target.copy_(source)

    def state_dict(self) -> dict:
        return {"count": self.count, "shadow": self.shadow}

    def load_state_dict(self, state: dict) -> None:
        self.count = state["count"]
        self.shadow = [a.clone() for a in state["shadow"]]
