"""Train the dual encoder: python -m atelier_trainer.train_dual --shards … --held-out … --bundle … --out …

Pictures are blurred and tinted as a generator makes them. Captions are the attributes they state, as the text encoder will
read them; each picture also meets captions that are wrong in one attribute.
"""

import argparse
import json
import random
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .augmentation import degrade
from .caption_reader import CaptionReader
from .conditions import ConditionBank
from .data import SceneSet, load_scenes
from .dual_encoder import DualEncoder, ImageTower, contrastive_loss, match_loss
from .hard_negatives import WrongLabels, make_wrong
from .precision import cpu_autocast
from .training_loop import LoopOptions, fit, loop_arguments

WRONG_PER_PICTURE = 3


def fullest(captions: tuple) -> str:
    """The caption that states most."""
    return max(captions, key=lambda c: (len(c.states), -len(c.text))).text


class Lesson(nn.Module):
    """The model with the attribute heads that help its image tower to see, and one step's loss."""

    def __init__(self, model: DualEncoder, scenes: SceneSet) -> None:
        super().__init__()
        space = model.space
        self.model = model
        self.heads = nn.Linear(ImageTower.FEATURES, len(space.keys) * space.width)
        self.scenes = scenes
        self.bank = ConditionBank(space, scenes.attributes, scenes.captions, complete=0.0)
        self.wrong = WrongLabels(space)
        self.register_buffer("valid", space.valid(), persistent=False)

    def loss(self, batch: int, rng: random.Random) -> Tensor:
        """Contrastive and pair-by-pair loss over `batch` pictures and their captions, and the heads' cross-entropy."""
        generator = torch.Generator().manual_seed(rng.getrandbits(62))
        rows = torch.randint(len(self.scenes), (batch,), generator=generator)
        truth = self.bank.everything[rows].long()
        stated = self._captions(rows, truth, generator)
        parts = [self.wrong.draw(stated, generator) for _ in range(WRONG_PER_PICTURE)]
        labels = torch.cat([stated, *(wrong[usable] for wrong, usable in parts)])
        image = degrade(self.scenes.images[rows].float() / 127.5 - 1, generator)
        with cpu_autocast():
            seen, features = self.model.image(image.contiguous(memory_format=torch.channels_last))
            said = self.model.text.of_probabilities(self._probabilities(labels, generator))
            heads = self.heads(features).view(batch, *self.valid.shape).float().masked_fill(~self.valid, -1e4)
        true = ((labels[None] == 0) | (labels[None] == truth[:, None])).all(2)
        logits = self.model.match_logit(seen @ said.t())
        attributes = F.cross_entropy(heads.flatten(0, 1), truth.flatten(), reduction="sum") / batch
        return contrastive_loss(logits, true) + match_loss(logits, true) + 0.1 * attributes

    def _captions(self, rows: Tensor, truth: Tensor, generator: torch.Generator) -> Tensor:
        """Classes [B, K]: half of the pictures get one of their captions, half any part of what is true of them."""
        captions = self.bank.draw(rows, 0.0, generator).long()
        share = torch.rand(len(rows), 1, generator=generator)
        any_part = torch.where(torch.rand(truth.shape, generator=generator) < share, truth, torch.zeros_like(truth))
        return torch.where(torch.rand(len(rows), 1, generator=generator) < 0.5, captions, any_part)

    def _probabilities(self, labels: Tensor, generator: torch.Generator) -> Tensor:
        """One-hot classes [B, K, width], a little unsure as the text encoder is."""
        doubt = 0.1 * torch.rand(len(labels), len(self.valid), 1, generator=generator) ** 3
        return (1 - doubt) * F.one_hot(labels, self.valid.shape[1]) + doubt * self.valid / self.valid.sum(1, keepdim=True)


@torch.no_grad()
def evaluate(model: DualEncoder, reader: CaptionReader, scenes: SceneSet) -> dict[str, float]:
    """Text → picture R@1 among each hundred held-out scenes, and how often a caption beats its wrong version (see `make_wrong`).

    Captions go through the real text encoder. `relevanceThreshold` parts matching pairs from mismatched ones.
    """
    model.eval()
    rng, hits, wins, own, other = random.Random(0), 0, [], [], []
    groups = len(scenes) // 100
    for g in range(groups):
        rows = range(g * 100, (g + 1) * 100)
        texts = [fullest(scenes.captions[i]) for i in rows]
        image = model.image(scenes.images[rows.start : rows.stop].float() / 127.5 - 1)[0]
        text = model.text(reader.hidden_states(texts))
        hits += ((text @ image.t()).argmax(1) == torch.arange(100)).sum().item()
        wrong = [(i, w) for i, t in enumerate(texts) if (w := make_wrong(t, rng))]
        index = torch.tensor([i for i, _ in wrong])
        rival = model.text(reader.hidden_states([w for _, w in wrong]))
        wins += ((image[index] * text[index]).sum(1) > (image[index] * rival).sum(1)).tolist()
        # Captions as they come, long and short: each with its picture, and with the next one unless it is true of that too.
        drawn = [rng.choice(scenes.captions[i]) for i in rows]
        cosines = model.text(reader.hidden_states([c.text for c in drawn])) @ image.t()
        own += cosines.diag().tolist()
        for i, caption in enumerate(drawn):
            mine, next_one = scenes.attributes[rows[i]], scenes.attributes[rows[(i + 1) % 100]]
            if any(mine.get(key) != next_one.get(key) for key in caption.states):
                other.append(cosines[i, (i + 1) % 100].item())
    model.train()
    threshold, kept, found = best_threshold(torch.tensor(own), torch.tensor(other))
    return {
        "retrievalAt1Of100": hits / (groups * 100),
        "hardNegatives": sum(wins) / len(wins),
        "hardNegativePairs": len(wins),
        "relevanceThreshold": round(threshold, 3),
        "matchingKept": kept,
        "mismatchedFound": found,
    }


def best_threshold(own: Tensor, other: Tensor) -> tuple[float, float, float]:
    """The cosine that parts matching from mismatched pairs best: it, the share of matches above, of mismatches below."""
    candidates = torch.linspace(-0.5, 0.9, 141)
    scores = [((own >= c).float().mean().item(), (other < c).float().mean().item()) for c in candidates]
    best = max(range(len(candidates)), key=lambda i: min(scores[i]))
    return candidates[best].item(), *scores[best]


def train(args: argparse.Namespace) -> dict[str, float]:
    torch.manual_seed(args.seed)
    reader = CaptionReader(args.bundle)
    model = DualEncoder.load(args.start).grown(reader.space) if args.start else DualEncoder(reader.space, reader.dim)
    lesson = Lesson(model, load_scenes(args.shards, limit=args.limit))
    lesson.model.image.to(memory_format=torch.channels_last).requires_grad_(not args.text_only)
    sizes = [sum(p.numel() for p in tower.parameters()) / 1e6 for tower in (lesson.model.image, lesson.model.text)]
    print(f"{len(lesson.scenes)} scenes; picture {sizes[0]:.2f} M, text {sizes[1]:.2f} M parameters", flush=True)
    steps = fit(lesson, lambda rng: lesson.loss(args.batch, rng), LoopOptions.of(args), args.out)
    lesson.model.save(args.out)
    metrics: dict[str, float] = {"steps": steps}
    if args.held_out:
        metrics |= evaluate(lesson.model, reader, load_scenes(args.held_out, limit=args.held_out_limit))
    (args.out / "dual_metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    print(json.dumps(metrics))
    return metrics


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--held-out", type=Path)
    p.add_argument("--held-out-limit", type=int, default=2000)
    p.add_argument("--bundle", type=Path, required=True, help="has the text encoder that will read the captions")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--limit", type=int)
    p.add_argument("--from", dest="start", type=Path, help="folder of a dual encoder to go on from")
    p.add_argument("--text-only", action="store_true", help="leave the image tower as it is, for the captioner reads it")
    loop_arguments(p, batch=96, steps=1400, lr=2e-3)
    return p


if __name__ == "__main__":
    train(parser().parse_args())
