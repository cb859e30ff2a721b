"""A world that grows: weights keep their meaning, and what is new is learnt beside it."""

import pytest
import torch

from atelier_trainer.attributes import AttributeSpace
from atelier_trainer.conditions import AttributeEmbedding
from atelier_trainer.dual_encoder import DualEncoder
from atelier_trainer.growth import keep_learnt
from atelier_trainer.judge import Judge
from atelier_trainer.text_encoder import TextEncoder

SMALL = AttributeSpace.from_dict({"kind": ["", "boat", "car", "dog"], "beside": ["", "none", "tree"]})
LARGE = SMALL.grown([{"beside": "cat", "kind": "dog"}, {"beside": "tree", "colour": "red"}])


def test_what_is_new_comes_behind_what_was_known():
    assert LARGE.to_dict() == {
        "kind": ["", "boat", "car", "dog"],
        "beside": ["", "none", "tree", "cat"],
        "colour": ["", "red"],
    }
    assert LARGE.grown([{"kind": "boat"}]) == LARGE


def test_a_key_may_not_outgrow_the_table():
    with pytest.raises(ValueError, match="kind would have 5 values"):
        SMALL.grown([{"kind": "ship"}])


def test_embeddings_of_known_classes_stay():
    small, large = (AttributeEmbedding(space, 16).values for space in (SMALL, LARGE))
    assert torch.equal(large[:2], small)


def test_the_text_encoder_reads_known_attributes_as_before():
    torch.manual_seed(0)
    small = TextEncoder(50, SMALL, dim=64, layers=1, heads=1, window=8).eval()
    large = small.grown(LARGE).eval()
    ids, mask = torch.randint(50, (3, 8)), torch.ones(3, 8, dtype=torch.long)
    before, after = small(ids, mask)[3], large(ids, mask)[3]
    torch.testing.assert_close(after[:, 0], before[:, 0])
    torch.testing.assert_close(after[:, 1, :3], before[:, 1, :3])
    assert after[:, 1, 3].min() > -100, "the new value can be read"


def test_the_judge_and_the_dual_encoder_see_pictures_as_before():
    torch.manual_seed(0)
    image = torch.rand(2, 3, 64, 64) * 2 - 1
    judge = Judge(SMALL).eval()
    for before, after in zip(judge(image), judge.grown(LARGE).eval()(image), strict=False):
        torch.testing.assert_close(after[:, : before.shape[1]], before)
    dual = DualEncoder(SMALL, 16, dim=8).eval()
    torch.testing.assert_close(dual.grown(LARGE).eval().image(image)[0], dual.image(image)[0])


def test_a_larger_network_is_no_beginning_of_a_smaller():
    with pytest.raises(ValueError, match="can't hold"):
        keep_learnt(Judge(SMALL), Judge(LARGE).state_dict())
