"""BM25 worked by hand on three documents."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hytki_match.index.lexical import LexicalIndex, build_lexical, count_words

# Three documents, mean length (3 + 2 + 1) / 3 = 2.
DOCUMENTS = [(0, ["data", "data", "sleep"]), (1, ["data", "robot"]), (2, ["robot"])]

# ln(1 + (N - df + 0.5) / (df + 0.5)), N = 3
IDF_DATA = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
IDF_SLEEP = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
IDF_UNKNOWN = math.log(1 + (3 - 0 + 0.5) / (0 + 0.5))


def saturation(tf: float, length: float) -> float:
    """tf (k1 + 1) / (tf + k1 (1 - b + b length / mean)), k1 = 1.2, b = 0.75, mean = 2."""
    return tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / 2))


def build(documents, size: int) -> LexicalIndex:
    """Index words as they are, each a term."""
    return build_lexical(count_words(documents), lambda word: [word], size)


@pytest.fixture
def index() -> LexicalIndex:
    return build(DOCUMENTS, size=3)


def test_one_term(index: LexicalIndex) -> None:
    expected = [saturation(2, 3) / 2.2, saturation(1, 2) / 2.2, 0.0]
    assert index.score(["data"]) == pytest.approx(expected, rel=1e-6)


def test_two_terms_are_a_share_of_what_they_could_reach(index: LexicalIndex) -> None:
    reachable = 2.2 * (IDF_DATA + IDF_SLEEP)
    first = (IDF_DATA * saturation(2, 3) + IDF_SLEEP * saturation(1, 3)) / reachable
    second = IDF_DATA * saturation(1, 2) / reachable
    assert index.score(["data", "sleep"]) == pytest.approx([first, second, 0.0], rel=1e-6)


def test_an_unknown_term_lowers_the_share(index: LexicalIndex) -> None:
    known = IDF_DATA * saturation(1, 2)
    expected = known / (2.2 * (IDF_DATA + IDF_UNKNOWN))
    assert index.score(["data", "unicorn"])[1] == pytest.approx(expected, rel=1e-6)


def test_a_repeated_term_counts_once(index: LexicalIndex) -> None:
    assert index.score(["data", "data"]) == pytest.approx(index.score(["data"]))


@pytest.mark.parametrize("terms", [[], ["unicorn"]])
def test_nothing_in_common_scores_zero(index: LexicalIndex, terms: list[str]) -> None:
    assert index.score(terms).tolist() == [0.0, 0.0, 0.0]


def test_an_empty_index_scores_nothing() -> None:
    assert build([], size=2).score(["data"]).tolist() == [0.0, 0.0]


def test_save_then_load_scores_the_same(index: LexicalIndex, tmp_path) -> None:
    index.save(tmp_path, "words-fi")
    loaded = LexicalIndex.load(tmp_path, "words-fi", size=3)
    assert np.array_equal(loaded.score(["data", "robot"]), index.score(["data", "robot"]))
    assert loaded.terms == index.terms


def test_a_word_may_have_several_terms_and_a_passage_a_high_number() -> None:
    documents = [(3, ["terveysdata", "data"]), (7, ["robot"])]
    parts = {"terveysdata": ["terveysdata", "terveys", "data"]}
    index = build_lexical(count_words(documents), lambda word: parts.get(word, [word]), size=9)
    assert list(index.terms) == ["data", "robot", "terveys", "terveysdata"]
    assert index.passages.tolist() == [3, 7, 3, 3]
    assert index.document_count("data") == 1
    same = build([(3, ["terveysdata", "terveys", "data", "data"]), (7, ["robot"])], size=9)
    assert index.score(["data"]).tolist() == same.score(["data"]).tolist()


def test_weights_do_not_depend_on_how_many_are_worked_out_at_a_time(monkeypatch) -> None:
    whole = build(DOCUMENTS, size=3)
    monkeypatch.setattr("hytki_match.index.lexical._AT_ONCE", 2)
    assert build(DOCUMENTS, size=3).weights.tolist() == whole.weights.tolist()
