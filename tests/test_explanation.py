"""The path to an answer: it must tell the same story as the answer."""

from __future__ import annotations

import json
import math
import re
from datetime import date
from importlib.resources import files

import jsonschema
import pytest

from hytki_match.answers import answer_to_json, explanation_to_text
from hytki_match.language.phrases import knows
from hytki_match.matching.conversation import is_browsing
from hytki_match.matching.explanation import explain
from hytki_match.matching.preferences import FEATURES

TODAY = date(2026, 1, 1)
QUESTIONS = [
    "Kuka tuottaa synteettistä potilasdataa?",
    "Who measures sleep in Oulu?",
    "vain tapahtumia Kuopiossa",
    "only events on sleep in 2031",
    "zzzzzz qqqqqq",
    "hei!",
    "",
    "x" * 2001,
]
REAL_QUESTIONS = [
    "Kuka auttaa synteettisen datan kanssa Turussa?",
    "infection quick tests made in Finland",
    "upcoming events on health data in 2026",
    "Best hotel in Turku?",
    "vain yritykset Oulusta, uni",
    "yritykset Oulussa",
    "upcoming events in Oulu",
    "tapahtumat Kajaanissa 2031",
    "events on 2099",
]


def path_of(matcher, question):
    answer = matcher.match(question, today=TODAY)
    return answer, explain(matcher, answer, TODAY)


def assert_agrees(matcher, question):
    """Hold every number of the path against the answer."""
    answer, path = path_of(matcher, question)
    if answer.state in ("chat", "empty", "too_long"):
        assert path.calibration is None
        return
    for hit in path.hits:
        assert sum(part.added for part in hit.parts) == pytest.approx(hit.score, abs=1e-5)
    shown = [(m.record.doc_id, m.hit.score, m.hit.rank) for m in answer.resources]
    assert [(h.doc_id, h.score, h.rank) for h in path.hits][: len(shown)] == shown
    found = path.calibration
    best = path.hits[0].probability
    score = path.hits[0].score
    assert best == pytest.approx(1 / (1 + math.exp(-(found.offset + found.slope * score))))
    answerable = not found.can_tell or found.answerable >= found.least
    state = "good" if best >= found.good else "weak" if best >= found.weak else "none"
    if is_browsing(answer.query):
        assert answer.state == ("good" if answer.browsed else "weak")
    else:
        assert answer.state == (state if answerable else "none")
    assert [(r.region_id, r.strength) for r in path.regions] == [
        (m.region.region_id, m.strength) for m in answer.regions
    ]
    for region in path.regions:
        doubt = math.prod(1 - proof.share for proof in region.evidence)
        assert 1 - doubt == pytest.approx(region.strength, abs=1e-4)
    assert [c.doc_id for c in path.contacts] == [m.contact.doc_id for m in answer.contacts]
    for contact in path.contacts:
        added = sum(pull.by_organisation + pull.by_topics for pull in contact.evidence)
        assert added + contact.by_region + contact.by_asked == pytest.approx(
            contact.score, abs=1e-5
        )


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_path_agrees_with_the_answer(small_matcher, question):
    assert_agrees(small_matcher, question)


@pytest.mark.slow
@pytest.mark.parametrize("question", REAL_QUESTIONS)
def test_the_path_agrees_with_the_answer_on_the_real_corpus(real_matcher, question):
    assert_agrees(real_matcher, question)
    _, path = path_of(real_matcher, question)
    assert path.calibration.can_tell
    cosines = [known.cosine for known in path.calibration.answered]
    assert cosines == sorted(cosines, reverse=True)
    assert all(known.answers for known in path.calibration.answered)
    assert not any(known.answers for known in path.calibration.unanswered)


def test_a_record_that_a_leg_does_not_list_counts_its_floor(small_matcher):
    _, path = path_of(small_matcher, "Who measures sleep in Oulu?")
    unlisted = [part for hit in path.hits for part in hit.parts if not part.listed]
    floors = {leg.leg: leg.floor for leg in path.legs}
    assert unlisted
    assert all(part.value == floors[part.name] for part in unlisted)


def test_limits_that_gave_way_are_told(small_matcher):
    answer, path = path_of(small_matcher, "only events on sleep in 2031")
    assert all(limit.strict for limit in answer.query.constraints)
    assert path.loosened
    assert "became preferences" in explanation_to_text(answer, path)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_text_fits_eighty_columns_and_the_json_its_schema(small_matcher, question):
    answer, path = path_of(small_matcher, question)
    text = explanation_to_text(answer, path)
    # A question of a single endless word is no line to be broken.
    assert all(len(line) <= 80 for line in text.splitlines()) or answer.state == "too_long"
    assert "{" not in text
    schema = json.loads(
        (files("hytki_match.answers") / "answer.schema.json").read_text(encoding="utf-8")
    )
    data = json.loads(answer_to_json(answer, path))
    jsonschema.validate(data, schema)
    for hit, shown in zip(path.hits, data["explanation"]["hits"], strict=True):
        assert [part.added for part in hit.parts] == [part["added"] for part in shown["parts"]]


def test_the_text_tells_each_step_in_the_askers_language(small_matcher):
    answer, path = path_of(small_matcher, "Who measures sleep in Oulu?")
    text = explanation_to_text(answer, path)
    assert re.findall(r"^[A-Z]{4}[^a-z]*", text, re.M)
    for told in (
        "English, confidence",
        "Region: Oulu (from “Oulu”), preference",
        "a partner (who)",
        "sleep (",
        "known questions near in meaning (asked), weight 1.000",
        "meaning  ",
        "good from 0.50, weak from 0.15",
        f"state: {answer.state}",
        "Oulu: strength ",
    ):
        assert told in text, told
    finnish, path = path_of(small_matcher, "Kuka mittaa unta Oulussa?")
    text = explanation_to_text(finnish, path)
    assert "Alue: Oulu (sanoista ”Oulussa”), vain suosii" in text
    assert "paino 1,000" in text


def test_the_same_columns_hold_the_numbers_of_every_part(small_matcher):
    answer, path = path_of(small_matcher, "Who measures sleep in Oulu?")
    lines = [x for x in explanation_to_text(answer, path).splitlines() if " × " in x and " = " in x]
    rows = [line for line in lines if line.startswith("      ")]
    assert len({(line.index(" × "), line.index(" = "), len(line)) for line in rows}) == 1


@pytest.mark.parametrize("name", [*FEATURES, "dense", "asked", "words", "grams"])
def test_every_part_of_a_score_has_a_name_in_words(name):
    assert knows(f"explain.part.{name}")
