"""Follow-ups that turn the page, ask for a number, start over, and questions about times."""

from __future__ import annotations

from datetime import date

import pytest
from conversations import TODAY, asked, ids

from hytki_match.answers import answer_to_json, answer_to_markdown, answer_to_text
from hytki_match.answers.summary import summary
from hytki_match.answers.wording import date_label, is_old
from hytki_match.matching.counts import find_count


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("anna viisi", "5"),
        ("Näytä mulle kolme parasta", "3"),
        ("vain kaksi, kiitos", "2"),
        ("give me five", "5"),
        ("top 3 please", "3"),
        ("show ten companies that measure sleep", "10"),
        ("näytä viisi yritystä, jotka mittaavat unta", "5"),
        ("list 12 results", "12"),
        ("list five funders for a hospital pilot", "5"),
        ("Could you name two hospitals", "2"),
        ("Tarvitsemme kolme yritystä Turusta, jotka tekevät laitteita", "3"),
        ("We need three partners", "3"),
        ("We need five nurses", None),
        ("list 10 years of data", None),
        ("the name two words long", None),
        ("vain kaksi työntekijää", None),
        ("only 2 employees", None),
        ("anna 5G-verkko", None),
        ("show 10 year survival", None),
        ("top 3D printing", None),
        ("näytä 112", None),
        ("give me 0", None),
        ("give me 99", None),
        ("two of us", None),
        ("", None),
    ],
)
def test_how_many_are_asked_for(question, count):
    found = find_count(question)
    assert (found and found.value) == count


@pytest.mark.parametrize(
    ("first", "number", "more"),
    [
        ("synteettistä potilasdataa", "anna kaksi", "näytä lisää"),
        ("synthetic patient data", "give me two", "show more"),
    ],
)
def test_a_number_and_more_turn_the_pages_of_one_list(small_matcher, first, number, more):
    whole, two, second, third = asked(small_matcher, first, number, more, more)
    assert len(ids(whole)) > 2
    assert ids(two) == ids(whole)[:2]
    assert ids(second) == ids(whole)[2:4]
    assert ids(third) == ids(whole)[4:6]
    assert second.resources[0].hit.rank == 3
    assert "3" in summary(second)


def test_after_the_last_page_there_is_no_more(small_matcher):
    answers = asked(small_matcher, "synthetic patient data", *["show more"] * 4)
    assert ids(answers[-1]) == []
    assert summary(answers[-1]).startswith("All matches have been shown.")
    assert answer_to_text(answers[-1]) and answer_to_json(answers[-1])
    assert ids(asked(small_matcher, "synthetic data", "more results", "only events")[-1])


def test_another_limit_begins_on_the_first_page(small_matcher):
    answers = asked(small_matcher, "synthetic data", "show more", "What about Turku?")
    assert (answers[1].query.page, answers[2].query.page) == (1, 0)


@pytest.mark.parametrize("restart", ["Aloita alusta!", "Start over, please", "uusi aihe"])
def test_starting_over_forgets_what_was_before(small_matcher, restart):
    answers = asked(small_matcher, "Who measures sleep in Oulu?", restart, "Kuopio?")
    assert (answers[1].state, answers[1].talk) == ("chat", "restart")
    assert not answers[2].query.goes_on
    assert "sleep" not in answers[2].query.search_text


def test_a_platform_is_no_new_start(small_matcher):
    assert small_matcher.match("alusta").state != "chat"


def test_thanks_in_between_change_nothing(small_matcher):
    plain = asked(small_matcher, "Who measures sleep?", "What about Oulu?")[-1]
    polite = asked(small_matcher, "Who measures sleep?", "Thanks!", "Hi", "What about Oulu?")[-1]
    assert plain == polite


@pytest.mark.parametrize("talk", ["kiitos", "?!", "unta " * 1000])
def test_talk_in_between_says_nothing_of_the_limits_before(small_matcher, talk):
    first = "Kuka mittaa unta Oulussa ja Turussa?"
    answers = asked(small_matcher, first, talk)
    assert answers[1].state in ("chat", "empty", "too_long")
    assert not {"nothing_of", "relaxed"} & {notice.key for notice in answers[1].notices}


def test_why_tells_words_and_meaning_of_the_first(small_matcher):
    answer = asked(small_matcher, "Who measures recovery during sleep?", "why this one?")[-1]
    text = summary(answer)
    assert answer.resources[0].record.name.en in text
    assert "comes first because" in text
    assert "Closest in meaning" in text


def test_two_regions_and_two_kinds_are_alternatives(small_matcher):
    answer = asked(small_matcher, "synthetic data", "compare Oulu and Turku")[-1]
    wanted = {"oulu", "turku", "national"}
    assert answer.query.intent == "compare"
    assert len(answer.resources) > 1
    assert all(wanted.intersection(match.record.region_ids) for match in answer.resources)
    answer = small_matcher.match("only companies and events on sleep", today=TODAY)
    assert {m.record.table for m in answer.resources} == {"companies", "events"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "question",
    [
        "tulevia tapahtumia terveysdatasta",
        "upcoming events on health data",
        "tulossa olevat openEHR-tapahtumat",
    ],
)
def test_upcoming_events_come_first_and_past_ones_are_marked(real_matcher, question):
    answer = real_matcher.match(question, today=date(2026, 1, 10))
    events = [match for match in answer.resources if match.record.table == "events"]
    past = [match.past for match in events]
    assert past == sorted(past)
    assert not past[0]
    assert all(match.past == (match.record.starts_on < "2026-01-10") for match in events)
    assert ("mennyt" if answer.query.language == "fi" else "past") in answer_to_text(answer)


@pytest.mark.slow
def test_events_of_a_time_without_any_give_way_to_events_of_another(real_matcher):
    answer = real_matcher.match("ensi vuonna tapahtumia tekoälystä", today=date(2026, 11, 26))
    assert answer.resources[0].record.table == "events"
    assert [limit.name for limit in answer.relaxed] == ["time"]


@pytest.mark.parametrize(
    ("as_of", "old"),
    [
        ("2022", True),
        ("2023-12", True),
        ("2023-12-31", True),
        ("2024-01-01", False),
        ("2024-01", False),
        ("2024", False),
        ("2025-06-30", False),
        ("", False),
    ],
)
def test_a_fact_is_old_after_two_years(as_of, old):
    assert is_old(as_of, "2026-01-01") is old
    told = (date_label(as_of, "fi", "2026-01-01"), date_label(as_of, "en", "2026-01-01"))
    year = as_of[:4]
    assert (told == (f"tarkista, vuodelta {year}", f"check, from {year}")) is old


def test_old_facts_say_so_in_every_rendering(small_matcher):
    late = date(2040, 1, 1)
    finnish = small_matcher.match("synteettistä potilasdataa", today=late)
    english = small_matcher.match("synthetic patient data", today=late)
    for render in (answer_to_text, answer_to_markdown):
        assert "tarkista, vuodelta 20" in render(finnish)
        assert "check, from 20" in render(english)
    assert '"old": true' in answer_to_json(english)
    assert '"old": true' not in answer_to_json(small_matcher.match("data", today=date(2020, 1, 1)))


@pytest.mark.parametrize(
    ("opening", "question"),
    [
        ("Kuka mittaa unta?", "paljonko se maksaa"),
        ("Kuka mittaa unta?", "mitä ne maksavat"),
        ("Kuka mittaa unta?", "onko niillä sähköpostiosoitetta"),
        ("Who measures sleep?", "how do they work"),
    ],
)
def test_a_pronoun_in_a_short_question_points_back(small_matcher, opening, question):
    first, second = asked(small_matcher, opening, question)
    assert first.query.topic in second.query.topic


def test_a_pronoun_in_a_long_question_points_at_nothing(small_matcher):
    long = "Onko testipalvelu sairaalassa niin hyvä, että se sopii meidän laitteellemme?"
    _, second = asked(small_matcher, "Kuka mittaa unta?", long)
    assert "unta" not in second.query.topic


@pytest.mark.parametrize("words", ["forget that, only companies in Oulu", "unohda se, entä Oulu"])
def test_who_drops_a_topic_begins_anew(small_matcher, words):
    _, second = asked(small_matcher, "Who has synthetic data?", words)
    assert "synthetic" not in second.query.topic


@pytest.mark.parametrize(
    "then",
    [
        "mistä tahansa",
        "alueella ei ole väliä",
        "koko Suomesta",
        "anywhere",
        "kelle soitan",
        "kuka vastaa?",
        "onko ilmaista?",
        "miten haetaan?",
        "nuorille",
        "entä vanhuksille?",
        "for children",
        "Rovaniemellä",
        "entä Lapissa?",
        "mitä muuta?",
        "in English please",
        "can you answer in Finnish",
        "suomeksi",
        "website?",
        "summary please",
        "Kuopio instead",
        "2024",
    ],
)
def test_a_short_follow_up_keeps_the_subject(small_matcher, then):
    query = asked(small_matcher, "Who measures sleep in Oulu?", then)[-1].query
    assert "sleep" in query.search_text


@pytest.mark.parametrize(
    "then", ["mistä tahansa", "anywhere is fine", "koko Suomi", "Rovaniemellä"]
)
def test_a_follow_up_takes_the_place_back(small_matcher, then):
    answer = asked(small_matcher, "Who measures sleep in Oulu?", then)[-1]
    assert not answer.query.constraints
    outside = {notice.key for notice in answer.notices} & {"outside"}
    assert bool(outside) == (then == "Rovaniemellä")


def test_the_same_is_answered_in_the_other_language(small_matcher):
    first, then = asked(small_matcher, "Kuka mittaa unta?", "in English please")
    assert (first.query.language, then.query.language) == ("fi", "en")
    assert ids(first) == ids(then)
    assert asked(small_matcher, "in English please")[0].query.language == "en"


@pytest.mark.slow
def test_funding_for_a_subject_without_any_is_general_funding_first(real_matcher):
    for questions in (("rahoitusta etäkuntoutukseen",), ("etäkuntoutus", "Mistä rahoitusta?")):
        answer = asked(real_matcher, *questions)[-1]
        assert {match.record.kind for match in answer.resources[:3]} == {"funding"}
        assert "general_funding" in {notice.key for notice in answer.notices}
    answer = real_matcher.match("Is there a database of sports clubs and the grants they get?")
    assert "general_funding" not in {notice.key for notice in answer.notices}


@pytest.mark.slow
def test_events_nearest_to_a_time_that_has_none_come_first(real_matcher):
    answer = real_matcher.match("hackathon 2027", today=date(2026, 11, 26))
    years = [int(match.record.starts_on[:4]) for match in answer.resources[:5]]
    assert years == sorted(years, reverse=True)


@pytest.mark.slow
def test_words_that_no_shown_record_has_are_told_in_text_and_markdown(real_matcher):
    answer = real_matcher.match("Onko Apotti hyvä järjestelmä?", today=TODAY)
    assert "Apotti" in answer.unmatched
    for text in (answer_to_text(answer), answer_to_markdown(answer)):
        assert "ei sisällä näitä kysymyksen sanoja" in " ".join(text.split())


def test_a_complaint_changes_nothing(small_matcher):
    answers = asked(small_matcher, "Who measures sleep?", "not what I meant", "only in Oulu")
    assert answers[1].talk == "wrong"
    assert "sleep" in answers[2].query.search_text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Our next project is about sleep", False),
        ("Sleep data of the 1966 cohort", False),
        ("upcoming events on sleep in 1966", True),
        ("When is the sleep week of 1966?", True),
    ],
)
def test_a_time_is_given_up_only_where_events_are_asked_for(small_matcher, question, told):
    answer = small_matcher.match(question, today=TODAY)
    given_up = [limit.name for limit in answer.relaxed]
    assert ("time" in given_up) == told


@pytest.mark.slow
@pytest.mark.parametrize(
    "question",
    ["AI companies", "ai events in Oulu", "XR-tapahtumat", "5G testbeds", "IT companies"],
)
def test_two_letters_are_a_topic(real_matcher, question):
    assert not real_matcher.match(question, today=TODAY).browsed


@pytest.mark.parametrize(
    ("ruled_out", "back", "left"),
    [
        ("not in Oulu", "Oulu is fine after all", ()),
        ("ei yrityksiä", "yritykset saa olla mukana", ()),
        ("not in Oulu, no companies", "companies are ok too", ("not:region:oulu",)),
        ("not in Oulu, no companies", "include everything again", ()),
    ],
)
def test_what_was_ruled_out_can_be_taken_back(small_matcher, ruled_out, back, left):
    query = asked(small_matcher, "Who measures sleep?", ruled_out, back)[-1].query
    assert tuple(limit.key for limit in query.unwanted) == left
    assert not query.constraints
    assert "sleep" in query.search_text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("listaa biopankit", "biobank"),
        ("how many hospitals are there?", "hospital"),
        ("mitkä hyvinvointialueet ovat mukana?", "wellbeing_services_county"),
    ],
)
def test_organisations_of_a_kind_are_listed(real_matcher, question, kind):
    answer = real_matcher.match(question, today=TODAY)
    assert answer.browsed
    assert {match.record.kind for match in answer.resources[: answer.browsed]} == {kind}


@pytest.mark.slow
def test_a_name_that_nothing_has_makes_no_answer_the_strongest(real_matcher):
    assert "Lähimpänä" in summary(real_matcher.match("mikä on TEFCA?", today=TODAY))
