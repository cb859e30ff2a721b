"""A small pre-norm transformer over tokens: body of the text encoder, the dual encoder's text tower and the language model.

Captions are short and word order decides what a colour or count belongs to, so each layer starts with a convolution over
three tokens, and heads of the bidirectional form prefer what comes before, what comes after, or what is near (cf. ALiBi, Press
et al. 2022, and DiSAN, Shen et al. 2018). Without these, binding is learnt very late.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .blocks import attend


class Layer(nn.Module):
    """Pre-norm convolution, self-attention and MLP."""

    def __init__(self, dim: int, heads: int, causal: bool) -> None:
        super().__init__()
        self.heads = heads
        self.reach = (2, 0) if causal else (1, 1)
        self.norm_conv = nn.LayerNorm(dim)
        self.conv = nn.Conv1d(dim, dim, 3)
        self.norm_attention = nn.LayerNorm(dim)
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)
        self.norm_mlp = nn.LayerNorm(dim)
        self.mlp = nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU("tanh"), nn.Linear(4 * dim, dim))
        nn.init.normal_(self.conv.weight, std=0.2 * dim**-0.5)

    def forward(self, x: Tensor, keep: Tensor, bias: Tensor) -> Tensor:
        """`keep` [B, T, 1] is 0 on padding, so that padding never leaks into its neighbours."""
        near = F.pad((self.norm_conv(x) * keep).transpose(1, 2), self.reach)
        x = x + self.conv(near).transpose(1, 2)
        q, k, v = self.qkv(self.norm_attention(x)).chunk(3, dim=2)
        x = x + self.out(attend(q, k, v, self.heads, bias))
        return x + self.mlp(self.norm_mlp(x))


def direction_bias(steps: Tensor, heads: int) -> Tensor:
    """Score offsets [1, heads, T, T]; in turn heads look back, look ahead, look near, or look anywhere."""
    distance = (steps[None, :] - steps[:, None]).float()
    kinds = (-3.0 * (distance > 0), -3.0 * (distance < 0), -0.5 * distance.abs(), 0.0 * distance)
    return torch.stack([kinds[h % 4] for h in range(heads)])[None]


class Transformer(nn.Module):
    """Token ids [B, T] → states [B, T, dim]; T ≤ `window`."""

    def __init__(self, vocab_size: int, dim: int, layers: int, heads: int, window: int, causal: bool = False) -> None:
        super().__init__()
        self.causal = causal
        self.heads = heads
        self.window = window
        self.token = nn.Embedding(vocab_size, dim)
        self.position = nn.Embedding(window, dim)
        self.layers = nn.ModuleList(Layer(dim, heads, causal) for _ in range(layers))
        self.norm = nn.LayerNorm(dim)
        nn.init.normal_(self.token.weight, std=0.05)
        nn.init.normal_(self.position.weight, std=0.02)

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        steps = torch.arange(input_ids.shape[1], device=input_ids.device)
        x = self.token(input_ids) + self.position(steps)[None]
        keep = torch.ones_like(x[:, :, :1]) if attention_mask is None else attention_mask.to(x.dtype)[:, :, None]
        bias = ((1.0 - keep) * -1e4).transpose(1, 2)[:, None]
        if self.causal:
            bias = bias + ((steps[None, :] > steps[:, None]).to(x.dtype) * -1e4)[None, None]
        else:
            bias = bias + direction_bias(steps, self.heads)
        for layer in self.layers:
            x = layer(x, keep, bias)
        return self.norm(x)
