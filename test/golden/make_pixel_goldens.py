"""Writes services/diffusion/goldens/pixels/: a bundle with a tiny random pixel-space U-Net, and what diffusers draws with it.

The network is diffusers' UNet2DConditionModel in PyTorch here and its ONNX export there; the loop is that of diffusers'
StableDiffusionPipeline. Run by hand with the trainer's Python: `python test/golden/make_pixel_goldens.py`.
"""

import base64
import hashlib
import json
import pathlib
import shutil
import warnings

import diffusers
import numpy
import torch
from diffusers import UNet2DConditionModel
from diffusers.guiders.guider_utils import rescale_noise_cfg
from patterns import mask, picture

OUT = pathlib.Path(__file__).parents[2] / "services/diffusion/goldens/pixels"
SIDE, DIM, STATES, SEED, GUIDANCE = 16, 8, 3, 7, 3.0
CONFIG = {
    "_class_name": "DDIMScheduler",
    "num_train_timesteps": 1000,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "prediction_type": "v_prediction",
    "clip_sample": False,
    "set_alpha_to_one": False,
    "steps_offset": 1,
    "skip_prk_steps": True,
}
SAMPLERS = {
    "DDIM": ("DDIMScheduler", {}),
    "DDPM": ("DDPMScheduler", {}),
    "EULER": ("EulerDiscreteScheduler", {}),
    "EULER_ANCESTRAL": ("EulerAncestralDiscreteScheduler", {}),
    "HEUN": ("HeunDiscreteScheduler", {}),
    "DPM_SOLVER_PP_2M": ("DPMSolverMultistepScheduler", {}),
    "SDE_DPM_SOLVER_PP_2M": ("DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++"}),
    "LCM": ("LCMScheduler", {}),
    "PNDM": ("PNDMScheduler", {}),
}
REQUESTS = [
    *({"sampler": sampler, "steps": steps} for sampler in SAMPLERS for steps in (4, 20, 50)),
    {"sampler": "DDIM", "steps": 20, "eta": 0.5},
    {"sampler": "DDIM", "steps": 20, "guidanceRescale": 0.75},
    {"sampler": "EULER", "steps": 20, "guidanceInterval": {"low": 0.25, "high": 4}},
    {"sampler": "DPM_SOLVER_PP_2M", "steps": 20, "guidanceScale": 1},
    *({"sampler": sampler, "steps": 10, "strength": 0.7} for sampler in SAMPLERS),
    *({"sampler": sampler, "steps": 10, "strength": 0.7, "masked": True} for sampler in SAMPLERS),
    *({"sampler": sampler, "steps": 5, "strength": 1, "masked": True} for sampler in ("DDIM", "EULER", "HEUN")),
]


class Network(torch.nn.Module):
    """The U-Net with inputs named as denoisers here have them."""

    def __init__(self):
        super().__init__()
        self.unet = UNet2DConditionModel(
            sample_size=SIDE,
            in_channels=3,
            out_channels=3,
            layers_per_block=1,
            block_out_channels=(8, 8),
            norm_num_groups=4,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            cross_attention_dim=DIM,
            attention_head_dim=2,
            class_embed_type="projection",
            projection_class_embeddings_input_dim=DIM,
        ).eval()

    def forward(self, sample, timestep, encoder_hidden_states, encoder_attention_mask, text_embeds):
        mask = encoder_attention_mask.to(sample.dtype)
        arguments = {"encoder_attention_mask": mask, "class_labels": text_embeds, "return_dict": False}
        return self.unet(sample, timestep, encoder_hidden_states, **arguments)[0]


def conditioning():
    """The negative's two states and the prompt's three; the first is padded and masked."""
    states = torch.zeros(2, STATES, DIM)
    states[0, :2], states[1] = -0.9, 1.3
    pooled = torch.tensor([[-0.9], [1.3]]).repeat(1, DIM)
    return {
        "encoder_hidden_states": states,
        "encoder_attention_mask": torch.tensor([[1, 1, 0], [1, 1, 1]]),
        "text_embeds": pooled,
    }


def begin(scheduler, steps, strength, masked, generator):
    """First sample, timesteps, picture and noise, as diffusers' pipelines for image to image and for inpainting have them."""
    if isinstance(scheduler, diffusers.LCMScheduler):
        scheduler.set_timesteps(steps, strength=strength)
        first = 0
    else:
        scheduler.set_timesteps(steps)
        first = (steps - min(int(steps * strength), steps)) * scheduler.order
        if hasattr(scheduler, "set_begin_index"):
            scheduler.set_begin_index(first)
    timesteps = scheduler.timesteps[first:]
    known = torch.from_numpy(numpy.array(picture(SIDE))).permute(2, 0, 1)[None] / 255 * 2 - 1
    noise = torch.randn(1, 3, SIDE, SIDE, generator=generator)
    pure = masked and strength == 1
    sample = noise * scheduler.init_noise_sigma if pure else scheduler.add_noise(known, noise, timesteps[:1])
    return sample, timesteps, known, noise


def draw(
    network, sampler, steps, eta=None, guidanceRescale=0.0, guidanceInterval=None, guidanceScale=GUIDANCE, strength=None, masked=False
):  # noqa: N803
    name, changes = SAMPLERS[sampler]
    scheduler = getattr(diffusers, name).from_config({**CONFIG, **changes})
    generator = torch.Generator("cpu").manual_seed(SEED)
    if strength is None:
        scheduler.set_timesteps(steps)
        timesteps = scheduler.timesteps
        sample = torch.randn(1, 3, SIDE, SIDE, generator=generator) * scheduler.init_noise_sigma
    else:
        sample, timesteps, known, noise = begin(scheduler, steps, strength, masked, generator)
    fresh = torch.from_numpy(numpy.array(mask(SIDE)))[None, None] / 255
    accepted = scheduler.step.__code__.co_varnames
    arguments = {"generator": generator} if "generator" in accepted else {}
    if eta is not None:
        arguments["eta"] = eta
    for i, t in enumerate(timesteps):
        scaled = scheduler.scale_model_input(sample, t)
        negative, positive = network(scaled.repeat(2, 1, 1, 1), t.float().repeat(2), **conditioning()).chunk(2)
        output = negative + guidanceScale * (positive - negative)
        if guidanceRescale > 0:
            output = rescale_noise_cfg(output, positive, guidanceRescale)
        if guidanceInterval and not guidanceInterval["low"] < scheduler.sigmas[i] <= guidanceInterval["high"]:
            output = positive
        sample = scheduler.step(output, t, sample, **arguments).prev_sample
        if masked:
            last = i == len(timesteps) - 1
            kept = known if last else scheduler.add_noise(known, noise, timesteps[i + 1 : i + 2])
            sample = (1 - fresh) * kept + fresh * sample
    return ((sample[0] / 2 + 0.5).clamp(0, 1) * 255).round().byte().permute(1, 2, 0).contiguous()


def export(network):
    feeds = (torch.randn(2, 3, SIDE, SIDE), torch.tensor([1.0, 2.0]), *conditioning().values())
    names = ["sample", "timestep", "encoder_hidden_states", "encoder_attention_mask", "text_embeds"]
    axes = {name: {0: "rows"} for name in (*names, "out_sample")}
    axes["encoder_hidden_states"][1] = axes["encoder_attention_mask"][1] = "states"
    path = OUT / "unet/model.onnx"
    path.parent.mkdir(parents=True)
    torch.onnx.export(
        network, feeds, str(path), input_names=names, output_names=["out_sample"], dynamic_axes=axes, opset_version=17, dynamo=False
    )
    content = path.read_bytes()
    model = {"path": "unet/model.onnx", "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    config = {**CONFIG, "sampleSize": SIDE, "channels": 3, "defaultSteps": 20, "defaultGuidance": GUIDANCE}
    manifest = {
        "name": "pixels",
        "version": "0.0.1",
        "licence": "Apache-2.0",
        "languages": ["en"],
        "roles": {"denoiser": {"files": {"model": model}, "config": config}},
    }
    (OUT / "atelier.json").write_text(json.dumps(manifest, indent=2) + "\n")


@torch.no_grad()
def main():
    warnings.filterwarnings("ignore")
    shutil.rmtree(OUT, ignore_errors=True)
    torch.manual_seed(0)
    network = Network().eval()
    export(network)
    pictures = []
    for request in REQUESTS:
        rgb = draw(network, **request)
        clipped = ((rgb == 0) | (rgb == 255)).float().mean()
        print(request, f"spread {rgb.float().std():.1f}, clipped {clipped:.2f}")
        pictures.append({"request": request, "rgb": base64.b64encode(rgb.numpy().tobytes()).decode()})
    (OUT / "pictures.json").write_text("[\n" + ",\n".join(json.dumps(picture) for picture in pictures) + "\n]\n")


if __name__ == "__main__":
    main()
