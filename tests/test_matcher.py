"""From question to answer on the small corpus."""

from __future__ import annotations

from datetime import date

import pytest
from corpus_files import copy_small_corpus
from fake_encoder import FakeEncoder, fake_matcher

from hytki_match.answers.summary import summary
from hytki_match.errors import IndexStaleError
from hytki_match.index import build_index
from hytki_match.matching import Matcher
from hytki_match.matching.matcher import is_past
from hytki_match.matching.retrieval import Allowed

TODAY = date(2026, 1, 1)


def ids(answer):
    return [match.record.doc_id for match in answer.resources]


def test_a_question_finds_its_record_region_and_contact(small_matcher):
    answer = small_matcher.match("synteettistä potilasdataa", today=TODAY)
    assert answer.query.language == "fi"
    assert "turku-lab" in (answer.resources[0].record.organisation_ids or ids(answer)[0])
    assert answer.regions[0].region.region_id == "turku"
    assert answer.contacts[0].contact.doc_id == "contacts/lab-desk"


def test_words_of_the_record_are_the_reason(small_matcher):
    answer = small_matcher.match("Who measures recovery during sleep?", today=TODAY)
    reason = answer.resources[0].reason
    assert "recovery" in reason.words
    assert "sleep" in reason.topics


def test_keywords_find_a_record_and_are_not_shown(small_matcher):
    answer = small_matcher.match("älysormus", fallback="fi", today=TODAY)
    assert ids(answer)[0] == "companies/sleepy"
    assert answer.resources[0].reason.words == ()


def test_a_record_in_one_language_is_found_from_the_other(small_matcher):
    # The English question meets the Finnish record by its English keyword alone.
    answer = small_matcher.match("activity tracker, wearable sensors", today=TODAY)
    assert "companies/stepper" in ids(answer)


def test_filters_hold_for_every_resource(small_matcher):
    answer = small_matcher.match("testing a device", regions=["kuopio"], today=TODAY)
    assert answer.resources
    for match in answer.resources:
        assert {"kuopio", "national"} & set(match.record.region_ids)
    answer = small_matcher.match("synthetic data", kinds=["tools", "events"], today=TODAY)
    assert {match.record.table for match in answer.resources} <= {"tools", "events"}


def test_a_named_region_comes_first_but_is_no_filter(small_matcher):
    answer = small_matcher.match("Who measures sleep in Kuopio?", today=TODAY)
    assert answer.query.named_regions == ("kuopio",)
    assert [match.region.region_id for match in answer.regions] == ["kuopio"]


@pytest.mark.parametrize(
    ("question", "language", "told"),
    [
        (
            "Events on synthetic data in 2031",
            "en",
            "at the time asked for (in 2031)",
        ),
        ("Synteettisen datan tapahtumat vuonna 2031", "fi", "Kysyttyyn aikaan (vuonna 2031)"),
        ("Tulevat synteettisen datan päivät", "fi", "ei ole aiheesta tulevia tapahtumia"),
    ],
)
def test_what_is_of_another_time_is_not_called_a_strong_answer(
    small_matcher, question, language, told
):
    answer = small_matcher.match(question, fallback=language, today=date(2026, 11, 26))
    assert told in summary(answer)


def test_past_events_say_so(small_matcher):
    answer = small_matcher.match("synteettisen datan päivä", kinds=["events"], today=TODAY)
    past = {match.record.doc_id: match.past for match in answer.resources}
    assert past["events/synthetic-day-2023"]
    assert "past_events" in [notice.key for notice in answer.notices]


@pytest.mark.parametrize(
    ("today", "past"),
    [("2099-03-13", False), ("2099-03-14", True), ("2099-03-01", False)],
)
def test_an_event_is_past_after_its_last_day(small_matcher, today, past):
    record = small_matcher.index.corpus.records["events/sleep-week-2099"]
    assert is_past(record, date.fromisoformat(today)) is past


@pytest.mark.parametrize("question", ["", "   ", "?!", "🙂🙂", "1234", "a"])
def test_nothing_asked(small_matcher, question):
    answer = small_matcher.match(question)
    assert (answer.state, answer.resources) == ("empty", ())


def test_far_too_long(small_matcher):
    assert small_matcher.match("x" * 2001).state == "too_long"
    assert small_matcher.match("uni " * 500).state != "too_long"


@pytest.mark.parametrize(
    "question", ["uni", "'; DROP TABLE", "<b>uni</b>", "\x00uni\x00", "日本語"]
)
def test_strange_questions_get_an_answer(small_matcher, question):
    assert small_matcher.match(question, today=TODAY).state in ("good", "weak", "none", "chat")


def test_two_runs_and_shuffled_rows_never_differ(small_matcher, tmp_path):
    corpus = copy_small_corpus(tmp_path)
    for file in corpus.glob("*.csv"):
        header, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text(header + "".join(reversed(rows)), encoding="utf-8")
    encoder = FakeEncoder()
    shuffled = fake_matcher(build_index(corpus, tmp_path / "index", encoder), encoder)
    for question in ("synthetic data", "unen mittaaminen", "testing in Oulu", "data"):
        first = small_matcher.match(question, today=TODAY)
        assert first == small_matcher.match(question, today=TODAY)
        other = shuffled.match(question, today=TODAY)
        assert other.resources == first.resources
        assert other.contacts == first.contacts
        assert other.regions == first.regions


def test_an_index_of_another_encoder_is_refused(small_matcher):
    with pytest.raises(IndexStaleError, match="another version"):
        Matcher(small_matcher.index, FakeEncoder(digest="fake-2"))


@pytest.mark.parametrize("question", ["uni ja palautuminen", "synthetic hospital data for testing"])
@pytest.mark.parametrize(
    "limits",
    [
        {"kinds": ("tools",)},
        {"regions": ("kuopio",)},
        {"regions": ("turku",), "kinds": ("companies", "events")},
        {"regions": ("nowhere",), "kinds": ("events",)},
    ],
)
def test_a_leg_within_limits_finds_what_it_finds_without_them_less_the_others(
    small_matcher, question, limits
):
    query = small_matcher.understand(question, fallback="fi", today=TODAY, **limits)
    preferences = small_matcher.preferences
    within = preferences.within(query)
    everything = Allowed(small_matcher.index)
    limited = Allowed(small_matcher.index, within)
    depth = len(small_matcher.index.passages)
    for leg in small_matcher.legs:
        every = leg.retrieve(query, depth, everything)
        kept = [
            found
            for found in zip(every.records, every.scores, every.languages, strict=True)
            if within[found[0]]
        ]
        some = leg.retrieve(query, depth, limited)
        assert kept == list(zip(some.records, some.scores, some.languages, strict=True)), leg.name


@pytest.mark.parametrize(
    ("question", "written", "hidden"),
    [
        (
            "Potilaat eivät nuku, joten etsimme myös unen mittausta, koska siitä puhutaan",
            "Sairaala mittaa unta myös kotona, joten siitä hyötyy moni, koska siihen luotetaan.",
            {"joten", "myös", "siitä", "koska", "siihen"},
        ),
        (
            "Patients still wake because of noise, therefore measure sleep first",
            "The hospital measures noise because it matters; therefore nights still come first.",
            {"because", "therefore", "still", "first"},
        ),
    ],
)
def test_a_function_word_is_never_a_reason(corpus, tmp_path, question, written, hidden):
    """*Joten* was once why a funder suits, in the chat and at the desk alike."""
    file = corpus / "organisations.csv"
    before = file.read_text(encoding="utf-8")
    told = (
        "Sairaala tarjoaa yrityksille aidon ympäristön laitteiden kokeiluun.",
        "The hospital gives companies a real environment for trying devices.",
    )
    for sentence in told:
        assert sentence in before
        before = before.replace(sentence, f'"{written}"')
    file.write_text(before, encoding="utf-8")
    encoder = FakeEncoder()
    matcher = fake_matcher(build_index(corpus, tmp_path / "index", encoder), encoder)
    answer = matcher.match(question, however_far=True)
    shown = {word.lower() for m in answer.resources for word in m.reason.words}
    assert shown and not shown & hidden
    assert not hidden & {word.lower() for word in answer.unmatched}
