"""Politics, commands to write and questions on one's own data are no questions for the corpus."""

from __future__ import annotations

import pytest
from corpus_files import SHIPPED
from hypothesis import given
from hypothesis import strategies as st

from hytki_match.answers.summary import summary
from hytki_match.corpus import load_corpus
from hytki_match.matching.beyond import beyond_kind
from hytki_match.matching.intents import chat_kind

POLITICS = [
    "SDP vai kokoomus, kumpi hoitaa soten paremmin",
    "Onko Orpon hallituksen sote-leikkaukset hyvä asia",
    "ketä kannattaa äänestää aluevaaleissa",
    "Mitä puoluetta minun pitäisi äänestää?",
    "Mitä mieltä olet hallituksesta?",
    "Mikä puolue on paras?",
    "Kuka voitti vaalit",
    "who should I vote for",
    "Which party is best for health care?",
    "Is the government's health reform a good idea?",
    "Who won the Finnish election?",
    "Should I vote for the Social Democrats or the Finns Party?",
]
COMMANDS = [
    "Kirjoita hakemus Business Finlandille puolestani",
    "Voitko kirjoittaa minulle saatekirjeen?",
    "laadi rahoitushakemus",
    "Hei, tee mulle essee tekoälystä",
    "Voisitko tehdä minulle cv:n",
    "kirjoita runo kissasta",
    "Kirjoita python-skripti, joka lukee tiedoston",
    "täytä lomake puolestani",
    "write an application for me",
    "write a python script",
    "Write a python script that scrapes Findata",
    "Please write me a cover letter",
    "Can you draft an email to the hospital director?",
    "I want you to write an essay on health data",
    "Could you compose a poem about saunas",
    "fill in the application on my behalf",
]
OWN_DATA = [
    "haluan poistaa omat tietoni teidän järjestelmästä",
    "Poistakaa kysymykseni",
    "Miten poistan tietoni tästä palvelusta?",
    "tallennatteko kysymykseni?",
    "Tallentuuko mun kysymys johonkin",
    "myyttekö tietojani eteenpäin",
    "Mihin kysymykseni menee?",
    "Mitä teette tiedoillani?",
    "Kuka näkee mitä kirjoitan tähän?",
    "Onko tämä keskustelu luottamuksellinen?",
    "Kerätäänkö minusta tietoja täällä",
    "Missä on teidän tietosuojaseloste?",
    "is my data sold?",
    "is my data sold to americans?",
    "what do you do with my question",
    "Do you store my questions?",
    "Are my searches logged?",
    "who can see what I type here?",
    "How can I delete my data from this service?",
    "Please erase my information",
    "Is this chat confidential?",
    "Are you tracking me?",
    "Where is your privacy policy?",
    "What data do you collect about me?",
    "Saanko tietoni poistettua?",
    "remove my name from your database",
    "Miten saan yhteystietoni pois täältä?",
]
QUESTIONS = [
    "who helps to write a Horizon application",
    "hakemuksen kirjoittaminen EU-rahoitukseen, kuka auttaa",
    "Kuka auttaa kirjoittamaan rahoitushakemuksen?",
    "Kuka kirjoittaa hakemuksen puolestamme?",
    "Who could write the grant application for me?",
    "Help us draft a data management plan",
    "Create an application for home care with us",
    "Tee sovellus kotihoitoon, kuka osaa?",
    "Text generation for patient records",
    "Laadi kanssamme tutkimussuunnitelma: mikä biopankki on kumppani?",
    "political decision-making data",
    "Poliittisen päätöksenteon tietopohja",
    "sote-uudistuksen data",
    "hallituksen jäseneksi terveysteknologian yritykseen",
    "Government grants for health technology",
    "Ministry guidance on the secondary use of data",
    "Lääketieteen leikkauksien data",
    "Who advises the board of a start-up?",
    "Third-party access to registry data",
    "Who votes on data permits in the ethics committee?",
    "MyData: how can citizens delete their data",
    "Miten kansalainen voi poistaa omat tietonsa?",
    "Where can I store my data so that it is safe?",
    "Who can analyse my data?",
    "I want to share my data with researchers",
    "How do I delete my data from Kanta?",
    "Miten poistan omat tietoni Kannasta?",
    "Mihin voin tallentaa tutkimukseni tiedot?",
    "tietosuojaselosteen laatiminen tutkimukselle",
    "Who writes privacy policies for health apps?",
    "My question is who stores biobank samples in Turku",
    "Onko tämä laite luotettava?",
    "Is my data used for research in Finland?",
    "Käytetäänkö tietojani tutkimukseen biopankissa?",
    "Is it a good idea to use government health registers?",
    "Are there services in which I decide who sees my data?",
    "Mistä löytyy palvelu, jossa itse päätän, kuka näkee tietoni?",
]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, "beyond") for text in POLITICS + COMMANDS),
        *((text, "privacy") for text in OWN_DATA),
        *((text, None) for text in QUESTIONS),
    ],
)
def test_what_is_no_question_for_the_corpus(text, kind):
    assert chat_kind(text) == kind


@pytest.mark.parametrize("text", [POLITICS[0], COMMANDS[0], OWN_DATA[0], OWN_DATA[12]])
def test_it_gets_a_short_reply_and_no_match(small_matcher, text):
    answer = small_matcher.match(text)
    assert (answer.state, answer.talk) == ("chat", beyond_kind(text))
    assert answer.regions == answer.contacts == answer.resources == answer.notices == ()
    assert 100 < len(summary(answer)) < 400


def test_no_question_of_the_shipped_corpus_is_one():
    questions = [one.text for one in load_corpus(SHIPPED).questions if one.answers]
    assert [text for text in questions if beyond_kind(text)] == []


@given(st.text())
def test_any_text_is_judged(text):
    assert beyond_kind(text) in (None, "beyond", "privacy")
