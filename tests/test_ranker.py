"""The learned ranker moves candidates by how known questions speak of them, and nothing else."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from hytki_match.matching.fusion import best_first
from hytki_match.matching.ranker import AROUND, CANDIDATES, Ranker, default_trees

TODAY = date(2026, 11, 27)
QUESTION = "who helps with synthetic health data"


def ranked_by(matcher, is_named, *, can_tell=True, question=QUESTION):
    query = matcher.understand(question, today=TODAY)
    known = SimpleNamespace(can_tell=can_tell, is_named=is_named)
    ranker = Ranker(matcher.legs[1], known, default_trees())
    found = matcher.scored(query, TODAY)
    lifted = matcher.companions.lifted(found.scores, found.lift)
    added = ranker.corrections(query, matcher.seen(found))
    return found.records, lifted, added


def test_what_no_question_names_moves_as_those_around_it(real_matcher):
    named = np.ones(len(real_matcher.index.doc_ids), bool)
    records, lifted, usual = ranked_by(real_matcher, named)
    order = best_first(records, lifted.round(6))
    new = order[[1, 30]]
    named[records[new]] = False
    _, _, added = ranked_by(real_matcher, named)
    around = [place for place in order[:AROUND] if place not in new]
    assert added[new] == pytest.approx(np.full(2, usual[around].mean()))
    others = np.setdiff1d(order[:CANDIDATES], new)
    assert added[others] == pytest.approx(usual[others])


def test_what_is_no_candidate_stays_behind_and_in_its_order(real_matcher):
    records, lifted, added = ranked_by(real_matcher, np.ones(len(real_matcher.index.doc_ids), bool))
    assert len(records) > CANDIDATES
    order = best_first(records, lifted.round(6))
    final = lifted + added
    assert final[order[CANDIDATES:]].max() < final[order[:CANDIDATES]].min()
    assert (np.diff(final[order[CANDIDATES:]]) <= 1e-6).all()


def test_where_few_questions_are_known_nothing_moves(real_matcher):
    named = np.ones(len(real_matcher.index.doc_ids), bool)
    assert not ranked_by(real_matcher, named, can_tell=False)[2].any()


def test_limits_alone_are_not_mended(real_matcher):
    query = real_matcher.understand("yritykset Oulussa", today=TODAY)
    assert not real_matcher.scored(query, TODAY).mended.any()
    query = real_matcher.understand(QUESTION, today=TODAY)
    assert real_matcher.scored(query, TODAY).mended.any()


def test_what_is_named_beside_a_record_is_counted_once_a_question(real_matcher):
    asked, known = real_matcher.legs[1], real_matcher.known
    record = known.numbers["competences/turku-synthetic-data"]
    beside = asked.beside(record)
    assert record not in beside.records
    assert (beside.named >= beside.answers).all()
    assert 0 < beside.named.max() < 1
    together = [
        q
        for q in known.questions
        if {"competences/turku-synthetic-data", "tools/syndate-synthetic-data-testbed"}
        <= {*q.answers, *q.useful}
    ]
    naming = [
        q
        for q in known.questions
        if "competences/turku-synthetic-data" in {*q.answers, *q.useful}
        and len(q.answers) + len(q.useful) > 1
    ]
    at = beside.records.tolist().index(known.numbers["tools/syndate-synthetic-data-testbed"])
    assert beside.named[at] == pytest.approx(len(together) / (len(naming) + 3))


def test_the_ranker_does_not_see_what_a_missed_kind_costs(real_matcher):
    asked = real_matcher.understand("which companies help with synthetic data", today=TODAY)
    found = real_matcher.scored(asked, TODAY)
    missed = found.unkind < 0
    assert missed.any()
    assert not missed.all()
    seen = real_matcher.seen(found).scores
    cost = real_matcher.parameters.preferences["asked_kind_miss"]
    assert seen[missed] == pytest.approx(found.scores[missed] - cost)
    assert seen[~missed] == pytest.approx(found.scores[~missed])
