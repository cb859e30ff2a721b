"""Fewer steps, no guidance, fewer weights: what students aim at, and that they come nearer to it."""

import json
from pathlib import Path

import pytest
import torch
from diffusers import DDIMScheduler, DDPMScheduler, LCMScheduler

from atelier_trainer.architectures import build, load_denoiser
from atelier_trainer.attributes import AttributeSpace
from atelier_trainer.batches import Batch
from atelier_trainer.conditions import AttributeEmbedding
from atelier_trainer.denoiser_training import read_schedule, write_denoiser
from atelier_trainer.diffusion import SCHEDULE, ForwardProcess
from atelier_trainer.distillation import Consistency, Guided, Imitation, Progressive
from atelier_trainer.ema import Ema
from atelier_trainer.presets import preset
from atelier_trainer.sampler import sample
from atelier_trainer.train_distill import halvings, parser, student_of, train

PROCESSES = [ForwardProcess(DDPMScheduler(**SCHEDULE | {"prediction_type": name})) for name in ("sample", "v_prediction")]


def condition(count: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(5)
    hidden = torch.randn(count, 3, 32, generator=generator)
    return hidden, torch.ones(count, 3), hidden.sum(1)


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of random weights that heeds its conditions: whatever it draws, a student can learn to draw it."""
    torch.manual_seed(1)
    model = build(preset("tiny"))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.08)
    folder = tmp_path_factory.mktemp("teacher") / "last"
    write_denoiser(model, folder, SCHEDULE)
    return folder


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.prediction)
def test_ddim_towards_the_true_picture_stays_on_its_path(process: ForwardProcess) -> None:
    x0, noise = torch.rand(2, 3, 4, 4) * 2 - 1, torch.randn(2, 3, 4, 4)
    start, to = torch.tensor([999, 400]), torch.tensor([499, -1])
    x = process.add_noise(x0, noise, start)
    assert torch.allclose(process.picture(process.target(x0, noise, start), x, start), x0, atol=1e-2)
    later = process.ddim(x, x0, start, to)
    assert torch.allclose(later, process.add_noise(x0, noise, to), atol=1e-4)
    assert torch.equal(later[1], x0[1]), "timestep -1 is the finished picture"
    assert torch.allclose(process.picture_between(x, start, later, to), x0, atol=1e-4)


def test_a_consistency_function_is_x_itself_at_the_end(teacher: Path) -> None:
    process, model = PROCESSES[0], load_denoiser(teacher)
    guided = Guided(model, process, condition, 1.5, torch.no_grad)
    x = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        values = Consistency(guided, model, 50).consistent(model, x, torch.tensor([-1, 999]), condition(2))
        plain = guided.model(x, torch.tensor([0.0, 999.0]), *condition(2))
    assert torch.equal(values[0], x[0])
    assert torch.allclose(values[1], plain[1], atol=1e-4), "and the network's picture where there is noise"


def test_a_stage_aims_at_two_steps_of_its_teacher_and_then_replaces_it(teacher: Path) -> None:
    process, model = PROCESSES[0], load_denoiser(teacher)
    distil = Progressive(Guided(model, process, condition, 2.0, torch.no_grad), student_of(model, {}), 4, 10)
    times = tuple(distil._spaced(torch.tensor([2.0 - part]), 2) for part in (0, 0.5, 1))
    assert [t.item() for t in times] == [999, 749, 499]
    x, told = torch.randn(1, 3, 64, 64), condition(1)
    picture = distil._after_two_steps(distil.first, x, times, told)
    scheduler = DDIMScheduler(**SCHEDULE)
    scheduler.set_timesteps(4)
    expected = x
    for timestep in scheduler.timesteps[:2]:
        answer = distil.first.picture(expected, timestep.view(1), told)
        expected = scheduler.step(answer, timestep, expected).prev_sample
    assert torch.allclose(process.ddim(x, picture, times[0], times[2]), expected, atol=1e-4)


def test_steps_that_cannot_be_halved_so_far_are_refused() -> None:
    assert halvings(32, 4) == 3
    for start, end in ((32, 5), (24, 4), (4, 4), (4, 0)):
        with pytest.raises(ValueError, match=f"{start} steps"):
            halvings(start, max(end, 1) if end else 3)


def test_a_smaller_student_begins_with_what_fits(teacher: Path) -> None:
    model = load_denoiser(teacher)
    student = student_of(model, {"widths": [16, 16, 16]})
    assert sum(p.numel() for p in student.parameters()) < sum(p.numel() for p in model.parameters())
    assert torch.equal(student.stem.weight, model.stem.weight)
    assert student.middle[0].qkv.weight.shape == (48, 16)


def test_a_smaller_student_learns_the_guided_answer(teacher: Path) -> None:
    process, model = PROCESSES[0], load_denoiser(teacher)
    guided = Guided(model, process, lambda count: tuple(0 * part for part in condition(count)), 2.0, torch.no_grad)
    student = student_of(model, {"widths": [16, 16, 16]})
    generator = torch.Generator().manual_seed(6)
    x0, noise = torch.randn(2, 2, 3, 64, 64, generator=generator)
    batch = Batch(x0.clamp(-1, 1), noise, torch.tensor([800, 300]), condition(2))
    optimiser = torch.optim.Adam(student.parameters(), lr=3e-3)
    losses = []
    for step in range(40):
        optimiser.zero_grad()
        loss = Imitation(guided)(student, Ema(student, 0.9), batch, step)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]


# Consistency creeps from the end of the path to its beginning, so eighty steps gain less.
@pytest.mark.parametrize(("method", "left"), [("consistency", 0.9), ("progressive", 0.8)])
def test_a_student_comes_nearer_to_the_guided_teacher_of_many_steps(method, left, teacher, shards, tmp_path) -> None:
    options = ["--method", method, "--from", str(teacher), "--shards", str(shards), "--out", str(tmp_path), "--cpu"]
    options += ["--preset", "tiny", "--guidance", "4", "--learning-rate", "2e-3", "--ema-decay", "0.9", "--complete", "1"]
    options += ["--from-steps", "8", "--to-steps", "2", "--stage-steps", "40", "--steps", "80"]
    train(parser().parse_args(options))
    assert json.loads((tmp_path / "ema" / "scheduler" / "scheduler_config.json").read_text())["defaultGuidance"] == 1
    model, student = load_denoiser(teacher).eval(), load_denoiser(tmp_path / "ema").eval()
    noise = torch.randn(4, 3, 64, 64, generator=torch.Generator().manual_seed(2))
    space = json.loads((tmp_path / "attributes.json").read_text())
    told = AttributeEmbedding(AttributeSpace.from_dict(space), 32)
    hidden, pooled = told.of_labels(torch.tensor([[1, 1, 1], [2, 1, 2], [3, 1, 1], [1, 1, 2]]))
    empty, empty_pooled = told.of_labels(torch.zeros(4, 3, dtype=torch.long))
    mask = torch.ones(4, 3)

    def drawn(network, steps: int, guidance: float) -> torch.Tensor:
        scheduler = DDIMScheduler(**SCHEDULE)
        return sample(network, scheduler, (hidden, mask, pooled), (empty, mask, empty_pooled), noise, steps, guidance)

    truth = drawn(model, 8, 4)
    before, after = ((drawn(network, 2, 1) - truth).square().mean() for network in (model, student))
    assert after < left * before
    if method == "consistency":
        own = LCMScheduler.from_config(read_schedule(tmp_path / "ema"))
        assert own.config.original_inference_steps == 8
