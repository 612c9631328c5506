"""Regions named in a question, as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from hytki_match.matching.places import named_regions, town_in


@pytest.mark.parametrize(
    ("question", "regions"),
    [
        ("Kuka auttaa Oulussa?", ("oulu",)),
        ("oulusta", ("oulu",)),
        ("Oulun seudulla", ("oulu",)),
        ("OULU", ("oulu",)),
        ("Pohjois-Savosta ja Turun seudulta", ("kuopio", "turku")),
        ("Turussa", ("turku",)),
        ("turkulainen yritys", ("turku",)),
        ("jyvaskylassa", ("jyvaskyla",)),
        ("Keski-Suomen", ("jyvaskyla",)),
        ("in Central Finland", ("jyvaskyla",)),
        ("Kajaanissa tai Vuokatissa", ("kainuu",)),
        ("Kainuuseen", ("kainuu",)),
        ("Kuopiostakin", ("kuopio",)),
        ("Tampereella", ("tampere",)),
        ("Helsingissä", ("helsinki",)),
        ("Turku's hospitals", ("turku",)),
        ("North Ostrobothnia", ("oulu",)),
        ("Varsinais-Suomessa", ("turku",)),
        ("Kempeleessä, Raahesta ja Haukiputaalla", ("oulu",)),
        ("Liedosta, Paraisilla tai Raisioon", ("turku",)),
        ("Muuramessa tai Muurameen", ("jyvaskyla",)),
        ("Kiuruvedellä, Puolangalta", ("kuopio", "kainuu")),
        ("raisiolainen pienyritys", ("turku",)),
        ("turkulaista sairaalaa", ("turku",)),
        ("oululaisten ja kuopiolaisilta", ("oulu", "kuopio")),
        ("koululaisten kunto", ()),
        ("i Uleåborg, Tammerfors och Helsingfors", ("oulu", "tampere", "helsinki")),
        ("Kajana", ("kainuu",)),
        ("Egentliga Finland", ("turku",)),
        ("Oulunkylän kirjasto", ()),
        ("salonki", ()),
        ("kuopia", ()),
        ("", ()),
    ],
)
def test_named_regions(question: str, regions: tuple[str, ...]) -> None:
    assert named_regions(question) == regions


@pytest.mark.parametrize(
    ("words", "town"),
    [
        ("Salossa", "salo"),
        ("in Iisalmi", "iisalm"),
        ("Vuokatissa", "vuokat"),
        ("Turussa", ""),
        ("Pohjois-Savosta", ""),
        ("Kajaanissa", ""),
        ("Rovaniemellä", ""),
    ],
)
def test_a_town_is_told_from_its_region(words, town):
    assert town_in(words) == town


@pytest.mark.slow
def test_what_is_in_the_town_comes_first(real_matcher):
    answer = real_matcher.match("yrityksiä Salosta", today=date(2026, 1, 1))
    texts = [match.record.description.fi + match.record.name.fi for match in answer.resources]
    assert ["Salo" in text for text in texts[:3]] == [True] * 3
