"""An adversary for super-resolution: it learns to tell renders from enlargements, and the enlarger to be taken for a renderer.

Losses on pixels alone settle where an edge may be in two places on the mean of both, which is soft (SRGAN, Ledig et al. 2017).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm


class PatchAdversary(nn.Module):
    """How real each patch of a picture looks, given what was enlarged: PatchGAN (Isola et al. 2017) with spectral norms.

    (picture [B, 3, 4H, 4W], enlarged [B, 3, 4H, 4W] by bicubic), both in [0, 1] → logits [B, 1, h, w].
    """

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for channels_in, channels in ((6, width), (width, 2 * width), (2 * width, 4 * width)):
            layers += [spectral_norm(nn.Conv2d(channels_in, channels, 4, stride=2, padding=1)), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, spectral_norm(nn.Conv2d(4 * width, 1, 3, padding=1)))

    def forward(self, picture: Tensor, enlarged: Tensor) -> Tensor:
        return self.layers(torch.cat([picture, enlarged], dim=1) * 2 - 1)


def adversary_loss(real: Tensor, made: Tensor) -> Tensor:
    """Hinge loss (Lim & Ye 2017) of the logits of renders and of enlargements, for the adversary."""
    return F.relu(1 - real).mean() + F.relu(1 + made).mean()


def deceiver_loss(made: Tensor) -> Tensor:
    """What the enlarger makes small to be taken for a renderer."""
    return -made.mean()
