"""Prompts as disguises and haste leave them."""

import random


def noisy(text: list[str], rng: random.Random) -> list[str]:
    """A few words dropped; in some texts a few words misspelt, as disguises leave them."""
    kept = [word for word in text if rng.random() > 0.05] or text
    if rng.random() > 0.3:
        return kept
    return [_misspelt(word, rng) if len(word) > 3 and rng.random() < 0.15 else word for word in kept]


def _misspelt(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    return rng.choice(
        [word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]]
    )
