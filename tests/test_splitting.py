"""From the text of a need to its parts."""

from __future__ import annotations

import pytest
from fake_encoder import FakeEncoder

from hytki_match.adviser.splitting import asks_for_researchers, split_need

NEED = (
    "Olemme pieni yritys ja haluamme auttaa nukkumaan. Laite on valmis. "
    "Tarvitsemme jonkun, joka mittaa unta. Etsimme myös sairaalan dataa tutkimukseen."
)


def split(text, language="fi"):
    return list(split_need(text, language, FakeEncoder()))


@pytest.mark.parametrize(
    ("language", "text", "parts"),
    [
        (
            "fi",
            NEED,
            ["Tarvitsemme jonkun, joka mittaa unta.", "Etsimme myös sairaalan dataa tutkimukseen."],
        ),
        (
            "fi",
            "Teemme kenkiä. Tarvitsemme ulkopuolisen testin oikeilla juoksijoilla ja mielellään "
            "jonkun, joka varmistaa anturin tarkkuuden.",
            [
                "Tarvitsemme ulkopuolisen testin oikeilla juoksijoilla",
                "Mielellään jonkun, joka varmistaa anturin tarkkuuden",
            ],
        ),
        (
            "fi",
            "Tarvitsemme apua tietosuojaan, rahoituksen hakemiseen ja testien järjestämiseen.",
            ["Tarvitsemme apua tietosuojaan", "Rahoituksen hakemiseen", "Testien järjestämiseen"],
        ),
        (
            "en",
            "We make shoes and hope to grow. Last year was good. We need a lab that measures gait, "
            "and a lawyer who knows device law. Who could fund exports?",
            [
                "We need a lab that measures gait",
                "A lawyer who knows device law",
                "Who could fund exports?",
            ],
        ),
        (
            "en",
            "We want to show that it works. First, we need lawful hospital data. "
            "The records are large, but we do not know how to store them.",
            [
                "First, we need lawful hospital data.",
                "The records are large, but we do not know how to store them.",
            ],
        ),
        (
            "en",
            "Our list:\n- a test bed for sensors\n- export funding",
            ["a test bed for sensors", "export funding"],
        ),
        (
            "en",
            "Goals: connect the systems, cut double work, and train the staff.",
            ["Connect the systems", "Cut double work", "Train the staff"],
        ),
        (
            "fi",
            "Tarvitsemme: 1) testiympäristön, 2) rahoitusta, 3) tietosuojaneuvontaa.",
            ["Testiympäristön", "Rahoitusta", "Tietosuojaneuvontaa"],
        ),
        (
            "en",
            "What is missing is a clinical partner who would run a small trial, plus somebody to "
            "handle the ethics paperwork.",
            [
                "What is missing is a clinical partner who would run a small trial",
                "Plus somebody to handle the ethics paperwork",
            ],
        ),
        ("fi", "unidata", ["unidata"]),
        (
            "en",
            "It works at home, but nobody has compared it with a lab. We need that first. "
            "Manufacturing is unsolved as well.",
            [
                "It works at home, but nobody has compared it with a lab. We need that first.",
                "Manufacturing is unsolved as well.",
            ],
        ),
        (
            "fi",
            "Laite on valmis. Sitä on kokeiltava ennen kesää oikeassa kodissa. Oma palvelin ei "
            "jaksa opetusta. Aiomme kasvaa, ja siihen tarvitsemme kumppanin, joka tuntee viennin.",
            [
                "Sitä on kokeiltava ennen kesää oikeassa kodissa.",
                "Oma palvelin ei jaksa opetusta.",
                "Aiomme kasvaa, ja siihen tarvitsemme kumppanin, joka tuntee viennin.",
            ],
        ),
        (
            "fi",
            "Tehdään sovellusta ja mummo tykkäs. Ei me tiedetä saako lääketietoja ees säilyttää. "
            "Pitäis myös päästä kokeilemaan jossain palvelutalossa. Jos joku osais sanoo, toimiiko "
            "puhe oikeesti muistisairailla.",
            [
                "Ei me tiedetä saako lääketietoja ees säilyttää.",
                "Pitäis myös päästä kokeilemaan jossain palvelutalossa.",
                "Jos joku osais sanoo, toimiiko puhe oikeesti muistisairailla.",
            ],
        ),
        (
            "en",
            "Doctors asked for an evaluation: what it costs, and what happens to the queues.",
            ["Doctors asked for an evaluation: what it costs, and what happens to the queues."],
        ),
        (
            "fi",
            "Tarpeemme lyhyesti:\n1. Unidatan analysointi\n2. Kumppani työterveydestä\n3. Tukea",
            ["Unidatan analysointi", "Kumppani työterveydestä", "Tukea"],
        ),
        (
            "en",
            "A data set is missing, and ours covers light skin only.",
            ["A data set is missing, and ours covers light skin only."],
        ),
        (
            "fi",
            "moi! tehään pelejä kuntoutukseen. ei oikeen tiedetä onko tää laite vai ei. sit pitäis "
            "saada testattuu potilailla, esim. kotona. ruotsiin ois tarkotus mennä. terv. Jani",
            [
                "ei oikeen tiedetä onko tää laite vai ei.",
                "sit pitäis saada testattuu potilailla, esim. kotona.",
                "ruotsiin ois tarkotus mennä.",
            ],
        ),
        (
            "en",
            "The tool reads images. It is a device; we have no quality system and no "
            "idea how long it takes. Is there any free course about privacy for our team.",
            [
                "It is a device; we have no quality system and no idea how long it takes.",
                "Is there any free course about privacy for our team.",
            ],
        ),
    ],
)
def test_a_need_is_split_where_it_asks_and_the_background_left_out(language, text, parts):
    assert split(text, language) == parts


def test_what_is_asked_twice_is_one_part():
    text = "Tarvitsemme unen mittausta kotona. Kenkiä on. Kaipaamme unen mittausta kotona."
    assert split(text)[0] == ("Tarvitsemme unen mittausta kotona. Kaipaamme unen mittausta kotona.")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Tarvitsemme tutkijoita, jotka tarkistavat mittauksen.", True),
        ("Haemme tutkimusryhmää kumppaniksi", True),
        ("We want to understand from research how tiredness grows", True),
        ("We need scientists who know sleep", True),
        ("Emme tiedä, miten tutkimusluvat saadaan", False),
        ("Market research in Finland", False),
        ("Laite on tutkittava oikeassa kodissa", False),
    ],
)
def test_who_asks_for_researchers_is_understood(text, asked):
    assert asks_for_researchers(text) == asked
