"""Prompts said with other words: single words exchanged for near ones, so that a small network meets more than the sets have.

What such a text is, nobody has said: only a teacher may label it.
"""

import random
from collections import Counter
from collections.abc import Sequence

from torch import Tensor
from torch.nn import functional as F

from .prompt_safety_features import words

# Neighbours that a word may become, and how near they must be (cosine of sentence vectors of single words).
NEAREST, NEAR = 12, 0.35
# Words that so large a share of the prompts has carry its grammar, not its meaning.
COMMON = 0.03
EXCHANGED = (0.1, 0.5)


def neighbours(vocabulary: Sequence[str], vectors: Tensor) -> dict[str, list[str]]:
    """The nearest other words of each word with any; `vectors` [N, D] as the teacher reads the words."""
    unit = F.normalize(vectors - vectors.mean(0), dim=1)
    near: dict[str, list[str]] = {}
    for begin in range(0, len(vocabulary), 1000):
        cosines, places = (unit[begin : begin + 1000] @ unit.T).topk(min(NEAREST + 1, len(vocabulary)))
        for i, (values, others) in enumerate(zip(cosines.tolist(), places.tolist(), strict=True), begin):
            found = [vocabulary[j] for c, j in zip(values, others, strict=True) if j != i and c >= NEAR]
            if found:
                near[vocabulary[i]] = found
    return near


def reword(texts: Sequence[str], near: dict[str, list[str]], count: int, rng: random.Random) -> list[str]:
    """`count` texts, each one of `texts` with a tenth to a half of its telling words exchanged; none without such words."""
    split = [words(text) for text in texts]
    frequency = Counter(word for text in split for word in set(text))
    tells = {word for word, n in frequency.items() if n <= COMMON * len(split) and word in near}
    usable = [text for text in split if not tells.isdisjoint(text)]
    made = []
    for _ in range(count if usable else 0):
        text = list(rng.choice(usable))
        places = [i for i, word in enumerate(text) if word in tells]
        for i in rng.sample(places, max(1, round(len(places) * rng.uniform(*EXCHANGED)))):
            text[i] = rng.choice(near[text[i]])
        made.append(" ".join(text))
    return made
