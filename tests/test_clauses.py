"""One sentence that asks, cut into the things that it asks for."""

from __future__ import annotations

import pytest

from hytki_match.adviser.asking import asking
from hytki_match.adviser.clauses import clauses_of


@pytest.mark.parametrize(
    ("language", "text", "parts"),
    [
        (
            "en",
            "We need help with MDR certification and finding pilot hospitals.",
            ["We need help with MDR certification", "We need help with finding pilot hospitals"],
        ),
        (
            "en",
            "We need help with a clinical trial and with applying for EU funding.",
            ["We need help with a clinical trial", "We need help with applying for EU funding"],
        ),
        (
            "en",
            "We need a clinic to test it with stroke patients and a lab to validate the sensors.",
            [
                "We need a clinic to test it with stroke patients",
                "A lab to validate the sensors",
            ],
        ),
        (
            "en",
            "We want to test the app with patients and find out whether it is a medical device.",
            [
                "We want to test the app with patients",
                "We want to find out whether it is a medical device",
            ],
        ),
        (
            "fi",
            "Tarvitsemme apua MDR-sertifiointiin ja pilottisairaaloiden löytämiseen.",
            [
                "Tarvitsemme apua MDR-sertifiointiin",
                "Tarvitsemme apua pilottisairaaloiden löytämiseen",
            ],
        ),
        (
            "fi",
            "Kaipaamme apua tietosuojan vaikutustenarviointiin ja tietoturvatestaukseen.",
            [
                "Kaipaamme apua tietosuojan vaikutustenarviointiin",
                "Kaipaamme apua tietoturvatestaukseen",
            ],
        ),
        (
            "fi",
            "Haluaisimme kokeilla sitä potilailla ja selvittää, onko se lääkinnällinen laite.",
            [
                "Haluaisimme kokeilla sitä potilailla",
                "Haluaisimme selvittää, onko se lääkinnällinen laite",
            ],
        ),
        (
            "fi",
            "Etsimme sairaalaa, jolta saisi kuvia iholta, ja laskentatehoa mallien opettamiseen.",
            [
                "Etsimme sairaalaa, jolta saisi kuvia iholta",
                "Laskentatehoa mallien opettamiseen",
            ],
        ),
        (
            "fi",
            "Tarvitsemme käyttäjätestaajia ja apua patentointiin sekä rahoituksen hakemiseen.",
            [
                "Tarvitsemme käyttäjätestaajia",
                "Apua patentointiin",
                "Apua rahoituksen hakemiseen",
            ],
        ),
        (
            "en",
            "We need testers and help with the medical file and with finding funding.",
            [
                "We need testers",
                "We need help with the medical file",
                "We need help with finding funding",
            ],
        ),
        (
            "fi",
            "Yksi tilaaja vaatii ISO 13485:n ja tietoturva-auditoinnin ennen kuin ostaa.",
            [
                "Yksi tilaaja vaatii ISO 13485:n",
                "Yksi tilaaja vaatii tietoturva-auditoinnin ennen kuin ostaa",
            ],
        ),
        (
            "fi",
            "Tarvitsemme ihotautilääkärin ja kuva-aineiston.",
            [
                "Tarvitsemme ihotautilääkärin",
                "Tarvitsemme kuva-aineiston",
            ],
        ),
        (
            "fi",
            "Haluaisimme palkata tutkijan ja saada rahoitusta laitehankintaan.",
            [
                "Haluaisimme palkata tutkijan",
                "Haluaisimme saada rahoitusta laitehankintaan",
            ],
        ),
        (
            "fi",
            "Kaipaamme tekoälyosaajaa ja jonkun, joka hoitaisi luvat.",
            [
                "Kaipaamme tekoälyosaajaa",
                "Jonkun, joka hoitaisi luvat",
            ],
        ),
        (
            "fi",
            "Olisi kiva kuulla, kuka auttaisi CE-merkinnässä ja kuka tuntee Saksan markkinat.",
            [
                "Olisi kiva kuulla, kuka auttaisi CE-merkinnässä",
                "Olisi kiva kuulla, kuka tuntee Saksan markkinat",
            ],
        ),
        (
            "en",
            "We need a ward and an ethics lawyer.",
            [
                "We need a ward",
                "We need an ethics lawyer",
            ],
        ),
        (
            "en",
            "We'd like to hear who tests radios and who could write the risk file.",
            [
                "We'd like to hear who tests radios",
                "We'd like to hear who could write the risk file",
            ],
        ),
        (
            "en",
            "We need electrical safety help and somebody who knows the French market.",
            [
                "We need electrical safety help",
                "Somebody who knows the French market",
            ],
        ),
        (
            "en",
            "We need a gait lab and help with reimbursement.",
            ["We need a gait lab", "Help with reimbursement"],
        ),
        (
            "en",
            "We need expert advice on pricing and access to a price register.",
            [
                "We need expert advice on pricing",
                "Access to a price register",
            ],
        ),
    ],
)
def test_two_asks_of_one_sentence_are_two_parts(language, text, parts):
    """Both were covered by one partner that serves only one of them."""
    assert list(clauses_of(text, asking(language))) == parts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We need help with sleep and heart rate data."),
        ("en", "We need help with collecting and analysing data."),
        ("en", "We need help with planning and running a clinical trial."),
        ("en", "We need help with storing sleep data and sharing it with researchers."),
        ("en", "We need support for people living with dementia and caring for relatives."),
        ("en", "We need help in understanding the market and pricing."),
        ("en", "We need a device for measuring sleep and tracking heart rate."),
        ("en", "We are looking for a hospital with a ward and a lab."),
        ("fi", "Tarvitsemme apua uni- ja sykedatan analysointiin."),
        ("fi", "Tarvitsemme apua datan keräämiseen ja analysointiin."),
        ("fi", "Tarvitsemme apua unen ja sykkeen mittaamiseen."),
        ("fi", "Tarvitsemme apua integraatioon Kantaan ja alueen potilastietojärjestelmään."),
        ("fi", "Tarvitsemme apua hakemuksen kirjoittamiseen ja sen lähettämiseen."),
        ("fi", "Etsimme rahoitusta vientiin, ja asiakkaita löytyy jo Ruotsista."),
        ("en", "We need a nurse who listens and who has time."),
        ("en", "We need a nurse to try it and help with the analysis."),
        ("en", "We want a fast and a cheap test."),
        ("en", "We need a hospital with a ward and a data team."),
        ("fi", "Tarvitsemme unen ja sykkeen mittauksen."),
        ("fi", "Tarvitsemme tiedon keräämisen ja tallentamisen."),
        ("fi", "Tarvitsemme sairaalan ja terveyskeskuksen kokeiluun."),
        ("fi", "Etsimme kokeneita hoitajia ja lääkäreitä."),
        ("fi", "Kaipaamme asiantuntemusta tietosuojasta ja tietoturvasta."),
        ("fi", "Haluaisimme nähdä tulokset ja saada ne taulukkoon."),
        ("fi", "Tarvitsemme rahaa ja apua."),
    ],
)
def test_what_is_done_to_one_thing_and_a_list_of_nouns_is_one_part(language, text):
    assert list(clauses_of(text, asking(language))) == [text]
