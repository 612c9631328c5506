"""Records near the best ones, worked by hand on vectors of two numbers."""

from __future__ import annotations

from datetime import date
from math import exp
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hytki_match.index.dense import DenseIndex
from hytki_match.matching.companions import KEPT, SPREAD, Companions
from hytki_match.matching.fusion import best_first

TODAY = date(2026, 1, 1)
PARAMETERS = {"weight": 5.0, "usual": 0.5}
# Cosines to the first one: 1, 0, 0.6, 1, 0.
EAST, NORTH, BETWEEN = [1, 0], [0, 1], [0.6, 0.8]


def companions(vectors, owners=None):
    index = SimpleNamespace(
        dense=DenseIndex.build(np.array(vectors, np.float32)),
        owners=np.arange(len(vectors)) if owners is None else np.array(owners),
        corpus=SimpleNamespace(records=range(1 + max(owners or [len(vectors) - 1]))),
    )
    return Companions(index, PARAMETERS)


def test_who_stands_near_the_best_gains_and_who_does_not_loses():
    found = companions([EAST, EAST, EAST, EAST, NORTH])
    lift = found.lift(np.arange(5), np.array([4.0, 3.0, 2.0, 1.0, 1.0]))
    assert lift.nearness[:KEPT].tolist() == [0, 0, 0]
    # Leaders but the record itself: three in the east, and one of the last two for the other.
    shares = [exp(-n / SPREAD) for n in range(4)]
    east = sum(shares[:3])
    assert lift.nearness[3] == pytest.approx(east / (east + shares[3]) - 0.5)
    assert lift.nearness[4] == pytest.approx(0 - 0.5)


def test_nobody_comes_up_to_the_first_three():
    found = companions([EAST] * 4)
    scores = np.array([1.02, 1.01, 1.0, 0.9])
    lifted = found.lifted(scores, found.lift(np.arange(4), scores))
    assert lifted[:3].tolist() == scores[:3].tolist()
    assert lifted[3] == pytest.approx(1.0 - 1e-6, abs=1e-9)
    assert found.lift(np.arange(4), scores).held[3] < 0


def test_all_passages_of_a_record_count():
    # The first record has a passage in the east and one in the north; both count for the last.
    found = companions([EAST, NORTH, EAST, EAST, EAST, NORTH], owners=[0, 0, 1, 2, 3, 3])
    lift = found.lift(np.arange(4), np.array([3.0, -99.0, -99.0, -99.0]))
    assert lift.nearness[3] == pytest.approx(0.5**0.5 - 0.5)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_three_records_have_no_companions(count):
    found = companions([EAST] * 4)
    scores = np.arange(count, dtype=float)
    assert found.lifted(scores, found.lift(np.arange(count), scores)).tolist() == scores.tolist()


@given(st.lists(st.floats(-6, 3), min_size=1, max_size=70), st.randoms())
def test_the_first_stay_first_in_whatever_order_records_come(scores, random):
    angles = np.linspace(0, 1.5, len(scores))
    found = companions(np.column_stack([np.cos(angles), np.sin(angles)]))
    records = np.arange(len(scores))
    values = np.array(scores)
    lifted = found.lifted(values, found.lift(records, values))
    first = np.lexsort((records, -values.round(6)))
    assert lifted[first[:KEPT]].tolist() == values[first[:KEPT]].tolist()
    if len(scores) > KEPT:
        assert (lifted[first[KEPT:]] < values[first[KEPT - 1]]).all()
    order = random.sample(range(len(scores)), len(scores))
    assert found.lifted(values[order], found.lift(records[order], values[order])) == pytest.approx(
        lifted[order], abs=1e-6
    )


@pytest.mark.slow
def test_the_first_three_of_the_real_corpus_are_what_the_question_found(real_matcher):
    query = real_matcher.understand("Kuka tuottaa synteettistä potilasdataa?", today=TODAY)
    found = real_matcher.scored(query, TODAY)
    lifted = real_matcher.companions.lifted(found.scores, found.lift)
    before, after = (best_first(found.records, one)[:KEPT] for one in (found.scores, lifted))
    assert before.tolist() == after.tolist()


@pytest.mark.slow
def test_passages_stand_in_the_order_of_their_records(real_matcher):
    assert (np.diff(real_matcher.index.owners) >= 0).all()
