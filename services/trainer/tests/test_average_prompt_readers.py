"""The mean of readers is the mean of what they change, and as exact as its rank."""

import torch

from atelier_trainer.average_prompt_readers import average


def state(seed: int) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    sizes = {"layers.0.query.down": (2, 6), "layers.0.query.up": (5, 2), "head.bias": (3,)}
    return {name: torch.randn(size, generator=generator) for name, size in sizes.items()}


def change(of: dict[str, torch.Tensor]) -> torch.Tensor:
    return of["layers.0.query.up"] @ of["layers.0.query.down"]


def test_changes_are_averaged_not_their_factors() -> None:
    states = [state(1), state(2)]
    mean = average(states, rank=4)
    torch.testing.assert_close(change(mean), (change(states[0]) + change(states[1])) / 2)
    torch.testing.assert_close(mean["head.bias"], (states[0]["head.bias"] + states[1]["head.bias"]) / 2)


def test_a_lower_rank_keeps_the_most() -> None:
    states = [state(1), state(2)]
    whole = change(average(states, rank=4))
    mean = average(states, rank=3)
    assert mean["layers.0.query.down"].shape == (3, 6)
    smallest = torch.linalg.svdvals(whole)[3]
    torch.testing.assert_close((change(mean) - whole).norm(), smallest)
