"""Fusion worked by hand on three records."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hytki_match.matching.fusion import (
    NO_PASSAGE,
    Ranking,
    best_hits,
    blend,
    found_by,
    fuse,
    passage_of,
    place_of,
    with_first,
)
from hytki_match.records import LANGUAGES, LegScore

WEIGHTS = {"dense": 1.0, "words": 0.5}


class Ids(list):
    """Ids as an index has them."""

    def take(self, numbers):
        return [self[number] for number in numbers]


IDS = Ids(f"tools/{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
A, B, C = range(3)


def ranking(scores, floor, language="fi"):
    """Return a ranking of records by score, each met by its passage in one language."""
    records = np.array(list(scores), np.int64)
    languages = np.full(len(records), LANGUAGES.index(language), np.int8)
    return Ranking(records, np.array(list(scores.values()), float), languages, floor)


DENSE = ranking({A: 0.9, B: 0.6, C: 0.3}, 0.3)
WORDS = ranking({C: 0.8, B: 0.4}, 0.0, "en")


def hits_of(rankings, bonus=0.0):
    records = found_by(rankings)
    scores = fuse(rankings, WEIGHTS, records) + bonus
    return best_hits(rankings, records, scores, 100, IDS)


def test_weighted_sum():
    hits = hits_of({"dense": DENSE, "words": WORDS})
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


def test_a_record_that_a_cut_ranking_lacks_has_its_floor():
    hits = hits_of({"dense": DENSE, "words": ranking({B: 0.4}, floor=0.4)})
    assert hits[0].doc_id == "tools/a"
    assert hits[0].score == pytest.approx(0.9 + 0.5 * 0.4, abs=1e-6)


def test_what_is_added_to_the_sum_moves_a_record():
    hits = hits_of({"dense": DENSE}, bonus=np.array([0, 0, 0.7]))
    assert [hit.doc_id for hit in hits] == ["tools/c", "tools/a", "tools/b"]
    assert hits[0].score == pytest.approx(0.3 + 0.7)


def test_no_more_hits_than_are_wanted():
    found = found_by({"dense": DENSE})
    scores = fuse({"dense": DENSE}, WEIGHTS, found)
    hits = best_hits({"dense": DENSE}, found, scores, 2, IDS)
    assert [hit.doc_id for hit in hits] == ["tools/a", "tools/b"]
    assert [place_of(hit) for hit in hits] == [0, 1]


def test_legs_tell_where_each_placed_a_record():
    hit = {h.doc_id: h for h in hits_of({"dense": DENSE, "words": WORDS})}["tools/c"]
    assert (hit.legs["dense"].rank, hit.legs["words"].rank) == (3, 1)
    assert hit.legs["words"].passage_id == "tools/c#en"


def test_a_leg_that_lacks_a_record_tells_nothing_of_it():
    legs = hits_of({"dense": DENSE, "words": WORDS})[0].legs
    assert dict(legs) == {"dense": LegScore(1, 0.9, "tools/a#fi")}
    assert len(legs) == 1
    with pytest.raises(KeyError):
        legs["words"]


def test_ties_break_by_doc_id():
    tied = ranking({B: 0.5, A: 0.5}, 0.5)
    assert [hit.doc_id for hit in hits_of({"dense": tied})] == ["tools/a", "tools/b"]


def test_no_rankings_give_no_hits():
    assert hits_of({"dense": ranking({}, -1.0)}) == ()


def test_a_record_that_was_met_by_no_passage_names_none():
    assert passage_of("tools/a", NO_PASSAGE) == ""


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=20, unique=True))
def test_fusing_a_ranking_with_itself_keeps_its_order(scores):
    scores = sorted({round(score, 3) for score in scores}, reverse=True)
    one = ranking(dict(enumerate(scores)), scores[-1])
    hits = hits_of({"dense": one, "words": one})
    assert [hit.doc_id for hit in hits] == IDS[: len(scores)]


def test_another_ranking_counts_by_its_share():
    hits = hits_of({"dense": ranking({A: 1.0, B: 0.8}, 0.0)})
    others = hits_of({"dense": ranking({B: 0.9, C: 0.3}, 0.0)})
    mixed = blend(hits, others, 0.5)
    # b: (0.8 + 0.9) / 2; a, which the other lacks, has its lowest there: (1.0 + 0.3) / 2
    assert [(hit.doc_id, hit.score, hit.rank) for hit in mixed] == [
        ("tools/b", 0.85, 1),
        ("tools/a", 0.65, 2),
    ]
    assert blend(hits, (), 0.5) == hits
    # Who is sure without the other stays the first.
    assert [(hit.doc_id, hit.score, hit.rank) for hit in with_first(mixed, "tools/a")] == [
        ("tools/a", 0.85, 1),
        ("tools/b", 0.85, 2),
    ]
