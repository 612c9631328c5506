"""Records that say nearly the same: by the meaning of their descriptions."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.corpus import load_corpus
from hytki_match.corpus.passages import make_passages
from hytki_match.corpus.schema import MISSING
from hytki_match.errors import CorpusError
from hytki_match.index.vectors import VectorCache
from hytki_match.language.analysis import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hytki_match.encoder import Encoder, Progress, Vectors
    from hytki_match.index.dense import DenseIndex
    from hytki_match.records import Corpus
    from hytki_match.settings import Settings
    from hytki_match.upkeep.bringing_in import Plan
    from hytki_match.upkeep.merging import Merge

NEAR = 0.88
"""Cosine from which two texts of one table are pointed out. In the shipped corpus no two of a table
reach 0.82; a text with three of its words replaced keeps 0.96 (the median of a hundred)."""

MAY_BE_NEAR = 0.6
"""Cosine of two passages from which their descriptions are compared. A passage holds more than
that, such as topics and region: where these differ, too, a copied text is found by its words."""

NEAR_PASSAGE = 0.45
"""Cosine of a new text and a passage that stands from which the two texts are compared. In the
shipped corpus a text has at least 0.64 with its own passage, and mostly less with all others."""

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
        for run in _runs(text):
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


def kept_passages(corpus: Corpus, cache: VectorCache) -> dict[tuple[str, str], Vectors]:
    """Return the vectors that a cache has of a corpus's passages, by record and language."""
    passages = list(make_passages(corpus))
    found, vectors = cache.find([passage.text for passage in passages])
    known = [(passage.doc_id, passage.language) for passage in passages]
    return dict(zip((known[n] for n in np.flatnonzero(found).tolist()), vectors, strict=True))


def alike_in_meaning(plan: Plan, settings: Settings, progress: Progress | None = None) -> list[str]:
    """Say which rows that an import adds mean nearly what a row that stands does.

    Of rows that stand only those are encoded whose passages, as a build has kept them, are near to
    a new row, or which share words with one; where none is kept, or the row changes, all are.
    """
    from hytki_match.encoder import load_encoder

    adding = [merge for merge in plan.merges if merge.changes.added]
    if not adding:
        return []
    encoder = load_encoder(settings.model)
    kept = _standing_passages(settings, encoder)
    encode = partial(encoder.encode_passages, progress=progress)
    return [sentence for merge in adding for sentence in _alike_to_new(merge, encode, kept)]


def _alike_to_new(
    merge: Merge, encode: Callable[[Sequence[str]], Vectors], kept: Mapping[str, Sequence[Vectors]]
) -> Iterator[str]:
    """Say which new rows of a table are near to another, given passages by record."""
    texts = {row["id"]: text for row in merge.rows if (text := _described(row))}
    ids = {row_id.partition("/")[2] for row_id in merge.changes.added}
    new = {name: text for name, text in texts.items() if name in ids}
    if not new:
        return
    vectors = dict(zip(new, encode([*new.values()]), strict=True))
    as_kept = texts.keys() - new - {row_id.partition("/")[2] for row_id in merge.changes.changed}
    passages = {name: kept[key] for name in as_kept if (key := f"{merge.table}/{name}") in kept}
    chosen = _worth_encoding(texts, vectors, passages)
    if chosen:
        vectors |= zip(chosen, encode([*chosen.values()]), strict=True)
    compared = {name: text for name, text in texts.items() if name in vectors}
    for pair in near_pairs(compared, lambda _: np.stack([vectors[name] for name in compared])):
        if pair.one in new or pair.other in new:
            yield f"{pair.one} and {pair.other} are near in meaning ({pair.cosine:.2f})."


def _standing_passages(settings: Settings, encoder: Encoder) -> dict[str, list[Vectors]]:
    """Return the vectors of passages that a build has kept, by record.

    None of a corpus with mistakes, which the import may be there to mend.
    """
    kept: dict[str, list[Vectors]] = defaultdict(list)
    with contextlib.suppress(CorpusError):
        corpus = load_corpus(settings.corpus_dir)
        cache = VectorCache(encoder, settings.index_dir)
        for (doc_id, _), vector in kept_passages(corpus, cache).items():
            kept[doc_id].append(vector)
    return kept


def _worth_encoding(
    texts: Mapping[str, str],
    new: Mapping[str, Vectors],
    passages: Mapping[str, Sequence[Vectors]],
) -> dict[str, str]:
    """Return the texts that stand and may be near to a new one.

    Parameters
    ----------
    new
        The vector (dimension,) of each new text, by its name.
    passages
        Those of the passages that hold a text that stands, by its name; one may be missing.
    """
    runs = {run for name in new for run in _runs(texts[name])}
    vectors = np.stack([*new.values()])

    def may_be_near(name: str, text: str) -> bool:
        if name not in passages or not runs.isdisjoint(_runs(text)):
            return True
        return bool((np.stack(passages[name]) @ vectors.T >= NEAR_PASSAGE).any())

    standing = ((name, text) for name, text in texts.items() if name not in new)
    return {name: text for name, text in standing if may_be_near(name, text)}


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of a text, ``RUN`` in a row at a time."""
    found = words(text)
    return zip(*(found[start:] for start in range(RUN)), strict=False)


def _described(row: Mapping[str, str]) -> str:
    """Return what describes a row in both languages; a missing language leaves the other."""
    columns = ("description_fi", "description_en", "summary_fi", "summary_en")
    return " ".join(row[c] for c in columns if row.get(c) and row[c] != MISSING)
