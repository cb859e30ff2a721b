"""Tiny random diffusers pipelines: real architectures, 32 wide, weights from a seed. They draw nothing sensible."""

import json
import pathlib

import torch
from diffusers import AutoencoderKL, DDIMScheduler, LCMScheduler, UNet2DConditionModel
from diffusers import LatentConsistencyModelPipeline, StableDiffusionPipeline, StableDiffusionXLPipeline
from tokenizers import pre_tokenizers
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

WIDTH, WINDOW = 32, 77
TEXTS = [
    "a boat on an ocean at sunset, two small boats on a calm sea",
    "a red house on a green hill under a blue sky",
    "a portrait of a smiling woman with long brown hair",
    "snow covered mountains beneath the moon, stars above a lake",
]


def clip_tokenizer(folder, pad="<|endoftext|>"):
    """CLIP's byte-level BPE with word ends, of a few merges, in its two classic files."""
    letters = pre_tokenizers.ByteLevel.alphabet()
    special = ["<|startoftext|>", "<|endoftext|>"]
    merges = {}
    for word in " ".join(TEXTS).replace(",", " ").split():
        pieces = [*word[:-1], word[-1] + "</w>"]
        while len(pieces) > 1:
            merges[pieces[0], pieces[1]] = None
            pieces[:2] = ["".join(pieces[:2])]
    ordered = sorted(letters)
    tokens = [*ordered, *(letter + "</w>" for letter in ordered), *("".join(pair) for pair in merges), *special]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({token: i for i, token in enumerate(dict.fromkeys(tokens))}))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
    config = {"tokenizer_class": "CLIPTokenizer", "model_max_length": WINDOW, "pad_token": pad}
    config |= {"bos_token": special[0], "eos_token": special[1], "unk_token": special[1]}
    (folder / "tokenizer_config.json").write_text(json.dumps(config) + "\n")
    vocabulary = json.loads((folder / "vocab.json").read_text())
    return CLIPTokenizer(
        vocab=vocabulary, merges=list(merges), pad_token=pad, unk_token=special[1], model_max_length=WINDOW
    )


def text_encoder(tokenizer, projected=False, layers=2):
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=WIDTH,
        projection_dim=WIDTH,
        num_hidden_layers=layers,
        num_attention_heads=4,
        max_position_embeddings=WINDOW,
        hidden_act="gelu" if projected else "quick_gelu",
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = (CLIPTextModelWithProjection if projected else CLIPTextModel)(config)
    # Fresh CLIP embeddings are so small that every prompt reads alike.
    model.get_input_embeddings().weight.data.normal_(0, 0.5)
    return model.eval()


def unet(**changes):
    settings = {
        "sample_size": 16,
        "in_channels": 4,
        "out_channels": 4,
        "layers_per_block": 1,
        "block_out_channels": (8, 16),
        "norm_num_groups": 4,
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
        "cross_attention_dim": WIDTH,
        "attention_head_dim": 2,
    }
    model = UNet2DConditionModel(**(settings | changes)).eval()
    for name, parameter in model.named_parameters():
        if "attn2.to_" in name:
            parameter.data *= 4  # so that the prompt shows
    return model


def vae():
    model = AutoencoderKL(
        block_out_channels=(8, 8),
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        layers_per_block=1,
        norm_num_groups=4,
        latent_channels=4,
        sample_size=32,
        scaling_factor=0.5,
    ).eval()
    model.decoder.conv_out.weight.data *= 2  # so that pictures use the range of a byte
    return model


SCHEDULE = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012, "steps_offset": 1}
DDIM = {**SCHEDULE, "clip_sample": False, "set_alpha_to_one": False}


def stable_diffusion(folder):
    tokenizer = clip_tokenizer(folder / "tokenizer")
    return StableDiffusionPipeline(
        vae=vae(),
        text_encoder=text_encoder(tokenizer),
        tokenizer=tokenizer,
        unet=unet(),
        scheduler=DDIMScheduler(**DDIM),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def stable_diffusion_2(folder):
    """As 1.x, but v-prediction and padding with the token 0."""
    tokenizer = clip_tokenizer(folder / "tokenizer", pad="!")
    return StableDiffusionPipeline(
        vae=vae(),
        text_encoder=text_encoder(tokenizer),
        tokenizer=tokenizer,
        unet=unet(use_linear_projection=True),
        scheduler=DDIMScheduler(**DDIM, prediction_type="v_prediction"),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def stable_diffusion_xl(folder):
    first = clip_tokenizer(folder / "tokenizer")
    second = clip_tokenizer(folder / "tokenizer_2", pad="!")
    return StableDiffusionXLPipeline(
        vae=vae(),
        text_encoder=text_encoder(first),
        text_encoder_2=text_encoder(second, projected=True),
        tokenizer=first,
        tokenizer_2=second,
        unet=unet(
            cross_attention_dim=2 * WIDTH,
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=6 * 8 + WIDTH,
        ),
        scheduler=DDIMScheduler(**DDIM),
        force_zeros_for_empty_prompt=True,
        add_watermarker=False,
    )


def latent_consistency(folder):
    tokenizer = clip_tokenizer(folder / "tokenizer")
    return LatentConsistencyModelPipeline(
        vae=vae(),
        text_encoder=text_encoder(tokenizer),
        tokenizer=tokenizer,
        unet=unet(time_cond_proj_dim=WIDTH),
        scheduler=LCMScheduler(**SCHEDULE, original_inference_steps=50),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


PIPELINES = {
    "stable-diffusion": stable_diffusion,
    "stable-diffusion-2": stable_diffusion_2,
    "stable-diffusion-xl": stable_diffusion_xl,
    "latent-consistency": latent_consistency,
}


def make(name, folder: pathlib.Path):
    """The pipeline `name`; its tokenizers are written below `folder`."""
    torch.manual_seed(sum(name.encode()))
    made = PIPELINES[name](folder)
    made.set_progress_bar_config(disable=True)
    return made
