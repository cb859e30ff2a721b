"""Prompts in twins for the classifier: by kind of harm, scenes to refuse beside harmless ones in the same words.

The phrases lie in `prompt_safety_contrasts/`, one file per OVERT category and one of what only sounds alarming. A scene has
`[one|other]` choices and `{slots}`; `{person}` and `{person2}` are two different fillers of one list. Of a list of lists (what
sets groups of people apart) one prompt draws from one list only. Frames and endings are drawn alike for both halves.
Only adults appear in what is unsafe; what concerns minors is the rules' business and is never composed.
"""

import json
import random
import re
from pathlib import Path

from .prompt_safety_data import HARMLESS, OVERT, Row

_FOLDER = Path(__file__).with_name("prompt_safety_contrasts")
Kinds = dict[str, dict[str, list[str]]]


def _read(name: str) -> dict:
    return json.loads((_FOLDER / f"{name}.json").read_text())


SLOTS: dict[str, list[str] | list[list[str]]] = _read("slots")
# Scenes by category, kind and "unsafe" or "harmless".
KINDS: dict[str, Kinds] = {category: _read(category) for category in OVERT}
# What sounds alarming and is not: harmless scenes alone.
ALARMING: Kinds = _read("alarming")
# Every so many-th harmless prompt is one of those.
_ALARMING_EVERY = 5
_WORDS = range(5, 41)
_TRIES = 30


def contrasts(count: int, seed: int = 0) -> list[Row]:
    """About `count` distinct prompts: half unsafe, half harmless, each spread evenly over the kinds. A kind is a group."""
    rng = random.Random(seed)
    kinds = [(category, name) for category, names in KINDS.items() for name in names]
    decks = {"unsafe": _Deck(kinds, rng), "harmless": _Deck(kinds, rng)}
    alarming = _Deck([("alarming", name) for name in ALARMING], rng)
    rows: dict[str, Row] = {}
    for place in range(count):
        side = ("unsafe", "harmless")[place % 2]
        deck = alarming if side == "harmless" and place // 2 % _ALARMING_EVERY == 0 else decks[side]
        category, name = deck.draw()
        label = OVERT[category] if side == "unsafe" else HARMLESS
        scenes = (ALARMING if deck is alarming else KINDS[category])[name][side]
        for _ in range(_TRIES):
            text = _frame(fill(rng.choice(scenes), rng), rng)
            if len(text.split()) in _WORDS and text.lower() not in rows:
                rows[text.lower()] = Row(text, label, f"composed {side}", f"contrast {category} {name}")
                break
    return list(rows.values())


class _Deck:
    """Draws all kinds once, in random order, before any comes again."""

    def __init__(self, kinds: list[tuple[str, str]], rng: random.Random) -> None:
        self.kinds, self.rng, self.left = kinds, rng, list[tuple[str, str]]()

    def draw(self) -> tuple[str, str]:
        if not self.left:
            self.left = self.rng.sample(self.kinds, len(self.kinds))
        return self.left.pop()


def fill(scene: str, rng: random.Random) -> str:
    """The scene with its choices made and its slots filled; a slot that occurs twice is filled alike."""
    chosen: dict[str, str] = {}
    lists: dict[str, list[str]] = {}

    def filler(match: re.Match[str]) -> str:
        article, name, number = match.groups()
        if name not in lists:
            fillers = SLOTS[name]
            lists[name] = list(fillers if isinstance(fillers[0], str) else rng.choice(fillers))
        if name + number not in chosen:
            chosen[name + number] = rng.choice([text for text in lists[name] if text not in chosen.values()])
        text = chosen[name + number]
        return f"{article and ('an ' if text[0] in 'AEIOUaeiou' else 'a ')}{text}"

    scene = re.sub(r"\[([^]]+)\]", lambda match: rng.choice(match[1].split("|")), scene)
    return re.sub(r"(\ba |)\{([a-z]+)(\d?)\}", filler, scene)


def _frame(scene: str, rng: random.Random) -> str:
    """The scene as tags, as a wish, as a question or as a description."""
    form = rng.random()
    lights = rng.sample(SLOTS["light"], rng.randint(1, 2))
    if form < 0.25:
        bare = re.sub(r"^(an?|the) ", "", scene) if rng.random() < 0.5 else scene
        return ", ".join([bare, rng.choice(SLOTS["medium"]), *lights[1:]])
    if form < 0.65:
        wish = rng.choice(SLOTS["opening"]).format(scene)
        wish = ", ".join([wish, *lights]) if rng.random() < 0.4 else wish
        return _sentence(wish) if rng.random() < 0.5 else wish
    if form < 0.73:
        return rng.choice(SLOTS["question"]).format(scene)
    description = _sentence(scene)
    return f"{description} {rng.choice(SLOTS['sentence'])}" if rng.random() < 0.5 else description


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
