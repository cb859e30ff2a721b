"""The attribute prior: what a prompt leaves open is drawn at random as scenes have it, before the denoiser starts.

As in DALL-E 2 (Ramesh et al. 2022, section 2.2), where a prior turns a caption's embedding into a picture's. Here both are
attribute tokens (`conditions.py`): the caption's state some keys, the picture's all of them. A denoiser that is told everything
needn't decide between a hat and none while it draws, so it blends neither and needs less guidance.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .attributes import AttributeSpace
from .conditions import AttributeEmbedding

# Classes this much less likely than the likeliest are what the network wrongly thinks possible (min-p sampling).
RARE = 0.02


def drawing_order(space: AttributeSpace, attributes: Sequence[dict[str, str]]) -> list[int]:
    """Keys in the order they are drawn: those that most scenes have first, so that the domain and its subject lead."""
    having = {key: sum(key in item for item in attributes) for key in space.keys}
    return sorted(range(len(space.keys)), key=lambda k: (-having[space.keys[k]], space.keys[k]))


class AttributePrior(nn.Module):
    """p(class of a key | classes known so far), the keys drawn in a fixed order; class 0 of a known key: not in such scenes.

    What is known is a sum of one embedding per key and class, so any subset can be known: a deep set (Zaheer et al. 2017).
    """

    def __init__(self, space: AttributeSpace, order: Sequence[int], dim: int, width: int = 256) -> None:
        super().__init__()
        keys = len(space.keys)
        self.space, self.order = space, list(order)
        self.config = {"dim": dim, "width": width}
        self.known = nn.Parameter(torch.randn(keys, space.width, width) * 0.3)
        self.body = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.GELU("tanh"), nn.Linear(2 * width, width), nn.GELU("tanh")
        )
        self.heads = nn.Parameter(torch.randn(keys, space.width, width) * width**-0.5)
        self.bias = nn.Parameter(torch.zeros(keys, space.width))
        self.embedding = AttributeEmbedding(space, dim)
        self.register_buffer("valid", space.valid())

    def sum_of(self, classes: Tensor, known: Tensor) -> Tensor:
        """Sum [B, width] of the embeddings of `classes` [B, K] where `known` [B, K]."""
        keys = torch.arange(classes.shape[1], device=classes.device)
        return (self.known[keys, classes] * known[:, :, None].to(self.known.dtype)).sum(1)

    def logits(self, state: Tensor, key: Tensor) -> Tensor:
        """Logits [B, values] of keys [B] when the sum of what is known is `state` [B, width]."""
        scores = torch.einsum("bw,bvw->bv", self.body(state), self.heads[key]) + self.bias[key]
        return scores.masked_fill(~self.valid[key], -1e4)

    def forward(self, hidden_states: Tensor, negative_hidden_states: Tensor, uniform: Tensor) -> tuple[Tensor, Tensor]:
        """Tokens [B, K, dim] and pooled [B, dim] of complete scenes that agree with the prompts.

        `hidden_states` and `negative_hidden_states` [B, K, dim] are the text encoder's readings of prompts and negative prompts,
        `uniform` [B, K] in [0, 1) decides what is drawn. What a negative prompt states is never drawn where the prompt is silent.
        """
        stated, unwanted = self.classes_of(hidden_states), self.classes_of(negative_hidden_states)
        known = stated > 0
        state = self.sum_of(stated, known)
        chosen = []
        for place, key in enumerate(self.order):
            chances = self._chances(state, key, unwanted[:, key])
            drawn = (chances.cumsum(-1) <= uniform[:, place, None]).sum(-1)
            # Rounding may leave the sum just below 1: the last class that can be drawn ends it.
            last = ((chances > 0).long() * torch.arange(self.space.width)).amax(-1)
            drawn = torch.minimum(drawn, last)
            open_here = ~known[:, key]
            state = state + self.known[key][drawn] * open_here[:, None].to(state.dtype)
            chosen.append(torch.where(open_here, drawn, stated[:, key]))
        back = torch.tensor([self.order.index(k) for k in range(len(self.order))])
        return self.embedding.of_labels(torch.stack(chosen, 1)[:, back])

    def _chances(self, state: Tensor, key: int, unwanted: Tensor) -> Tensor:
        """Chances [B, values] of a key's classes, without the `unwanted` one [B] (0: none) and those that hardly ever occur."""
        scores = self.body(state) @ self.heads[key].T + self.bias[key]
        banned = F.one_hot(unwanted, self.space.width).bool() & (unwanted[:, None] > 0)
        chances = scores.masked_fill(banned | ~self.valid[key][None], -1e4).softmax(-1)
        chances = torch.where(chances < RARE * chances.amax(-1, keepdim=True), 0.0, chances)
        return chances / chances.sum(-1, keepdim=True)

    def classes_of(self, tokens: Tensor) -> Tensor:
        """The classes [B, K] that tokens are closest to; the table's embeddings are nearly orthogonal."""
        table = self.embedding.values
        scores = torch.einsum("bkd,kwd->bkw", tokens, table) / table.square().sum(-1)
        return scores.masked_fill(~self.valid, -1e4).argmax(-1)
