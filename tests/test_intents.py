"""How a question asks, and what is only talk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hytki_match.matching.distress import is_own_illness
from hytki_match.matching.intents import MAX_CHAT_WORDS, chat_kind, intent_of


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("Kenelle soitan unesta?", "contact"),
        ("Who do I call about sleep?", "contact"),
        ("Missä mitataan unta?", "where"),
        ("Which region tests robots?", "where"),
        ("Milloin on seuraava tapahtuma?", "when"),
        ("Kuka mittaa unta?", "who"),
        ("Compare Oulu and Turku", "compare"),
        ("Vertaa Oulua ja Turkua", "compare"),
        ("Näytä lisää", "more"),
        ("Miksi juuri nämä?", "why"),
        ("testing of devices", "what"),
        ("Who and where?", "where"),  # the order of kinds decides
        ("whole wherever", "what"),
    ],
)
def test_how_a_question_asks(question, intent):
    assert intent_of(question) == intent


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Moi!", "greeting"),
        ("Good morning", "greeting"),
        ("Kiitos paljon avusta", "thanks"),
        ("Thanks, that was very helpful!", "thanks"),
        ("heihei", "bye"),
        ("thanks, bye", "bye"),
        ("Kiitos ja näkemiin!", "bye"),
        ("ok kiitos hei", "thanks"),
        ("kiitti, olit iso apu", "thanks"),
        ("kiitos, tästä oli hyötyä", "thanks"),
        ("Kiitos, oli todella hyödyllistä", "thanks"),
        ("tack för hjälpen", "thanks"),
        ("Thank you, this was really useful", "thanks"),
        ("Kiitos, kenelle tästä olisi hyötyä?", None),
        ("Is this useful for hospitals? Thanks", None),
        ("big data", None),
        ("Kuka sä oikein olet?", "about"),
        ("What can you do?", "about"),
        ("Oletko sinä ChatGPT?", "about"),
        ("A workshop on ChatGPT", None),
        ("onko nää tiedot ajan tasalla?", "fresh"),
        ("Where does this information come from?", "fresh"),
        ("oon masentunut, mistä saan apua", "crisis"),
        ("sovellus masentuneille nuorille", None),
        ("Who maintains this service?", "owner"),
        ("Onko tämä virallinen palvelu?", "owner"),
        ("Ilmoita virheestä", "mistake"),
        ("How do I opt out of biobank?", "own_data"),
        ("Kuka katsoo minun potilastietojani luvatta", "own_data"),
        ("väärin", "wrong"),
        ("Not what I meant!", "wrong"),
        ("What is wrong with our data?", None),
        ("kerro vitsi", "smalltalk"),
        ("En jaksa enää elää", "crisis"),
        ("I don’t want to live", "crisis"),
        ("A tool that flags suicidal thoughts in patients", None),
        ("Tunnistamme itsetuhoisia nuoria datasta, kuka auttaa?", None),
        ("Hei, kuka mittaa unta?", None),
        ("Thanks, and who tests robots?", None),
        ("Hi-tech", None),
        ("terveysdata", None),
        ("", None),
        ("?!", None),
        ("hei " * (MAX_CHAT_WORDS + 1), None),
    ],
)
def test_talk_is_told_from_questions(text, kind):
    assert chat_kind(text) == kind


@given(st.text())
def test_any_text_is_talk_or_a_question(text):
    assert chat_kind(text) in (
        None,
        "greeting",
        "thanks",
        "bye",
        "about",
        "fresh",
        "mistake",
        "owner",
        "own_data",
        "wrong",
        "smalltalk",
        "attack",
        "crisis",
        "ill",
        "beyond",
        "privacy",
        "restart",
    )
    assert intent_of(text)


@pytest.mark.parametrize(
    ("text", "is_own"),
    [
        ("minulla on kova rintakipu, mitä teen", True),
        ("Isäni ei saa henkeä", True),
        ("I’ve got chest pain", True),
        ("my child has a fever and seizures", True),
        ("rintakipupotilaiden datan analysointi", False),
        ("a start-up that predicts heart attacks", False),
        ("who measures sleep in Oulu", False),
    ],
)
def test_own_illness_is_told_from_its_subject(text, is_own):
    assert is_own_illness(text) == is_own
