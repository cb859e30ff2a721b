"""A diffusion transformer on pixel patches (DiT, Peebles & Xie 2023) with cross-attention to the condition tokens."""

import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn
from torch.nn import functional as F

from .blocks import Checkpointed, TransformerBlock, timestep_embedding


class DiTDenoiser(Checkpointed, ModelMixin, ConfigMixin):
    """Same inputs and output as HybridDenoiser; every layer sees all patches of `patch`×`patch` pixels."""

    @register_to_config
    def __init__(
        self,
        sample_size: int = 64,
        channels: int = 3,
        patch: int = 4,
        width: int = 384,
        heads: int = 6,
        layers: int = 10,
        text_dim: int = 256,
        conditioning: int = 384,
        pruned: dict[str, dict[str, int]] | None = None,
    ) -> None:
        """`pruned` as HybridDenoiser's."""
        super().__init__()
        self.time = nn.Sequential(nn.Linear(256, conditioning), nn.SiLU(), nn.Linear(conditioning, conditioning))
        self.text = nn.Sequential(nn.Linear(text_dim, conditioning), nn.SiLU(), nn.Linear(conditioning, conditioning))
        self.patches = nn.Conv2d(channels, width, patch, stride=patch)
        self.position = nn.Parameter(torch.randn(1, (sample_size // patch) ** 2, width) * 0.4)
        self.blocks = nn.ModuleList(
            TransformerBlock(width, heads, text_dim, conditioning, **(pruned or {}).get(f"blocks.{i}", {})) for i in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, channels * patch**2)
        nn.init.zeros_(self.head.weight)

    def forward(
        self,
        sample: Tensor,
        timestep: Tensor,
        encoder_hidden_states: Tensor,
        encoder_attention_mask: Tensor,
        text_embeds: Tensor,
    ) -> Tensor:
        """Shapes as in HybridDenoiser.forward."""
        c = F.silu(self.time(timestep_embedding(timestep, 256)) + self.text(text_embeds))
        bias = ((1.0 - encoder_attention_mask.to(c.dtype)) * -1e4)[:, None, None, :]
        x = self.patches(sample).flatten(2).transpose(1, 2) + self.position
        for block in self.blocks:
            x = self.run(block, x, encoder_hidden_states, bias, c)
        x = self.head(self.norm(x)).transpose(1, 2)
        side = self.config.sample_size // self.config.patch
        return F.pixel_shuffle(x.reshape(x.shape[0], x.shape[1], side, side), self.config.patch)
