"""Limits that filter are given up, and that is said, when nothing near keeps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hytki_match.matching.notices import notices

TODAY = date(2026, 1, 1)


def keys(limits):
    return [limit.key for limit in limits]


def test_a_strict_limit_filters_while_something_near_keeps_it(small_matcher):
    answer = small_matcher.match("only companies, sleep and recovery", today=TODAY)
    assert [match.record.table for match in answer.resources] == ["companies"] * len(
        answer.resources
    )
    assert answer.state == "good"
    assert answer.relaxed == ()


@pytest.mark.parametrize(
    ("question", "limit"),
    [
        ("only events, insomnia at home in 2031", "time:2031-01-01/2031-12-31"),
        ("only funding for measuring sleep and recovery at home", "kind:funding"),
    ],
)
def test_a_limit_that_nothing_keeps_is_given_up_and_named(small_matcher, question, limit):
    answer = small_matcher.match(question, today=TODAY)
    assert answer.resources
    assert limit in keys(answer.query.constraints)
    assert limit in keys(answer.relaxed)
    (notice,) = (one for one in answer.notices if one.key == "relaxed")
    words = next(one.words for one in answer.relaxed if one.key == limit)
    assert words in notice.values["limits"]


def test_a_kind_that_is_only_mentioned_was_never_insisted_on(small_matcher):
    answer = small_matcher.match("Who measures sleep at home? Our funding ran out.", today=TODAY)
    assert "kind:funding" in keys(answer.query.constraints)
    assert answer.state == "good"
    assert answer.relaxed == ()


def test_beside_no_answer_nothing_is_said_of_events_that_are_over(small_matcher):
    match = small_matcher.match("Who measures sleep?", today=TODAY).resources[0]
    over = replace(match, past=True, record=replace(match.record, table="events"))
    query = small_matcher.understand("sleep events in 2024", today=TODAY)
    corpus = small_matcher.index.corpus
    assert [one.key for one in notices(query, [over], (), "weak", corpus)][-1] == "past_events"
    assert notices(query, [over], (), "none", corpus) == ()


def test_a_removed_limit_is_not_given_up_again(small_matcher):
    question = "only funding for measuring sleep and recovery at home"
    answer = small_matcher.match(question, today=TODAY, without=["kind:funding"])
    assert answer.relaxed == ()
    assert "relaxed" not in [notice.key for notice in answer.notices]


def test_a_word_that_a_record_meets_by_a_keyword_of_either_language_is_not_missing(small_matcher):
    answer = small_matcher.match("smart ring, älysormus, hologrammi", fallback="en", today=TODAY)
    assert "companies/sleepy" in [match.record.doc_id for match in answer.resources]
    assert answer.unmatched == ("hologrammi",)


def test_another_case_of_a_finnish_word_is_not_missing(small_matcher):
    # The record says "sovellusta", whose stem is another one.
    question = "synteettinen terveysdata sovellukselle ja hologrammille"
    answer = small_matcher.match(question, today=TODAY)
    assert "competences/turku-synthetic" in [match.record.doc_id for match in answer.resources]
    assert answer.unmatched == ("hologrammille",)


def test_of_two_regions_one_is_enough(small_matcher):
    answer = small_matcher.match("compare Oulu and Turku, sleep", today=TODAY, limit=1)
    assert keys(answer.query.constraints) == ["region:oulu", "region:turku"]
    assert answer.relaxed == ()


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("unettomuus kotona, tulevat tapahtumat", "vain tulevat tapahtumat"),
        ("insomnia at home, upcoming events", "only events still to come"),
        ("insomnia at home, events in 2031", "the time “in 2031”"),
    ],
)
def test_a_limit_that_was_given_up_is_understood_alone(small_matcher, question, said):
    query = small_matcher.understand(question, today=TODAY)
    match = small_matcher.match("Who measures sleep?", today=TODAY).resources[0]
    (notice,) = (
        one
        for one in notices(query, [match], (), "good", small_matcher.index.corpus)
        if one.key == "relaxed"
    )
    assert said in notice.values["limits"]
