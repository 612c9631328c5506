"""Follow-ups about one of the results, and what an answer says of several regions and of none."""

from __future__ import annotations

import pytest
from conversations import TODAY, asked, ids

from hytki_match.answers.summary import summary
from hytki_match.matching.pointing import Pointed, pointed_at

NAMES = {"oura": ["companies/oura"], "auria biobank": ["organisations/auria"]}


def called(words):
    return NAMES.get(words.casefold(), [])


def notice(answer, key):
    return next((dict(one.values) for one in answer.notices if one.key == key), None)


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("miksi tämä?", 1),
        ("why this one?", 1),
        ("Miksi juuri nämä?", 1),
        ("Perustele valintasi", 1),
        ("Miksi toinen?", 2),
        ("why did you suggest the second one?", 2),
        ("Kerro lisää kolmannesta", 3),
        ("tell me more about number 4", 4),
        ("entä se viides?", 5),
        ("what about the tenth?", 10),
        ("se toinen", 2),
        ("se toinen, mitä ne tekee?", 2),
        ("what does the second do?", 2),
        ("joo toi eka", 1),
        ("toka kuulostaa hyvältä", 2),
    ],
)
def test_a_place_among_the_results_is_pointed_at(question, place):
    assert pointed_at(question, called) == Pointed(place=place)


@pytest.mark.parametrize(
    ("question", "doc_id"),
    [
        ("Miksi juuri Oura?", "companies/oura"),
        ("ja miksei Oura?", "companies/oura"),
        ("why is Oura first?", "companies/oura"),
        ("Why did you list Auria Biobank?", "organisations/auria"),
    ],
)
def test_a_result_is_pointed_at_by_its_name(question, doc_id):
    assert pointed_at(question, called) == Pointed(records=(doc_id,))


@pytest.mark.parametrize(
    "question",
    [
        "Miksi terveysdata on tärkeää?",
        "why do second opinions help?",
        "Kerro lisää Ourasta",
        "Miksi juuri Nokia?",
        "Entä Turussa?",
        "toinen asia",
        "Näytä lisää",
        "tell me about the second wave of the pandemic",
        "why Oura, and who else measures how children sleep at home and in hospital wards?",
        "",
    ],
)
def test_other_follow_ups_point_at_no_result(question):
    assert pointed_at(question, called) == Pointed()


@pytest.mark.parametrize("why", ["why the second one?", "Miksi toinen?"])
def test_the_result_in_a_place_is_shown_first_and_explained(small_matcher, why):
    first, then = asked(small_matcher, "Who measures sleep?", why)
    assert ids(then)[0] == ids(first)[1]
    assert sorted(ids(then)) == sorted(ids(first))
    assert [match.hit.rank for match in then.resources][:2] == [2, 1]
    assert then.resources[0].record.name.best(then.query.language)[0] in summary(then)


def test_a_question_about_a_result_changes_no_rank_and_the_next_goes_on(small_matcher):
    answers = asked(small_matcher, "Who measures sleep?", "why the second one?", "why this one?")
    assert ids(answers[2]) == ids(answers[0])
    assert "comes first because" in summary(answers[2])
    last = asked(small_matcher, "Who measures sleep?", "why the second one?", "only in Oulu")[-1]
    assert "sleep" in last.query.topic


def test_a_place_that_has_no_result_is_said_to_have_none(small_matcher):
    first, then = asked(small_matcher, "Who measures sleep?", "why number 40?")
    assert ids(then) == ids(first)
    assert f"only {len(first.resources)}" in summary(then)


@pytest.mark.slow
def test_a_name_is_explained_wherever_it_stands(real_matcher):
    question = "companies that follow sleep"
    first, oura, far, none = (
        asked(real_matcher, question, *then)[-1]
        for then in ((), ("Miksi juuri Oura?",), ("why Optomed?",), ("why Findata?",))
    )
    assert ids(oura)[0] == "companies/oura-health"
    assert oura.resources[0].hit.rank == ids(first).index("companies/oura-health") + 1
    assert "not among" in summary(far)
    assert "not among" in summary(none)


def test_regions_that_are_compared_stand_side_by_side(small_matcher):
    answer = small_matcher.match("compare Oulu and Turku on sleep", today=TODAY)
    said = summary(answer)
    assert said.startswith("Side by side:")
    assert "Oulu" in said
    assert "Turku" in said
    assert "strongest" not in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Onko Kainuussa hackathonia?", "hackathonia"),
        ("Is there a hackathon in Kainuu?", "hackathon"),
        ("hackathon in Oulu", None),
        ("tapahtumia Kainuussa", None),
    ],
)
def test_a_region_without_the_sort_asked_for_is_said_to_have_none(real_matcher, question, kinds):
    found = notice(real_matcher.match(question, today=TODAY), "kind_elsewhere")
    assert (found and found["kinds"]) == kinds


@pytest.mark.slow
@pytest.mark.parametrize(
    "question",
    [
        "Kuopiossa ei ole hackathonia, missä olisi?",
        "There is no hackathon in Kuopio, where is one?",
    ],
)
def test_what_a_place_lacks_is_looked_for_elsewhere(real_matcher, question):
    answer = real_matcher.match(question, today=TODAY)
    assert answer.state == "good"
    assert all("kuopio" not in match.record.region_ids for match in answer.resources)
    assert "hack" in ids(answer)[0]
