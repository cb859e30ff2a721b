"""Wording noise for captions: what people add, misspell and leave out, without changing what the caption states."""

import random

PREFIXES = (
    "a picture of", "an image of", "draw", "please draw", "an illustration of", "i want", "show me", "a painting of",
    "create", "generate", "can you make", "a beautiful", "vector art of", "a drawing of", "imagine", "picture of",
)  # fmt: skip
SUFFIXES = (
    "high quality", "detailed", "4k", "flat design", "minimal style", "please", "vector art", "in a simple style",
    "trending", "very beautiful", "illustration", "digital art", "vivid", "for a poster", "clean lines", "wallpaper",
)  # fmt: skip
SMALL = frozenset({"a", "an", "the", "with", "of", "and", "is", "are", "in", "on"})
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def misspell(word: str, rng: random.Random) -> str:
    """One typing slip: swap, drop, double or replace a letter. Short words stay as they are."""
    if len(word) < 5:
        return word
    i = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    if kind == 1:
        return word[:i] + word[i + 1 :]
    if kind == 2:
        return word[:i] + word[i] + word[i:]
    return word[:i] + rng.choice(LETTERS) + word[i + 1 :]


def reword(text: str, rng: random.Random, fillers: list[str]) -> str:
    """A noisy wording of `text`. `fillers` are everyday words put in here and there."""
    words = text.split()
    if rng.random() < 0.5:
        return text
    if rng.random() < 0.3:
        words = [w for w in words if w.lower() not in SMALL or rng.random() < 0.6]
    if rng.random() < 0.25:
        words = [misspell(w, rng) if rng.random() < 0.15 else w for w in words]
    if fillers and rng.random() < 0.2:
        for _ in range(rng.randint(1, 3)):
            words.insert(rng.randint(0, len(words)), rng.choice(fillers))
    if rng.random() < 0.25:
        words = [*rng.choice(PREFIXES).split(), *words]
    if rng.random() < 0.25:
        words = [*words, ",", *rng.choice(SUFFIXES).split()]
    return " ".join(words) or text
