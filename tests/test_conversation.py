"""What a follow-up keeps of the questions before it."""

from __future__ import annotations

from datetime import date

import pytest

from hytki_match.matching.conversation import continue_from, own_topic
from hytki_match.matching.understanding import understand
from hytki_match.records import Constraint, Query

TODAY = date(2026, 1, 15)
REGIONS = ("oulu", "kainuu", "kuopio", "jyvaskyla", "turku")


def talk(*questions, without=()):
    """Return the query of the last question, asked after the others."""
    history = []
    for question in questions:
        last = question == questions[-1]
        history.append(
            understand(
                question,
                fallback="en" if questions[0].isascii() else "fi",
                region_ids=REGIONS,
                today=TODAY,
                history=history,
                without=without if last else (),
            )
        )
    return history[-1]


def keys(query):
    return [limit.key for limit in query.constraints]


@pytest.mark.parametrize(
    ("first", "then", "topic"),
    [
        ("Kuka mittaa unta Oulussa?", "Entä Kuopiossa?", "Kuka mittaa unta?"),
        ("Who measures sleep in Oulu?", "What about Kuopio?", "Who measures sleep?"),
    ],
)
def test_another_region_takes_the_place_of_the_first_and_the_topic_stays(first, then, topic):
    query = talk(first, then)
    assert query.goes_on
    assert query.topic.replace(" in", "") == topic.replace(" in", "")
    assert keys(query) == ["region:kuopio"]
    assert query.named_regions == ("kuopio",)
    assert query.search_text == f"{query.topic} Kuopio" + ("ssa" if "ssa" in then else "")


def test_the_region_stays_and_filters_when_the_kind_changes():
    query = talk("Unen mittausta Oulussa, äly mukana", "Vain yritykset")
    assert {limit.key: (limit.kept, limit.strict) for limit in query.constraints} == {
        "kind:companies": (False, True),
        "region:oulu": (True, True),
    }
    assert "mittausta" in query.topic


def test_a_region_that_is_ruled_out_replaces_the_one_before():
    query = talk("Unen mittausta Oulussa, äly mukana", "Ei Oulussa")
    assert (keys(query), query.unwanted_regions) == ([], ("oulu",))
    assert query.goes_on
    later = talk("Unen mittausta Oulussa, äly mukana", "Ei Oulussa", "Vain yritykset")
    assert later.unwanted_regions == ("oulu",)
    chosen = talk("Unen mittausta Oulussa, äly mukana", "Ei Oulussa", "Entä Turussa?")
    assert (chosen.unwanted_regions, chosen.named_regions) == ((), ("turku",))


def test_what_is_ruled_out_stays_so_until_it_is_asked_for():
    first = "Unen mittausta Oulussa, äly mukana"
    query = talk(first, "Ei yrityksiä", "Entä Turussa?")
    assert ([limit.key for limit in query.unwanted], keys(query)) == (
        ["not:kind:companies"],
        ["region:turku"],
    )
    assert query.unwanted[0].kept
    assert "yrityksiä" not in query.search_text
    assert talk(first, "Ei yrityksiä", "Vain yritykset").unwanted == ()
    assert talk(first, "Ei yrityksiä", "Turku", without=["not:kind:companies"]).unwanted == ()


@pytest.mark.parametrize(
    ("then", "interval"),
    [
        ("And the year before?", "2024-01-01/2024-12-31"),
        ("And a year later?", "2026-01-01/2026-12-31"),
    ],
)
def test_a_year_before_is_counted_from_the_time_before(then, interval):
    query = talk("robotics events in 2025", then)
    assert f"time:{interval}" in keys(query)
    assert len([key for key in keys(query) if key.startswith("time:")]) == 1
    assert "robotics" in query.topic


@pytest.mark.parametrize(
    ("first", "interval"),
    [
        ("robotics events before 2024", "0001-01-01/2022-12-31"),
        ("robotics events since 2024", "2023-01-01/9999-12-31"),
        ("robotics events in winter 2023", "2022-12-01/2023-02-28"),
    ],
)
def test_a_year_before_moves_the_days_that_were_said(first, interval):
    assert f"time:{interval}" in keys(talk(first, "And the year before?"))


@pytest.mark.parametrize(
    "then",
    ["Robots for rehabilitation in Turku", "Toinen asia: kuka testaa ruokaa?", "New topic: Turku"],
)
def test_a_new_topic_keeps_nothing(then):
    query = talk("Who measures sleep in Oulu?", then)
    assert not query.goes_on
    assert "region:oulu" not in keys(query)
    assert "sleep" not in query.search_text


@pytest.mark.parametrize("then", ["And the price?", "How long does it take?", "Entä hinta?"])
def test_a_question_about_what_was_found_keeps_the_topic(then):
    query = talk("Who measures sleep in Oulu?", then)
    assert query.goes_on
    assert "sleep" in query.topic
    assert keys(query) == ["region:oulu"]


def test_whom_to_call_keeps_topic_and_limits():
    query = talk("Who measures sleep in Oulu?", "Who do I call?")
    assert (query.intent, query.goes_on) == ("contact", True)
    assert "sleep" in query.topic
    assert keys(query) == ["region:oulu"]


def test_a_follow_up_stays_in_the_language_of_the_conversation():
    assert talk("Kuka mittaa unta sairaalassa?", "Oulu?").language == "fi"
    assert talk("Who measures sleep in hospitals?", "Oulu?").language == "en"


def test_a_limit_that_was_removed_is_not_kept():
    query = talk("Who measures sleep in Oulu?", "only companies", without=["region:oulu"])
    assert keys(query) == ["kind:companies"]


def test_the_first_question_stands_alone():
    query = Query("Entä Kuopio?", "fi", topic="Entä ?")
    alone = continue_from((), query)
    assert (alone.topic, alone.constraints, alone.goes_on) == ("Entä ?", (), False)


def test_words_of_limits_and_asking_are_no_topic():
    kind = Constraint("kind", "companies", "yritykset")
    assert own_topic(Query("", "fi", topic="Entä vain yritykset?", constraints=(kind,))) == []
    assert own_topic(Query("", "fi", topic="Entä uniapnean hoito?")) == ["uniapnean", "hoito"]


def test_a_short_question_that_points_back_keeps_its_topic():
    query = talk("Who measures sleep in Oulu?", "how much does it cost?")
    assert query.goes_on
    assert "sleep" in query.search_text
