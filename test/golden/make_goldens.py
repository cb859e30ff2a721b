"""Writes pipelines/: tiny random pipelines as ONNX, and pictures that diffusers draws with the same weights.

Needs torch, diffusers, transformers, onnx, pillow: `python test/golden/make_goldens.py`.
"""

import json
import pathlib
import shutil

import diffusers
import onnxruntime
import torch
from export_pipelines import export_encoder, export_pipeline, fresh
from onnxruntime.quantization import quantize_dynamic
from patterns import mask, picture
from tiny_pipelines import PIPELINES, make

ROOT = pathlib.Path(__file__).parent / "pipelines"
PROMPT, NEGATIVE, SEED, STEPS = "a boat on an ocean at sunset", "a red house", 7, 6
SAMPLERS = {
    "ddim": ("DDIMScheduler", {}),
    "ddpm": ("DDPMScheduler", {}),
    "euler": ("EulerDiscreteScheduler", {}),
    "euler_ancestral": ("EulerAncestralDiscreteScheduler", {}),
    "dpm_solver_pp_2m": ("DPMSolverMultistepScheduler", {}),
    "pndm": ("PNDMScheduler", {"skip_prk_steps": True}),
    "sde_dpm_solver_pp_2m": ("DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++"}),
    "heun": ("HeunDiscreteScheduler", {}),
}


def draw(pipeline, **changes):
    request = {"prompt": PROMPT, "negative_prompt": NEGATIVE, "num_inference_steps": STEPS, "guidance_scale": 5.0}
    if isinstance(pipeline, diffusers.LatentConsistencyModelPipeline):
        request = {"prompt": PROMPT, "num_inference_steps": 4, "guidance_scale": 5.0}
    generator = torch.Generator("cpu").manual_seed(SEED)
    return pipeline(**(request | changes), generator=generator).images[0]


def draw_from_picture(pipeline, folder, stated):
    """Image to image with every sampler; inpainting with those that draw no noise, of which diffusers spends some more."""
    from_picture = diffusers.StableDiffusionImg2ImgPipeline.from_pipe(pipeline)
    inpainting = diffusers.StableDiffusionInpaintPipeline.from_pipe(pipeline)
    side = 32
    for drawer in (from_picture, inpainting):
        drawer.set_progress_bar_config(disable=True)
    for sampler, (kind, changes) in SAMPLERS.items():
        scheduler = getattr(diffusers, kind).from_config(stated, **changes)
        from_picture.scheduler = inpainting.scheduler = scheduler
        draw(from_picture, image=picture(side), strength=0.7).save(folder / f"golden-from-{sampler}.png")
        if sampler in ("ddim", "euler", "heun", "dpm_solver_pp_2m"):
            masked = {"image": picture(side), "mask_image": mask(side), "height": side, "width": side}
            for strength in (0.7, 1.0):
                draw(inpainting, **masked, strength=strength).save(folder / f"golden-mask-{sampler}-{strength}.png")


def windows(pipeline, text, count):
    """States of `count` windows: as many words to each as fit, the empty text's where there are no more."""
    encoded, rest = [], text.split()
    for _ in range(count):
        size = next(n for n in range(len(rest), -1, -1) if len(pipeline.tokenizer(" ".join(rest[:n])).input_ids) <= 77)
        encoded.append(pipeline.encode_prompt(" ".join(rest[:size]), "cpu", 1, False)[0])
        rest = rest[size:]
    assert not rest
    return torch.cat(encoded, dim=1)


def draw_long(pipeline):
    prompt = windows(pipeline, " ".join([PROMPT] * 18), 2)
    negative = windows(pipeline, NEGATIVE, 2)
    return draw(pipeline, prompt=None, negative_prompt=None, prompt_embeds=prompt, negative_prompt_embeds=negative)


def lighter(kind, source):
    """The first pipeline with lighter weights: half precision, or eight bits for matrices."""
    folder = fresh(ROOT / kind)
    pipeline = make("stable-diffusion", folder)
    if kind == "half-precision":
        # Rounded weights, but diffusers computes in single precision: half convolutions differ by processor.
        for part in (pipeline.unet, pipeline.vae):
            part.half()
        export_pipeline(pipeline, folder)
        for part in (pipeline.unet, pipeline.vae):
            part.float()
        draw(pipeline).save(folder / "golden.png")
        return
    export_pipeline(pipeline, folder)
    quantize_dynamic(source / "unet/model.onnx", folder / "unet/model.onnx", op_types_to_quantize=["MatMul", "Gemm"])
    session = onnxruntime.InferenceSession(folder / "unet/model.onnx")

    def computed(sample, timestep, encoder_hidden_states, **_):
        feeds = {"sample": sample.numpy(), "timestep": timestep.expand(len(sample)).numpy()}
        feeds["encoder_hidden_states"] = encoder_hidden_states.numpy()
        return (torch.from_numpy(session.run(None, feeds)[0]),)

    pipeline.unet.forward = computed
    draw(pipeline).save(folder / "golden.png")


def keep(folder, names):
    """Leaves the named networks alone; the rest is the source's."""
    for path in folder.iterdir():
        if path.is_dir() and path.name not in names:
            shutil.rmtree(path)
    (folder / "model_index.json").unlink()


def main():
    for name in PIPELINES:
        folder = fresh(ROOT / name)
        pipeline = make(name, folder)
        export_pipeline(pipeline, folder)
        draw(pipeline).save(folder / "golden.png")
        if name == "stable-diffusion":
            trained = pipeline.scheduler
            # As read from the folder: what its file states holds for every sampler, other classes' defaults don't.
            stated = json.loads((folder / "scheduler/scheduler_config.json").read_text())
            for sampler, (kind, changes) in SAMPLERS.items():
                pipeline.scheduler = getattr(diffusers, kind).from_config(stated, **changes)
                draw(pipeline).save(folder / f"golden-{sampler}.png")
            export_encoder(pipeline.vae, folder / "vae_encoder")
            draw_from_picture(pipeline, folder, stated)
            pipeline.scheduler = trained
            draw(pipeline, width=40, height=24).save(folder / "golden-40x24.png")
            pipeline.vae.enable_tiling()
            draw(pipeline, width=80, height=64).save(folder / "golden-80x64-tiled.png")
            pipeline.vae.disable_tiling()
            draw_long(pipeline).save(folder / "golden-long.png")
            words = ["", " A Boat,\ton\nan OCEAN! ", "café 42 naïve 😀", "don't stop", "it's 3.5m", "boat " * 90, "<|endoftext|> x"]
            ids = [{"text": text, "ids": pipeline.tokenizer(text).input_ids} for text in words]
            (folder / "golden-tokens.json").write_text(json.dumps(ids) + "\n")
        if name == "stable-diffusion-xl":
            draw(pipeline, negative_prompt=None).save(folder / "golden-unconditional.png")
            draw(pipeline, width=40, height=24).save(folder / "golden-40x24.png")
    for kind in ("half-precision", "int8"):
        lighter(kind, ROOT / "stable-diffusion")
        keep(ROOT / kind, ("unet", "vae_decoder") if kind == "half-precision" else ("unet",))


if __name__ == "__main__":
    main()
