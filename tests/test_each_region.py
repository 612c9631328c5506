"""A question about several regions shows something of each, or says that there is nothing."""

from __future__ import annotations

from datetime import date

import pytest

from hytki_match.matching.each_region import each_region_in
from hytki_match.records import Hit

TODAY = date(2026, 11, 27)
PLACES = 8


def shown(answer):
    return {region for match in answer.resources for region in match.record.region_ids}


def test_the_best_of_a_region_that_would_have_none_takes_the_last_place(real_matcher):
    records = real_matcher.index.corpus.records
    of = {
        region: [doc_id for doc_id, one in records.items() if one.region_ids == (region,)]
        for region in ("oulu", "turku")
    }
    order = [*of["turku"][:5], *of["oulu"][:2], *of["turku"][5:7]]
    hits = tuple(Hit(doc_id, 9.0 - rank, rank, {}) for rank, doc_id in enumerate(order, start=1))
    query = real_matcher.understand("compare Oulu and Turku on imaging", today=TODAY)
    moved = each_region_in(query, hits, len(hits), records, 3)
    assert [hit.doc_id for hit in moved] == [*order[:2], order[5], *order[2:5], *order[6:]]
    assert [hit.rank for hit in moved] == list(range(1, len(hits) + 1))
    # What is not near enough stays where it is, as does everything when one region is named.
    assert each_region_in(query, hits, 5, records, 3) == hits
    one = real_matcher.understand("imaging in Oulu", today=TODAY)
    assert each_region_in(one, hits, len(hits), records, 3) == hits


@pytest.mark.parametrize(
    "question",
    [
        "Compare Oulu and Jyväskylä on cybersecurity",
        "Vertaa Kuopiota ja Kainuuta kuntoutuksen datassa",
        "Who does sleep research, Oulu or Turku?",
    ],
)
def test_every_region_that_is_compared_has_a_row_or_is_said_to_have_none(real_matcher, question):
    answer = real_matcher.match(question, today=TODAY, limit=PLACES)
    (left,) = [one.values["regions"] for one in answer.notices if one.key == "nothing_of"] or [""]
    ranked = {match.region.region_id for match in answer.regions}
    for region in answer.query.named_regions:
        name = real_matcher.index.corpus.regions[region].name.best(answer.query.language)[0]
        assert (name in left) != (region in shown(answer) | ranked)


def test_what_a_region_lacks_is_said(real_matcher):
    answer = real_matcher.match("Compare Oulu and Turku on synthetic data", today=TODAY)
    assert [one.values for one in answer.notices if one.key == "nothing_of"] == [
        {"regions": "Oulu"}
    ]
