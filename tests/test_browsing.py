"""Questions that have limits and nothing else: "companies in Oulu"."""

from __future__ import annotations

from datetime import date

import pytest

from hytki_match.answers.summary import summary

MAY = date(2026, 5, 1)


def ask(matcher, question, **more):
    answer = matcher.match(question, today=MAY, **more)
    return answer, [match.record.doc_id for match in answer.resources]


@pytest.mark.parametrize(
    ("question", "expected", "said"),
    [
        ("yritykset Oulussa", ["companies/sleepy"], "löytyy yksi kohde"),
        ("companies in Kuopio", ["companies/stepper"], "One record fits “Kuopio, companies”"),
        ("Hei! Yritykset Oulussa, kiitos jo etukäteen", ["companies/sleepy"], "löytyy yksi kohde"),
        ("List all companies in Kuopio, please", ["companies/stepper"], "One record fits"),
        ("Kuinka monta yritystä Oulussa on?", ["companies/sleepy"], "”Oulu, yritykset”"),
        ("How many companies are there in Kuopio?", ["companies/stepper"], "One record fits"),
        ("vain yritykset", ["companies/sleepy", "companies/stepper"], "löytyy 2 kohdetta"),
        ("events in 2023", ["events/synthetic-day-2023"], "One record fits “events, in 2023”"),
    ],
)
def test_all_that_keeps_the_limits_is_the_answer(small_matcher, question, expected, said):
    answer, found = ask(small_matcher, question)
    assert sorted(found) == expected
    assert (answer.state, answer.browsed) == ("good", len(expected))
    assert said in summary(answer)


@pytest.mark.parametrize("question", ["restaurants in Oulu", "painonhallinta Oulussa"])
def test_a_word_that_begins_like_one_of_asking_is_a_topic(small_matcher, question):
    assert ask(small_matcher, question)[0].browsed == 0


def test_one_sort_of_a_kind_is_a_topic(small_matcher):
    answer, found = ask(small_matcher, "webinars in 2023")
    assert (answer.browsed, found[0]) == (0, "events/synthetic-day-2023")


def test_a_town_is_named_as_the_region_that_it_is_taken_for(small_matcher):
    answer, found = ask(small_matcher, "firmat Siilinjärvellä")
    assert found == ["companies/stepper"]
    assert "”Kuopio, yritykset”" in summary(answer)


def test_what_is_nationwide_comes_after_the_region(small_matcher):
    answer, found = ask(small_matcher, "työkalut Turussa")
    assert found == ["tools/synthetic-testbed", "tools/privacy-guide"]
    assert answer.browsed == 1
    assert summary(answer).endswith("Sen jälkeen tulee valtakunnallista.")


def test_where_nothing_keeps_the_limits_that_is_said(small_matcher):
    answer, found = ask(small_matcher, "events in 2090")
    assert (answer.state, answer.browsed) == ("weak", 0)
    assert "nothing on this at the time asked for (in 2090)" in summary(answer)
    assert found


def test_a_question_about_something_is_not_browsing(small_matcher):
    answer, _ = ask(small_matcher, "companies in Oulu that measure sleep")
    assert answer.browsed == 0
    assert not any(limit.strict for limit in answer.query.constraints)


def test_more_of_it_is_the_next_page(small_matcher):
    first, one = ask(small_matcher, "vain yritykset", limit=1)
    second, other = ask(small_matcher, "näytä lisää", limit=1, history=[first.query])
    assert sorted([*one, *other]) == ["companies/sleepy", "companies/stepper"]
    assert second.query.page == 1
