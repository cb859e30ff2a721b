"""Text → hashed words and character n-grams. The service computes the same: tests on both sides hold the same examples."""

import re
import unicodedata
from collections.abc import Sequence

import torch
from torch import Tensor

# Rows of the table: 0 is padding, then the words' part, then the n-grams' part.
WORD_ROWS, GRAM_ROWS = 24_576, 12_288
ROWS = 1 + WORD_ROWS + GRAM_ROWS
# A word has two rows, so that two words seldom share both (hash embeddings, Svenstrup 2017).
WORD_SEEDS = (0, 1)
GRAM_SIZES, GRAM_SEED, MAX_GRAMS = (3, 4), 2, 16
MAX_WORDS = 160


def words(text: str) -> list[str]:
    """Runs of letters a–z and digits in lower case, accents and apostrophes dropped; no more than 160."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return re.findall(r"[a-z0-9]+", re.sub("['’`]", "", plain))[:MAX_WORDS]


def fnv1a(text: str, seed: int) -> int:
    """32-bit FNV-1a of ASCII text, the seed as its first byte (Fowler, Noll, Vo)."""
    value = ((0x811C9DC5 ^ seed) * 0x01000193) & 0xFFFFFFFF
    for byte in text.encode("ascii"):
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def word_rows(word: str) -> list[int]:
    """The two rows of a word."""
    return [1 + fnv1a(word, seed) % WORD_ROWS for seed in WORD_SEEDS]


def gram_rows(word: str) -> list[int]:
    """Rows of the 3- and 4-grams of "<word>", in order, no more than 16; shorter words have fewer."""
    framed = f"<{word}>"
    grams = [framed[i : i + n] for n in GRAM_SIZES for i in range(len(framed) - n + 1)]
    return [1 + WORD_ROWS + fnv1a(gram, GRAM_SEED) % GRAM_ROWS for gram in grams[:MAX_GRAMS]]


def batch(texts: Sequence[Sequence[str]]) -> tuple[Tensor, Tensor]:
    """Word lists → word rows int64 [B, T, 2] and n-gram rows int64 [B, T, 16], padded with 0; T is at least 1."""
    length = max(1, *(len(text) for text in texts)) if texts else 1
    rows = torch.zeros(len(texts), length, len(WORD_SEEDS), dtype=torch.int64)
    grams = torch.zeros(len(texts), length, MAX_GRAMS, dtype=torch.int64)
    for i, text in enumerate(texts):
        for j, word in enumerate(text):
            known = _cache.get(word)
            if known is None:
                padded = gram_rows(word)
                known = torch.tensor(word_rows(word)), torch.tensor(padded + [0] * (MAX_GRAMS - len(padded)))
                _cache[word] = known
            rows[i, j], grams[i, j] = known
    return rows, grams


_cache: dict[str, tuple[Tensor, Tensor]] = {}
