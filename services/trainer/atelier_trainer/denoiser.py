"""The starter's denoiser: convolutions where pictures are large, transformer blocks with cross-attention where they are small."""

import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn
from torch.nn import functional as F

from .blocks import Checkpointed, ResidualBlock, TransformerBlock, timestep_embedding


class HybridDenoiser(Checkpointed, ModelMixin, ConfigMixin):
    """Pixel-space U-Net with a transformer middle (cf. U-ViT in "simple diffusion", Hoogeboom et al. 2023).

    Works at half, a quarter and an eighth of `sample_size`; the first halving is a pixel-unshuffle, so that no convolution
    runs at full resolution. Saved and loaded in diffusers' folder format.
    """

    @register_to_config
    def __init__(
        self,
        sample_size: int = 64,
        channels: int = 3,
        widths: tuple[int, int, int] = (64, 160, 384),
        depths: tuple[int, int, int] = (1, 2, 6),
        heads: int = 6,
        text_dim: int = 256,
        conditioning: int = 384,
        pruned: dict[str, dict[str, int]] | None = None,
    ) -> None:
        """`pruned` has the inner sizes of blocks by name, of those that `prune` made smaller."""
        super().__init__()

        def residual(name: str, channels_in: int, width: int) -> ResidualBlock:
            return ResidualBlock(channels_in, width, conditioning, **(pruned or {}).get(name, {}))

        def transformer(name: str) -> TransformerBlock:
            return TransformerBlock(widths[2], heads, text_dim, conditioning, **(pruned or {}).get(name, {}))

        w0, w1, w2 = widths
        d0, d1, d2 = depths
        self.time = nn.Sequential(nn.Linear(256, conditioning), nn.SiLU(), nn.Linear(conditioning, conditioning))
        self.text = nn.Sequential(nn.Linear(text_dim, conditioning), nn.SiLU(), nn.Linear(conditioning, conditioning))
        self.stem = nn.Conv2d(4 * channels, w0, 3, padding=1)
        self.down0 = nn.ModuleList(residual(f"down0.{i}", w0, w0) for i in range(d0))
        self.shrink0 = nn.Conv2d(4 * w0, w1, 1)
        self.down1 = nn.ModuleList(residual(f"down1.{i}", w1, w1) for i in range(d1))
        self.shrink1 = nn.Conv2d(4 * w1, w2, 1)
        side = sample_size // 8
        # As loud as a third of the features: at 0.02 noisy steps couldn't tell places apart and layout was learnt late.
        self.position = nn.Parameter(torch.randn(1, side * side, w2) * 0.4)
        self.middle = nn.ModuleList(transformer(f"middle.{i}") for i in range(d2))
        self.grow1 = nn.Conv2d(w2, 4 * w1, 1)
        self.up1 = nn.ModuleList(residual(f"up1.{i}", 2 * w1 if i == 0 else w1, w1) for i in range(d1))
        self.grow0 = nn.Conv2d(w1, 4 * w0, 1)
        self.up0 = nn.ModuleList(residual(f"up0.{i}", 2 * w0 if i == 0 else w0, w0) for i in range(d0 + 1))
        self.norm = nn.GroupNorm(16, w0)
        self.head = nn.Conv2d(w0, 4 * channels, 3, padding=1)
        nn.init.zeros_(self.head.weight)

    def forward(
        self,
        sample: Tensor,
        timestep: Tensor,
        encoder_hidden_states: Tensor,
        encoder_attention_mask: Tensor,
        text_embeds: Tensor,
    ) -> Tensor:
        """Predict from noisy pixels `sample` [B, 3, 64, 64] in about [-1, 1] at `timestep` [B] (0 .. 999).

        `encoder_hidden_states` [B, S, text_dim], `encoder_attention_mask` [B, S] (1 keeps), `text_embeds` [B, text_dim].
        """
        c = F.silu(self.time(timestep_embedding(timestep, 256)) + self.text(text_embeds))
        bias = ((1.0 - encoder_attention_mask.to(c.dtype)) * -1e4)[:, None, None, :]
        x = self.stem(F.pixel_unshuffle(sample, 2))
        for block in self.down0:
            x = self.run(block, x, c)
        skip0 = x
        x = self.shrink0(F.pixel_unshuffle(x, 2))
        for block in self.down1:
            x = self.run(block, x, c)
        skip1 = x
        x = self.shrink1(F.pixel_unshuffle(x, 2))
        b, w, side, _ = x.shape
        x = x.flatten(2).transpose(1, 2) + self.position
        for block in self.middle:
            x = self.run(block, x, encoder_hidden_states, bias, c)
        x = x.transpose(1, 2).reshape(b, w, side, side)
        x = torch.cat([F.pixel_shuffle(self.grow1(x), 2), skip1], dim=1)
        for block in self.up1:
            x = self.run(block, x, c)
        x = torch.cat([F.pixel_shuffle(self.grow0(x), 2), skip0], dim=1)
        for block in self.up0:
            x = self.run(block, x, c)
        return F.pixel_shuffle(self.head(F.silu(self.norm(x))), 2)
