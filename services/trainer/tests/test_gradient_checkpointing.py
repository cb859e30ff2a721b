"""Checkpointing changes memory, not gradients."""

import pytest
import torch

from atelier_trainer.architectures import build
from atelier_trainer.presets import preset


@pytest.mark.parametrize("name", ["tiny", "tiny-dit", "tiny-unet"])
def test_gradients_are_the_same_with_less_remembered(name: str) -> None:
    torch.manual_seed(0)
    model = build(preset(name))
    with torch.no_grad():  # gates and heads start at zero, which would hide every block
        for parameter in model.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.1)
    inputs = (
        torch.randn(2, 3, 64, 64),
        torch.tensor([900.0, 100.0]),
        torch.randn(2, 3, 32),
        torch.ones(2, 3),
        torch.randn(2, 32),
    )

    def backward() -> tuple[list[torch.Tensor], int]:
        model.zero_grad()
        remembered = 0

        def count(tensor: torch.Tensor) -> torch.Tensor:
            nonlocal remembered
            remembered += tensor.numel()
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(count, lambda tensor: tensor):
            loss = model(*inputs).square().mean()
        loss.backward()
        return [p.grad.clone() for p in model.parameters() if p.grad is not None], remembered

    plain, much = backward()
    model.enable_gradient_checkpointing()
    checkpointed, little = backward()

    assert little < 0.7 * much
    for expected, actual in zip(plain, checkpointed, strict=True):
        torch.testing.assert_close(actual, expected, rtol=1e-4, atol=1e-7)
