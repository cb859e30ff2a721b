"""Writes services/diffusion/goldens/schedulers.json: whole trajectories of diffusers' own schedulers.

The "network" is a fixed function of the scaled sample and the timestep, so that both sides can evaluate it without a
model; its shape is what the predictions of real networks have: the noise at high noise, bounded otherwise.

Run by hand with the trainer's Python: `python test/golden/make_scheduler_goldens.py`.
"""

import json
import pathlib
import warnings

import diffusers
import torch

OUT = pathlib.Path(__file__).parents[2] / "services/diffusion/goldens/schedulers.json"
STEPS = (4, 20, 50)
SEED = 11

SD = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012, "clip_sample": False}
ZERO_SNR = {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing", "prediction_type": "v_prediction"}
COSINE = {"beta_schedule": "squaredcos_cap_v2", "prediction_type": "sample"}
THRESHOLD = {"thresholding": True, "clip_sample": False, "sample_max_value": 1.3, "dynamic_thresholding_ratio": 0.9}
KARRAS = {"use_karras_sigmas": True}

# What any sampler takes; a class ignores what it doesn't know.
COMMON = [
    {"beta_schedule": "linear"},
    {**SD, "steps_offset": 1, "set_alpha_to_one": False, "timestep_spacing": "leading", "skip_prk_steps": True},
    {**SD, "timestep_spacing": "linspace", "prediction_type": "v_prediction"},
    {**SD, "timestep_spacing": "trailing"},
]
PIXEL = [
    {**SD, **ZERO_SNR},
    {**COSINE, "timestep_spacing": "trailing"},
    {**COSINE, "rescale_betas_zero_snr": True, "timestep_spacing": "trailing", "clip_sample": True},
    {"prediction_type": "v_prediction", "beta_schedule": "squaredcos_cap_v2", "timestep_spacing": "leading"},
]
LIMITS = [
    {**COSINE, "prediction_type": "v_prediction", "clip_sample": True, "clip_sample_range": 0.3},
    {**COSINE, "prediction_type": "v_prediction", **THRESHOLD},
]
# class, configs of its own, arguments of `step`
CASES = [
    ("DDIMScheduler", [*COMMON, *PIXEL, *LIMITS], [{}, {"eta": 0.6}]),
    ("DDPMScheduler", [*COMMON, *PIXEL, *LIMITS, {**SD, "variance_type": "fixed_large"}], [{}]),
    ("EulerDiscreteScheduler", [*COMMON, *PIXEL, {**SD, **KARRAS}, {**SD, "final_sigmas_type": "sigma_min"}], [{}]),
    ("EulerAncestralDiscreteScheduler", [*COMMON, PIXEL[0], PIXEL[3]], [{}]),
    # Not from the cosine schedule's last timestep: its sigma of 20,000 leaves Heun's slopes to float32's rounding.
    (
        "HeunDiscreteScheduler",
        [*COMMON, PIXEL[0], PIXEL[3], {**LIMITS[0], "timestep_spacing": "leading"}, {**SD, **KARRAS}],
        [{}],
    ),
    (
        "DPMSolverMultistepScheduler",
        [
            *COMMON,
            *PIXEL,
            LIMITS[1],
            {**SD, **KARRAS},
            {**COSINE, "lambda_min_clipped": -5.1},
            {**SD, "solver_type": "heun"},
            {**SD, "solver_order": 1},
            {**SD, "final_sigmas_type": "sigma_min", "lower_order_final": False},
            {**SD, "euler_at_final": True},
        ],
        [{}],
    ),
    (
        "DPMSolverMultistepScheduler",
        [
            {**config, "algorithm_type": "sde-dpmsolver++"}
            for config in [*COMMON, *PIXEL, LIMITS[1], {**SD, **KARRAS}, {**SD, "solver_type": "heun"}]
        ],
        [{}],
    ),
    ("LCMScheduler", [{}, COMMON[1], PIXEL[0], *LIMITS, {"original_inference_steps": 100, "timestep_scaling": 1.0}], [{}]),
    ("PNDMScheduler", [{**config, "skip_prk_steps": True} for config in (*COMMON, PIXEL[3])], [{}]),
    ("FlowMatchEulerDiscreteScheduler", [{}, {"shift": 3.0}, {"shift": 3.0, **KARRAS}], [{}]),
]


def network(x, t, prediction):
    if prediction == "epsilon":
        return (0.2 + 0.75 * t / 1000) * x + 0.1 * torch.sin(5 * x)
    return 0.5 * torch.sin(3 * x + t / 300)


def prediction_of(scheduler):
    return scheduler.config.get("prediction_type", "flow_prediction")


def trajectory(scheduler, steps, arguments):
    scheduler.set_timesteps(steps)
    generator = torch.Generator("cpu").manual_seed(SEED)
    sample = torch.randn(1, 3, 4, 2, generator=generator) * getattr(scheduler, "init_noise_sigma", 1.0)
    if "generator" in scheduler.step.__code__.co_varnames:
        arguments = {**arguments, "generator": generator}
    for t in scheduler.timesteps:
        scaled = scheduler.scale_model_input(sample, t) if hasattr(scheduler, "scale_model_input") else sample
        sample = scheduler.step(network(scaled, t, prediction_of(scheduler)), t, sample, **arguments).prev_sample
    return sample.flatten()


def significant(values):
    return [float(f"{value:.7g}") for value in values.tolist()]


def main():
    warnings.filterwarnings("ignore")
    cases = []
    for name, configs, calls in CASES:
        for config in configs:
            for arguments in calls:
                for steps in STEPS:
                    scheduler = getattr(diffusers, name).from_config(config)
                    final = trajectory(scheduler, steps, arguments)
                    if not torch.isfinite(final).all():
                        raise ValueError(f"{name} {config} gave {final}")
                    cases.append(
                        {
                            "config": {"_class_name": name, **config},
                            "steps": steps,
                            **arguments,
                            "prediction": prediction_of(scheduler),
                            "timesteps": significant(scheduler.timesteps),
                            "final": significant(final),
                        }
                    )
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
    print(len(cases), "cases,", OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
