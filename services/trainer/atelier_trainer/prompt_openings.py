"""How prompts begin that no caption of a scene begins like, and what those beginnings state: rows for `TextBatches`."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from .attributes import AttributeSpace

OPENINGS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("a", {}),
    ("the", {}),
    ("a picture of a", {}),
    ("a drawing of the", {}),
    ("an illustration of a", {}),
    ("a portrait of a", {"domain": "portrait"}),
    ("the face of a", {"domain": "portrait"}),
    ("a landscape with a", {"domain": "landscape"}),
    ("an abstract", {"domain": "abstract"}),
    ("a pattern of", {"domain": "abstract"}),
    ("sunset", {"domain": "landscape", "time": "sunset"}),
    ("a sunset", {"domain": "landscape", "time": "sunset"}),
    ("sunrise", {"domain": "landscape", "time": "dawn"}),
    ("a starry night", {"domain": "landscape", "time": "night", "weather": "clear"}),
    ("a rainy day", {"domain": "landscape", "weather": "rain"}),
    ("snowfall", {"domain": "landscape", "weather": "snow"}),
    ("fog", {"domain": "landscape", "weather": "fog"}),
    ("a winter landscape", {"domain": "landscape", "season": "winter"}),
    ("an autumn landscape", {"domain": "landscape", "season": "autumn"}),
)

# What can't be drawn, by what it states nevertheless. No caption has these words: they are told apart from what can be.
_UNDRAWN = json.loads(Path(__file__).with_name("undrawn_words.json").read_text())
UNDRAWN = [word for kind in _UNDRAWN.values() for word in kind["words"]]
STARTS = ("", "a", "a", "the", "a photo of a", "a picture of a")


def opening_rows(space: AttributeSpace) -> Sequence[tuple[str, list[int]]]:
    """(wording, classes of `space`); as many plain openings as those that name somebody, and as those that name something."""
    named = [
        [(_named(start, word), kind["states"]) for kind in kinds for start in starts for word in kind["words"]]
        for kinds, starts in (
            ((_UNDRAWN["persons"], _UNDRAWN["men"], _UNDRAWN["women"]), (*STARTS, "a portrait of a")),
            ((_UNDRAWN["outdoors"], _UNDRAWN["things"]), STARTS),
        )
    ]
    most = max(map(len, named))
    rows = [kind[i % len(kind)] for kind in (OPENINGS, *named) for i in range(most)]
    return [(text, space.labels(stated, stated)) for text, stated in rows]


def _named(start: str, word: str) -> str:
    article = "n" if start.endswith("a") and word[0] in "aeio" else ""
    return f"{start}{article} {word}".strip()
