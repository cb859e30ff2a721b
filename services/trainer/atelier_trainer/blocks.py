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
    """norm → SiLU → conv → modulated norm → SiLU → conv over [B, C, H, W]; FiLM modulation as in ADM (Dhariwal & Nichol 2021)."""

    def __init__(self, channels_in: int, channels: int, conditioning: int) -> None:
        super().__init__()
        self.norm_in = nn.GroupNorm(math.gcd(16, channels_in), channels_in)
        self.conv_in = nn.Conv2d(channels_in, channels, 3, padding=1)
        self.modulation = nn.Linear(conditioning, 2 * channels)
        self.norm_out = nn.GroupNorm(16, channels)
        self.conv_out = nn.Conv2d(channels, channels, 3, padding=1)
        self.shortcut = nn.Identity() if channels_in == channels else nn.Conv2d(channels_in, channels, 1)
        nn.init.zeros_(self.conv_out.weight)

    def forward(self, x: Tensor, conditioning: Tensor) -> Tensor:
        scale, shift = self.modulation(conditioning)[:, :, None, None].chunk(2, dim=1)
        h = self.conv_in(F.silu(self.norm_in(x)))
        h = torch.addcmul(shift, self.norm_out(h), 1 + scale)
        return self.shortcut(x) + self.conv_out(F.silu(h))


def attend(q: Tensor, k: Tensor, v: Tensor, heads: int, bias: Tensor | None) -> Tensor:
    """Multi-head attention [B, N, C] × [B, M, C]. Written out: on CPUs it trains faster than the fused kernel."""
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
    """Self-attention, cross-attention to the text, MLP; adaptive layer norm, gates from zero (DiT, Peebles & Xie 2023)."""

    def __init__(self, dim: int, heads: int, text_dim: int, conditioning: int, mlp_ratio: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.modulation = nn.Linear(conditioning, 6 * dim)
        self.norm_self = nn.LayerNorm(dim, elementwise_affine=False)
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out_self = nn.Linear(dim, dim)
        self.norm_cross = nn.LayerNorm(dim)
        self.q_cross = nn.Linear(dim, dim)
        self.kv_cross = nn.Linear(text_dim, 2 * dim)
        self.out_cross = nn.Linear(dim, dim)
        self.norm_mlp = nn.LayerNorm(dim, elementwise_affine=False)
        self.mlp = nn.Sequential(nn.Linear(dim, mlp_ratio * dim), nn.GELU("tanh"), nn.Linear(mlp_ratio * dim, dim))
        nn.init.zeros_(self.modulation.weight)
        nn.init.zeros_(self.modulation.bias)
        nn.init.zeros_(self.out_cross.weight)

    def forward(self, x: Tensor, text: Tensor, text_bias: Tensor, conditioning: Tensor) -> Tensor:
        """x [B, N, dim], text [B, S, text_dim], text_bias [B, 1, 1, S] (0 keeps, very negative hides), conditioning [B, E]."""
        s1, b1, g1, s2, b2, g2 = self.modulation(conditioning)[:, None].chunk(6, dim=2)
        h = torch.addcmul(b1, self.norm_self(x), 1 + s1)
        q, k, v = self.qkv(h).chunk(3, dim=2)
        x = torch.addcmul(x, g1, self.out_self(attend(q, k, v, self.heads, None)))
        k, v = self.kv_cross(text).chunk(2, dim=2)
        x = x + self.out_cross(attend(self.q_cross(self.norm_cross(x)), k, v, self.heads, text_bias))
        h = torch.addcmul(b2, self.norm_mlp(x), 1 + s2)
        return torch.addcmul(x, g2, self.mlp(h))
