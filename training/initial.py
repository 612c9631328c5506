"""A student before training: the teacher's body, and embeddings for another vocabulary.

A piece that the teacher has keeps its vector. Any other piece takes the mean of the teacher's
words that are nearest to it in a bilingual word space (an earlier static model), so that a Finnish
word starts where its English translation is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from training.student import Student
from training.tokenizer import PAD, SPECIAL, WORD_START

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

NEAREST = 5
SHARPNESS = 20.0
"""Inverse temperature of the weights of the nearest words."""

CONTINUATION = "##"


def make_student(
    teacher: Student,
    teacher_tokenizer: Tokenizer,
    tokenizer: Tokenizer,
    space: tuple[Tensor, Tokenizer],
    layers: Sequence[int],
) -> Student:
    """Return a student for ``tokenizer`` with some of the teacher's layers.

    Parameters
    ----------
    space
        The bilingual word space: vectors (tokens, any dimension) and their tokenizer.
    layers
        Numbers of the teacher's layers that the student keeps, in order.
    """
    pieces = sorted(vocabulary := tokenizer.get_vocab(), key=vocabulary.__getitem__)
    student = Student(len(pieces), len(layers))
    student.norm.load_state_dict(teacher.norm.state_dict())
    student.positions.load_state_dict(teacher.positions.state_dict())
    for mine, number in zip(student.layers, layers, strict=True):
        mine.load_state_dict(teacher.layers[number].state_dict())
    known = teacher_tokenizer.get_vocab()
    own = [known.get(_as_teacher_writes(piece), -1) for piece in pieces]
    rows = _from_neighbours(pieces, teacher, teacher_tokenizer, space)
    at = torch.tensor(own)
    rows[at >= 0] = teacher.words.weight.data[at[at >= 0]]
    student.words.weight.data.copy_(rows)
    return student


def _as_teacher_writes(piece: str) -> str:
    """Return a piece in the teacher's notation, where it is the later parts that are marked."""
    if piece in SPECIAL or (not piece[:1].isalnum() and not piece.startswith(WORD_START)):
        return piece
    if piece.startswith(WORD_START):
        return piece.removeprefix(WORD_START) or PAD
    return CONTINUATION + piece


def _from_neighbours(
    pieces: Sequence[str],
    teacher: Student,
    teacher_tokenizer: Tokenizer,
    space: tuple[Tensor, Tokenizer],
) -> Tensor:
    """Return for each piece the weighted mean of its nearest English words (pieces, hidden)."""
    words = [
        (word, number)
        for word, number in sorted(teacher_tokenizer.get_vocab().items(), key=lambda pair: pair[1])
        if len(word) > 2 and word.isascii() and word.isalpha()
    ]
    targets = teacher.words.weight.data[[number for _, number in words]]
    english = in_space([word for word, _ in words], space)
    others = in_space([piece.replace(WORD_START, "") for piece in pieces], space)
    rows = torch.empty(len(pieces), targets.shape[1])
    for start in range(0, len(pieces), 4000):
        near, at = (others[start : start + 4000] @ english.T).topk(NEAREST)
        weights = (SHARPNESS * near).softmax(1)
        rows[start : start + 4000] = (weights[:, :, None] * targets[at]).sum(1)
    return rows


def in_space(texts: Sequence[str], space: tuple[Tensor, Tokenizer], *, unit: bool = True) -> Tensor:
    """Return the mean of the vectors of each text's tokens; zeros for a text without any."""
    vectors, tokenizer = space
    means = torch.zeros(len(texts), vectors.shape[1])
    encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    for number, encoding in enumerate(encodings):
        if encoding.ids:
            means[number] = vectors[encoding.ids].float().mean(0)
    return functional.normalize(means, dim=1) if unit else means
