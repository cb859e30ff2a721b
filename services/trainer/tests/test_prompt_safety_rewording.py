import random

import torch

from atelier_trainer.prompt_safety_rewording import neighbours, reword

WORDS = ["cat", "kitten", "knife", "dagger", "lamp"]
VECTORS = torch.tensor([[1, 0, 0], [1, 0.1, 0], [-1, 0, 0], [-1, 0.1, 0], [0, -0.2, 1]])


def test_only_near_words_are_neighbours():
    near = neighbours(WORDS, VECTORS)
    assert near["cat"] == ["kitten"]
    assert near["dagger"] == ["knife"]
    assert "lamp" not in near


def test_tells_words_are_exchanged_and_the_rest_stays():
    near = {"cat": ["kitten"], "knife": ["dagger"], "a": ["the"]}
    texts = ["a cat", "a knife", *["a lamp"] * 100]
    made = reword(texts, near, 20, random.Random(0))
    assert set(made) == {"a kitten", "a dagger"}
    assert reword(["a lamp"], {}, 5, random.Random(0)) == []
