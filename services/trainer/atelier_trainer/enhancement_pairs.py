"""What a fuller caption of the same picture adds to a shorter one: the pairs that prompt enhancement is learnt from.

Captions are taken apart at prepositions and commas ("a boat | on a lake | at dusk"). What a part says is learnt from all captions
that have it: it says time=sunset when each of them states the time and each of their pictures is at sunset. A part is an addition
when it says something about the surroundings and nothing about the subject or about who somebody is.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .shards import Caption

Scene = tuple[dict[str, str], tuple[Caption, ...]]

# In the order in which they are said.
SURROUNDINGS = ("clothing.colour", "background", "place", "season", "time", "weather", "sky.body", "birds")
LEAD = r"in|on|at|by|under|below|beneath|with|without|among|against|during|before|wearing|dressed in"
BORDER = re.compile(rf"\s*,\s*|\s+(?=(?:{LEAD})\b(?! the sky| the air| the ground| front))")
BEGINNING = re.compile(rf"(?:{LEAD}) ")
MOST_KEYWORDS = 3
MOST_WORDS = 7
RARE = 8
ALMOST_ALWAYS = 0.98
SHARE_USED = 0.75


@dataclass(frozen=True)
class Addition:
    """A phrase of one of the two forms, the attributes that it states, and how often it was met."""

    text: str
    states: Mapping[str, str]
    times: int

    @cached_property
    def facet(self) -> str:
        """What it is said for."""
        return min(self.states, key=SURROUNDINGS.index)

    @cached_property
    def is_list(self) -> bool:
        """Whether it is a keyword."""
        return not BEGINNING.match(self.text)

    def holds(self, attributes: Mapping[str, str]) -> bool:
        """Whether it is true of a picture."""
        return all(attributes.get(key) == value for key, value in self.states.items())


def is_list(text: str) -> bool:
    """Whether a prompt is a list of keywords and not a sentence."""
    return text.count(",") >= 2


def parts_of(text: str) -> list[str]:
    """The parts of a caption's first sentence that could stand behind another prompt of its form, in lower case."""
    words = is_list(text)
    pieces = [piece.strip(" .").lower() for piece in BORDER.split(text.split(". ")[0])][1:]
    fitting = [p for p in pieces if bool(BEGINNING.match(p)) != words]
    return [p for p in fitting if 0 < len(p.split()) <= (MOST_KEYWORDS if words else MOST_WORDS)]


def find_additions(scenes: Iterable[Scene]) -> dict[str, Addition]:
    """Every part of the captions that is an addition, by its text."""
    seen: Counter[str] = Counter()
    said: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for attributes, captions in scenes:
        for caption in captions:
            for part in parts_of(caption.text):
                seen[part] += 1
                said[part].update((key, attributes[key]) for key in caption.states if key in attributes and key != "domain")
    additions = {}
    for part, times in seen.items():
        states = {key: value for (key, value), count in said[part].items() if count >= ALMOST_ALWAYS * times}
        if times >= RARE and states and set(states) <= set(SURROUNDINGS):
            additions[part] = Addition(part, states, times)
    return additions


class Pairs:
    """Draws (prompt, additions) from the captions of a scene."""

    def __init__(self, scenes: Sequence[Scene]) -> None:
        self.additions = find_additions(scenes)

    def draw(self, scene: Scene, rng: random.Random) -> tuple[str, list[str]] | None:
        """A caption of the scene and phrases for what it leaves open, in order; None where there is nothing to add.

        Where somebody is depends on who it is ("on the waves" suits a boat): that is taken from the scene's own captions.
        """
        attributes, captions = scene
        prompt = rng.choice(captions)
        form = is_list(prompt.text)
        own = {part for caption in captions if caption is not prompt for part in parts_of(caption.text)}
        true = [a for a in self.additions.values() if a.is_list == form and a.holds(attributes)]
        stated, phrases = set(prompt.states), []
        for facet in SURROUNDINGS:
            fitting = [a for a in true if a.facet == facet and stated.isdisjoint(a.states)]
            fitting = [a for a in fitting if a.text in own] or (fitting if facet != "place" else [])
            if fitting and rng.random() < SHARE_USED:
                [chosen] = rng.choices(fitting, [a.times for a in fitting])
                phrases.append(chosen.text)
                stated.update(chosen.states)
        return (prompt.text, phrases) if phrases else None
