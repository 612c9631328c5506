"""What a user gets beyond a ranking: regions, contacts, honesty, parity, language, time."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.evaluation.dialogues import PRESENTED
from hytki_match.language.analysis import words
from hytki_match.records import LANGUAGES, other_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hytki_match.evaluation.questions import JudgedQuestion, JudgedSet, OffTopicQuestion
    from hytki_match.evaluation.runs import Run
    from hytki_match.matching import Matcher
    from hytki_match.records import Answer, Corpus, Language

PARITY_DEPTH = 5
ON_TOPIC_KIND = "other_language"
"""Questions of this kind are on topic in a third language: to be answered if possible."""

THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(21))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the matcher answered it, the probability of its best hit, and the seconds."""

    answer: Answer
    best: float
    seconds: float

    @property
    def is_presented(self) -> bool:
        """Whether results were presented as matches (even as weak ones)."""
        return self.answer.state in PRESENTED


def ask_all(
    matcher: Matcher, questions: Sequence[JudgedQuestion | OffTopicQuestion]
) -> dict[str, Asked]:
    """Answer every question as a user of the Finnish page would get it."""
    asked = {}
    for question in questions:
        start = time.perf_counter()
        answer = matcher.match(question.text)
        seconds = time.perf_counter() - start
        best = answer.resources[0].probability if answer.resources else 0.0
        asked[question.query_id] = Asked(answer, best, seconds)
    return asked


def region_hits(
    questions: Sequence[JudgedQuestion], asked: Mapping[str, Asked], depth: int
) -> dict[str, float]:
    """Tell of each question with expected regions whether one is among the first ``depth``."""
    return {
        q.query_id: float(
            any(
                match.region.region_id in q.expected_regions
                for match in asked[q.query_id].answer.regions[:depth]
            )
        )
        for q in questions
        if q.expected_regions
    }


def contact_hits(
    questions: Sequence[JudgedQuestion], asked: Mapping[str, Asked], depth: int
) -> dict[str, float]:
    """Tell of each question with expected contacts whether one is among the first ``depth``."""
    return {
        q.query_id: float(
            any(
                match.contact.doc_id in q.expected_contacts
                for match in asked[q.query_id].answer.contacts[:depth]
            )
        )
        for q in questions
        if q.expected_contacts
    }


@dataclass(frozen=True, slots=True)
class Parity:
    """How alike the two languages of a need are served, means over needs.

    ``overlap`` is the shared part of the two top fives, 0 to 1; ``difference`` that of nDCG@10,
    Finnish less English; ``distance`` its absolute value.
    """

    overlap: float
    difference: float
    distance: float
    needs: int


def parity(
    questions: Sequence[JudgedQuestion], run: Run, ndcg: Mapping[str, float]
) -> Parity | None:
    """Compare the two wordings of each need; None where no need has both."""
    by_need: dict[str, dict[Language, str]] = defaultdict(dict)
    for question in questions:
        by_need[question.need_id][question.language] = question.query_id
    overlaps, differences = [], []
    for pair in by_need.values():
        if len(pair) == len(LANGUAGES):
            fi, en = ({doc for doc, _ in run[pair[lang]][:PARITY_DEPTH]} for lang in LANGUAGES)
            overlaps.append(len(fi & en) / PARITY_DEPTH)
            differences.append(ndcg[pair["fi"]] - ndcg[pair["en"]])
    if not overlaps:
        return None
    return Parity(
        float(np.mean(overlaps)),
        float(np.mean(differences)),
        float(np.mean(np.abs(differences))),
        len(overlaps),
    )


@dataclass(frozen=True, slots=True)
class Honesty:
    """How often the corpus is said to answer what it does not, and the other way round.

    ``false_answers`` is the share of off-topic questions whose results were presented as matches,
    without the kind ``other_language``; ``by_kind`` has every kind. ``refused`` is the share of
    judged questions that got none. ``curve`` has (threshold, false answers, refused) as they would
    be if results were presented from that probability of the best hit.
    """

    false_answers: float
    by_kind: Mapping[str, tuple[int, int]]
    refused: float
    weak: float
    curve: tuple[tuple[float, float, float], ...]


def honesty(judged: JudgedSet, asked: Mapping[str, Asked]) -> Honesty | None:
    """Weigh false answers against wrong refusals; None without off-topic questions."""
    if not judged.offtopic:
        return None
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for question in judged.offtopic:
        by_kind[question.kind].append(asked[question.query_id].is_presented)
    off = [asked[q.query_id] for q in judged.offtopic if q.kind != ON_TOPIC_KIND]
    on = [asked[q.query_id] for q in judged.questions]
    off_best, on_best = np.array([a.best for a in off]), np.array([a.best for a in on])
    return Honesty(
        false_answers=float(np.mean([a.is_presented for a in off])),
        by_kind={kind: (sum(found), len(found)) for kind, found in sorted(by_kind.items())},
        refused=float(np.mean([not a.is_presented for a in on])),
        weak=float(np.mean([a.answer.state == "weak" for a in on])),
        curve=tuple(
            (t, float(np.mean(off_best >= t)), float(np.mean(on_best < t))) for t in THRESHOLDS
        ),
    )


@dataclass(frozen=True, slots=True)
class LanguageAccuracy:
    """Share of texts whose language is told right while the page has the *other* language."""

    questions: float
    words: float
    word_pairs: float
    counts: tuple[int, int, int]


def language_accuracy(matcher: Matcher, judged: JudgedSet) -> LanguageAccuracy:
    """Ask for the language of questions, of words and of word pairs from the topic labels.

    Words that stand in labels of both languages are left out: nobody could tell.
    """
    sets = (
        [(question.text, question.language) for question in judged.questions],
        list(_label_texts(matcher.index.corpus, 1)),
        list(_label_texts(matcher.index.corpus, 2)),
    )
    rates = []
    for texts in sets:
        right = [
            matcher.understand(text, fallback=other_language(language)).language == language
            for text, language in texts
        ]
        rates.append(float(np.mean(right)) if right else 1.0)
    counts = (len(sets[0]), len(sets[1]), len(sets[2]))
    return LanguageAccuracy(rates[0], rates[1], rates[2], counts)


def _label_texts(corpus: Corpus, size: int) -> Iterator[tuple[str, Language]]:
    """Yield each run of ``size`` words of the topic labels, once, with its language."""
    found: dict[str, set[Language]] = defaultdict(set)
    for topic in corpus.topics.values():
        for language in LANGUAGES:
            label = words(topic.label.get(language))
            for start in range(len(label) - size + 1):
                found[" ".join(label[start : start + size])].add(language)
    for text, languages in sorted(found.items()):
        if len(languages) == 1:
            yield text, next(iter(languages))


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds for a whole answer, reasons included."""

    median: float
    p95: float


def times(asked: Mapping[str, Asked]) -> Times:
    """Return the times of all questions asked."""
    milliseconds = [1000 * a.seconds for a in asked.values()]
    return Times(float(np.median(milliseconds)), float(np.percentile(milliseconds, 95)))
