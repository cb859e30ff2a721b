"""Training runs as processes: killed and resumed, spread over two, or only checked."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from diffusers import DDPMScheduler
from safetensors.torch import load_file

from atelier_trainer.denoiser import HybridDenoiser
from atelier_trainer.denoiser_training import rate_factor

BASE = ["-m", "atelier_trainer.train_base", "--preset", "tiny", "--cpu", "--log-every", "5"]
ENV = os.environ | {"OMP_NUM_THREADS": "1"}


def run(*args: str, launcher: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, *launcher, *args], env=ENV, capture_output=True, text=True, check=True, timeout=120)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "last" / "diffusion_pytorch_model.safetensors")


def prediction(folder: Path) -> torch.Tensor:
    generator = torch.Generator().manual_seed(3)
    shapes = ((2, 3, 64, 64), (2, 4, 32), (2, 32))
    sample, hidden, pooled = (torch.randn(*shape, generator=generator) for shape in shapes)
    model = HybridDenoiser.from_pretrained(folder / "ema").eval()
    with torch.no_grad():
        return model(sample, torch.tensor([900.0, 300.0]), hidden, torch.ones(2, 4), pooled)


def assert_resumes_exactly(common: list[str], last: int, folder: Path, enough: str = "step-*") -> None:
    """The run with and without a kill −9 after its first checkpoint named `enough` ends in the same weights."""
    run(*common, "--out", str(folder / "whole"))
    killed = folder / "killed"
    process = subprocess.Popen(
        [sys.executable, *common, "--out", str(killed), "--save-minutes", "0"],
        env=ENV,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 120
    while not list(killed.glob(enough)) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert list(killed.glob(enough)), "no checkpoint within two minutes"
    assert not (killed / f"step-{last:08d}").exists(), "it ended before it was killed"
    again = run(*common, "--out", str(killed))
    assert "continuing from step" in again.stdout
    whole, resumed = weights(folder / "whole"), weights(killed)
    assert whole.keys() == resumed.keys()
    assert all(torch.equal(whole[key], resumed[key]) for key in whole)


def test_what_a_kill_left_of_replaced_weights_is_in_nobodys_way(shards, tmp_path):
    common = [*BASE, "--shards", str(shards), "--out", str(tmp_path)]
    run(*common, "--steps", "1")
    left = tmp_path / "last-old"
    left.mkdir()
    (left / "config.json").write_text("{}")
    run(*common, "--steps", "2")
    assert not left.exists()


def test_resumes_exactly_after_kill_9(shards, tmp_path):
    assert_resumes_exactly([*BASE, "--shards", str(shards), "--steps", "60"], 60, tmp_path)


@pytest.mark.parametrize(
    ("method", "enough"),
    # Progressive: in the second stage, whose teacher is a student that only the checkpoint knows.
    [("consistency", "step-*"), ("progressive", "step-0000000[89]")],
)
def test_distillation_resumes_exactly_after_kill_9(method, enough, shards, tmp_path):
    run(*BASE, "--shards", str(shards), "--steps", "3", "--out", str(tmp_path / "teacher"))
    common = ["-m", "atelier_trainer.train_distill", "--method", method, "--preset", "tiny", "--cpu", "--log-every", "5"]
    common += ["--from", str(tmp_path / "teacher" / "last"), "--shards", str(shards), "--ema-decay", "0.9"]
    common += ["--from-steps", "8", "--to-steps", "2", "--stage-steps", "7", "--steps", "14"]
    assert_resumes_exactly(common, 14, tmp_path, enough)


def test_two_processes_equal_one(shards, tmp_path):
    common = [*BASE, "--shards", str(shards), "--steps", "6"]
    run(*common, "--out", str(tmp_path / "one"))
    two = ("-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-port", "29713")
    run(*common, "--out", str(tmp_path / "two"), launcher=two)
    one, two = prediction(tmp_path / "one"), prediction(tmp_path / "two")
    assert one.abs().max() > 1e-3
    torch.testing.assert_close(two, one, atol=1e-5, rtol=0)


def test_dry_run_makes_no_step(shards, tmp_path):
    result = run(*BASE, "--shards", str(shards), "--steps", "5", "--out", str(tmp_path / "dry"), "--dry-run")
    assert "dry run" in result.stdout
    assert not list((tmp_path / "dry").glob("step-*"))


def test_a_run_names_its_schedule_and_prediction(shards, tmp_path):
    options = ("--prediction", "v_prediction", "--beta-schedule", "linear", "--zero-terminal-snr", "--gradient-checkpointing")
    run(*BASE, "--shards", str(shards), "--steps", "2", "--out", str(tmp_path), *options)
    config = json.loads((tmp_path / "last" / "scheduler" / "scheduler_config.json").read_text())
    scheduler = DDPMScheduler.from_config(config)
    assert (scheduler.config.prediction_type, scheduler.config.beta_schedule) == ("v_prediction", "linear")
    assert scheduler.alphas_cumprod[-1] < 1e-6


def test_rate_warms_up_stays_and_cools_down():
    factors = [rate_factor(step, 10, 100, 25) for step in (0, 9, 50, 75, 99)]
    assert [round(f, 2) for f in factors] == [0.1, 1.0, 1.0, 1.0, 0.04]
    assert rate_factor(99, 10, 100, 0) == 1.0


def test_text_encoder_learns_what_captions_state(shards, tmp_path):
    args = ["--held-out", "6", "--vocab", "300", "--dim", "64", "--layers", "1", "--window", "32", "--lr", "3e-3"]
    run(
        "-m",
        "atelier_trainer.train_text",
        "--shards",
        str(shards),
        "--out",
        str(tmp_path),
        "--steps",
        "120",
        "--batch",
        "32",
        *args,
    )
    metrics = json.loads((tmp_path / "text_metrics.json").read_text())
    assert metrics["heldOut"]["captionsAllRight"] > 0.9
    assert "square" in json.loads((tmp_path / "words.json").read_text())
