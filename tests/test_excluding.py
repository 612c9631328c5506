"""What a question rules out, and that it stays out of the answer."""

from __future__ import annotations

from datetime import date

import pytest

from hytki_match.matching.limits import find_limits

TODAY = date(2026, 1, 15)
NAMES = {"oura": ["companies/oura"], "polar": ["companies/polar"]}


def limits(question, without=()):
    regions = ("oulu", "turku")
    return find_limits(
        question, "en", regions, TODAY, without, lambda words: NAMES.get(words.casefold(), [])
    )


def unwanted(question):
    return [limit.key.removeprefix("not:") for limit in limits(question).unwanted]


@pytest.mark.parametrize(
    ("question", "keys", "left"),
    [
        ("Unta, ei yrityksiä", ["kind:companies"], "Unta"),
        ("Ei yrityksiä tai tapahtumia", ["kind:companies", "kind:events"], ""),
        ("sleep, no events please", ["kind:events"], "sleep please"),
        ("Emme etsi rahoitusta, vaan kumppania", ["kind:funding"], ", vaan kumppania"),
        ("sleep but not companies", ["kind:companies"], "sleep"),
        ("Kaikki, yrityksiä lukuun ottamatta", ["kind:companies"], "Kaikki,"),
        ("Unta, ei Oulusta tai Turusta", ["region:oulu", "region:turku"], "Unta,"),
        ("sleep, not in Turku", ["region:turku"], "sleep,"),
        ("Kuka mittaa unta paitsi Oura?", ["record:companies/oura"], "Kuka mittaa unta ?"),
        ("unta, Ouraa lukuun ottamatta", ["words:ouraa"], "unta,"),
        ("rings other than Oura", ["record:companies/oura"], "rings"),
        (
            "rings except Oura and Polar",
            ["record:companies/oura", "record:companies/polar"],
            "rings",
        ),
        ("not Oura", ["record:companies/oura"], ""),
        ("muita kuin turkulaisia biopankkeja", ["region:turku"], "biopankkeja"),
        ("ei-oululaisia osaajia", ["region:oulu"], "osaajia"),
        ("Turun ulkopuolelta unta", ["region:turku"], "unta"),
        ("testing, pois lukien Oulu ja Turku", ["region:oulu", "region:turku"], "testing,"),
        ("sydändataa mut ei turust", ["region:turku"], "sydändataa"),
        ("muut biopankit kuin Oura", ["record:companies/oura"], "muut biopankit"),
        ("muuta kuin Oura unen mittaukseen", ["record:companies/oura"], "unen mittaukseen"),
        ("unta, ei Oura eikä Polar", ["record:companies/oura", "record:companies/polar"], "unta"),
        ("en tarvii yrityksiä enkä tapahtumia", ["kind:companies", "kind:events"], ""),
        ("Anything but companies in sleep", ["kind:companies"], "in sleep"),
        ("puettavat laitteet, mutta ei kelloja", ["words:kelloja"], "puettavat laitteet,"),
        ("wearables, no watches", ["words:watches"], "wearables"),
        ("sleep, no companies, except Oura", ["kind:companies"], "sleep, except Oura"),
        ("Unta, paitsi yritykset Espoosta", ["kind:companies"], "Unta, Espoosta"),
        ("unta, emme Turusta", ["region:turku"], "unta,"),
        ("an exercise, not a webinar", ["words:webinar"], "an exercise"),
        ("sleep excluding sports watches", ["words:sports watches"], "sleep"),
        ("kuntoutus ilman yrityksiä", ["kind:companies"], "kuntoutus"),
        ("ilman Oulua", ["region:oulu"], ""),
        ("rehabilitation without Oulu", ["region:oulu"], "rehabilitation"),
        ("skip events", ["kind:events"], ""),
        ("leave out companies", ["kind:companies"], ""),
        ("poista yritykset", ["kind:companies"], ""),
        ("jätä yritykset pois", ["kind:companies"], ""),
        ("yritykset pois", ["kind:companies"], ""),
        ("Oulu pois", ["region:oulu"], ""),
        ("jätä Oulu pois", ["region:oulu"], ""),
        ("leave Oulu out", ["region:oulu"], ""),
        ("en halua Oulusta", ["region:oulu"], ""),
        ("and not Kapseli", ["words:kapseli"], ""),
        ("ei TERTTUa", ["words:terttu"], ""),
        ("jätä Oura pois", ["record:companies/oura"], ""),
        ("AI but Oulu is not needed", ["region:oulu"], "AI but"),
        ("unohda Turku", ["region:turku"], ""),
        ("unta, ilman Oura", ["record:companies/oura"], "unta,"),
        ("everything except companies on sleep", ["kind:companies"], "everything on sleep"),
        ("Turussa ei ole biopankkia, missä olisi?", ["region:turku"], "biopankkia, missä olisi?"),
        (
            "Oulusta ei löydy biopankkia, mistä sellaisen saisi?",
            ["region:oulu"],
            "biopankkia, mistä sellaisen saisi?",
        ),
        (
            "Turusta en löytänyt biopankkia. Missä muualla?",
            ["region:turku"],
            "biopankkia. Missä muualla?",
        ),
        (
            "There is no biobank in Turku, where is one?",
            ["region:turku"],
            "There is no biobank , where is one?",
        ),
        (
            "Oulu has no biobank. Who else has one?",
            ["region:oulu"],
            "has no biobank. Who else has one?",
        ),
        (
            "We couldn't find a biobank in Turku, where else?",
            ["region:turku"],
            "We couldn't find a biobank , where else?",
        ),
    ],
)
def test_what_is_ruled_out(question, keys, left):
    found = limits(question)
    assert [limit.key for limit in found.unwanted] == [f"not:{key}" for key in keys]
    assert (found.topic, found.constraints) == (left, ())


@pytest.mark.parametrize(
    "question",
    [
        "Kuvausta ilman potilaita, onnistuuko?",
        "sleep measured without cameras",
        "Meillä on dataa mutta ei työkaluja",
        "We have data, no tools",
        "an idea but no funding",
        "not only companies, please",
        "Paitsi yrityksiä, myös tapahtumia",
        "kivut pois",
        "no CE mark yet but hospital ready",
        "miten saada tauti pois ilman lääkkeitä",
        "working without tools",
        "an idea without funding",
        "Meillä Turussa ei ole biopankkia, missä olisi?",
        "Our lab in Turku has no biobank, where is one?",
        "Turussa ei ole helppoa saada dataa. Mistä sitä saa Turussa?",
        "Which data in Turku has no personal details?",
        "Paitsi Oulussa myös Turussa",
        "mutta ei tiedetä, kenelle soittaa",
        "labels that mean something other than I would expect",
        "not sure who can help",
        "The problem is not companies. It is permits.",
        "not only in Oulu: where can I test a device?",
        "ei välttämättä Turusta, kuka tekee synteettistä dataa",
        "I'm not in Turku, can I use the samples?",
        "meillä on kaikki paitsi rahoitus",
        "We have everything except data",
    ],
)
def test_what_rules_nothing_out(question):
    assert unwanted(question) == []


@pytest.mark.parametrize(
    "question", ["not only companies in sleep", "ei pelkästään Oulusta", "oululaiselle rahaa"]
)
def test_what_is_left_open_is_no_limit_either(question):
    assert limits(question).constraints == ()


def test_what_was_ruled_out_can_be_let_in_again():
    found = limits("sleep, no events", without=["not:kind:events"])
    assert (found.unwanted, found.constraints, found.topic) == ((), (), "sleep, no events")


@pytest.mark.parametrize(
    ("question", "doc_id"),
    [
        ("Sormus ja uni, paitsi Sleepy", "companies/sleepy"),
        ("Sormus ja uni, Sleepyä lukuun ottamatta", "companies/sleepy"),
        ("Ring and sleep, but not companies", "companies/sleepy"),
        ("Ring and sleep, excluding recovery", "companies/sleepy"),
    ],
)
def test_what_is_ruled_out_is_not_shown(small_matcher, question, doc_id):
    plain = question.partition(",")[0]
    for asked, shown in ((plain, True), (question, False)):
        found = small_matcher.match(asked, today=TODAY).resources
        assert (doc_id in [match.record.doc_id for match in found]) == shown
