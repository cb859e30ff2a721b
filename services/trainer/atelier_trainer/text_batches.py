"""Batches of noisy captions for the text encoder: of similar length, with those it got wrong drawn again."""

import random
from collections import deque
from collections.abc import Iterator, Sequence

from .noise import reword

Row = tuple[str, list[int]]


class TextBatches:
    """Endless batches of (wording, classes) made from labelled captions.

    A fifteenth of each batch states nothing: unknown words, or no words at all. Another has one of `openings` with unknown words
    where captions name what they show: whom "a portrait of a doctor" shows is open. Some batches are long, up to 128 words.
    """

    def __init__(
        self, captions: Sequence[Row], fillers: list[str], size: int, rng: random.Random, openings: Sequence[Row] = ()
    ) -> None:
        self.captions = captions
        self.openings = openings
        self.fillers = fillers
        self.size = size
        self.rng = rng
        self.missed: deque[Row] = deque(maxlen=4000)
        self.nothing = [0] * len(captions[0][1])

    def remember(self, rows: Sequence[Row]) -> None:
        """Keep wordings that the encoder misread, to be drawn again."""
        self.missed.extend(rows)

    def __iter__(self) -> Iterator[list[Row]]:
        while True:
            rows = [self._draw() for _ in range(8 * self.size)]
            rows.sort(key=lambda row: len(row[0]))
            chunks = [rows[i : i + self.size] for i in range(0, len(rows), self.size)]
            self.rng.shuffle(chunks)
            yield from chunks
            if self.fillers:
                yield [(self._lengthen(text), classes) for text, classes in self.rng.sample(rows, max(4, self.size // 4))]

    def _draw(self) -> Row:
        kind = self.rng.random()
        if kind > 14 / 15 and self.openings and self.fillers:
            text, classes = self.rng.choice(self.openings)
            return " ".join([text, *self.rng.choices(self.fillers, k=self.rng.randint(0, 3))]).strip(), classes
        if kind < 1 / 15:
            count = self.rng.randint(1, 8) if self.fillers and self.rng.random() < 0.7 else 0
            return " ".join(self.rng.choices(self.fillers, k=count) if count else []), self.nothing
        if len(self.missed) > self.size and self.rng.random() < 0.3:
            return self.rng.choice(self.missed)
        text, classes = self.rng.choice(self.captions)
        return reword(text, self.rng, self.fillers), classes

    def _lengthen(self, text: str, words: int = 128) -> str:
        """`text` somewhere among words that state nothing, up to `words` in all."""
        spare = max(0, words - len(text.split()))
        before = self.rng.randint(0, spare)
        after = self.rng.randint(0, spare - before)
        return " ".join([*self.rng.choices(self.fillers, k=before), text, *self.rng.choices(self.fillers, k=after)])
