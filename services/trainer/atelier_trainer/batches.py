"""What a denoiser is shown at a step: pictures, conditions, timesteps and noise, all from (seed, step)."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from .attributes import AttributeSpace
from .conditions import AttributeEmbedding, CachedConditions, ConditionBank
from .data import SceneSet, step_generator
from .diffusion import ForwardProcess
from .presets import BasePreset
from .shards import read_empty

# Hidden states [B, S, dim], their mask [B, S], pooled [B, dim]: what a denoiser takes after sample and timestep.
Condition = tuple[Tensor, Tensor, Tensor]


@dataclass
class Batch:
    """Pictures [B, 3, H, W] in [-1, 1], noise like them, timesteps int64 [B], and what steers each picture."""

    x0: Tensor
    noise: Tensor
    timesteps: Tensor
    condition: Condition


class Batches:
    """Batches of a set of scenes, told by their captions' attributes or by the embeddings that came with them."""

    def __init__(
        self,
        scenes: SceneSet,
        space: AttributeSpace,
        process: ForwardProcess,
        settings: BasePreset,
        seed: int,
        shards: Path,
        device: torch.device | str = "cpu",
    ) -> None:
        """`shards` is where curated ones keep the embedding of the empty caption."""
        self.scenes, self.process, self.settings, self.seed, self.device = scenes, process, settings, seed, device
        if scenes.embeddings:
            self.bank = self.embedding = CachedConditions(scenes.embeddings, read_empty(shards))
        else:
            self.bank = ConditionBank(space, scenes.attributes, scenes.captions, settings.complete)
            self.embedding = AttributeEmbedding(space, settings.text_dim).to(device)

    def draw(self, step: int, part: slice = slice(None)) -> Batch:
        """A process's part of the global batch of a step."""
        generator = step_generator(self.seed, step)
        size = self.settings.batch
        picture = torch.randint(len(self.scenes), (size,), generator=generator)
        labels = self.bank.draw(picture, self.settings.caption_dropout, generator)
        timesteps = self.process.sample_timesteps(size, generator)
        noise = torch.randn(size, *self.scenes.images.shape[1:], generator=generator)
        x0 = self.scenes.images[picture[part]].to(self.device).float() / 127.5 - 1
        return Batch(x0, noise[part].to(self.device), timesteps[part].to(self.device), self._condition(labels[part]))

    def nothing(self, count: int) -> Condition:
        """The condition of the empty prompt, `count` times."""
        return self._condition(self.bank.nothing(count))

    def _condition(self, labels: Tensor) -> Condition:
        hidden, pooled = self.embedding.of_labels(labels.to(self.device))
        return hidden, torch.ones(hidden.shape[:2], device=self.device), pooled
