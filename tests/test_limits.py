"""What limits a question: places, kinds and times in Finnish and English, by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hytki_match.matching.limits import find_limits
from hytki_match.matching.times import find_time, parse_interval
from hytki_match.matching.words import find, same_length_fold

TODAY = date(2026, 1, 15)  # a Thursday
REGIONS = ("oulu", "kainuu", "kuopio", "jyvaskyla", "turku")


def limits(question, language="fi", without=()):
    return find_limits(question, language, REGIONS, TODAY, without)


def keys(question, language="fi"):
    return [limit.key for limit in limits(question, language).constraints]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("unen mittausta Oulussa", ["region:oulu"]),
        ("unen mittausta Turusta", ["region:turku"]),
        ("Kuopiolaisia toimijoita", ["region:kuopio"]),
        ("jyvaskylan seudulla", ["region:jyvaskyla"]),
        ("Kainuusta Kajaaniin", ["region:kainuu"]),
        ("testing in North Savo", ["region:kuopio"]),
        ("Oulunkylän apteekki", []),
        ("testing in Helsinki", []),  # no region of this corpus
    ],
)
def test_places_in_any_case(question, expected):
    assert keys(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("yrityksiä", ["kind:companies"]),
        ("terveysteknologiayritykset", ["kind:companies"]),
        ("yritysneuvontaa", []),  # the compound is about advice
        ("verkkokurssi tekoälystä", ["kind:training"]),
        ("testialustoja sensoreille", ["kind:testbed"]),
        ("unitapahtumia", ["kind:events"]),
        ("ohjelmistotaloja", ["kind:companies"]),
        ("companies and events", ["kind:companies", "kind:events"]),
        ("eventually a companion robot", []),
    ],
)
def test_kinds_and_compounds(question, expected):
    assert keys(question) == expected


@pytest.mark.parametrize(
    ("question", "interval"),
    [
        ("keväällä 2026", "2026-03-01/2026-05-31"),
        ("ensi kesänä", "2026-06-01/2026-08-31"),
        ("viime syksynä", "2025-09-01/2025-11-30"),
        ("last autumn", "2025-09-01/2025-11-30"),
        ("winter 2023", "2023-12-01/2024-02-29"),
        ("tänä talvena", "2025-12-01/2026-02-28"),
        ("viime talvena", "2024-12-01/2025-02-28"),
        ("next winter", "2026-12-01/2027-02-28"),
        ("viime vuonna", "2025-01-01/2025-12-31"),
        ("ensi vuonna", "2027-01-01/2027-12-31"),
        ("this year", "2026-01-01/2026-12-31"),
        ("viime kuussa", "2025-12-01/2025-12-31"),
        ("next month", "2026-02-01/2026-02-28"),
        ("tällä viikolla", "2026-01-12/2026-01-18"),
        ("next week", "2026-01-19/2026-01-25"),
        ("vuonna 2024", "2024-01-01/2024-12-31"),
        ("Events in 2024.", "2024-01-01/2024-12-31"),
        ("maaliskuussa 2026", "2026-03-01/2026-03-31"),
        ("in March 2025", "2025-03-01/2025-03-31"),
        ("5.3.2026", "2026-03-05/2026-03-05"),
        ("2026-03-05", "2026-03-05/2026-03-05"),
        ("huomenna", "2026-01-16/2026-01-16"),
        ("upcoming", "2026-01-15/.."),
        ("tulevia", "2026-01-15/.."),
        ("menneet", "../2026-01-15"),
        ("2024 ja tekoäly", "2024-01-01/2024-12-31"),
    ],
)
@pytest.mark.parametrize("language", ["fi", "en"])
def test_times_counted_from_the_day(question, interval, language):
    assert find_time(question, language, TODAY).value == interval


@pytest.mark.parametrize(
    "question", ["keväällä", "unta", "31.2.2026", "H2020", "20255", "1.2024.3"]
)
def test_no_time(question):
    assert find_time(question, "fi", TODAY) is None


def test_a_letter_that_grows_in_lower_case_moves_no_span():
    question = "İİİ events in 2024"
    span = find_time(question, "en", TODAY)
    assert question[span.start : span.end] == "in 2024"


def test_open_intervals_compare_as_text():
    assert parse_interval("2026-01-15/..") == ("2026-01-15", "9999")
    assert parse_interval("../2026-01-15") == ("", "2026-01-15")


def test_a_place_and_a_time_leave_the_topic_and_a_kind_stays_in_it():
    found = limits("tapahtumia unesta Oulussa keväällä 2026")
    assert found.topic == "tapahtumia unesta"
    assert {(c.key, c.words, c.strict) for c in found.constraints} == {
        ("region:oulu", "Oulussa", False),
        ("kind:events", "tapahtumia", False),
        ("time:2026-03-01/2026-05-31", "keväällä 2026", True),
    }


def test_only_makes_limits_filters():
    assert all(limit.strict for limit in limits("vain yritykset Kuopiosta").constraints)
    assert not any(limit.strict for limit in limits("yritykset Kuopiosta").constraints)
    for question in (
        "Turku or nearby only, please",
        "vain yritykset Oulussa, Turussa ja Kuopiossa",
        "companies in Oulu, only",
    ):
        assert all(limit.strict for limit in limits(question).constraints)


@pytest.mark.parametrize(
    "question",
    [
        "I advise small firms. One has only tried its sensors in the founder's own flat.",
        "We just need somebody who knows the rules, in Oulu.",
        "Tarvitsen koko maan tiedot, en vain yhdestä sairaalasta: mitkä yritykset auttavat?",
        "not only companies in Oulu",
    ],
)
def test_only_said_of_something_else_makes_no_filter(question):
    assert not any(limit.strict for limit in limits(question, "en").constraints)


def test_a_region_that_is_ruled_out_is_no_wish():
    found = limits("sleep labs in Oulu but not in Turku", "en")
    assert [limit.key for limit in found.constraints] == ["region:oulu"]
    assert [limit.key for limit in found.unwanted] == ["not:region:turku"]


def test_a_limit_that_was_removed_stays_a_word_of_the_topic():
    found = limits("unta Oulussa", without=["region:oulu"])
    assert (found.constraints, found.topic) == ((), "unta Oulussa")


def test_what_was_found_stands_where_it_says():
    question = "Mitkä yritykset ja tapahtumat?"
    assert [question[one.start : one.end] for one in find("kind", question)] == [
        "yritykset",
        "tapahtumat",
    ]


@given(st.text())
def test_folding_keeps_the_length(text):
    assert len(same_length_fold(text)) == len(text)


PIECES = st.sampled_from(
    ["vain", "Oulussa", "ei", "Turku", "5.3.2026", "99.99.2026", "2026-13-01", "viime talvena",
     "next", "tapahtumia", "İ", "ﬁ", "May 2026", "31.2.2026", "helmikuu 1900", "not in"]
)  # fmt: skip


@given(
    st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=8).map(" ".join)),
    st.sampled_from(["fi", "en"]),
)
@example("１.１.２０２６ Oulu", "fi")
def test_any_text_has_limits_and_a_topic_of_its_own_words(question, language):
    found = limits(question, language)
    left = iter(question)
    assert all(character.isspace() or character in left for character in found.topic)
    for limit in found.constraints:
        assert limit.words
        assert limit.words in question


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Mitkä yritykset analysoivat kuvia?", ["companies"]),
        ("Which Finnish companies read scans?", ["companies"]),
        ("Oululaiset firmat, joiden laite mittaa unta", ["companies"]),
        ("Suuri ongelma. Onko tulossa tapahtumia terveysdatasta?", ["events"]),
        ("Funding for pilots of artificial intelligence", ["funding"]),
        ("kajaanilaiselle pienelle yritykselle rahoitusta", ["funding"]),
        ("Where do small companies get help with scans?", []),
        ("Five companies want to pool their data. What rules are there?", []),
        ("Which network helps with openEHR?", []),
    ],
)
def test_a_kind_is_asked_for_where_the_thing_that_is_asked_for_stands(question, asked):
    found = find_limits(question, "fi", ("oulu",), TODAY).constraints
    assert [one.value for one in found if one.asked] == asked


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Tarvitsemme kolme yritystä Turusta, jotka tekevät laitteita", "yritystä"),
        ("Etsimme yritystä Oulusta joka mittaa unta", "yritystä"),
        ("list five companies in Turku", "companies"),
    ],
)
def test_a_place_between_hides_no_kind_and_who_counts_it_asks_for_it(question, words):
    found = find_limits(question, "fi", ["turku", "oulu"], date(2026, 3, 10))
    (kind,) = (limit for limit in found.constraints if limit.name == "kind")
    assert (kind.value, kind.words) == ("companies", words)
    assert kind.asked
    assert found.count in (0, 3, 5)
    assert any(limit.name == "region" for limit in found.constraints)


def test_our_own_company_of_a_town_is_no_kind():
    found = find_limits("Yrityksemme Turusta kehittää", "fi", ["turku"], date(2026, 3, 10))
    assert [limit.name for limit in found.constraints] == ["region"]


@pytest.mark.parametrize(
    ("question", "expected", "count"),
    [
        ("kolme yritystä Turusta, jotka mittaavat", {"region:turku", "kind:companies"}, 3),
        ("kolme oululaista yritystä", {"region:oulu", "kind:companies"}, 3),
        ("two testbeds in Oulu", {"region:oulu", "kind:testbed"}, 2),
        ("four companies in Kuopio working with hearts", {"region:kuopio", "kind:companies"}, 4),
        (
            "neljä yritystä Turusta tai Oulusta",
            {"region:turku", "region:oulu", "kind:companies"},
            4,
        ),
        ("Three companies are piloting with us in Oulu", set(), 0),
        ("kolme riittää", set(), 3),
    ],
)
def test_so_many_of_a_kind_and_place_are_just_those(question, expected, count):
    found = limits(question)
    assert ({limit.key for limit in found.constraints if limit.strict}, found.count) == (
        expected,
        count,
    )


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("patient data for AI training", []),
        ("images for training an algorithm", []),
        ("training data on sleep", []),
        ("dataa tekoälyn koulutukseen", []),
        ("tekoälykoulutusta hoitajille", ["training"]),
        ("training for nurses", ["training"]),
        ("koulutusta tekoälystä", ["training"]),
    ],
)
def test_training_of_models_is_no_kind(question, kinds):
    found = find_limits(question, "en", ("oulu",), date(2026, 1, 15)).constraints
    assert [limit.value for limit in found if limit.name == "kind"] == kinds


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("We're a two-person company making shoes. Who has a gait lab?", []),
        ("Olemme yritys joka tekee älykenkiä, kuka voisi testata?", []),
        ("a company making smart shoes", ["companies"]),
        ("yritys joka tekee älykenkiä", ["companies"]),
    ],
)
def test_the_company_that_asks_is_not_asked_for(question, kinds):
    assert [limit.value for limit in limits(question).constraints if limit.name == "kind"] == kinds
