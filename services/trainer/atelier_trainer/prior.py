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
RARE = 0.04


def drawing_order(space: AttributeSpace, attributes: Sequence[dict[str, str]]) -> list[int]:
    """Keys in the order they are drawn: those that most scenes have first, so that the domain and its subject lead.

    Of those, the ones with most values first, since they settle most of the rest: the kind of a boat which colours it may have.
    """
    having = {key: sum(key in item for item in attributes) for key in space.keys}
    return sorted(range(len(space.keys)), key=lambda k: (-having[space.keys[k]], -len(space.values[k]), space.keys[k]))


@torch.jit.script
def draw_open(
    state: Tensor,
    stated: Tensor,
    unwanted: Tensor,
    vetoed: Tensor,
    uniform: Tensor,
    order: Tensor,
    body: tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor],
    tables: tuple[Tensor, Tensor, Tensor, Tensor, Tensor],
    width: int,
    rare: float,
) -> Tensor:
    """Classes [B, K]: the `stated`, and where none is (0) one drawn given those before it in `order`, never the `unwanted`.

    `vetoed` [B, K * values]: what no scene has together with what is stated.
    Scripted, so that it exports as a loop: written out for each key, the graph takes runtimes seconds to load.
    """
    known, heads, bias, valid, conflicts = tables
    keys, values = torch.arange(heads.shape[0]), torch.arange(heads.shape[2])
    chosen = stated
    for place in range(order.shape[0]):
        key = order[place].view(1)
        hidden = F.layer_norm(state, [width], body[0], body[1])
        hidden = F.gelu(F.linear(hidden, body[2], body[3]), approximate="tanh")
        hidden = F.gelu(F.linear(hidden, body[4], body[5]), approximate="tanh")
        scores = hidden @ heads.index_select(0, key).squeeze(0) + bias.index_select(0, key)
        avoided = unwanted.index_select(1, key)
        allowed = valid.index_select(0, key) & ~((values[None] == avoided) & (avoided > 0))
        possible = allowed & ~vetoed.index_select(1, key * heads.shape[2] + values)
        # A prompt may ask for what no scene has; then nothing would be left.
        usable = possible | (allowed & (possible.long().sum(-1, keepdim=True) == 0))
        chances = scores.masked_fill(~usable, -1e4).softmax(-1)
        chances = torch.where(chances < rare * chances.amax(-1, keepdim=True), torch.zeros_like(chances), chances)
        chances = chances / chances.sum(-1, keepdim=True)
        drawn = (chances.cumsum(-1) <= uniform[:, place].unsqueeze(1)).long().sum(-1)
        # Rounding may leave the sum just below 1: the last class that can be drawn ends it.
        drawn = torch.minimum(drawn, ((chances > 0).long() * values).amax(-1))
        is_open = stated.index_select(1, key) == 0
        state = state + known.index_select(0, key).squeeze(0).index_select(0, drawn) * is_open.to(state.dtype)
        vetoed = vetoed | (conflicts.index_select(0, key * heads.shape[2] + drawn) & is_open)
        chosen = torch.where((keys[None] == key) & is_open, drawn.unsqueeze(1), chosen)
    return chosen


class AttributePrior(nn.Module):
    """p(class of a key | classes known so far), the keys drawn in a fixed order; class 0 of a known key: not in such scenes.

    What is known is a sum of one embedding per key and class, so any subset can be known: a deep set (Zaheer et al. 2017). A sum
    says badly that two values exclude each other, so `conflicts` [K * values, K * values] lists the pairs that no scene has.
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
        self.register_buffer("conflicts", torch.zeros(keys * space.width, keys * space.width, dtype=torch.bool))

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
        state = self.sum_of(stated, stated > 0)
        body = tuple(value for layer in (0, 1, 3) for value in (self.body[layer].weight, self.body[layer].bias))
        tables = (self.known, self.heads.transpose(1, 2), self.bias, self.valid, self.conflicts)
        vetoed, order = self.vetoes_of(stated), torch.tensor(self.order)
        chosen = draw_open(state, stated, unwanted, vetoed, uniform, order, body, tables, self.config["width"], RARE)
        return self.embedding.of_labels(chosen)

    def vetoes_of(self, stated: Tensor) -> Tensor:
        """Bool [B, K * values]: what no scene has, or none together with classes that are stated [B, K] (0 where open)."""
        rows = self.conflicts[torch.arange(stated.shape[1]) * self.space.width + stated]
        count = len(self.conflicts)
        never = self.conflicts.flatten()[torch.arange(count) * (count + 1)]
        return ((rows & (stated > 0)[:, :, None]).long().sum(1) > 0) | never

    def classes_of(self, tokens: Tensor) -> Tensor:
        """The classes [B, K] that tokens are closest to; the table's embeddings are nearly orthogonal."""
        table = self.embedding.values
        scores = torch.einsum("bkd,kwd->bkw", tokens, table) / table.square().sum(-1)
        return scores.masked_fill(~self.valid, -1e4).argmax(-1)
