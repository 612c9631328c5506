"""What stands around a time, in the words of people: none of it may turn into its opposite."""

from __future__ import annotations

from datetime import date

import pytest

from hytki_match.matching.times import find_time

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("question", "interval"),
    [
        ("vuodesta 2022 asti", "2022-01-01/9999-12-31"),
        ("vuodesta 2022 saakka", "2022-01-01/9999-12-31"),
        ("viime vuodesta asti", "2025-01-01/9999-12-31"),
        ("viime keväästä asti", "2025-03-01/9999-12-31"),
        ("tammikuusta 2024 asti", "2024-01-01/9999-12-31"),
        ("kesästä 2023 asti", "2023-06-01/9999-12-31"),
        ("vuoteen 2023 saakka", "0001-01-01/2023-12-31"),
        ("no earlier than 2024", "2024-01-01/9999-12-31"),
        ("not before 2024", "2024-01-01/9999-12-31"),
        ("not later than 2024", "0001-01-01/2024-12-31"),
        ("not until 2024", "2024-01-01/9999-12-31"),
        ("on or after 1.3.2025", "2025-03-01/9999-12-31"),
        ("in or before 2022", "0001-01-01/2022-12-31"),
        ("2024-03-05 – 2024-04-05", "2024-03-05/2024-04-05"),
        ("from 2024-03-05 to 2024-04-05", "2024-03-05/2024-04-05"),
        ("talvi 2023–2024", "2023-12-01/2024-02-29"),
        ("winter 2023-2024", "2023-12-01/2024-02-29"),
        ("fall 2024 and 2025", "2024-09-01/2024-11-30"),
        ("1.3.2024 and 2025", "2024-03-01/2024-03-01"),
        ("before 2024 and 2025", "0001-01-01/2023-12-31"),
        ("after 2022 and 2024", "2023-01-01/9999-12-31"),
        ("2024–2025 or later", "2024-01-01/9999-12-31"),
        ("in 2019 and 2050 patients", "2019-01-01/2019-12-31"),
        ("2020-luvulla", "2020-01-01/2029-12-31"),
        ("2020s", "2020-01-01/2029-12-31"),
        ("vuoden 2024 loppuun mennessä", "0001-01-01/2024-12-31"),
        ("tämän vuoden loppuun mennessä", "0001-01-01/2026-12-31"),
        ("vuoden 2022 alusta lähtien", "2022-01-01/9999-12-31"),
        ("vuoden 2022 lopusta lähtien", "2023-01-01/9999-12-31"),
        ("viimeistään 2024", "0001-01-01/2024-12-31"),
        ("aikaisintaan 2024", "2024-01-01/9999-12-31"),
        ("vuoden 2020 jälkeiset", "2021-01-01/9999-12-31"),
        ("vuotta 2024 edeltävät", "0001-01-01/2023-12-31"),
        ("alkaen 2024", "2024-01-01/9999-12-31"),
        ("by the end of 2024", "0001-01-01/2024-12-31"),
        ("by 2024", "0001-01-01/2024-12-31"),
        ("till 2024", "0001-01-01/2024-12-31"),
        ("before the year 2024", "0001-01-01/2023-12-31"),
        ("before the end of 2024", "0001-01-01/2024-12-31"),
        ("since at least 2022", "2022-01-01/9999-12-31"),
        ("since the beginning of 2023", "2023-01-01/9999-12-31"),
        ("from 2022 on", "2022-01-01/9999-12-31"),
        ("from 2022 to the end of 2024", "2022-01-01/2024-12-31"),
        ("ennen vuoden 2024 loppua", "0001-01-01/2024-12-31"),
        ("between spring 2023 and autumn 2024", "2023-03-01/2024-11-30"),
        ("between January 2023 and March 2024", "2023-01-01/2024-03-31"),
        ("kevään 2023 ja syksyn 2024 välillä", "2023-03-01/2024-11-30"),
        ("1.1.2024–31.12.2024", "2024-01-01/2024-12-31"),
        ("tammikuusta maaliskuuhun 2024", "2024-01-01/2024-03-31"),
        ("heinäkuusta 2025 joulukuuhun 2025", "2025-07-01/2025-12-31"),
        ("vuoden 2023 jälkeen ja ennen vuotta 2025", "2024-01-01/2024-12-31"),
        ("after 2022 but before 2025", "2023-01-01/2024-12-31"),
        ("2022 until today", "2022-01-01/2026-03-10"),
        ("koulutuksia kesän 2025 jälkeen", "2025-09-01/9999-12-31"),
        ("viime kesän jälkeen", "2025-09-01/9999-12-31"),
        ("vuoden 2024 aikana", "2024-01-01/2024-12-31"),
        ("since last year", "2025-01-01/9999-12-31"),
        ("vuosi 2023 ja Oulu", "2023-01-01/2023-12-31"),
        ("from 2022", "2022-01-01/2022-12-31"),
        ("2023/2024", "2023-01-01/2023-12-31"),
        ("vuosina 2025 ja 2026", "2025-01-01/2026-12-31"),
        ("keväällä 2023 tai sen jälkeen", "2023-03-01/9999-12-31"),
        ("before last autumn", "0001-01-01/2025-08-31"),
        ("ensi kesän tapahtumat", "2026-06-01/2026-08-31"),
        ("2024:stä lähtien", "2024-01-01/9999-12-31"),
    ],
)
@pytest.mark.parametrize("language", ["fi", "en"])
def test_what_stands_around_a_time(question, interval, language):
    assert find_time(question, language, TODAY).value == interval


@pytest.mark.parametrize(
    "question",
    [
        "joulukuusien myynti",
        "kesäkuumeinen lapsi",
        "after 2000 steps a day",
        "up to 2000 patients",
        "MDR 2017/745",
        "regulation (EU) 2025/327",
        "laki 552/2019",
        "ISO 13485:2016",
        "Horisontti 2020",
        "Agenda 2030",
        "2000 beds",
        "2019-nCoV",
    ],
)
def test_a_number_that_is_no_time(question):
    assert find_time(question, "en", TODAY) is None


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Forums held before the end of 2024 on data", "before the end of 2024"),
        ("Webinaareja vuodesta 2023 lähtien?", "vuodesta 2023 lähtien"),
        ("events from 2017 to 2019 in Oulu", "from 2017 to 2019"),
        ("kokous kevään 2023 ja syksyn 2024 välillä", "kevään 2023 ja syksyn 2024 välillä"),
        ("after 2022 but before 2025, please", "after 2022 but before 2025"),
    ],
)
def test_the_words_around_a_time_are_part_of_it(question, said):
    span = find_time(question, "en", TODAY)
    assert question[span.start : span.end] == said


NOVEMBER = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("question", "interval"),
    [
        ("tapahtumat tammikuussa", "2027-01-01/2027-01-31"),
        ("mitä on tulossa tammikuussa Kuopiossa", "2027-01-01/2027-01-31"),
        ("events in January", "2027-01-01/2027-01-31"),
        ("events in May", "2027-05-01/2027-05-31"),
        ("I was wondering which events there are in January", "2027-01-01/2027-01-31"),
        ("tapahtumat marraskuussa", "2026-11-01/2026-11-30"),
        ("tapahtumat joulukuussa", "2026-12-01/2026-12-31"),
        ("ensi tammikuussa", "2027-01-01/2027-01-31"),
        ("next November", "2027-11-01/2027-11-30"),
        ("viime tammikuussa", "2026-01-01/2026-01-31"),
        ("last December", "2025-12-01/2025-12-31"),
        ("mitä tapahtumia oli tammikuussa", "2026-01-01/2026-01-31"),
        ("järjestettiinkö joulukuussa seminaareja", "2025-12-01/2025-12-31"),
        ("seminaari, joka pidettiin marraskuussa", "2026-11-01/2026-11-30"),
        ("What was there in March?", "2026-03-01/2026-03-31"),
        ("Se oli hyvä. Entä tammikuussa?", "2027-01-01/2027-01-31"),
        ("tammikuussa 2026", "2026-01-01/2026-01-31"),
        ("viime vuoden maaliskuussa", "2025-03-01/2025-03-31"),
        ("maaliskuussa tänä vuonna", "2026-03-01/2026-03-31"),
        ("in March last year", "2025-03-01/2025-03-31"),
        ("ennen tammikuuta", "0001-01-01/2026-12-31"),
        ("since March", "2026-03-01/9999-12-31"),
        ("marraskuusta helmikuuhun", "2026-11-01/2027-02-28"),
        ("lokakuusta joulukuuhun", "2026-10-01/2026-12-31"),
        ("from November to February 2025", "2024-11-01/2025-02-28"),
        ("viime vuoden marraskuusta helmikuuhun", "2025-11-01/2026-02-28"),
        ("tapahtumia keväällä", "2027-03-01/2027-05-31"),
        ("kevään seminaarit", "2027-03-01/2027-05-31"),
        ("events in the fall", "2026-09-01/2026-11-30"),
        ("events in spring", "2027-03-01/2027-05-31"),
        ("mitä tapahtumia oli kesällä", "2026-06-01/2026-08-31"),
        ("mitä tapahtumia oli talvella", "2025-12-01/2026-02-28"),
        ("tapahtumia talvella", "2026-12-01/2027-02-28"),
        ("viime vuoden keväällä", "2025-03-01/2025-05-31"),
    ],
)
@pytest.mark.parametrize("language", ["fi", "en"])
def test_a_month_without_a_year_is_the_coming_one_unless_the_words_look_back(
    question, interval, language
):
    assert find_time(question, language, NOVEMBER).value == interval


def test_in_january_the_winter_that_goes_on_is_meant():
    for question in ("tapahtumat talvella", "mitä tapahtumia oli talvella"):
        assert find_time(question, "fi", date(2027, 1, 5)).value == "2026-12-01/2027-02-28"


@pytest.mark.parametrize(
    "question",
    [
        "Valmistun keväällä. Mihin kannattaisi muuttaa?",
        "En päässyt syksyllä Osloon. Mitä tapahtumia on tästä?",
        "fall detection events",
        "events on fall prevention",
        "kevätseminaari",
        "oliks keväällä 24 joku tilaisuus",
        "The tender goes out in May. Any ready-made terms?",
        "Swiss fund touring Turku in spring",
    ],
)
def test_a_season_without_a_year_that_tells_of_the_asker_is_no_limit(question):
    assert find_time(question, "fi", NOVEMBER) is None
