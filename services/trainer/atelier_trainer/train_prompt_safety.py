"""Train the prompt-safety classifier: python -m atelier_trainer.train_prompt_safety --data … --bundle … --out …

With the prompt reader as teacher it first learns what single words mean, then to answer as the teacher does on labelled,
unlabelled and recombined prompts; without one it has the labels alone.
"""

import argparse
import json
import random
import re
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .bundle import read_manifest, write_metrics
from .prompt_reader import PromptReader, answers, by_length, load_reader
from .prompt_safety import DIM, PromptSafety, export_prompt_safety
from .prompt_safety_composed import compose
from .prompt_safety_contrasts import contrasts
from .prompt_safety_data import Row, read_captions, read_sets
from .prompt_safety_features import batch, words
from .prompt_safety_noise import noisy
from .prompt_safety_written import written
from .train_prompt_reader import balanced, class_loss

# Unlabelled rows that the teacher judges, at most, by source.
UNLABELLED = {
    "scenes": 3000,
    "nibbler unrated": 4000,
    "nibbler rest": 700,
    "i2p rest": 1600,
    "trending": 300,
    "coco": 2500,
    "compositional": 600,
}


# Shares of harmless validation rows that may be blocked; below what is promised: the rules block more, and test rows are harder.
RATES = {"overt benign": 0.0046, "coco": 0.004, "partiprompts": 0.006, "scenes": 0.0005}


def recombine(rows: Sequence[Row], count: int, rng: random.Random) -> list[str]:
    """Texts from the beginning of one prompt and the end of another, each cut before a preposition, comma or conjunction."""
    texts = [row.text for row in rows if row.source.startswith("overt")]
    cut = re.compile(r"(?=, | of | with | in | for | to | that | and | from | on | by | while | showing | who )")
    made: list[str] = []
    while len(made) < count and texts:
        first, second = (cut.split(rng.choice(texts)) for _ in range(2))
        if min(len(first), len(second)) > 1:
            made.append("".join(first[: rng.randrange(1, len(first))] + second[rng.randrange(1, len(second)) :]))
    return made


def learn_words(model: PromptSafety, teacher: PromptReader, vocabulary: list[str], steps: int) -> None:
    """Fit word vectors to the principal components of the teacher's vectors of single words."""
    _, vectors = answers(teacher, vocabulary, 256)
    vectors = vectors - vectors.mean(0)
    _, _, axes = torch.pca_lowrank(vectors, DIM, niter=4)
    targets = vectors @ axes
    targets *= 0.35 / targets.std()
    rows, grams = batch([[word] for word in vocabulary])
    optimiser = torch.optim.Adam(model.table.parameters(), lr=0.02)
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = 0.02 * max(0.05, 1 - step / steps)
        pick = torch.randint(len(vocabulary), (1024,))
        loss = F.mse_loss(model.embed(rows[pick], grams[pick])[:, 0], targets[pick])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    print(f"{len(vocabulary)} words, residual {loss.item() / targets.var().item():.2f}", flush=True)


def harm_of(model: PromptSafety, texts: Sequence[str]) -> Tensor:
    """Probability [N] that a text is unsafe."""
    model.eval()
    split, harm = [words(text) for text in texts], torch.empty(len(texts))
    with torch.no_grad():
        for indices in by_length(split, 128):
            harm[indices] = 1 - model(*batch([split[i] for i in indices])).softmax(-1)[:, 0]
    return harm


def recall_at(scores: Tensor, harmless: Tensor, rate: float) -> tuple[float, float]:
    """Threshold that at most the share `rate` of `harmless` reaches, and the share of `scores` that reach it."""
    threshold = harmless.sort(descending=True).values[int(rate * len(harmless))].item() + 1e-6
    return threshold, (scores >= threshold).float().mean().item()


def choose_threshold(model: PromptSafety, rows: Sequence[Row], rates: dict[str, float]) -> float:
    """The lowest threshold at which no more than the named share of each harmless source is blocked."""
    found = [0.05]
    for source, rate in rates.items():
        texts = [row.text for row in rows if row.source == source]
        if texts:
            found.append(recall_at(torch.ones(1), harm_of(model, texts), rate)[0])
    return max(found)


def report(model: PromptSafety, rows: Sequence[Row], threshold: float) -> dict[str, float]:
    """Share blocked by source."""
    harm, shares = harm_of(model, [row.text for row in rows]), {}
    for source in sorted({row.source for row in rows}):
        own = harm[[i for i, row in enumerate(rows) if row.source == source]]
        shares[f"{source} ({len(own)})"] = round((own >= threshold).float().mean().item(), 4)
    overt = harm[[i for i, row in enumerate(rows) if row.source.startswith("overt unsafe")]]
    return {"overt unsafe": round((overt >= threshold).float().mean().item(), 4), **shares} if len(overt) else shares


def gather(rows: list[Row], args: argparse.Namespace, rng: random.Random) -> tuple[list[str], list[str | None]]:
    """Texts to learn from and their labels, None where only the teacher speaks."""
    labelled = balanced(rows, rng)
    texts: list[str] = [row.text for row in labelled]
    labels: list[str | None] = [row.label for row in labelled]
    if args.teacher:
        for source, most in UNLABELLED.items():
            own = [row.text for row in rows if row.source == source]
            texts += rng.sample(own, min(most, len(own)))
        texts += recombine(rows, args.recombined, rng)
        labels += [None] * (len(texts) - len(labels))
    return texts, labels


def train(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    sets = read_sets(args.data) + read_captions(args.shards, args.captions)
    # What is our own is tested on nothing: all of it is for training.
    own = compose(args.composed) + contrasts(args.contrasts, args.seed) + written()
    known = [row for row in sets if row.split == "train"] + own
    model = PromptSafety()
    if args.minutes > 0:
        texts, labels = gather(known, args, rng)
        logs, vectors = learn_from_teacher(model, known, texts, args) if args.teacher else (None, None)
        fit(model, texts, labels, logs, vectors, args, rng)
        torch.save(model.state_dict(), args.out)
    else:
        model.load_state_dict(torch.load(args.out))
    model.eval()
    validation = [row for row in sets if row.split == "validation"]
    threshold = choose_threshold(model, validation, RATES)
    kept = [row for row in sets if row.split == "test"]
    figures = {"threshold": round(threshold, 4), "test": report(model, kept, threshold)}
    print(json.dumps(figures, indent=1))
    if args.bundle:
        parity = export_prompt_safety(model, args.bundle, threshold)
        version = read_manifest(args.bundle)["version"]
        write_metrics(args.bundle, version, {"prompt_safety": figures, "parity_prompt_safety": parity})


def learn_from_teacher(
    model: PromptSafety, rows: Sequence[Row], texts: Sequence[str], args: argparse.Namespace
) -> tuple[Tensor, Tensor]:
    """Teach the model single words; return the teacher's log-probabilities and vectors of `texts`."""
    began = time.process_time()
    teacher = load_reader(args.pretrained, args.teacher)
    vocabulary = {w for row in rows for w in words(row.text)[:60]}
    vocabulary |= {w for path in args.words for entry in json.loads(path.read_text()) for w in words(entry)}
    learn_words(model, teacher, sorted(vocabulary), args.word_steps)
    distinct = sorted(set(texts))
    logs, vectors = answers(teacher, distinct)
    print(f"the teacher has judged {len(distinct)} texts, {time.process_time() - began:.0f} s", flush=True)
    place = {text: i for i, text in enumerate(distinct)}
    order = torch.tensor([place[text] for text in texts])
    return logs[order], vectors[order]


def fit(
    model: PromptSafety,
    texts: list[str],
    labels: list[str | None],
    logs: Tensor | None,
    vectors: Tensor | None,
    args: argparse.Namespace,
    rng: random.Random,
) -> None:
    """Minimise the labels' loss and, with a teacher, the divergence from its answers and the distance to its vectors."""
    split = [words(text) for text in texts]
    project = nn.Linear(3 * DIM, vectors.shape[1] if vectors is not None else 1)
    optimiser = torch.optim.AdamW([*model.parameters(), *project.parameters()], lr=args.lr, betas=(0.9, 0.98), weight_decay=0.01)
    model.train()
    began, step, limit = time.process_time(), 0, args.minutes * 60
    while (progress := (time.process_time() - began) / limit) < 1:
        order = sorted(range(len(texts)), key=lambda i: len(split[i]) + 6 * rng.random())
        chunks = [order[i : i + args.batch] for i in range(0, len(order), args.batch)]
        rng.shuffle(chunks)
        for indices in chunks:
            progress = (time.process_time() - began) / limit
            if progress >= 1:
                break
            for group in optimiser.param_groups:
                group["lr"] = args.lr * min(1, (step + 1) / 100) * max(0.02, 1 - progress)
            features = model.features(*batch([noisy(split[i], rng) for i in indices]))
            logits = model.head(model.dropout(features))
            known = [j for j, i in enumerate(indices) if labels[i] is not None]
            loss = class_loss(logits[known], [labels[indices[j]] for j in known]) * len(known) / len(indices) if known else 0.0
            if logs is not None and vectors is not None:
                loss = 0.5 * loss + F.kl_div(logits.log_softmax(-1), logs[indices], log_target=True, reduction="batchmean")
                loss = loss + (1 - F.cosine_similarity(project(features), vectors[indices])).mean()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            step += 1
            if step % 100 == 0:
                print(f"{step} {progress:.2f} {loss.item():.3f}", flush=True)


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--data", type=Path, required=True, help="folder with prompts/ and safety/")
    p.add_argument("--bundle", type=Path, help="bundle that gets the role; none: only report")
    p.add_argument("--out", type=Path, required=True, help="checkpoint")
    p.add_argument("--pretrained", type=Path, help="folder of the teacher's encoder")
    p.add_argument("--teacher", type=Path, help="checkpoint of train_prompt_reader")
    p.add_argument("--words", type=Path, nargs="*", default=[], help="JSON lists of ordinary words")
    p.add_argument("--composed", type=int, default=6_000)
    p.add_argument("--contrasts", type=int, default=4_000)
    p.add_argument("--shards", type=Path, help="scenes whose captions are harmless; none: they teach nothing")
    p.add_argument("--captions", type=int, default=12_000)
    p.add_argument("--recombined", type=int, default=6_000)
    p.add_argument("--word-steps", type=int, default=600)
    p.add_argument("--batch", type=int, default=128)
    p.add_argument("--minutes", type=float, default=7, help="of computing; 0: take the checkpoint --out as it is")
    p.add_argument("--lr", type=float, default=1.5e-3)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seed", type=int, default=0)
    return p


if __name__ == "__main__":
    train(parser().parse_args())
