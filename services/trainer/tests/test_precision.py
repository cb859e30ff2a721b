import pytest
import torch

from atelier_trainer import precision


@pytest.mark.parametrize(("speedup", "chosen"), [(4.0, "bf16"), (1.1, "no"), (0.6, "no")])
def test_bf16_is_chosen_by_what_it_gains_here(monkeypatch: pytest.MonkeyPatch, speedup: float, chosen: str) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(precision, "_product_seconds", lambda dtype: 1.0 if dtype == torch.float32 else 1.0 / speedup)
    precision.fastest.cache_clear()
    assert precision.fastest() == chosen
    precision.fastest.cache_clear()


def test_the_measurement_takes_real_time() -> None:
    assert 0 < precision._product_seconds(torch.float32) < 5
