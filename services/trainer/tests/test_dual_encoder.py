"""What the dual encoder learns from: captions made wrong, and losses that know which pairs are true."""

import random

import pytest
import torch
from torch.nn import functional as F

from atelier_trainer.attributes import AttributeSpace
from atelier_trainer.conditions import AttributeEmbedding
from atelier_trainer.dual_encoder import TextTower, contrastive_loss, match_loss
from atelier_trainer.hard_negatives import WrongLabels, make_wrong

SPACE = AttributeSpace.from_dict(
    {
        "group1.colour": ["", "none", "red", "green", "blue"],
        "group1.count": ["", "1", "2", "3", "none"],
        "group2.colour": ["", "none", "red", "green", "blue"],
    }
)


def test_a_caption_is_made_wrong_in_its_count_or_its_relation():
    rng = random.Random(0)
    counts = {make_wrong("two red boats at sea", rng) for _ in range(50)}
    assert counts == {f"{n} red boats at sea" for n in ("one", "three", "four", "five")}
    assert make_wrong("a star on the left and a heart on the right", rng) == "a star on the right and a heart on the left"
    assert make_wrong("a red boat", rng) is None


def test_wrong_labels_differ_in_what_was_stated_and_never_open_it():
    labels = torch.tensor([[2, 3, 4]] * 300 + [[0, 1, 0]] * 300 + [[0, 0, 0]])
    wrong, usable = WrongLabels(SPACE).draw(labels, torch.Generator().manual_seed(0))
    assert usable[:600].all()
    assert not usable[600]
    assert ((wrong > 0) == (labels > 0))[:600].all()
    assert (wrong != labels)[:600].any(1).all()
    assert (wrong < torch.tensor([5, 5, 5])).all()
    assert (wrong[:300] == torch.tensor([4, 3, 2])).all(1).any(), "colours never changed places"
    assert not (wrong[:300, 0] == 1).any(), "a colour became none"


def test_the_text_tower_reads_probabilities_out_of_the_encoders_tokens():
    tower = TextTower(SPACE, text_dim=32, dim=8)
    one_hot = F.one_hot(torch.tensor([[2, 3, 4], [0, 1, 0]]), SPACE.width).float()
    tokens, _ = AttributeEmbedding(SPACE, 32)(one_hot)
    torch.testing.assert_close(tower(tokens), tower.of_probabilities(one_hot), atol=1e-4, rtol=0)


def test_a_caption_that_is_true_of_another_picture_too_is_no_negative():
    logits = torch.tensor([[5.0, 9.0], [-5.0, 5.0]])
    true = torch.tensor([[True, True], [False, True]])
    assert contrastive_loss(logits, true).item() == pytest.approx(0, abs=1e-3)
    assert contrastive_loss(logits, torch.eye(2, dtype=torch.bool)).item() > 1


def test_match_loss_weighs_true_and_false_pairs_alike():
    true = torch.tensor([[True] + [False] * 99])
    certain = torch.where(true, 20.0, -20.0)
    assert match_loss(certain, true).item() < 1e-6
    assert match_loss(-certain, true).item() == pytest.approx(20, abs=1e-3)
