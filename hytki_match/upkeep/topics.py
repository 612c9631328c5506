"""Topics that a record seems to lack, by meaning."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.corpus.passages import make_passages
from hytki_match.encoder.vectors import to_unit_length
from hytki_match.index.dense import DenseIndex
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from hytki_match.encoder import Encoder, Progress, Vectors
    from hytki_match.records import Corpus, Record

NEIGHBOURS = 12
"""Nearest records whose topics are looked at; see docs/operate.md for what was measured."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A topic that a record may lack; ``score`` orders the topics of one record, 0 to 1."""

    doc_id: str
    topic: str
    score: float


class TopicSuggester:
    """Knows the topics of all records and what the records mean.

    A topic scores by the share of it among the nearest records, weighted by their cosine, and by
    the cosine of its label. A record means what its passages do, so that no text is encoded whose
    vector a build has kept.

    Parameters
    ----------
    encode
        Gives the vectors of passages, with progress; the encoder itself when nothing is kept.
    """

    def __init__(
        self,
        corpus: Corpus,
        encoder: Encoder,
        progress: Progress | None = None,
        encode: Callable[[Sequence[str], Progress | None], Vectors] | None = None,
    ) -> None:
        self._records = [record for record in corpus.records.values() if record.topics]
        self._topics = list(corpus.topics)
        passages = list(make_passages(corpus))
        encode = encode or encoder.encode_passages
        vectors = encode([passage.text for passage in passages], progress)
        self._vectors = _by_record([passage.doc_id for passage in passages], vectors)
        self._index = DenseIndex.build(np.stack([self._vectors[r.doc_id] for r in self._records]))
        labels = [
            corpus.topics[topic].label.best(language)[0]
            for language in LANGUAGES
            for topic in self._topics
        ]
        halves = encoder.encode_queries(labels).reshape(len(LANGUAGES), len(self._topics), -1)
        self._labels = halves

    def suggest(
        self, record: Record, limit: int = 3, without: Collection[str] | None = None
    ) -> list[Suggestion]:
        """Return the likeliest topics that a record does not have.

        Parameters
        ----------
        without
            Topics to leave out, in place of those that the record has.
        """
        held = set(record.topics if without is None else without)
        scores = self.scores(record)
        best = sorted(scores, key=lambda topic: (-scores[topic], topic))
        chosen = [topic for topic in best if topic not in held][:limit]
        return [Suggestion(record.doc_id, topic, round(scores[topic], 3)) for topic in chosen]

    def scores(self, record: Record) -> dict[str, float]:
        """Return the score of every topic for a record, from all other records."""
        vector = self._vectors[record.doc_id]
        near = self._neighbour_shares(record.doc_id, vector)
        labels = (self._labels @ vector).max(axis=0)
        return {
            topic: (near.get(topic, 0.0) + max(float(label), 0.0)) / 2
            for topic, label in zip(self._topics, labels, strict=True)
        }

    def _neighbour_shares(self, doc_id: str, vector: NDArray[np.float32]) -> Mapping[str, float]:
        cosines, numbers = self._index.search(vector, NEIGHBOURS + 1)
        weights: dict[str, float] = defaultdict(float)
        total = 0.0
        for cosine, number in zip(cosines.tolist(), numbers.tolist(), strict=True):
            neighbour = self._records[number]
            if neighbour.doc_id == doc_id:
                continue
            total += cosine
            for topic in neighbour.topics:
                weights[topic] += cosine
        return {topic: weight / max(total, 1e-6) for topic, weight in weights.items()}


def _by_record(doc_ids: Sequence[str], vectors: Vectors) -> dict[str, Vectors]:
    """Return a vector for each record, in the middle of those of its passages."""
    sums: dict[str, Vectors] = {}
    for doc_id, vector in zip(doc_ids, vectors, strict=True):
        sums[doc_id] = sums[doc_id] + vector if doc_id in sums else vector
    return dict(zip(sums, to_unit_length(np.stack(list(sums.values()))), strict=True))
