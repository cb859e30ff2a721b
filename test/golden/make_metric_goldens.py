"""Writes metrics/golden.json: seeded features, and what the reference implementations make of them.

Needs numpy, scipy, torch, torch-fidelity 0.4, clean-fid, krippendorff: `python test/golden/make_metric_goldens.py`.
FID, inception score and CLIPScore are their functions, called on the features; the Vendi score is its definition by numpy.
"""

import json
import pathlib

import krippendorff
import numpy as np
import torch
from cleanfid.fid import fid_from_feats
from scipy.spatial.distance import cdist
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_isc import isc_features_to_metric

OUT = pathlib.Path(__file__).parent / "metrics" / "golden.json"


def features(random, count, width, shift):
    """Correlated, skewed and non-negative, as activations behind a ReLU are."""
    mix = random.normal(size=(width, width)) / np.sqrt(width)
    return np.maximum(0, random.normal(size=(count, width)) @ mix + shift).astype(np.float32)


def fid(a, b):
    statistics = [fid_features_to_statistics(torch.from_numpy(part)) for part in (a, b)]
    return {
        "torchFidelity": fid_statistics_to_metric(*statistics, False)["frechet_inception_distance"],
        "cleanFid": float(fid_from_feats(a, b)),
    }


def clip_scores(pictures, captions):
    """2.5 · max(cos, 0), the cosine by scipy."""
    cosines = 1 - np.array([cdist(p[None], c[None], "cosine")[0, 0] for p, c in zip(pictures, captions)])
    return (2.5 * np.maximum(cosines, 0)).tolist()


def vendi(vectors):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    values = np.linalg.eigvalsh(unit @ unit.T / len(unit))
    values = values[values > 0]
    return float(np.exp(-np.sum(values * np.log(values))))


def main():
    random = np.random.default_rng(6)
    tall = [features(random, 60, 12, 0.2), features(random, 80, 12, 0.5)]
    wide = [features(random, 14, 40, 0.2), features(random, 18, 40, 0.4)]
    logits = (3 * random.normal(size=(50, 9))).astype(np.float32)
    splits = {n: isc_features_to_metric(torch.from_numpy(logits), splits=n, shuffle=False) for n in (1, 5)}
    embeddings = [random.normal(size=(20, 16)).astype(np.float32) for _ in range(2)]
    ratings = random.integers(0, 3, size=(4, 15)).astype(float) * 50
    ratings[1] = ratings[0]
    ratings[random.random(ratings.shape) < 0.25] = np.nan
    golden = {
        "fid": [
            {"a": a.tolist(), "b": b.tolist(), **fid(a.astype(np.float64), b.astype(np.float64))} for a, b in (tall, wide)
        ],
        "inceptionScore": {
            "logits": logits.tolist(),
            **{
                f"splits{n}": [value["inception_score_mean"], value["inception_score_std"]]
                for n, value in splits.items()
            },
        },
        "clipScore": {"pictures": embeddings[0].tolist(), "captions": embeddings[1].tolist(), "scores": clip_scores(*embeddings)},
        "vendi": vendi(embeddings[0].astype(np.float64)),
        "alpha": {
            "ratings": [[None if np.isnan(value) else value for value in rater] for rater in ratings.tolist()],
            **{
                level: float(krippendorff.alpha(reliability_data=ratings, level_of_measurement=level))
                for level in ("nominal", "interval")
            },
        },
    }
    OUT.write_text(json.dumps(rounded(golden)) + "\n")


def rounded(value):
    """float32 features in as few digits as say them all."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


main()
