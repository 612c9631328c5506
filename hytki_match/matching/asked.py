"""The leg of known questions: what nearby questions say of each record, and of contacts."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hytki_match.index.ragged import entries_of
from hytki_match.matching.retrieval import REMEMBERED_SEARCHES, make_ranking, passages_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hytki_match.index import Index
    from hytki_match.matching.fusion import Ranking
    from hytki_match.matching.known import KnownQuestions
    from hytki_match.matching.retrieval import Allowed, NearPassages, QuestionVectors
    from hytki_match.records import Query

WIDTH = 0.05
"""Difference of cosines over which a known question loses all but 1/e of its say."""

GROUND = 0.5
"""Cosine of one more question, which no record answers: so much is doubted where none is near."""

USEFUL_GAIN = 0.6
"""What a useful record of a known question gains from it, against 1 of one that answers it."""

REMEMBERED_RECORDS = 4096
"""Records of which it stays known what is named beside them: those that are found first."""

ONE_RECORD_SAY = 0.3
"""Say of a question that names one record only: it was written for that one, and others were not
asked whether they answer it, too."""

UNASKED_SAY = 7.0
"""Say of the nearest passage of a record that no known question names: a known record has a dozen
questions that speak for it, a new one this alone."""

BESIDE_GROUND = 3
"""Questions more that name a record and nothing beside it: a few that agree prove little."""

LEAST_GAIN = 1e-3
"""Expected gain of a record that no near question names, so that its logarithm is a number."""


class Told(NamedTuple):
    """What the near known questions say: a row for each record that one of them names.

    ``gains`` are what the question promises of the record, ``says`` how much it counts, ``cosines``
    how near it is, ``places`` its place among the near ones, nearest first, all (rows,). ``every``
    is the sum of the says of all near questions, and of the one that no record answers.
    """

    records: NDArray[np.int64]
    gains: NDArray[np.float64]
    says: NDArray[np.float64]
    cosines: NDArray[np.float32]
    places: NDArray[np.int64]
    every: float


class Beside(NamedTuple):
    """Records that known questions name beside one, by number, and in what share of these.

    ``named`` counts all, ``answers`` those that they answer alone.
    """

    records: NDArray[np.int64]
    named: NDArray[np.float64]
    answers: NDArray[np.float64]


class AskedLeg:
    """What a record may be expected to gain, after the known questions near to the one asked.

    Kernel regression over known questions q (Nadaraya, “On estimating regression”, 1964):

        gain(d) = sum over q of k(q) * gain(q, d) / (sum over q of k(q) + k0)
        k(q) = say(q) * exp((cos(q) - 1) / WIDTH),  k0 = exp((GROUND - 1) / WIDTH)

    and the score is log(gain(d) + LEAST_GAIN), at most about 0. So several questions that agree
    count for more than one that happens to be nearest.

    A record that no known question names has its nearest passage for one, on the scale of
    questions. Else a new row would stand behind old ones because nobody has asked for it yet.
    """

    name = "asked"
    by_meaning = True

    def __init__(
        self, index: Index, vectors: QuestionVectors, known: KnownQuestions, near: NearPassages
    ) -> None:
        self._index = index
        self._vectors = vectors
        self._known = known
        self._near = near
        named = known.numbers
        answers = [
            [*((named[d], 1.0) for d in q.answers), *((named[d], USEFUL_GAIN) for d in q.useful)]
            for q in index.corpus.questions
        ]
        # The answers of question q are entries starts[q] to starts[q + 1].
        self._starts = np.cumsum([0, *map(len, answers)])
        self._records = np.array([n for found in answers for n, _ in found], np.int64)
        self._gains = np.array([gain for found in answers for _, gain in found], np.float64)
        self._say = np.where(np.diff(self._starts) == 1, ONE_RECORD_SAY, 1.0)
        # Asked for by the ranking and by what mends it.
        self._told = lru_cache(maxsize=REMEMBERED_SEARCHES)(self._find_told)
        self.beside = lru_cache(maxsize=REMEMBERED_RECORDS)(self._find_beside)

    def retrieve(self, query: Query, depth: int, allowed: Allowed) -> Ranking:
        """Rank the allowed records by their expected gain."""
        told = self.told(query)
        near, passages = self._unasked(query.search_text, depth, allowed)
        found = np.concatenate([told.records, self._index.owners[passages]])
        records, places = np.unique(found, return_inverse=True)
        sums = np.zeros(len(records))
        np.add.at(sums, places[: len(told.records)], told.gains * told.says)
        own = np.zeros(len(records))
        np.maximum.at(
            own, places[len(told.records) :], UNASKED_SAY * _kernel(self._known.scaled(near))
        )
        gains = (sums + own) / (told.every + own)
        scores = np.log(gains + LEAST_GAIN)
        kept = slice(None) if allowed.records is None else allowed.records[records]
        return make_ranking(records[kept], scores[kept], depth, float(np.log(LEAST_GAIN)))

    def told(self, query: Query) -> Told:
        """Return what the near known questions say, one by one."""
        return self._told(query.search_text, query.told)

    def _find_told(self, text: str, as_told: bool) -> Told:
        cosines, numbers = self._known.near(text, told=as_told)
        kernel = self._say[numbers] * _kernel(cosines)
        entries, counts = entries_of(self._starts, numbers)
        return Told(
            records=self._records[entries],
            gains=self._gains[entries],
            says=np.repeat(kernel, counts),
            cosines=np.repeat(cosines, counts),
            places=np.repeat(np.arange(len(numbers)), counts),
            every=float(kernel.sum() + _kernel(np.float64(GROUND))),
        )

    def _find_beside(self, record: int) -> Beside:
        """Count what the known questions that name a record name beside it."""
        starts, questions = self._naming
        own = questions[starts[record] : starts[record + 1]]
        entries, _ = entries_of(self._starts, own)
        records, places = np.unique(self._records[entries], return_inverse=True)
        every = len(own) + BESIDE_GROUND
        named = np.bincount(places, minlength=len(records)) / every
        answers = np.bincount(places, self._gains[entries] == 1.0, len(records)) / every
        other = records != record
        return Beside(records[other], named[other], answers[other])

    @cached_property
    def _naming(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The questions that name each record beside others, as starts and numbers."""
        counts = np.diff(self._starts)
        several = np.repeat(counts > 1, counts)
        records, numbers = (
            self._records[several],
            np.repeat(np.arange(len(counts)), counts)[several],
        )
        order = np.argsort(records, kind="stable")
        starts = np.searchsorted(records[order], np.arange(len(self._index.doc_ids) + 1))
        return starts.astype(np.int64), numbers[order]

    def _unasked(
        self, text: str, depth: int, allowed: Allowed
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Search the passages of records that no known question names."""
        near, passages = self._near.of(text, passages_of(depth), allowed)
        unnamed = self._known.unnamed[passages]
        if unnamed.sum() >= depth:  # in a large corpus they are nearly all
            return near[unnamed][:depth], passages[unnamed][:depth]
        wanted = self._known.unnamed
        if allowed.passages is not None:
            wanted = wanted & allowed.passages
        return self._index.dense.search(self._vectors.of(text), depth, wanted)


class AskedContacts:
    """Whom near known questions say to call: the same mean, of the questions that name contacts.

    Most name none, because nobody was asked for one: they say nothing for a contact or against it.
    """

    def __init__(self, known: KnownQuestions) -> None:
        self._known = known
        named = [question.contacts for question in known.questions]
        self._say = np.array([bool(contacts) for contacts in named], float)
        # The contacts of question q are places starts[q] to starts[q + 1] of the ids.
        self._starts = np.cumsum([0, *map(len, named)])
        self._ids, self._places = np.unique(
            np.array([doc_id for contacts in named for doc_id in contacts], str),
            return_inverse=True,
        )

    def near(self, query: Query) -> dict[str, float]:
        """Return for each contact that a near question names how much they agree on it, 0 to 1."""
        cosines, numbers = self._known.near(query.search_text, told=query.told)
        kernel = self._say[numbers] * _kernel(cosines)
        entries, counts = entries_of(self._starts, numbers)
        every = kernel.sum() + _kernel(np.float64(GROUND))
        places = self._places[entries]
        shares = np.bincount(places, np.repeat(kernel, counts), len(self._ids)) / every
        named = np.unique(places)
        return dict(zip(self._ids[named].tolist(), shares[named].tolist(), strict=True))


def _kernel(cosines: NDArray[np.float32] | np.float64) -> NDArray[np.float64]:
    return np.asarray(np.exp((cosines - 1.0) / WIDTH), np.float64)
