"""The language model: what it learns from, and that it learns."""

import json
import random
from pathlib import Path

from atelier_trainer.enhancement_pairs import SURROUNDINGS, Pairs, find_additions, parts_of
from atelier_trainer.prompt_sets import is_held_out, read_prompts, split_prompts
from atelier_trainer.shards import Caption
from atelier_trainer.tokenizer import train_tokenizer
from atelier_trainer.train_lm import parser, train
from atelier_trainer.train_text import read_captions

TIMES = {"dusk": "at dusk", "night": "under the stars"}
PLACES = {"lake": "on a lake", "sea": "at sea"}


def scene(kind: str, place: str, time: str):
    attributes = {"domain": "landscape", "subject1.kind": kind, "place": place, "time": time}
    captions = (
        Caption(f"a {kind}", frozenset({"subject1.kind"})),
        Caption(f"A {kind} with white sails {PLACES[place]} {TIMES[time]}.", frozenset({"subject1.kind", "place", "time"})),
        Caption(f"{kind}, {place}, {time}", frozenset({"subject1.kind", "place", "time"})),
    )
    return attributes, captions


SCENES = [scene(kind, place, time) for kind in ("sloop", "yacht") for place in PLACES for time in TIMES] * 8


def test_parts_are_what_could_stand_behind_another_prompt():
    assert parts_of("A sloop with white sails on a lake, at dusk. It is warm.") == ["with white sails", "on a lake", "at dusk"]
    assert parts_of("sloop, lake, dusk") == ["lake", "dusk"]


def test_additions_say_what_all_their_captions_say_and_nothing_of_the_subject():
    additions = find_additions(SCENES)
    assert {text: dict(addition.states) for text, addition in additions.items()} == {
        "on a lake": {"place": "lake"},
        "at sea": {"place": "sea"},
        "at dusk": {"time": "dusk"},
        "under the stars": {"time": "night"},
        **{word: {"place": word} for word in PLACES},
        **{word: {"time": word} for word in TIMES},
    }


def test_a_prompt_gets_what_it_leaves_open_and_what_is_true():
    pairs, rng = Pairs(SCENES), random.Random(0)
    drawn = [
        (attributes, pair)
        for attributes, captions in SCENES
        for _ in range(9)
        if (pair := pairs.draw((attributes, captions), rng))
    ]
    assert {prompt for _, (prompt, _) in drawn} == {"a sloop", "a yacht"}
    for attributes, (_, phrases) in drawn:
        facets = [pairs.additions[phrase].facet for phrase in phrases]
        assert facets == sorted(set(facets), key=SURROUNDINGS.index)
        assert all(pairs.additions[phrase].holds(attributes) for phrase in phrases)


def test_captions_of_one_picture_are_held_out_together(tmp_path: Path):
    path = tmp_path / "captions.csv"
    path.write_text("image_id,caption\n" + "".join(f"{i // 3:06d},text {i}\n" for i in range(600)) + "7,\n")
    learnt, held_out = split_prompts([path])
    assert len(learnt) + len(held_out) == 600
    assert 30 < len(held_out) < 100
    assert len(held_out) % 3 == 0
    assert {group for group, text in read_prompts([path]) if text in held_out} == {
        str(i) for i in range(1, 200) if is_held_out(str(i))
    }


def test_training_learns_resumes_and_lists_its_words(tmp_path: Path, shards: Path):
    train_tokenizer(["a red square on the left", "a dog number 1"], 200).save(str(tmp_path / "tokenizer.json"))
    prompts = tmp_path / "prompts.txt"
    prompts.write_text("\n".join(f"a dog number {i}" for i in range(40)))
    args = ["--shards", str(shards), "--tokenizer", str(tmp_path / "tokenizer.json"), "--prompts", str(prompts)]
    args += [
        "--held-out",
        "4",
        "--tokens",
        "200",
        "--window",
        "24",
        "--dim",
        "32",
        "--layers",
        "1",
        "--out",
        str(tmp_path / "lm"),
    ]
    first = train(parser().parse_args([*args, "--steps", "2"]))
    second = train(parser().parse_args([*args, "--steps", "60"]))
    assert second["captionsPerplexity"] < first["captionsPerplexity"] / 2
    words = json.loads((tmp_path / "lm" / "words.json").read_text())
    assert words["square"] == 2 * (len(read_captions(shards, 100)) - 4)
    assert words["dog"] > 20
