"""The other road: a text is the sum of its tokens' vectors. Weak alone, and unlike the student.

It stands where the student stands (groups of tokens in, unit vectors out), so that both stages
train it as they are. Rare, telling words get long vectors and common ones short ones: the weights
that inverse frequency would give are learned with the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.initial import in_space
from training.tokenizer import SPECIAL, WORD_START

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

    from training.student import Group


class StaticStudent(nn.Module):
    """Token ids to the unit sums of their vectors."""

    def __init__(self, vectors: Tensor) -> None:
        super().__init__()
        self.words = nn.Embedding.from_pretrained(vectors, freeze=False)
        self.dimension = vectors.shape[1]

    def forward(self, groups: Sequence[Group]) -> Tensor:
        """Return the unit vectors of all texts (texts, dimension), group after group."""
        sums = [
            functional.embedding_bag(
                group.ids,
                self.words.weight,
                mode="sum",
                per_sample_weights=group.inside.to(self.words.weight.dtype),
            )
            for group in groups
        ]
        return functional.normalize(torch.cat(sums).float(), dim=-1)


def make_static(tokenizer: Tokenizer, space: tuple[Tensor, Tokenizer]) -> StaticStudent:
    """Return a static student for ``tokenizer`` that starts as an earlier static model.

    Parameters
    ----------
    space
        Vectors (tokens, dimension) of the earlier model and its tokenizer.
    """
    pieces = [tokenizer.id_to_token(number) for number in range(tokenizer.get_vocab_size())]
    vectors = in_space([piece.replace(WORD_START, "") for piece in pieces], space, unit=False)
    # The marks at both ends of every text say nothing; they start without weight.
    vectors[[tokenizer.token_to_id(token) for token in SPECIAL]] = 0
    return StaticStudent(vectors)
