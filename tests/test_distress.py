"""Who is in need of help is told whom to call; who works with such needs is matched."""

from __future__ import annotations

import re

import pytest
from corpus_files import SHIPPED
from hypothesis import given
from hypothesis import strategies as st

from hytki_match.answers.summary import summary
from hytki_match.corpus import load_corpus
from hytki_match.language.phrases import say
from hytki_match.matching.distress import is_crisis, is_urgent
from hytki_match.matching.intents import chat_kind
from hytki_match.records import LANGUAGES

EMERGENCIES = [
    "vaimo sai sydänkohtauksen soitanko ambulanssin",
    "Vaimoni on saanut sydänkohtauksen",
    "Isä sai aivoinfarktin",
    "Isällä on sydänkohtaus, mitä teen?",
    "äidillä taitaa olla aivoverenvuoto",
    "Meidän lapsi on yliannostanut buranaa, mitä tehdään",
    "Tyttäreni otti liikaa lääkkeitä",
    "otin liikaa särkylääkettä",
    "Sattuu rintaan ja vasen käsi puutuu, mitä teen",
    "Rintaan sattuu kovasti",
    "Mummolla on rintakipuja",
    "mulla puristaa rinnasta",
    "Isäni ei herää, huulet siniset, apua",
    "pojallani on kouristuksia",
    "lapsi nieli pariston mitä teen",
    "2-vuotias on niellyt napin",
    "poika joi lamppuöljyä",
    "siskon vauva tukehtuu",
    "Kaverini ei hengitä",
    "mies menetti tajuntansa",
    "isoäiti kaatui ja vuotaa verta päästä",
    "en saa henkeä",
    "soitanko ambulanssin",
    "Pitääkö soittaa 112?",
    "Ambulanssi tänne heti!",
    "my baby is choking",
    "I think my dad is having a stroke",
    "My wife just had a heart attack",
    "Dad had a stroke",
    "My 3 year old son swallowed a battery",
    "my grandmother has fallen and is bleeding from her head",
    "She’s not breathing",
    "my friend took too many pills",
    "I overdosed on paracetamol",
    "I have chest pain and my arm is numb",
    "My husband collapsed and won't wake up",
    "the baby drank bleach, what should I do",
    "should I call an ambulance?",
    "Someone is unconscious, call 112",
]

CRISES = [
    "Äiti on masentunut ja puhuu itsemurhasta",
    "ystäväni aikoo tehdä itsemurhan",
    "Pelkään että poikani tappaa itsensä",
    "vaimoni ei halua enää elää",
    "Kaveri uhkaa itsemurhalla",
    "en jaksa enää mitään, kaikki on turhaa",
    "en jaksa enää, kaikki on turhaa",
    "En jaksa enää.",
    "en halua elää",
    "my friend wants to kill himself",
    "My brother is talking about suicide",
    "my daughter is suicidal",
    "I can't go on anymore, everything is pointless",
    "there's no reason to live",
]

QUESTIONS = [
    "AI for stroke imaging",
    "sydänkohtauksen ennustaminen datalla",
    "who develops choking detection",
    "yliannostusten rekisteridata",
    "we develop a heart attack detector",
    "My father had a stroke, so we made an app for stroke rehabilitation",
    "Isäni sai aivoinfarktin, joten kehitimme kuntoutussovelluksen",
    "Äitini kaatui kotona viime vuonna: kuka tekee turvarannekkeita?",
    "Ranneke, joka soittaa ambulanssin, jos isä ei herää: kuka testaa sen?",
    "ambulanssien sijaintidata",
    "Who collects ambulance data in Oulu?",
    "tukehtumisen ehkäisy lapsilla",
    "verenvuotoa ehkäisevä lääke",
    "Bleeding control in surgery, who researches it?",
    "Lapset ja nuoret: mielenterveyden data",
    "My team needs registry data on heart attacks",
    "Tajuttoman potilaan seuranta",
    "itsemurhien ehkäisyn data",
    "suicide prevention research",
    "An app for young people whose friend is suicidal",
    "Ystäväni teki itsemurhan, ja haluan kehittää sovelluksen nuorille",
    "En jaksa enää tätä potilastietojärjestelmää, kuka kehittää parempaa?",
    "En jaksa enää kirjata samaa asiaa kolmeen järjestelmään",
    "I can't take our patient record system anymore",
]

NEAR = """
lapsi lapseni vauva vauvamme poika poikani tyttö tyttäreni äiti äitini isä isäni iskä vaimo
vaimoni mies mieheni puolisoni mummo mummoni mummi isoäitini vaari ukki pappa sisko veljeni
kaveri ystäväni naapuri anoppi serkku tyttöystäväni poikaystävä taapero lapsenlapseni
"""

HAVING = """
lapsella lapsellani pojalla tyttärellä tytöllä äidillä äidilläni isällä isälläni vaimollani
miehellä mummolla isoäidilläni ukilla siskolla veljelläni kaverilla ystävälläni mulla minulla
"""


@pytest.mark.parametrize("text", EMERGENCIES)
def test_an_emergency_is_told_from_its_subject(text):
    assert is_urgent(text)
    assert chat_kind(text) == "ill"


@pytest.mark.parametrize("text", CRISES)
def test_a_crisis_of_oneself_or_of_somebody_near(text):
    assert is_crisis(text)
    assert chat_kind(text) == "crisis"


@pytest.mark.parametrize("text", QUESTIONS)
def test_who_works_with_such_needs_is_searched(text):
    assert chat_kind(text) is None


@pytest.mark.parametrize("person", NEAR.split())
def test_who_is_near_may_be_anybody(person):
    assert is_urgent(f"{person} ei hengitä")
    assert chat_kind(f"{person} puhuu itsemurhasta") == "crisis"


@pytest.mark.parametrize("person", HAVING.split())
def test_who_has_it_may_be_anybody(person):
    assert is_urgent(f"{person} on rintakipua")
    assert is_urgent(f"{person} on varmaan sydänkohtaus")


def test_words_that_begin_like_somebody_near_are_nobody():
    for word in ("isännöitsijä", "ystävällinen", "äitiyshuolto", "lapsettomuus", "miehistö"):
        assert not is_urgent(f"{word} ei hengitä"), word


@pytest.mark.parametrize("text", [EMERGENCIES[0], EMERGENCIES[26]])
def test_an_emergency_gets_no_match_even_where_the_corpus_has_an_answer(small_matcher, text):
    answer = small_matcher.match(text)
    assert (answer.state, answer.talk, answer.resources) == ("chat", "ill", ())
    assert answer.regions == answer.contacts == answer.notices == ()
    assert "112" in summary(answer)


def test_a_part_of_a_longer_story_is_no_emergency(small_matcher):
    context = "My father had a stroke. We made an app for those who had one, and it needs tests."
    answer = small_matcher.match("My father had a stroke.", context=context)
    assert answer.state != "chat"


def test_no_question_of_the_shipped_corpus_is_one():
    questions = [one.text for one in load_corpus(SHIPPED).questions if one.answers]
    assert len(questions) > 4000
    assert [text for text in questions if is_urgent(text) or is_crisis(text)] == []


@given(st.text())
def test_any_text_is_judged(text):
    assert is_urgent(text) in (True, False)
    assert is_crisis(text) in (True, False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_to_call_does_not_break_over_a_line(language):
    said = say("chat.ill", language)
    assert {"116\N{NO-BREAK SPACE}117", "0800\N{NO-BREAK SPACE}147\N{NO-BREAK SPACE}111"} <= set(
        re.findall(r"\d+(?:\s\d+)+", said)
    )
