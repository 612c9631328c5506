"""The student's tokenizer: one unigram vocabulary for Finnish and English, lower case, NFKC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from training.rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

VOCABULARY = 40_000
PAD, UNKNOWN, START, END = SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
WORD_START = "▁"

DOMAIN_REPEATS = 20
"""The corpus is small; repeated, its own words (``toisiolaki``, ``FHIR``) become tokens."""


def train_tokenizer(folder: Path, domain: Iterable[str]) -> Tokenizer:
    """Train the vocabulary (Kudo, “Subword Regularization”, 2018) on the prepared texts.

    Parameters
    ----------
    folder
        What :func:`training.sources.prepare` wrote.
    domain
        Texts of the field that count ``DOMAIN_REPEATS`` times.
    """
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(replacement=WORD_START, prepend_scheme="always"),
            pre_tokenizers.Punctuation(),
            pre_tokenizers.Digits(individual_digits=True),
        ]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL),
        unk_token=UNKNOWN,
        max_piece_length=24,
    )
    tokenizer.train_from_iterator(_texts(folder, list(domain)), trainer)
    ends = [(token, tokenizer.token_to_id(token)) for token in (START, END)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{START} $A {END}", special_tokens=ends
    )
    return tokenizer


def _texts(folder: Path, domain: list[str]) -> Iterator[str]:
    for _, finnish, english in read_rows(folder / "pairs.tsv.gz"):
        yield finnish
        yield english
    for language in ("fi", "en"):
        for number, (_, title) in enumerate(read_rows(folder / f"titles-{language}.tsv.gz")):
            if number % 2 == 0:
                yield title
    for _ in range(DOMAIN_REPEATS):
        yield from domain
