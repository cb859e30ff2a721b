"""The prior keeps what a prompt states, draws the rest as scenes have it, and exports to the same draws."""

import json

import pytest
import torch

from atelier_trainer.attributes import AttributeSpace
from atelier_trainer.export import export_prior
from atelier_trainer.prior import AttributePrior, drawing_order
from atelier_trainer.train_prior import conflicts_of, impossible_share, prefer, prior_loss, save_prior

# A hat has a colour; without one the colour is "not in such scenes", class 0.
SCENES = [{"hat": "cap", "hat.colour": c, "age": a} for c in ("red", "blue") for a in ("old", "young")]
SCENES += [{"hat": "none", "age": a} for a in ("old", "young")] * 2
SPACE = AttributeSpace.collect(SCENES)
AGE, HAT, COLOUR = (SPACE.keys.index(key) for key in ("age", "hat", "hat.colour"))
DRAWS = 600
CONFLICTS = conflicts_of(torch.tensor([SPACE.labels(scene, scene) for scene in SCENES]), SPACE.width)


def trained() -> AttributePrior:
    torch.manual_seed(0)
    model = AttributePrior(SPACE, drawing_order(SPACE, SCENES), dim=64, width=32)
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    generator = torch.Generator().manual_seed(0)
    classes = torch.tensor([SPACE.labels(scene, scene) for scene in SCENES] * 16)
    for _ in range(250):
        stated = torch.rand(classes.shape, generator=generator) < 0.3
        optimiser.zero_grad()
        prior_loss(model, classes, stated, generator).backward()
        optimiser.step()
    return model


def draw(model: AttributePrior, prompt: dict[str, str], negative: dict[str, str]) -> torch.Tensor:
    asked, unwanted = (
        model.embedding.of_labels(torch.tensor([SPACE.labels(said, said)] * DRAWS))[0] for said in (prompt, negative)
    )
    uniform = torch.rand(DRAWS, len(SPACE.keys), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        return model.classes_of(model(asked, unwanted, uniform)[0])


def test_draws_what_is_open_and_keeps_what_is_stated(tmp_path):
    model = trained()
    drawn = draw(model, {"age": "old"}, {})
    assert (drawn[:, AGE] == SPACE.values[AGE].index("old")).all()
    cap, red = SPACE.values[HAT].index("cap"), SPACE.values[COLOUR].index("red")
    capped = drawn[:, HAT] == cap
    # Half of the scenes have a cap, but captions that say nothing of its colour speak of one less often: 0.35 / 0.85.
    assert 0.31 < capped.float().mean() < 0.51
    assert (drawn[capped][:, COLOUR] > 0).float().mean() > 0.98
    assert (drawn[~capped][:, COLOUR] > 0).float().mean() < 0.02
    assert 0.3 < (drawn[capped][:, COLOUR] == red).float().mean() < 0.7


def test_never_draws_what_a_negative_prompt_states(tmp_path):
    model = trained()
    hat = draw(model, {}, {"hat": "cap"})[:, HAT]
    assert (hat == SPACE.values[HAT].index("none")).all()
    # The prompt wins where both state the same.
    assert (draw(model, {"hat": "cap"}, {"hat": "cap"})[:, HAT] == SPACE.values[HAT].index("cap")).all()


def test_what_settles_most_is_drawn_first():
    boats = [{"boat": kind, "sail": "white"} for kind in ("dinghy", "ferry", "yacht")]
    space = AttributeSpace.collect([*boats, {"boat": "yacht", "sail": "red"}])
    assert [space.keys[k] for k in drawing_order(space, boats)] == ["boat", "sail"]


def test_scenes_that_can_not_be_are_counted():
    open_ = torch.zeros(400, len(SPACE.keys), dtype=torch.long)
    ignorant = AttributePrior(SPACE, drawing_order(SPACE, SCENES), dim=64, width=32)
    # Half of what it draws has no hat, and most of that a colour of it.
    assert impossible_share(ignorant, CONFLICTS, open_) > 0.1
    assert impossible_share(trained(), CONFLICTS, open_) < 0.02


def test_never_draws_what_no_scene_has():
    ignorant = AttributePrior(SPACE, drawing_order(SPACE, SCENES), dim=64, width=32)
    ignorant.conflicts.copy_(CONFLICTS)
    assert impossible_share(ignorant, CONFLICTS, torch.zeros(400, len(SPACE.keys), dtype=torch.long)) == 0
    # Unless the prompt asks for it.
    asked = {"hat": "none", "hat.colour": "red"}
    drawn = draw(ignorant, asked, {})
    assert all(SPACE.values[k][c] == asked[SPACE.keys[k]] for k in (HAT, COLOUR) for c in drawn[:, k].unique())


def test_exports(tmp_path):
    model = trained()
    model.conflicts.copy_(CONFLICTS)
    save_prior(model, tmp_path / "prior", {"steps": 1})
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    assert export_prior(bundle, tmp_path / "prior") < 1e-3
    assert json.loads((bundle / "atelier.json").read_text())["roles"]["prior"]["config"]["attributesSha256"]


def test_what_nobody_asked_for_is_seldom_beside_what_they_did():
    scenes = [{"kind": "cat", "relation": relation} for relation in ("left", "none")]
    space = AttributeSpace.collect(scenes)
    model = AttributePrior(space, drawing_order(space, scenes), dim=64, width=32).requires_grad_(False)
    relation, none = space.keys.index("relation"), space.values[space.keys.index("relation")].index("none")
    before = model.bias[relation].softmax(0)[none].item()
    prefer(model)
    after = model.bias[relation].softmax(0)[none].item()
    assert after / (1 - after) == pytest.approx(9 * before / (1 - before))
