"""The prompt tokenizer: lower-cased WordPiece, trained on captions and on everyday English so that unseen words split well."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece
from tokenizers.trainers import WordPieceTrainer

PAD, UNK, START, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"


def train_tokenizer(texts: Iterable[str], vocab_size: int = 4096) -> Tokenizer:
    """Train on `texts`; encodings are `[CLS] … [SEP]`, padded with id 0."""
    tokenizer = Tokenizer(WordPiece(unk_token=UNK, max_input_chars_per_word=64))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    alphabet = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
    trainer = WordPieceTrainer(
        vocab_size=vocab_size, min_frequency=2, special_tokens=[PAD, UNK, START, END], initial_alphabet=alphabet
    )
    tokenizer.train_from_iterator(texts, trainer)
    pieces = [(START, tokenizer.token_to_id(START)), (END, tokenizer.token_to_id(END))]
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{START} $A {END}", special_tokens=pieces)
    return tokenizer


def caption_file_texts(paths: Iterable[Path]) -> Iterator[str]:
    """Everyday captions out of CSV files with a `prompt` or `caption` column."""
    for path in paths:
        with path.open(newline="", encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                yield row.get("prompt") or row.get("caption") or ""


def load_tokenizer(path: Path) -> Tokenizer:
    """Load tokenizer.json with padding and truncation off: callers pad themselves."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
