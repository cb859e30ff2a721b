"""diffusers' own U-Net behind the denoiser's signature, so that it trains, samples and exports like the starter's."""

from diffusers import ConfigMixin, ModelMixin, UNet2DConditionModel
from diffusers.configuration_utils import register_to_config
from diffusers.models.attention_processor import AttnProcessor
from torch import Tensor
from torch.nn import functional as F


class UNetDenoiser(ModelMixin, ConfigMixin):
    """UNet2DConditionModel (Rombach et al. 2022) after a pixel-unshuffle by 2; the pooled condition joins the time embedding."""

    _supports_gradient_checkpointing = True

    @register_to_config
    def __init__(
        self,
        sample_size: int = 64,
        channels: int = 3,
        widths: tuple[int, ...] = (128, 256, 384),
        layers: int = 2,
        head_dim: int = 64,
        text_dim: int = 256,
    ) -> None:
        super().__init__()
        plain = len(widths) - 1
        self.net = UNet2DConditionModel(
            sample_size=sample_size // 2,
            in_channels=4 * channels,
            out_channels=4 * channels,
            block_out_channels=widths,
            layers_per_block=layers,
            down_block_types=("DownBlock2D",) * plain + ("CrossAttnDownBlock2D",),
            up_block_types=("CrossAttnUpBlock2D",) + ("UpBlock2D",) * plain,
            cross_attention_dim=text_dim,
            attention_head_dim=head_dim,
            norm_num_groups=16,
            class_embed_type="projection",
            projection_class_embeddings_input_dim=text_dim,
            resnet_time_scale_shift="scale_shift",
        )
        self.net.set_attn_processor(AttnProcessor())

    def forward(self, sample: Tensor, timestep: Tensor, hidden: Tensor, mask: Tensor, pooled: Tensor) -> Tensor:
        """Same inputs and output as HybridDenoiser."""
        x = F.pixel_unshuffle(sample, 2)
        x = self.net(x, timestep, hidden, class_labels=pooled, encoder_attention_mask=mask.to(x.dtype)).sample
        return F.pixel_shuffle(x, 2)
