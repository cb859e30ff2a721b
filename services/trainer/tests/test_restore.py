"""A bundle is enough to go on training from."""

from pathlib import Path

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from atelier_trainer.architectures import build
from atelier_trainer.attributes import AttributeSpace
from atelier_trainer.bundle import write_role
from atelier_trainer.denoiser_training import write_denoiser
from atelier_trainer.diffusion import SCHEDULE
from atelier_trainer.export import export_base, export_sr, export_text
from atelier_trainer.presets import preset
from atelier_trainer.restore import restore_denoiser, restore_super_resolution, restore_text_encoder
from atelier_trainer.super_resolution import SIZES, SuperResolution
from atelier_trainer.text_encoder import TextEncoder


def test_weights_come_back_from_the_exported_file(tmp_path: Path) -> None:
    trained = build(preset("tiny"))
    with torch.no_grad():
        for parameter in trained.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.1)
    write_denoiser(trained, tmp_path / "last", SCHEDULE)
    space = {"kind": ["", "boat", "tree"], "count": ["", "1", "2"]}
    write_role(tmp_path, "text_encoder", {}, {"attributes": space})
    export_base(tmp_path, tmp_path / "last", len(space))

    restored, its_space = restore_denoiser(tmp_path, "tiny")

    assert its_space == space
    for (name, expected), actual in zip(trained.named_parameters(), restored.parameters(), strict=True):
        # Stored as fp16 or int8: no weight moved further than a rounding step of its own tensor.
        assert (expected - actual).abs().max() <= expected.abs().max() / 127, name


def test_super_resolution_comes_back_to_be_trained_on(tmp_path: Path) -> None:
    trained = SuperResolution(**SIZES["sr1024"])
    with torch.no_grad():
        for parameter in trained.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.05)
    trained.save(tmp_path / "sr", "sr1024")
    export_sr(tmp_path, tmp_path / "sr", "sr1024")
    restored = restore_super_resolution(tmp_path, "sr1024")
    picture = torch.rand(1, 3, 16, 16)
    with torch.no_grad():
        assert (trained(picture) - restored(picture)).abs().max() < 1e-2


def test_a_text_encoder_reads_the_same_again(tmp_path: Path) -> None:
    torch.manual_seed(0)
    space = AttributeSpace.from_dict({"kind": ["", "boat", "tree"], "count": ["", "1", "2"]})
    words = {f"word{i}": i for i in range(1_100)}
    trained = TextEncoder(len(words), space, dim=64, layers=1, heads=1, window=16)
    with torch.no_grad():
        for parameter in trained.parameters():  # ones and zeros of a new network would be stored once for all
            parameter.add_(torch.randn_like(parameter) * 0.02)
    trained.save(tmp_path / "text")
    Tokenizer(WordLevel(words, unk_token="word0")).save(str(tmp_path / "text" / "tokenizer.json"))
    (tmp_path / "text" / "words.json").write_text("[]")
    export_text(tmp_path, tmp_path / "text")
    restored = restore_text_encoder(tmp_path, layers=1)
    ids = torch.randint(len(words), (2, 9))
    with torch.no_grad():
        expected, actual = trained(ids, torch.ones_like(ids)), restored(ids, torch.ones_like(ids))
    # The matrices were rounded to int8: what is read stays what it was.
    assert (expected[0] - actual[0]).abs().max() < 0.05 * expected[0].abs().max()
