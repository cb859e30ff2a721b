"""Labelled prompts for the prompt-safety classifier: how each public set's labels are read, and the split by group.

A label is `None` (unknown: only a teacher may speak), "harmless", "unsafe" (some category, not known which) or a category.
Texts stay in memory; nothing of the sets is written anywhere.
"""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .shards import list_shards, read_shard

CATEGORIES = ("hate", "nudity", "self_harm", "violence", "illegal", "harassment", "shocking")
HARMLESS, UNSAFE = "harmless", "unsafe"
# What a text is scored as.
CLASSES = (HARMLESS, *CATEGORIES)
Split = Literal["train", "validation", "test"]

# OVERT's nine categories in terms of the policy. What has no category of its own goes to the nearest harm to somebody.
OVERT = {
    "violence": "violence",
    "sexual_content": "nudity",
    "self_harm": "self_harm",
    "discrimination": "hate",
    "privacy_individual": "harassment",
    "privacy_public": "illegal",
    "copyright_violations": "illegal",
    "unethical": "illegal",
    "illegal_activities": "illegal",
}
# OpenAI's moderation labels, gravest first; a row counts under its first.
MODERATION = {"SH": "self_harm", "S": "nudity", "H2": "hate", "H": "hate", "V2": "violence", "V": "violence", "HR": "harassment"}
I2P = {
    "hate": "hate",
    "sexual": "nudity",
    "self-harm": "self_harm",
    "violence": "violence",
    "illegal activity": "illegal",
    "harassment": "harassment",
    "shocking": "shocking",
}
# I2P labels say what pictures came out, not what the text says: only texts this toxic (Perspective, 0..1) count as unsafe.
I2P_TOXIC = 0.5
# More rows than one seed of OVERT has when it is a seed of its own.
SEED_ROWS = 40
# Raters of five who must agree on what an Adversarial Nibbler text is.
NIBBLER_AGREEMENT = 5


@dataclass(frozen=True)
class Row:
    """A prompt. Rows of one `group` (seed, template, focus word) are near-duplicates and stay on one side of the split."""

    text: str
    label: str | None
    source: str
    group: str

    @property
    def split(self) -> Split:
        """By hash of the group: 70 % to train on, 10 % to choose thresholds on, 20 % to report on."""
        place = int(hashlib.sha1(self.group.encode()).hexdigest()[:8], 16) % 10
        return "test" if place < 2 else "validation" if place == 2 else "train"


def read_sets(root: Path) -> list[Row]:
    """All rows of the sets below `root` that are there; a set that is absent adds none."""
    readers = (_overt, _i2p, _nibbler, _moderation, _hatecheck, _xstest, _harmless)
    return [row for reader in readers for row in reader(root) if row.text.strip()]


def read_captions(shards: Path | None, most: int) -> list[Row]:
    """At most so many captions of scenes, all harmless; nine of ten of people, of whom sets about harm say little good."""
    people: list[Row] = []
    others: list[Row] = []
    for path in list_shards(shards) if shards else []:
        for sample in read_shard(path):
            rows = people if sample.domain == "portrait" else others
            rows += (Row(caption.text, HARMLESS, "scenes", _opening(caption.text)) for caption in sample.captions)
        if len(people) >= most:
            break
    return people[: most * 9 // 10] + others[: most // 10]


def _overt(root: Path) -> Iterator[Row]:
    pairs = list(_csv(root / "safety/overt/benign_unsafe_pairs.csv"))
    benign = list(_csv(root / "safety/overt/benign_looks_unsafe.csv"))
    # A seed with very many rows is an empty or generic one: there the benign prompt itself is the seed.
    sizes = Counter(row["seed_sha1"] for row in [*pairs, *benign])

    def group_of(seed: str, prompt: str) -> str:
        return f"overt {seed if sizes[seed] <= SEED_ROWS else prompt.lower().strip()}"

    for row in pairs:
        group = group_of(row["seed_sha1"], row["benign_image_prompt"])
        yield Row(row["unsafe_image_prompt"], OVERT[row["category"]], f"overt unsafe {row['category']}", group)
        yield Row(row["benign_image_prompt"], HARMLESS, "overt pairs benign", group)
    for row in benign:
        yield Row(row["image_prompt"], HARMLESS, "overt benign", group_of(row["seed_sha1"], row["image_prompt"]))


def _i2p(root: Path) -> Iterator[Row]:
    for row in _csv(root / "safety/i2p/i2p.csv"):
        toxic = float(row["prompt_toxicity"]) > I2P_TOXIC
        first = row["categories"].split(",")[0].strip()
        yield Row(row["prompt"], I2P[first] if toxic else None, "i2p toxic" if toxic else "i2p rest", _opening(row["prompt"]))


def _nibbler(root: Path) -> Iterator[Row]:
    harms = {"image_failure_violent": "violence", "image_failure_sexual": "nudity", "image_failure_hate": "hate"}
    for row in _csv(root / "safety/adversarial_nibbler/submitted.csv"):
        votes = int(row["n_text_unsafe"])
        found = [harm for name, harm in harms.items() if name in row["image_failure_type"]]
        # Raters also call what is biased or merely diverse unsafe; only named harms count.
        label = found[0] if votes >= NIBBLER_AGREEMENT and found else None
        yield Row(row["prompt"], label, "nibbler unsafe" if label else "nibbler rest", _opening(row["prompt"]))
    for row in _csv(root / "safety/adversarial_nibbler/attempted.csv"):
        yield Row(row["prompt"], None, "nibbler unrated", _opening(row["prompt"]))


def _moderation(root: Path) -> Iterator[Row]:
    for row in _jsonl(root / "safety/openai_moderation/samples.jsonl"):
        label = next((category for key, category in MODERATION.items() if row.get(key) == 1), HARMLESS)
        source = f"moderation {label}"
        yield Row(row["prompt"], label, source, _opening(row["prompt"]))


def _hatecheck(root: Path) -> Iterator[Row]:
    for row in _csv(root / "safety/hatecheck/hatecheck.csv"):
        hateful = row["label_gold"] == "hateful"
        source = "hatecheck hateful" if hateful else "hatecheck not hateful"
        yield Row(row["test_case"], "hate" if hateful else HARMLESS, source, f"hatecheck {row['templ_id']}")


def _xstest(root: Path) -> Iterator[Row]:
    for row in _csv(root / "safety/xstest/xstest_prompts.csv"):
        label = UNSAFE if row["label"] == "unsafe" else HARMLESS
        yield Row(row["prompt"], label, f"xstest {row['label']}", f"xstest {row['focus']}")


def _harmless(root: Path) -> Iterator[Row]:
    prompts = root / "prompts"
    for row in _csv(prompts / "coco_captions/coco_val2014_one_caption.csv"):
        yield Row(row["prompt"], HARMLESS, "coco", _opening(row["prompt"]))
    for row in _csv(prompts / "partiprompts/PartiPrompts.tsv", "\t"):
        yield Row(row["Prompt"], HARMLESS, "partiprompts", _opening(row["Prompt"]))
    for row in _csv(prompts / "drawbench/DrawBench.csv"):
        yield Row(row["Prompts"], HARMLESS, "drawbench", _opening(row["Prompts"]))
    for path in [*sorted(prompts.glob("t2i_compbench/*.txt")), prompts / "geneval/generation_prompts.txt"]:
        for line in path.read_text().splitlines() if path.exists() else []:
            yield Row(line, HARMLESS, "compositional", _opening(line))
    for path in sorted(prompts.glob("artist_style_prompts/*.csv")):
        for row in _csv(path):
            yield Row(row.get("prompt") or "", HARMLESS, "artist styles", _opening(row.get("prompt") or ""))
    for row in _jsonl(prompts / "nanobanana_trending/prompts.jsonl"):
        yield Row(str(row.get("prompt") or "")[:600], None, "trending", _opening(str(row.get("prompt"))))


def _opening(text: str) -> str:
    """Prompts of one author or template mostly begin alike: the first five words name the group."""
    return " ".join(text.lower().split()[:5])


def _csv(path: Path, delimiter: str = ",") -> Iterator[dict[str, str]]:
    if not path.exists():
        return
    with path.open(newline="") as file:
        quoting = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
        yield from csv.DictReader(file, delimiter=delimiter, quoting=quoting)


def _jsonl(path: Path) -> Iterator[dict]:
    for line in path.read_text().splitlines() if path.exists() else []:
        yield json.loads(line)
