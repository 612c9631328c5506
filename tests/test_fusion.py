"""Fusion worked by hand on three records."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hytki_match.matching.fusion import Ranking, blend, fuse

WEIGHTS = {"dense": 1.0, "words": 0.5}
DENSE = Ranking(("tools/a", "tools/b", "tools/c"), (0.9, 0.6, 0.3), ("a#fi", "b#fi", "c#fi"), 0.3)
WORDS = Ranking(("tools/c", "tools/b"), (0.8, 0.4), ("c#en", "b#en"), 0.0)


def test_weighted_sum() -> None:
    hits = fuse({"dense": DENSE, "words": WORDS}, WEIGHTS)
    expected = {
        "tools/a": 1.0 * 0.9 + 0.5 * 0.0,
        "tools/b": 1.0 * 0.6 + 0.5 * 0.4,
        "tools/c": 1.0 * 0.3 + 0.5 * 0.8,
    }
    assert {hit.doc_id: hit.score for hit in hits} == pytest.approx(expected, abs=1e-6)
    assert [(hit.rank, hit.doc_id) for hit in hits] == [
        (1, "tools/a"),
        (2, "tools/b"),
        (3, "tools/c"),
    ]


def test_a_record_that_a_cut_ranking_lacks_has_its_floor() -> None:
    cut = Ranking(("tools/b",), (0.4,), ("b#en",), floor=0.4)
    hits = fuse({"dense": DENSE, "words": cut}, WEIGHTS)
    assert hits[0].doc_id == "tools/a"
    assert hits[0].score == pytest.approx(0.9 + 0.5 * 0.4, abs=1e-6)


def test_bonus_is_added_to_the_sum() -> None:
    hits = fuse({"dense": DENSE}, WEIGHTS, bonus={"tools/c": 0.7})
    assert [hit.doc_id for hit in hits] == ["tools/c", "tools/a", "tools/b"]
    assert hits[0].score == pytest.approx(0.3 + 0.7)


def test_legs_tell_where_each_placed_a_record() -> None:
    hit = {h.doc_id: h for h in fuse({"dense": DENSE, "words": WORDS}, WEIGHTS)}["tools/c"]
    assert (hit.legs["dense"].rank, hit.legs["words"].rank) == (3, 1)
    assert hit.legs["words"].passage_id == "c#en"


def test_ties_break_by_doc_id() -> None:
    tied = Ranking(("tools/b", "tools/a"), (0.5, 0.5), ("b#fi", "a#fi"), 0.5)
    assert [hit.doc_id for hit in fuse({"dense": tied}, WEIGHTS)] == ["tools/a", "tools/b"]


def test_no_rankings_give_no_hits() -> None:
    assert fuse({"dense": Ranking((), (), (), -1.0)}, WEIGHTS) == ()


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=20, unique=True))
def test_fusing_a_ranking_with_itself_keeps_its_order(scores: list[float]) -> None:
    scores = sorted({round(score, 3) for score in scores}, reverse=True)
    ids = tuple(f"tools/{number:02}" for number in range(len(scores)))
    ranking = Ranking(ids, tuple(scores), ids, scores[-1])
    hits = fuse({"dense": ranking, "words": ranking}, WEIGHTS)
    assert tuple(hit.doc_id for hit in hits) == ids


def test_another_ranking_counts_by_its_share():
    hits = fuse({"a": Ranking(("x", "y"), (1.0, 0.8), ("x#fi", "y#fi"), 0.0)}, {"a": 1.0})
    others = fuse({"a": Ranking(("y", "z"), (0.9, 0.3), ("y#fi", "z#fi"), 0.0)}, {"a": 1.0})
    mixed = blend(hits, others, 0.5)
    # y: (0.8 + 0.9) / 2; x, which the other lacks, has its lowest there: (1.0 + 0.3) / 2
    assert [(hit.doc_id, hit.score, hit.rank) for hit in mixed] == [("y", 0.85, 1), ("x", 0.65, 2)]
    assert blend(hits, (), 0.5) == hits
