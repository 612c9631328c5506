"""Records and contacts that a question calls by their names."""

import re
from datetime import date

import pytest

from hytki_match.answers.summary import summary
from hytki_match.index.called import BODIES, phrases_of
from hytki_match.matching.called import base_forms
from hytki_match.records import Text

TODAY = date(2024, 5, 1)


def first_of(matcher, question):
    answer = matcher.match(question, today=TODAY)
    return answer.state, answer.resources[0].record.doc_id


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("Findatalla", "findata"),
        ("Optomedin", "optomed"),
        ("Fingeniouksella", "fingenious"),
        ("Kubioksen", "kubios"),
        ("biopankin", "biopankki"),
        ("Optomed's", "optomed's"),
        ("kysellä", "kysella"),
    ],
)
def test_a_word_may_be_a_case_of_its_base(word, base):
    assert base in base_forms(word)
    assert base_forms(word)[0] == base_forms(word)[0].lower()


def test_short_words_keep_their_endings():
    assert "kys" not in base_forms("kysellä")


def test_names_are_called_without_forms_and_asides():
    found = phrases_of(Text("Kainuun mittaus (CEMIS) Oy", "CEMIS – measurement in Kainuu (closed)"))
    assert found == {
        "kainuun mittaus": True,
        "cemis": True,
        "kainuun": False,
        "cemis measurement in kainuu": True,
    }


@pytest.mark.parametrize("asked", ["{}", "Mitä {} tekee?", "What does {} do?", "{}n yhteystiedot"])
def test_what_is_called_by_name_comes_first(small_matcher, asked):
    assert first_of(small_matcher, asked.format("Sleepy")) == ("good", "companies/sleepy")


def test_who_asks_more_gets_more(small_matcher):
    called = small_matcher.callers.called(small_matcher.understand("Does Sleepy sell horses?"))
    assert called.whole
    assert not called.alone


def test_a_story_tells_of_names_and_asks_for_none(small_matcher):
    answer = small_matcher.match("Sleepy", context="We buy from Sleepy.", today=TODAY)
    assert not small_matcher.callers.called(answer.query).records


def test_a_contact_is_called_by_name(small_matcher):
    contact = small_matcher.index.corpus.contacts["contacts/lab-desk"]
    answer = small_matcher.match(f"Mikä on {contact.name.fi} numero?", today=TODAY)
    assert answer.state == "good"
    assert answer.contacts[0].contact == contact
    assert answer.contacts[0].called


@pytest.mark.slow
def test_every_company_organisation_and_contact_is_found_by_its_name(real_matcher):
    """Half of the companies were not, while names were only compared (docs/matching.md)."""
    corpus = real_matcher.index.corpus
    for doc_id, record in corpus.records.items():
        if record.table not in BODIES:
            continue
        plain = re.sub(r"\s*\(.*?\)|\s+(Oyj|Oy|Ltd|Osk\.|ry)$", "", record.name.fi).split(" – ")[0]
        answer = real_matcher.match(f"Mitä {plain} tekee?", today=TODAY)
        assert answer.state == "good", plain
        assert doc_id in [match.record.doc_id for match in answer.resources[:2]], plain
    for contact in corpus.contacts.values():
        answer = real_matcher.match(f"Mikä on {contact.name.fi} yhteystieto?", today=TODAY)
        assert answer.contacts[0].called, contact.name.fi
        assert contact in [match.contact for match in answer.contacts], contact.name.fi


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Missä Optomed sijaitsee?", "companies/optomed"),
        ("When was Kipuwex founded?", "companies/kipuwex"),
        ("Mikä on Bittiumin liikevaihto?", "companies/bittium"),
        ("Onko Medanets myyty?", "companies/medanets"),
        ("puhelinnumero Business Kuopioon", "organisations/business-kuopio"),
        ("OYSin yhteyshenkilö", "organisations/oulu-university-hospital"),
    ],
)
def test_whatever_is_asked_of_a_name_it_comes_first(real_matcher, question, first):
    answer = real_matcher.match(question, today=TODAY)
    assert answer.resources[0].record.doc_id.startswith(first)
    regions = set(answer.resources[0].record.region_ids)
    assert all(match.region.region_id in regions for match in answer.regions[:1])


@pytest.mark.slow
@pytest.mark.parametrize(
    "question",
    ["Jarmo Reposen sähköposti", "Missä Jarmo Reponen on töissä?", "Reponen", "Kuka on Reponen?"],
)
def test_a_person_is_named_in_the_first_sentence(real_matcher, question):
    answer = real_matcher.match(question, today=TODAY)
    assert answer.named == (answer.contacts[0].contact.doc_id,)
    assert summary(answer).startswith("Jarmo Reponen:")


@pytest.mark.slow
@pytest.mark.parametrize(("surname", "count"), [("Perälä-Heape", 1), ("Gröhn", 2)])
def test_a_surname_may_be_double_or_that_of_two(real_matcher, surname, count):
    answer = real_matcher.match(surname, today=TODAY)
    assert [surname in match.contact.name.fi for match in answer.contacts[:count]] == [True] * count


@pytest.mark.slow
def test_what_is_asked_by_name_alone_is_answered_with_what_has_to_do_with_it(real_matcher):
    answer = real_matcher.match("mitä tekee Emfit", today=TODAY)
    assert [match.record.name.fi for match in answer.resources] == ["Emfit Oy"]
    answer = real_matcher.match("Vertaa Medanetsia ja Monidoria", today=TODAY)
    said = summary(answer)
    assert said.startswith("Rinnakkain: Medanets Oy")
    assert "Monidor Oy" in said


@pytest.mark.slow
@pytest.mark.parametrize("place", ["Kuopiossa", "Oulussa", "Turussa", "Kainuussa"])
def test_a_place_calls_nothing(real_matcher, place):
    """ "Charles River (Kuopio)" came first, whatever the conversation was about."""
    query = real_matcher.understand(f"Entä {place}?", today=TODAY)
    assert not real_matcher.callers.called(query).records


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "first"),
    [("Findatan hinta", "tools/findata-pricing"), ("Oura hinta", "companies/oura-health")],
)
def test_what_a_service_costs_may_be_told_by_another_record_of_it(real_matcher, question, first):
    answer = real_matcher.match(question, today=TODAY)
    assert answer.resources[0].record.doc_id == first
    assert answer.state == "good"


@pytest.mark.slow
@pytest.mark.parametrize("question", ["THL contact person", "Sitra email"])
def test_nobody_elsewhere_is_the_contact_of_what_was_named(real_matcher, question):
    answer = real_matcher.match(question, today=TODAY)
    named = answer.resources[0].record.doc_id.partition("/")[2]
    assert all(match.contact.organisation_id == named for match in answer.contacts)
    assert answer.contacts or "no_contact" in [notice.key for notice in answer.notices]


@pytest.mark.slow
def test_the_name_of_a_subject_keeps_what_else_is_on_it(real_matcher):
    question = "Who works on federated learning between hospitals?"
    answer = real_matcher.match(question, today=TODAY)
    assert answer.resources[0].record.name.en.startswith("Federated learning between hospitals")
    assert len(answer.resources) > 3
    assert len(answer.contacts) > 1
