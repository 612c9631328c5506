"""What a question asks for beside its topic: hand-made records, numbers by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from hytki_match.matching.answering import meets
from hytki_match.matching.names import MIN_SIMILARITY, NameFinder
from hytki_match.matching.preferences import FEATURES, Preferences
from hytki_match.records import Constraint, Query

TODAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def preferences(small_matcher):
    return Preferences(small_matcher.index)


def ones(preferences, feature, query, today=TODAY):
    values = preferences.features(query, today)[feature]
    assert set(values.tolist()) <= {0.0, 1.0}
    return {preferences.doc_ids[number] for number in np.flatnonzero(values)}


def query(*limits, **options):
    constraints = tuple(Constraint(name, value, value) for name, value in limits)
    regions = tuple(value for name, value in limits if name == "region")
    return Query("x", "en", constraints=constraints, named_regions=regions, **options)


def test_every_record_has_every_feature(preferences):
    found = preferences.features(query(), TODAY)
    assert tuple(found) == FEATURES
    assert {len(values) for values in found.values()} == {len(preferences.doc_ids)}


def test_a_kind_is_a_table_or_narrower(preferences):
    everything = set(preferences.doc_ids)
    assert everything - ones(preferences, "kind_miss", query(("kind", "testbed"))) == {
        "tools/synthetic-testbed",
        "tools/hospital-testbed",
    }
    companies = query(("kind", "companies"))
    kept = everything - ones(preferences, "kind_miss", companies)
    assert kept == {"companies/sleepy", "companies/stepper"}
    assert ones(preferences, "is_companies", companies) == set()
    assert ones(preferences, "is_companies", query()) == kept
    assert ones(preferences, "kind_miss", query()) == set()


def test_when_asks_for_events(preferences):
    missing = ones(preferences, "kind_miss", query(intent="when"))
    assert set(preferences.doc_ids) - missing == {
        "events/synthetic-day-2023",
        "events/sleep-week-2099",
    }


def test_a_region_is_met_missed_or_national(preferences):
    asked = query(("region", "kuopio"))
    national, missing = (
        ones(preferences, name, asked) for name in ("region_national", "region_miss")
    )
    kept = {"companies/stepper", "tools/hospital-testbed"}
    assert not kept & (national | missing)
    assert "tools/privacy-guide" in national
    assert "companies/sleepy" in missing
    for name in ("region_national", "region_miss"):
        assert ones(preferences, name, query()) == set()
    nowhere = query(("region", "nowhere"))
    assert ones(preferences, "region_miss", nowhere) >= kept


@pytest.mark.parametrize(
    ("interval", "hits"),
    [
        ("2099-03-13/2099-12-31", {"events/sleep-week-2099"}),
        ("2099-03-14/2099-12-31", set()),
        ("../2023-11-14", {"events/synthetic-day-2023"}),
        ("2023-11-15/..", {"events/sleep-week-2099"}),
    ],
)
def test_an_event_keeps_a_time_that_it_overlaps(preferences, interval, hits):
    asked = query(("time", interval))
    events = {"events/synthetic-day-2023", "events/sleep-week-2099"}
    assert ones(preferences, "time_hit", asked) == hits
    assert ones(preferences, "time_miss", asked) == events - hits
    assert ones(preferences, "past_event", asked) == set()


def test_an_event_is_past_after_its_last_day(preferences):
    assert ones(preferences, "past_event", query()) == {"events/synthetic-day-2023"}
    last = ones(preferences, "past_event", query(), date(2099, 3, 13))
    assert last == {"events/synthetic-day-2023"}
    assert len(ones(preferences, "past_event", query(), date(2099, 3, 14))) == 2


def test_who_asks_for_organisations(preferences):
    organisations = {"organisations/turku-lab", "organisations/oulu-hospital"}
    assert ones(preferences, "who_organisations", query(intent="who")) == organisations
    assert ones(preferences, "who_organisations", query()) == set()


def test_a_region_that_is_ruled_out_takes_its_records(preferences):
    assert preferences.within(query()).all()
    gone = left_out(preferences, "region", "kuopio", "nowhere")
    assert {"companies/stepper", "tools/hospital-testbed"} <= gone
    assert "tools/privacy-guide" not in gone


def test_a_kind_or_a_record_that_is_ruled_out_is_left_out(preferences):
    assert left_out(preferences, "kind", "companies") == {"companies/sleepy", "companies/stepper"}
    assert left_out(preferences, "record", "companies/stepper", "tools/none") == {
        "companies/stepper"
    }


def left_out(preferences, name, *values):
    unwanted = tuple(Constraint(name, value, "", unwanted=True) for value in values)
    within = preferences.within(query(unwanted=unwanted))
    return {preferences.doc_ids[number] for number in np.flatnonzero(~within)}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("region", "kuopio"),
        ("region", "nowhere"),
        ("kind", "companies"),
        ("kind", "testbed"),
        ("kind", "nothing"),
        ("time", "2099-03-13/2099-12-31"),
        ("time", "../2023-11-14"),
        ("time", "2099-03/2099-03"),
        ("time", "2023-11-15/.."),
        ("time", "2023/2023"),
    ],
)
def test_a_strict_limit_lets_through_the_records_that_meet_it(
    small_matcher, preferences, name, value
):
    limit = Constraint(name, value, value, strict=True)
    within = preferences.within(Query("x", "en", constraints=(limit,)))
    records = small_matcher.index.corpus.records.values()
    assert within.tolist() == [meets(record, limit) for record in records]


def test_filters_let_national_records_into_a_region_and_keep_kinds_apart(
    small_matcher, preferences
):
    records = small_matcher.index.corpus.records.values()
    within = preferences.within(query(regions=("kuopio",), kinds=("tools", "companies")))
    assert within.any()
    assert within.tolist() == [
        record.table in ("tools", "companies")
        and bool({"kuopio", "national"}.intersection(record.region_ids))
        for record in records
    ]


def test_features_of_some_records_are_those_of_all_at_their_places(preferences):
    asked = query(("region", "kuopio"), ("kind", "companies"), intent="who")
    some = np.array([7, 2, 2, 9])
    every = preferences.features(asked, TODAY)
    for name, values in preferences.features(asked, TODAY, some).items():
        assert values.tolist() == every[name][some].tolist(), name
    assert preferences.features(asked, TODAY, some[:0])["name"].shape == (0,)


@pytest.fixture
def names(small_matcher, monkeypatch):
    # In a corpus of a few dozen passages one mention would make a word common.
    monkeypatch.setattr("hytki_match.matching.names.MAX_TEXT_SHARE", 0.15)
    return NameFinder(small_matcher.index)


@pytest.mark.parametrize(
    ("question", "score"),
    [
        ("Mitä Stepper tekee?", 1.0),
        ("STEPPER", 1.0),
        ("Mitä Steper tekee?", 2 * 6 / 13),  # one letter left out: six of seven stand
        ("Mitä Stxppxr tekee?", 2 * 5 / 14),  # two mistakes
        ("Mitä Sxxppxr tekee?", 0.0),  # three
        ("kuka ja missä", 0.0),
        ("oy", 0.0),
        ("", 0.0),
    ],
)
def test_a_name_is_met_as_written_or_with_a_mistake(preferences, names, question, score):
    found = names.score(question, np.array([preferences.doc_ids.find("companies/stepper")]))[0]
    assert found == pytest.approx(score, abs=1e-6)
    assert not 0 < found < MIN_SIMILARITY / 100


def test_a_common_word_names_nobody(small_matcher, preferences, monkeypatch):
    monkeypatch.setattr("hytki_match.matching.names.MAX_TEXT_SHARE", 0.0)
    every = np.arange(len(preferences.doc_ids))
    assert not NameFinder(small_matcher.index).score("Measuring sleep", every).any()
