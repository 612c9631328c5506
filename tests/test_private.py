"""E-mail addresses, phone numbers and identity codes are cut out of what goes on to others."""

from __future__ import annotations

import pytest

from hytki_match.adviser.private import without_personal_data


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Marja (meidän toimari, marja.v@firma.example, p. 040 123 4567) sanoi, että pitäisi "
         "päästä juttelemaan.", "Marja (meidän toimari) sanoi, että pitäisi päästä juttelemaan."),
        ("Soita 040-1234567, niin kerron.", "Soita, niin kerron."),
        ("Call me (+358 40 123 4567) or write to jane@firm.example.", "Call me or write to."),
        ("Jukka Korhonen\nMuistiapp Oy\n050 765 4321\npuh. +358 (0)8 315 2011",
         "Jukka Korhonen\nMuistiapp Oy\n\n"),
        ("Tel: +44 20 7946 0958, London", "London"),
        ("Potilas 010190-123A kaatui.", "Potilas kaatui."),
    ],
)  # fmt: skip
def test_how_to_reach_somebody_is_cut(text, left):
    found = without_personal_data(text)
    assert not any(sign in found for sign in ("@", "123", "4567", "0958", "2011"))
    assert " ".join(found.split()).strip(" ,") == " ".join(left.split())


@pytest.mark.parametrize(
    "text",
    [
        "Budjetti on 40 000 euroa ja aikaa 0,5 vuotta.",
        "Data kattaa vuodet 2010-2025, 12 000 potilasta ja 0-100 pistettä.",
        "ISO 27001, IEC 62304 and 21 CFR Part 11; deadline 01.02.2027 or 2027-02-01.",
        "Y-tunnus 1234567-8",
        "n = 160, p < 0.001, 95 % CI 0.82 to 0.91",
        "Sensors cost +15 percent; 007 is a film.",
        "Follow us @hytki",
    ],
)
def test_other_numbers_stay(text):
    assert without_personal_data(text) == text
