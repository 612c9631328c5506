"""Cosines worked by hand on three vectors."""

from __future__ import annotations

import numpy as np
import pytest

from hytki_match.index.dense import DenseIndex

# Unit vectors at 0, 90 and about 53 degrees (3-4-5 triangle).
VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32)


def test_cosines_in_order() -> None:
    scores, numbers = DenseIndex.build(VECTORS).search(np.array([1, 0], np.float32), depth=3)
    assert numbers.tolist() == [0, 2, 1]
    assert scores == pytest.approx([1.0, 0.6, 0.0])


def test_only_allowed_passages_are_found() -> None:
    scores, numbers = DenseIndex.build(VECTORS).search(
        np.array([1, 0], np.float32), depth=3, allowed=np.array([1, 2])
    )
    assert numbers.tolist() == [2, 1]
    assert scores == pytest.approx([0.6, 0.0])


@pytest.mark.parametrize(("depth", "found"), [(0, 0), (2, 2), (99, 3)])
def test_depth_past_the_size_gives_what_there_is(depth: int, found: int) -> None:
    _, numbers = DenseIndex.build(VECTORS).search(np.array([0, 1], np.float32), depth)
    assert len(numbers) == found


def test_no_allowed_passage_gives_nothing() -> None:
    scores, numbers = DenseIndex.build(VECTORS).search(
        np.array([0, 1], np.float32), 3, np.zeros(0, np.int64)
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
    allowed = np.flatnonzero(random.random(1_003) < 0.3)
    for vector in vectors[:20]:
        scores, numbers = DenseIndex.build(vectors).search(vector, 10, allowed)
        best = allowed[np.argsort(-(vectors[allowed] @ vector), kind="stable")[:10]]
        assert numbers.tolist() == best.tolist()
        assert scores == pytest.approx(vectors[best] @ vector, abs=1e-6)
