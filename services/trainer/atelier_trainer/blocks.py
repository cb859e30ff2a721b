"""Building blocks of the denoisers: residual convolutions and transformer layers, both modulated by the conditioning vector."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint


def timestep_embedding(timestep: Tensor, dim: int) -> Tensor:
    """Sinusoidal features [B, dim] of diffusion timesteps [B] (0 .. 999), as in "Attention is all you need"."""
    half = dim // 2
    frequencies = torch.exp(torch.arange(half, dtype=torch.float32, device=timestep.device) * (-math.log(10_000) / half))
    angles = timestep.float()[:, None] * frequencies[None]
    return torch.cat([angles.cos(), angles.sin()], dim=1)


class Checkpointed:
    """Gradient checkpointing (Chen et al. 2016) for a denoiser: its blocks are computed again on the way back, not remembered.

    `enable_gradient_checkpointing()` of diffusers' ModelMixin turns it on.
    """

    _supports_gradient_checkpointing = True
    gradient_checkpointing = False

    def run(self, block: nn.Module, *inputs: Tensor | None) -> Tensor:
        """One block, remembered or not."""
        if self.gradient_checkpointing and torch.is_grad_enabled():
            return checkpoint(block, *inputs, use_reentrant=False)
        return block(*inputs)


class ResidualBlock(nn.Module):
    """norm → SiLU → conv → modulated norm → SiLU → conv over [B, C, H, W]; FiLM modulation as in ADM (Dhariwal & Nichol 2021).

    `hidden` channels between the convolutions, a multiple of 16, where it isn't as many as come out: a pruned block has fewer.
    """

    def __init__(self, channels_in: int, channels: int, conditioning: int, hidden: int | None = None) -> None:
        super().__init__()
        self.hidden = hidden or channels
        self.norm_in = nn.GroupNorm(math.gcd(16, channels_in), channels_in)
        self.conv_in = nn.Conv2d(channels_in, self.hidden, 3, padding=1)
        self.modulation = nn.Linear(conditioning, 2 * self.hidden)
        self.norm_out = nn.GroupNorm(16, self.hidden)
        self.conv_out = nn.Conv2d(self.hidden, channels, 3, padding=1)
        self.shortcut = nn.Identity() if channels_in == channels else nn.Conv2d(channels_in, channels, 1)
        nn.init.zeros_(self.conv_out.weight)

    def forward(self, x: Tensor, conditioning: Tensor) -> Tensor:
        scale, shift = self.modulation(conditioning)[:, :, None, None].chunk(2, dim=1)
        h = self.conv_in(F.silu(self.norm_in(x)))
        h = torch.addcmul(shift, self.norm_out(h), 1 + scale)
        return self.shortcut(x) + self.conv_out(F.silu(h))


def attend(q: Tensor, k: Tensor, v: Tensor, heads: int, bias: Tensor | None) -> Tensor:
    """Multi-head attention [B, N, C] × [B, M, C], C being that of all heads. On CPUs it trains faster than the fused kernel."""
    b, n, c = q.shape
    d = c // heads
    q = q.view(b, n, heads, d).transpose(1, 2) * (d**-0.5)
    k = k.view(b, -1, heads, d).transpose(1, 2)
    v = v.view(b, -1, heads, d).transpose(1, 2)
    scores = q @ k.transpose(2, 3)
    if bias is not None:
        scores = scores + bias.to(scores.dtype)
    return (scores.softmax(dim=-1) @ v).transpose(1, 2).reshape(b, n, c)


class TransformerBlock(nn.Module):
    """Self-attention, cross-attention to the text, MLP; adaptive layer norm, gates from zero (DiT, Peebles & Xie 2023).

    A head is dim / `heads` wide. A pruned block has fewer of them in either attention, and fewer `hidden` units than 4 dim.
    """

    def __init__(
        self,
        dim: int,
        heads: int,
        text_dim: int,
        conditioning: int,
        heads_self: int | None = None,
        heads_cross: int | None = None,
        hidden: int | None = None,
    ) -> None:
        super().__init__()
        self.heads_self, self.heads_cross, self.hidden = heads_self or heads, heads_cross or heads, hidden or 4 * dim
        own, cross = (dim // heads * count for count in (self.heads_self, self.heads_cross))
        self.modulation = nn.Linear(conditioning, 6 * dim)
        self.norm_self = nn.LayerNorm(dim, elementwise_affine=False)
        self.qkv = nn.Linear(dim, 3 * own)
        self.out_self = nn.Linear(own, dim)
        self.norm_cross = nn.LayerNorm(dim)
        self.q_cross = nn.Linear(dim, cross)
        self.kv_cross = nn.Linear(text_dim, 2 * cross)
        self.out_cross = nn.Linear(cross, dim)
        self.norm_mlp = nn.LayerNorm(dim, elementwise_affine=False)
        self.mlp = nn.Sequential(nn.Linear(dim, self.hidden), nn.GELU("tanh"), nn.Linear(self.hidden, dim))
        nn.init.zeros_(self.modulation.weight)
        nn.init.zeros_(self.modulation.bias)
        nn.init.zeros_(self.out_cross.weight)

    def forward(self, x: Tensor, text: Tensor, text_bias: Tensor, conditioning: Tensor) -> Tensor:
        """x [B, N, dim], text [B, S, text_dim], text_bias [B, 1, 1, S] (0 keeps, very negative hides), conditioning [B, E]."""
        s1, b1, g1, s2, b2, g2 = self.modulation(conditioning)[:, None].chunk(6, dim=2)
        h = torch.addcmul(b1, self.norm_self(x), 1 + s1)
        q, k, v = self.qkv(h).chunk(3, dim=2)
        x = torch.addcmul(x, g1, self.out_self(attend(q, k, v, self.heads_self, None)))
        k, v = self.kv_cross(text).chunk(2, dim=2)
        x = x + self.out_cross(attend(self.q_cross(self.norm_cross(x)), k, v, self.heads_cross, text_bias))
        h = torch.addcmul(b2, self.norm_mlp(x), 1 + s2)
        return torch.addcmul(x, g2, self.mlp(h))
