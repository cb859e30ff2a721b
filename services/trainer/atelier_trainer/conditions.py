"""What a caption states, as the denoiser sees it: one token per attribute key, and their sum.

Captions in the shards know exactly which attributes they state, so the base model trains on those, not on words; the text
encoder learns to read the same attributes out of free wording, and gives the same tokens at run time.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from .attributes import AttributeSpace
from .shards import Caption, Embeddings


class AttributeEmbedding(nn.Module):
    """The fixed table of value embeddings: random and nearly orthogonal, so that linear maps can read it. Same for same sizes."""

    def __init__(self, space: AttributeSpace, dim: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(1)
        self.register_buffer("values", torch.randn(len(space.keys), space.width, dim, generator=generator))

    def forward(self, probabilities: Tensor) -> tuple[Tensor, Tensor]:
        """Probabilities [B, K, width] → tokens [B, K, dim] and pooled [B, dim]."""
        return self._with_sum(torch.einsum("bkw,kwd->bkd", probabilities, self.values))

    def of_labels(self, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Classes [B, K] → tokens and pooled, as if each were certain."""
        return self._with_sum(self.values[torch.arange(labels.shape[1], device=labels.device), labels.long()])

    def _with_sum(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        return tokens, tokens.sum(1) * (self.values.shape[0] ** -0.5)


class ConditionBank:
    """Classes stated by every caption of a set (int8 [captions, K]), drawn at random per picture."""

    def __init__(
        self,
        space: AttributeSpace,
        attributes: Sequence[dict[str, str]],
        captions: Sequence[tuple[Caption, ...]],
        complete: float,
    ) -> None:
        """`complete` is the share of pictures that are told every attribute instead of one caption's."""
        self.complete = complete
        self.first = torch.tensor([0, *map(len, captions)]).cumsum(0)
        self.stated = torch.tensor(
            [space.labels(a, c.states) for a, group in zip(attributes, captions, strict=True) for c in group], dtype=torch.int8
        )
        self.everything = torch.tensor([space.labels(a, a.keys()) for a in attributes], dtype=torch.int8)

    def draw(self, picture: Tensor, dropout: float, generator: torch.Generator) -> Tensor:
        """Classes [B, K] for picture indices [B]: those of a random caption, all of them, or (`dropout`) none."""
        choice, kind = torch.rand(2, len(picture), generator=generator)
        count = self.first[picture + 1] - self.first[picture]
        labels = self.stated[self.first[picture] + (choice * count).long()]
        labels = torch.where((kind > 1 - self.complete)[:, None], self.everything[picture], labels)
        return torch.where((kind < dropout)[:, None], torch.zeros_like(labels), labels)

    def nothing(self, count: int) -> Tensor:
        """Classes [count, K] of the empty caption."""
        return torch.zeros_like(self.everything[:1]).expand(count, -1)


class CachedConditions:
    """Embeddings that the data pipeline cached, for captions of any wording and any text encoder; drawn like a ConditionBank's.

    `empty` is the embedding of the empty caption: what a picture without caption is trained with.
    """

    def __init__(self, embeddings: Sequence[Embeddings], empty: Embeddings) -> None:
        self.first = torch.tensor([0, *(len(e.pooled) for e in embeddings)]).cumsum(0)
        everything = [*embeddings, empty]
        self.tokens = torch.from_numpy(np.concatenate([e.tokens for e in everything]))
        self.pooled = torch.from_numpy(np.concatenate([e.pooled for e in everything]))

    def draw(self, picture: Tensor, dropout: float, generator: torch.Generator) -> Tensor:
        """Rows [B] for picture indices [B]: one of its captions, or (`dropout`) the empty one."""
        choice, kind = torch.rand(2, len(picture), generator=generator)
        count = self.first[picture + 1] - self.first[picture]
        rows = self.first[picture] + (choice * count).long()
        return torch.where(kind < dropout, len(self.pooled) - 1, rows)

    def nothing(self, count: int) -> Tensor:
        """Rows [count] of the empty caption."""
        return torch.full((count,), len(self.pooled) - 1)

    def of_labels(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Tokens [B, T, dim] and pooled [B, dim] of rows that were drawn."""
        own = rows.cpu()
        return self.tokens[own].float().to(rows.device), self.pooled[own].float().to(rows.device)
