"""A deeper network draws what the shallower one drew, and can be trained on."""

import pytest
import torch
from torch import nn

from atelier_trainer.architectures import build
from atelier_trainer.deepen import deepened, silence
from atelier_trainer.denoiser import HybridDenoiser
from atelier_trainer.presets import preset

BATCH = 2


def inputs() -> tuple[torch.Tensor, ...]:
    return (
        torch.randn(BATCH, 3, 64, 64),
        torch.tensor([10.0, 900.0]),
        torch.randn(BATCH, 5, 32),
        torch.ones(BATCH, 5),
        torch.randn(BATCH, 32),
    )


@pytest.fixture
def trained() -> HybridDenoiser:
    torch.manual_seed(0)
    model = build(preset("tiny"))
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=0.1)
    return model.eval()


def test_computes_the_same_with_more_blocks(trained):
    deeper = deepened(trained, (3, 2, 2))
    assert deeper.config.depths == (3, 2, 2)
    assert len(deeper.up0) == 4
    with torch.no_grad():
        before = trained(*(batch := inputs()))
        torch.testing.assert_close(deeper(*batch), before, atol=1e-5, rtol=1e-5)
    assert before.abs().max() > 0.1


def test_every_new_block_can_learn(trained):
    deeper = deepened(trained, (2, 2, 2))
    deeper(*inputs()).square().sum().backward()
    for stage, layer in (("down0", "conv_out"), ("up0", "conv_out"), ("up1", "conv_out"), ("middle", "out_cross")):
        block = getattr(deeper, stage)[-1]
        assert getattr(block, layer).weight.grad.abs().max() > 0, stage
    assert deeper.middle[-1].modulation.weight.grad.abs().max() > 0


def test_is_not_for_smaller_networks_or_other_blocks(trained):
    with pytest.raises(ValueError, match="can't become"):
        deepened(trained, (0, 1, 1))
    with pytest.raises(TypeError, match="Linear"):
        silence(nn.Linear(2, 2))
