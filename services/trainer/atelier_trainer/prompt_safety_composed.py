"""Prompts composed for the classifier: frames × people × deeds × places, unsafe deeds beside harmless ones that look alike.

Only adults appear; what concerns minors is the rules' business and is never composed.
"""

import json
import random
from pathlib import Path

from .prompt_safety_data import HARMLESS, Row

_PHRASES = json.loads(Path(__file__).with_name("prompt_safety_phrases.json").read_text())
FRAMES, PEOPLE, PLACES, LOOK_ALIKES, SCENES = (_PHRASES[key] for key in ("frames", "people", "places", "lookAlikes", "scenes"))
# What is unsafe to see done, by category.
DEEDS: dict[str, list[str]] = _PHRASES["deeds"]


def compose(count: int, seed: int = 0) -> list[Row]:
    """About `count` distinct prompts: half unsafe, spread over the categories; half harmless. A deed is a group of its own."""
    rng = random.Random(seed)
    rows: dict[str, Row] = {}
    deeds = [(category, deed) for category, list_ in DEEDS.items() for deed in list_]
    while len(rows) < count:
        kind = rng.random()
        if kind < 0.5:
            label, deed = rng.choice(deeds)
        elif kind < 0.85:
            label, deed = HARMLESS, rng.choice(LOOK_ALIKES)
        else:
            label, deed = HARMLESS, ""
        scene = f"{rng.choice(PEOPLE)} {deed} {rng.choice(PLACES)}".strip() if deed else rng.choice([*SCENES, *PEOPLE])
        text = rng.choice(FRAMES).format(scene)
        rows[text] = Row(text, label, f"composed {'harmless' if label == HARMLESS else 'unsafe'}", f"composed {deed or scene}")
    return list(rows.values())
