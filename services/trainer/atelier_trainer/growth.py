"""Weights for an attribute space that has grown (`AttributeSpace.grown`): what was learnt stays in its place."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn


@torch.no_grad()
def keep_learnt(model: nn.Module, learnt: Mapping[str, Tensor]) -> None:
    """Give `model` the parameters of a network of its kind for a smaller space: they come first along every axis.

    The rest stays as initialised, and so do buffers, which follow from the space. Raises ValueError for a parameter that is
    larger in `learnt`.
    """
    for name, parameter in model.named_parameters():
        old = learnt.get(name)
        if old is None:
            continue
        if old.dim() != parameter.dim() or any(a > b for a, b in zip(old.shape, parameter.shape, strict=True)):
            raise ValueError(f"{name} is {tuple(old.shape)}, which {tuple(parameter.shape)} can't hold")
        parameter[tuple(slice(length) for length in old.shape)] = old
