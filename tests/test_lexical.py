"""BM25 worked by hand on three documents."""

from __future__ import annotations

import math
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hytki_match.index import lexical, weighing
from hytki_match.index.lexical import LexicalIndex
from hytki_match.index.weighing import build_lexical, count_words

STEP = 4e-5
"""Weights are whole numbers; a share is off by half a step of one, divided by what is reachable."""

# Three documents, mean length (3 + 2 + 1) / 3 = 2.
DOCUMENTS = [(0, ["data", "data", "sleep"]), (1, ["data", "robot"]), (2, ["robot"])]

# ln(1 + (N - df + 0.5) / (df + 0.5)), N = 3
IDF_DATA = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
IDF_SLEEP = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
IDF_UNKNOWN = math.log(1 + (3 - 0 + 0.5) / (0 + 0.5))


def saturation(tf: float, length: float) -> float:
    """tf (k1 + 1) / (tf + k1 (1 - b + b length / mean)), k1 = 1.2, b = 0.75, mean = 2."""
    return tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / 2))


def build(documents) -> LexicalIndex:
    """Index words as they are, each a term."""
    return build_lexical(count_words(documents), lambda word: [word])


def shares(index: LexicalIndex, terms: list[str], size: int = 3) -> list[float]:
    """Return the share of every passage; those that are not found have 0."""
    found = np.zeros(size)
    scores, numbers = index.best(terms, size)
    found[numbers] = scores
    return found.tolist()


@pytest.fixture
def index() -> LexicalIndex:
    return build(DOCUMENTS)


def test_one_term(index: LexicalIndex) -> None:
    expected = [saturation(2, 3) / 2.2, saturation(1, 2) / 2.2, 0.0]
    assert shares(index, ["data"]) == pytest.approx(expected, abs=STEP)


def test_two_terms_are_a_share_of_what_they_could_reach(index: LexicalIndex) -> None:
    reachable = 2.2 * (IDF_DATA + IDF_SLEEP)
    first = (IDF_DATA * saturation(2, 3) + IDF_SLEEP * saturation(1, 3)) / reachable
    second = IDF_DATA * saturation(1, 2) / reachable
    assert shares(index, ["data", "sleep"]) == pytest.approx([first, second, 0.0], abs=STEP)


def test_an_unknown_term_lowers_the_share(index: LexicalIndex) -> None:
    known = IDF_DATA * saturation(1, 2)
    expected = known / (2.2 * (IDF_DATA + IDF_UNKNOWN))
    assert shares(index, ["data", "unicorn"])[1] == pytest.approx(expected, abs=STEP)


def test_a_repeated_term_counts_once(index: LexicalIndex) -> None:
    assert shares(index, ["data", "data"]) == shares(index, ["data"])


@pytest.mark.parametrize("terms", [[], ["unicorn"]])
def test_nothing_in_common_finds_nothing(index: LexicalIndex, terms: list[str]) -> None:
    assert [part.tolist() for part in index.best(terms, 3)] == [[], []]


def test_an_empty_index_finds_nothing() -> None:
    assert [part.tolist() for part in build([]).best(["data"], 2)] == [[], []]


def test_save_then_load_finds_the_same(index: LexicalIndex, tmp_path) -> None:
    index.save(tmp_path, "words-fi")
    loaded = LexicalIndex.load(tmp_path, "words-fi")
    assert shares(loaded, ["data", "robot"]) == shares(index, ["data", "robot"])
    assert loaded.terms == index.terms


def test_a_word_may_have_several_terms_and_a_passage_a_high_number() -> None:
    documents = [(3, ["terveysdata", "data"]), (7, ["robot"])]
    parts = {"terveysdata": ["terveysdata", "terveys", "data"]}
    index = build_lexical(count_words(documents), lambda word: parts.get(word, [word]))
    assert list(index.terms) == ["data", "robot", "terveys", "terveysdata"]
    assert index.numbers[index.passages].tolist() == [3, 7, 3, 3]
    assert index.document_count("data") == 1
    same = build([(3, ["terveysdata", "terveys", "data", "data"]), (7, ["robot"])])
    assert shares(index, ["data"], 9) == shares(same, ["data"], 9)
    assert shares(index, ["data"], 9)[3] > 0


def full_sums(index: LexicalIndex, terms: list[str], size: int) -> np.ndarray:
    """Add every weight of every term: what skipping has to agree with."""
    sums = np.zeros(size, np.int64)
    for number in (index.terms[term] for term in set(terms) if term in index.terms):
        for block, starts in enumerate(index.starts):
            span = slice(starts[number], starts[number + 1])
            places = index.passages[span].astype(int) + block * lexical.BLOCK
            sums[index.numbers[places]] += index.weights[span]
    return sums


@settings(max_examples=200, deadline=None)
@given(
    seed=st.integers(0, 1_000_000),
    count=st.integers(1, 30),
    share=st.sampled_from([None, 1.0, 0.5, 0.05, 0.0]),
    block=st.sampled_from([7, 64, 1 << 16]),
    look_every=st.sampled_from([1, 20, 1 << 14]),
    lookup=st.sampled_from([0, 1, 16]),
    group=st.sampled_from([1, 3, 32]),
)
def test_what_is_skipped_changes_nothing(
    seed, count, share, block, look_every, lookup, group
) -> None:
    """Beside the sum of everything: the same passages, in the same order, with the same sums."""
    chance = np.random.default_rng(seed)
    passages, words = int(chance.integers(1, 150)), int(chance.integers(1, 40))
    # Few words are in most passages and most in few, as in text.
    often = chance.random(words) ** 2
    documents = [
        (2 * number, [f"w{w}" for w in np.flatnonzero(chance.random(words) < often)] * 2)
        for number in range(passages)
    ]
    sizes = {"BLOCK": block, "LOOK_EVERY": look_every, "LOOKUP": lookup, "GROUP": group}
    with mock.patch.multiple(lexical, **sizes), mock.patch.object(weighing, "BLOCK", block):
        index = build(documents)
        allowed = None if share is None else chance.random(2 * passages) < share
        terms = [f"w{w}" for w in chance.integers(0, words + 3, 12)]
        sums = full_sums(index, terms, 2 * passages)
        if allowed is not None:
            sums[~allowed] = 0
        best = np.lexsort((np.arange(len(sums)), -sums))[:count]
        best = best[sums[best] > 0]
        scores, numbers = index.best(terms, count, allowed)
        assert numbers.tolist() == best.tolist()
        reachable = 2.2 * sum(index.idf[index.terms.get(term, -1)] for term in sorted(set(terms)))
        assert scores == pytest.approx(sums[best] * index.unit / reachable, rel=1e-5)


def test_common_terms_are_looked_up_for_few_passages_only(monkeypatch) -> None:
    """A word that nearly every passage has is not added up where a rare one decides."""
    documents = [(n, ["common"] + ["rare"] * (n % 50 == 0)) for n in range(2_000)]
    monkeypatch.setattr(lexical, "LOOK_EVERY", 500)
    looked_up = mock.Mock(wraps=lexical._Postings._looked_up)
    monkeypatch.setattr(lexical._Postings, "_looked_up", lambda *given: looked_up(*given))
    _, numbers = build(documents).best(["common", "rare"], 10)
    assert numbers.tolist() == list(range(0, 500, 50))
    (call,) = looked_up.call_args_list
    assert len(call.args[2]) == 40


def test_words_that_were_counted_once_serve_two_indexes() -> None:
    """Of a second one as of the first: making an index leaves the counts as they are."""
    counted = count_words(DOCUMENTS)
    one, other = (build_lexical(counted, lambda word: [word]) for _ in range(2))
    assert shares(one, ["data", "sleep"]) == shares(other, ["data", "sleep"])
    assert one.weights.tolist() == other.weights.tolist()
