"""Records that say nearly the same: by the meaning of their descriptions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.corpus.schema import MISSING
from hytki_match.language.analysis import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hytki_match.encoder import Progress, Vectors
    from hytki_match.index.dense import DenseIndex
    from hytki_match.settings import Settings
    from hytki_match.upkeep.bringing_in import Plan

NEAR = 0.88
"""Cosine from which two texts of one table are pointed out. In the shipped corpus no two of a table
reach 0.82; a text with three of its words replaced keeps 0.96 (the median of a hundred)."""

MAY_BE_NEAR = 0.6
"""Cosine of two passages from which their descriptions are compared. A passage holds more than
that, such as topics and region: where these differ, too, a copied text is found by its words."""

RUN = 5
"""Words in a row that two texts share when one was written from the other."""

NEIGHBOURS = 5
"""Nearest texts that are looked at for each: duplicates come in pairs, seldom in crowds."""


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two rows whose texts are near; ``cosine`` is that of the nearest texts in one language."""

    one: str
    other: str
    cosine: float


def near_pairs(
    texts: Mapping[str, str],
    encode: Callable[[Sequence[str]], Vectors],
    least: float = NEAR,
) -> list[NearPair]:
    """Return pairs of texts that are near in meaning, nearest first.

    Time grows as n squared: each text is searched for among all, half a millisecond for one among
    20,000.

    Parameters
    ----------
    texts
        Text by name; names are compared, so a pair comes once.
    encode
        Gives the vectors of texts (texts, dimension).
    """
    from hytki_match.index.dense import DenseIndex

    names = list(texts)
    if not names:
        return []
    vectors = encode(list(texts.values()))
    return sorted(
        set(_pairs(names, vectors, DenseIndex.build(vectors), least)),
        key=lambda pair: (-pair.cosine, pair.one, pair.other),
    )


def worth_comparing(texts: Mapping[str, str], passages: Mapping[str, Vectors]) -> dict[str, str]:
    """Return those texts that may be near another one, without encoding any.

    Parameters
    ----------
    texts
        Text by name.
    passages
        The vector (dimension,) of the passage that holds a text, by its name; one may be missing.
    """
    known = [name for name in texts if name in passages]
    near = near_pairs(
        dict.fromkeys(known, ""), lambda _: np.stack([passages[n] for n in known]), MAY_BE_NEAR
    )
    chosen = {name for pair in near for name in (pair.one, pair.other)} | _sharing_words(texts)
    return {n: text for n, text in texts.items() if n in chosen or n not in passages}


def _sharing_words(texts: Mapping[str, str]) -> set[str]:
    """Return the names of texts that have words in a row with another in common, or few words."""
    first: dict[tuple[str, ...], str] = {}
    chosen = set()
    for name, text in texts.items():
        found = words(text)
        if len(found) < RUN:
            chosen.add(name)
        for run in zip(*(found[start:] for start in range(RUN)), strict=False):
            other = first.setdefault(run, name)
            if other != name:
                chosen |= {name, other}
    return chosen


def _pairs(
    names: Sequence[str], vectors: np.ndarray, index: DenseIndex, least: float
) -> Iterator[NearPair]:
    for name, vector in zip(names, vectors, strict=True):
        cosines, numbers = index.search(np.asarray(vector), NEIGHBOURS)
        for cosine, number in zip(cosines.tolist(), numbers.tolist(), strict=True):
            if cosine >= least and names[number] != name:
                one, other = sorted((name, names[number]))
                yield NearPair(one, other, round(cosine, 3))


def alike_in_meaning(plan: Plan, settings: Settings, progress: Progress | None = None) -> list[str]:
    """Say which rows that an import adds mean nearly what a row that stands does."""
    from hytki_match.encoder import load_encoder

    found = []
    encoder = load_encoder(settings.model) if any(m.changes.added for m in plan.merges) else None
    for merge in plan.merges:
        new = {row_id.partition("/")[2] for row_id in merge.changes.added}
        if not (new and encoder):
            continue
        texts = {row["id"]: text for row in merge.rows if (text := _described(row))}
        found += [
            f"{pair.one} and {pair.other} are near in meaning ({pair.cosine:.2f})."
            for pair in near_pairs(texts, partial(encoder.encode_passages, progress=progress))
            if pair.one in new or pair.other in new
        ]
    return found


def _described(row: Mapping[str, str]) -> str:
    """Return what describes a row in both languages; a missing language leaves the other."""
    columns = ("description_fi", "description_en", "summary_fi", "summary_en")
    return " ".join(row[c] for c in columns if row.get(c) and row[c] != MISSING)
