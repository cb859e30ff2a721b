"""Captions made wrong by one word: another count, colour, relation or shape. They teach the dual encoder to look closely."""

import random
import re

GROUPS = (
    ("one", "two", "three", "four", "five", "six"),
    ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white", "grey", "teal"),
    ("above", "below"),
    ("left", "right"),
    ("circle", "square", "triangle", "star", "heart", "diamond"),
    ("circles", "squares", "triangles", "stars", "hearts", "diamonds"),
    ("man", "woman", "boy", "girl"),
    ("sunset", "night", "dawn"),
    ("smiling", "sad", "surprised"),
)
GROUP_OF = {word: group for group in GROUPS for word in group}


def make_wrong(text: str, rng: random.Random) -> str | None:
    """`text` with one word replaced by another of its kind; None when it has no such word."""
    spots = [m for m in re.finditer(r"[a-z]+", text.lower()) if m[0] in GROUP_OF]
    if not spots:
        return None
    spot = rng.choice(spots)
    other = rng.choice([word for word in GROUP_OF[spot[0]] if word != spot[0]])
    return text[: spot.start()] + other + text[spot.end() :]
