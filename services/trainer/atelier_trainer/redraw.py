"""Pictures as the base model draws them: the same scenes with its faults, to train what comes after it."""

import json
from pathlib import Path

import torch
from diffusers import DDIMScheduler
from torch import Tensor

from .architectures import load_denoiser
from .attributes import AttributeSpace
from .conditions import AttributeEmbedding
from .precision import cpu_autocast
from .shards import list_shards, read_shard

BATCH = 16
# From hardly any noise, to as much as leaves things where they are: super-resolution must not learn to move them.
TIMESTEPS = (100, 500)
# Of a whole drawing. A single step would predict a mean of what the picture may be, which is soft; what a sampler ends with is
# crisp and wrong in places, and that is what there is to mend.
STEPS = 12


@torch.no_grad()
def redraw(base: Path, shards: Path, pictures: Tensor, generator: torch.Generator) -> Tensor:
    """uint8 [N, 3, 64, 64]: the first N scenes of `shards`, noised and drawn back by the model in `base`, told everything.

    SDEdit (Meng et al. 2022) with DDIM. `pictures` are these scenes as rendered, in order; a batch has one noise level. The model
    must predict the picture (`sample`).
    """
    space = AttributeSpace.from_dict(json.loads((base.parent / "attributes.json").read_text()))
    model = load_denoiser(base).eval().to(memory_format=torch.channels_last)
    scheduler = DDIMScheduler.from_config(json.loads((base / "scheduler" / "scheduler_config.json").read_text()))
    if scheduler.config.prediction_type != "sample":
        raise ValueError(f"{base} predicts {scheduler.config.prediction_type}, not the picture")
    scheduler.set_timesteps(STEPS)
    stride = scheduler.config.num_train_timesteps // STEPS
    embedding = AttributeEmbedding(space, model.config.text_dim)
    labels = torch.tensor(_complete_labels(shards, space, len(pictures)))
    drawn = torch.empty_like(pictures)
    for i in range(0, len(pictures), BATCH):
        x0 = pictures[i : i + BATCH].float() / 127.5 - 1
        start = int(torch.randint(*TIMESTEPS, (1,), generator=generator))
        x = scheduler.add_noise(x0, torch.randn(x0.shape, generator=generator), torch.tensor([start]))
        hidden, pooled = embedding.of_labels(labels[i : i + BATCH])
        for timestep in range(start, -1, -stride):
            with cpu_autocast():
                times = torch.full((len(x),), float(timestep))
                prediction = model(x, times, hidden, torch.ones(hidden.shape[:2]), pooled)
            x = scheduler.step(prediction.float(), timestep, x).prev_sample
        drawn[i : i + BATCH] = ((x.clamp(-1, 1) + 1) * 127.5).round().byte()
    return drawn


def _complete_labels(shards: Path, space: AttributeSpace, count: int) -> list[list[int]]:
    labels: list[list[int]] = []
    for path in list_shards(shards):
        for sample in read_shard(path):
            attributes = {"domain": sample.domain, **sample.attributes}
            labels.append(space.labels(attributes, attributes))
            if len(labels) == count:
                return labels
    return labels
