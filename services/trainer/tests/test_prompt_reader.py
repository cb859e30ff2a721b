"""The prompt reader: adapters on a frozen encoder, thresholds by category, export."""

import json
import string
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from atelier_trainer.prompt_reader import PARTS, RANK, PromptReader, answers, export_prompt_reader, load_reader
from atelier_trainer.prompt_safety_data import CATEGORIES, CLASSES, HARMLESS, Row
from atelier_trainer.train_prompt_reader import THRESHOLDS, blocked, fold_of, parser, report, train

WIDTH, INNER, PLACES = 16, 32, 128


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of one layer that spells every word."""
    folder = tmp_path_factory.mktemp("encoder")
    letters = string.ascii_lowercase + string.digits
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{letter}" for letter in letters)]
    tokenizer = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "config.json").write_text(json.dumps({"num_hidden_layers": 1, "num_attention_heads": 2, "hidden_size": WIDTH}))
    torch.manual_seed(0)
    layer = "encoder.layer.0"
    sizes = {part: (INNER if part == "up" else WIDTH, INNER if part == "down" else WIDTH) for part in PARTS}
    tensors = {f"{layer}.{PARTS[part]}.weight": torch.randn(size) / 4 for part, size in sizes.items()}
    tensors |= {f"{layer}.{PARTS[part]}.bias": torch.zeros(size[0]) for part, size in sizes.items()}
    for norm in ("embeddings", f"{layer}.attention.output", f"{layer}.output"):
        tensors |= {f"{norm}.LayerNorm.weight": torch.ones(WIDTH), f"{norm}.LayerNorm.bias": torch.zeros(WIDTH)}
    for name, rows in {"word": len(pieces), "position": PLACES, "token_type": 2}.items():
        tensors[f"embeddings.{name}_embeddings.weight"] = torch.randn(rows, WIDTH)
    save_file(tensors, folder / "model.safetensors")
    return folder


def test_a_new_adapter_changes_nothing_and_only_adapters_and_head_learn(encoder: Path) -> None:
    reader = PromptReader(encoder)
    names = {name for name, _ in reader.named_parameters()}
    assert names == set(reader.state_dict()) and len(names) == 2 * len(PARTS) + 2
    query = reader.layers[0].query
    x = torch.randn(3, WIDTH)
    assert torch.allclose(query(x), x @ query.weight.T + query.bias)


def test_a_text_is_answered_the_same_beside_a_longer_one(encoder: Path) -> None:
    reader = PromptReader(encoder)
    alone, _ = answers(reader, ["a boat"])
    beside, _ = answers(reader, ["a boat", "a man with a very long knife in a park"])
    assert torch.allclose(alone[0], beside[0], atol=1e-5)


def test_what_is_exported_is_the_reader(encoder: Path, tmp_path: Path) -> None:
    reader = PromptReader(encoder)
    for parameter in reader.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    export_prompt_reader(reader, encoder, tmp_path, THRESHOLDS)
    role = json.loads((tmp_path / "atelier.json").read_text())["roles"]["prompt_reader"]
    assert role["config"]["categories"] == list(CATEGORIES) == list(role["config"]["thresholds"])
    assert len(role["config"]["encoder"]["sha256"]) == 64
    tensors = load_file(tmp_path / role["files"]["model"]["path"])
    query, x = reader.layers[0].query, torch.randn(3, WIDTH)
    up, down = tensors["0.query.up"].float(), tensors["0.query.down"].float()
    assert down.shape == (RANK, WIDTH)
    assert torch.allclose(query(x), x @ (query.weight + up @ down).T + query.bias, atol=1e-2)


def test_a_text_is_blocked_by_the_threshold_of_its_likeliest_category() -> None:
    chances = torch.zeros(3, len(CLASSES))
    chances[:, 0] = 0.45
    for row, category in enumerate(("violence", "illegal", "hate")):
        chances[row, CLASSES.index(category)] = 0.55
    logs = (chances + 1e-9).log()
    assert THRESHOLDS["violence"] < 0.55 < THRESHOLDS["illegal"]
    assert blocked(logs).tolist() == [True, False, True]
    rows = [Row("a", "violence", "overt unsafe violence", "g"), Row("b", "illegal", "overt unsafe illegal", "g")]
    assert report(logs[:2], rows)["overt unsafe"] == 0.5


def test_rows_of_a_group_are_left_out_together() -> None:
    assert len({fold_of(Row(f"text {i}", HARMLESS, "s", "one"), 4) for i in range(9)}) == 1
    assert {fold_of(Row("text", HARMLESS, "s", f"group {i}"), 4) for i in range(99)} == {0, 1, 2, 3}


def test_training_scores_what_it_has_not_seen_and_enters_a_role(encoder: Path, tmp_path: Path) -> None:
    bundle, out = tmp_path / "bundle", tmp_path / "reader.pt"
    bundle.mkdir()
    small = ["--composed", "200", "--contrasts", "200", "--epochs", "1", "--batch", "16", "--folds", "2", "--scored-folds", "2"]
    where = ["--data", str(tmp_path), "--pretrained", str(encoder), "--out", str(out), "--bundle", str(bundle)]
    train(parser().parse_args(where + small))
    assert {path.name for path in tmp_path.glob("*.pt")} == {"reader.pt", "reader.fold0.pt", "reader.fold1.pt"}
    logs, _ = answers(load_reader(encoder, out), ["a boat"])
    assert logs.shape == (1, len(CLASSES)) and abs(logs.exp().sum().item() - 1) < 1e-4
    manifest = json.loads((bundle / "atelier.json").read_text())
    assert "prompt_reader" in manifest["roles"] and "test" in manifest["metrics"]["prompt_reader"]
