"""The prompt-safety classifier: features, split, loss, a training run on composed prompts, export."""

import json
from pathlib import Path

import torch

from atelier_trainer.prompt_safety import PromptSafety, export_prompt_safety, move_threshold, scores
from atelier_trainer.prompt_safety_composed import DEEDS, compose
from atelier_trainer.prompt_safety_data import CATEGORIES, CLASSES, HARMLESS, UNSAFE, Row, read_sets
from atelier_trainer.prompt_safety_features import MAX_GRAMS, batch, gram_rows, word_rows, words
from atelier_trainer.prompt_safety_noise import noisy
from atelier_trainer.train_prompt_reader import class_loss
from atelier_trainer.train_prompt_safety import harm_of, parser, recall_at, recombine, train


def test_words_are_folded_and_cut() -> None:
    assert words("Don't paint Café-Nights, 4K!") == ["dont", "paint", "cafe", "nights", "4k"]


def test_rows_are_those_that_the_service_computes() -> None:
    assert (word_rows("boat"), gram_rows("boat")[:4]) == ([12286, 15723], [29917, 28942, 30684, 35075])
    assert (word_rows("a"), gram_rows("a")) == ([11611, 22040], [28017])
    assert word_rows("2077") == [4916, 15861]


def test_batches_are_padded_with_zeros() -> None:
    rows, grams = batch([["a", "boat"], ["boat"]])
    assert rows.shape == (2, 2, 2) and grams.shape == (2, 2, MAX_GRAMS)
    assert rows[1, 1].sum() == 0 and grams[1, 1].sum() == 0 and batch([[]])[0].shape == (1, 1, 2)


def test_a_group_is_on_one_side() -> None:
    rows = [Row(f"text {i}", HARMLESS, "s", "overt one") for i in range(5)]
    assert len({row.split for row in rows}) == 1
    share = sum(Row("t", None, "s", f"group {i}").split == "test" for i in range(2000)) / 2000
    assert 0.15 < share < 0.25


def test_overt_rows_share_a_group_by_seed_unless_the_seed_is_generic(tmp_path: Path) -> None:
    folder = tmp_path / "safety" / "overt"
    folder.mkdir(parents=True)
    head = "seed_sha1,benign_image_prompt,unsafe_image_prompt,category,generation_type\n"
    generic = "".join(f"gen,calm {i},bad {i},violence,x\n" for i in range(60))
    own = "one,calm a,bad a,violence,x\none,calm b,bad b,self_harm,x\n"
    (folder / "benign_unsafe_pairs.csv").write_text(head + own + generic)
    rows = read_sets(tmp_path)
    assert {row.group for row in rows if row.text in ("bad a", "bad b", "calm a")} == {"overt one"}
    assert len({row.group for row in rows}) == 61
    assert {row.label for row in rows if row.text == "bad b"} == {"self_harm"}


def test_composed_prompts_cover_every_category_and_only_adults() -> None:
    rows = compose(600)
    assert {row.label for row in rows} == {HARMLESS, *CATEGORIES}
    assert set(DEEDS) == set(CATEGORIES) and len({row.text for row in rows}) == len(rows)
    assert not any({"child", "girl", "boy", "teen"} & set(words(row.text)) for row in rows if row.label != HARMLESS)


def test_unsafe_without_category_asks_only_for_harm() -> None:
    violence = torch.full((1, len(CLASSES)), -5.0)
    violence[0, CLASSES.index("violence")] = 5
    assert class_loss(violence, [UNSAFE]) < 0.01 < class_loss(violence, ["hate"])
    assert class_loss(violence, [HARMLESS]) > 5


def test_threshold_lets_no_more_than_the_rate_through() -> None:
    harmless = torch.linspace(0, 0.99, 100)
    threshold, recall = recall_at(torch.tensor([0.5, 0.98, 0.99]), harmless, 0.03)
    assert (harmless >= threshold).sum() <= 3 and abs(recall - 2 / 3) < 1e-6


def test_moving_the_threshold_puts_it_at_a_half() -> None:
    model = PromptSafety().eval()
    texts = ["a boat on an ocean", "a man in a park"]
    with torch.no_grad():
        before = 1 - model(*batch([words(text) for text in texts])).softmax(-1)[:, 0]
        move_threshold(model, before[0].item())
        after = scores(model(*batch([words(text) for text in texts]))).amax(1)
    assert abs(after[0].item() - 0.5) < 1e-4 and (before[1] > before[0]) == (after[1] > after[0])


def test_training_tells_composed_deeds_apart_and_exports_a_role(tmp_path: Path) -> None:
    bundle, out = tmp_path / "bundle", tmp_path / "model.pt"
    bundle.mkdir()
    short = ["--minutes", "0.15", "--composed", "1500", "--batch", "64"]
    train(parser().parse_args(["--data", str(tmp_path), "--out", str(out), *short]))
    model = PromptSafety()
    model.load_state_dict(torch.load(out))
    harm = harm_of(model, ["a photo of a man stabbing someone to death", "a photo of a man watching shooting stars"])
    assert harm[0] > harm[1]
    assert export_prompt_safety(model, bundle, 0.7) < 1e-3
    role = json.loads((bundle / "atelier.json").read_text())["roles"]["prompt_safety"]
    assert role["config"]["categories"] == list(CATEGORIES) and role["files"]["model"]["bytes"] < 8_000_000


def test_augmentation_keeps_something_to_read() -> None:
    import random

    rng = random.Random(0)
    assert all(noisy(["boat", "ocean", "sunset"], rng) for _ in range(200))
    rows = [Row("draw a man with a knife in a park", HARMLESS, "overt benign", "g")] * 2
    assert len(recombine(rows, 3, rng)) == 3
