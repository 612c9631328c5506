"""Finnish places that the corpus does not cover: told as such, and only where one is meant."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from hytki_match.answers import answer_to_json, answer_to_markdown, answer_to_text
from hytki_match.matching.notices import notices
from hytki_match.matching.outside import find_outside, uncovered
from hytki_match.records import Query
from hytki_match.web.view import answer_view


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Rovaniemi etälääkäri", ["Rovaniemi"]),
        ("työhyvinvointi datalla, lahti", ["Lahti"]),
        ("Joensuussa asuva tutkija", ["Joensuu"]),
        ("Seinäjoelta tai Lappeenrannasta Poriin", ["Seinäjoki", "Lappeenranta", "Pori"]),
        ("companies in Finnish Lapland", ["Lappi | Lapland"]),
        ("Finns det hjälp i Björneborg eller Vasa?", ["Pori", "Vaasa"]),
        ("Etelä-Pohjanmaalla", ["Etelä-Pohjanmaa | South Ostrobothnia"]),
        ("South Ostrobothnia", ["Etelä-Pohjanmaa | South Ostrobothnia"]),
        ("Kouvolasta Lahteen", ["Kouvola", "Lahti"]),
        # In a region of the corpus.
        ("North Ostrobothnia, pohjois pohjanmaalla, Pohjois-Pohjanmaan", []),
        ("Lapinlahdelta", []),
        ("Oulu, Salo, Varkaus", []),
        # Other words.
        ("kemian alan yritys", []),
        ("kuka lähti Ouluun, lähden huomenna", []),
        ("käyty läpi", []),
        ("satakunta potilasta", []),
        ("meren lahteen", []),
        ("kuka on Aki Lahti", []),
        ("porina ja kotka", []),
        ("ei Lahdesta", []),
        ("", []),
    ],
)
def test_places_outside_the_regions(text, names):
    assert [place.value for place in find_outside(text)] == names


def test_a_record_that_speaks_of_a_place_covers_it(small_matcher):
    record = next(iter(small_matcher.index.corpus.records.values()))
    assert [name.en for name in uncovered("Lapissa ja Lahdessa", [record])] == ["Lapland", "Lahti"]
    there = replace(record, description=replace(record.description, fi="Toimii Lapissa."))
    assert [name.en for name in uncovered("Lapissa ja Lahdessa", [there])] == ["Lahti"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "synteettistä potilasdataa Rovaniemellä",
            "Aineisto ei kata kysyttyä paikkaa (Rovaniemi).",
        ),
        (
            "synthetic patient data in Lapland",
            "does not cover the place that was asked for (Lapland)",
        ),
    ],
)
def test_every_rendering_says_it_and_no_limit_comes_of_it(small_matcher, question, said):
    answer = small_matcher.match(question, today=date(2026, 1, 15))
    assert not answer.query.constraints
    assert not {"Rovaniemellä", "Lapland"} & set(answer.unmatched)
    told = json.loads(answer_to_json(answer))["notices"]
    assert said in " ".join(one["text"] for one in told)
    assert {one["key"] for one in told} >= {"outside"}
    assert said in " ".join(answer_view(answer)["notices"])
    for text in (answer_to_text(answer), answer_to_markdown(answer).replace("\\", "")):
        assert said in " ".join(text.split())


def test_nothing_is_said_beside_a_refusal(small_matcher):
    query = Query("Rovaniemi", "fi")
    corpus = small_matcher.index.corpus
    assert not notices(query, (), (), "none", corpus)
    assert [one.key for one in notices(query, (), (), "good", corpus)] == ["outside"]
