"""Cosines worked by hand on three vectors."""

from __future__ import annotations

import numpy as np
import pytest

from hytki_match.index import asking, dense
from hytki_match.index.dense import DenseIndex

# Unit vectors at 0, 90 and about 53 degrees (3-4-5 triangle).
VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32)


def test_cosines_in_order() -> None:
    scores, numbers = DenseIndex.build(VECTORS).search(np.array([1, 0], np.float32), depth=3)
    assert numbers.tolist() == [0, 2, 1]
    assert scores == pytest.approx([1.0, 0.6, 0.0])


def test_only_allowed_passages_are_found() -> None:
    scores, numbers = DenseIndex.build(VECTORS).search(
        np.array([1, 0], np.float32), depth=3, allowed=np.array([False, True, True])
    )
    assert numbers.tolist() == [2, 1]
    assert scores == pytest.approx([0.6, 0.0])


@pytest.mark.parametrize(("depth", "found"), [(0, 0), (2, 2), (99, 3)])
def test_depth_past_the_size_gives_what_there_is(depth: int, found: int) -> None:
    _, numbers = DenseIndex.build(VECTORS).search(np.array([0, 1], np.float32), depth)
    assert len(numbers) == found


def test_no_allowed_passage_gives_nothing() -> None:
    scores, numbers = DenseIndex.build(VECTORS).search(
        np.array([0, 1], np.float32), 3, np.zeros(3, bool)
    )
    assert len(scores) == len(numbers) == 0


def test_save_then_load_finds_the_same(tmp_path) -> None:
    DenseIndex.build(VECTORS).save(tmp_path / "dense.faiss")
    loaded = DenseIndex.load(tmp_path / "dense.faiss")
    assert (loaded.size, loaded.dimension) == (3, 2)
    assert loaded.search(np.array([0, 1], np.float32), 1)[1].tolist() == [1]


def test_a_filter_finds_what_a_search_without_it_finds_among_the_allowed() -> None:
    random = np.random.default_rng(3)
    vectors = random.normal(size=(1_003, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    mask = random.random(1_003) < 0.3
    allowed = np.flatnonzero(mask)
    for vector in vectors[:20]:
        scores, numbers = DenseIndex.build(vectors).search(vector, 10, mask)
        best = allowed[np.argsort(-(vectors[allowed] @ vector), kind="stable")[:10]]
        assert numbers.tolist() == best.tolist()
        assert scores == pytest.approx(vectors[best] @ vector, abs=1e-6)


@pytest.fixture(scope="module")
def many():
    """Vectors in clumps, as texts of one subject are, and questions near to some of them."""
    random = np.random.default_rng(5)
    centres = random.normal(size=(60, 32))
    near = centres[random.integers(0, 60, 5_000)] + 0.5 * random.normal(size=(5_000, 32))
    vectors = (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float32)
    asked = vectors[:300] + 0.1 * random.normal(size=(300, 32)).astype(np.float32)
    return vectors, asked / np.linalg.norm(asked, axis=1, keepdims=True)


@pytest.fixture
def coded(many):
    return DenseIndex.build(many[0], exact_up_to=4_999)


@pytest.mark.parametrize("share", [1.0, 0.3, 0.01])
def test_many_vectors_are_searched_by_codes_and_hardly_any_is_missed(many, coded, share):
    vectors, asked = many
    assert not coded.is_exact
    mask = np.random.default_rng(1).random(len(vectors)) < share
    allowed = np.flatnonzero(mask)
    hits = 0
    for vector in asked:
        scores, numbers = coded.search(vector, 10, mask)
        assert set(numbers) <= set(allowed)
        assert scores == pytest.approx(vectors[numbers] @ vector, abs=1e-3)
        hits += len(set(numbers) & set(allowed[np.argsort(-(vectors[allowed] @ vector))[:10]]))
    assert hits / (10 * len(asked)) >= 0.99


def test_the_same_vectors_give_the_same_bytes(many, coded, tmp_path, monkeypatch):
    """Also when they are taken in other parts."""
    monkeypatch.setattr(dense, "PART", 700)
    for name, index in (("one", coded), ("other", DenseIndex.build(many[0], exact_up_to=4_999))):
        index.save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    loaded = DenseIndex.load(tmp_path / "one")
    assert loaded.search(many[1][0], 5)[1].tolist() == coded.search(many[1][0], 5)[1].tolist()
    assert loaded.vectors == pytest.approx(many[0], abs=1e-3)


def test_known_questions_are_found_by_codes_as_one_by_one(tmp_path):
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(asking.EXACT_UP_TO + 1, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    asking.index_questions(vectors).save(tmp_path / "asked.faiss")
    coded = DenseIndex.load(tmp_path / "asked.faiss")
    assert not coded.is_exact
    assert asking.index_questions(vectors[:-1]).is_exact
    for vector in vectors[::500]:
        exact = np.sort(vectors @ vector)[::-1][:400]
        scores, numbers = coded.search(vector, 400)
        assert scores == pytest.approx(vectors[numbers] @ vector, abs=1e-3)
        assert scores[:10] == pytest.approx(exact[:10], abs=1e-3)
        # Vectors in all directions, as no texts have them, are the hardest.
        assert np.mean(scores >= exact[-1] - 1e-3) > 0.9


def test_no_known_question_at_all():
    index = asking.index_questions(np.zeros((0, 4), np.float32))
    assert len(index.search(np.ones(4, np.float32), 3)[1]) == 0
