"""The renderings of an answer: one content, three forms, two languages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from importlib.resources import files

import jsonschema
import pytest
from corpus_files import copy_small_corpus, edit_cell
from fake_encoder import FakeEncoder, fake_matcher

from hytki_match.answers import answer_to_json, answer_to_markdown, answer_to_text
from hytki_match.answers.summary import summary
from hytki_match.answers.wording import (
    date_label,
    freshness,
    is_web_address,
    resource_reason,
    written_date,
)
from hytki_match.index import build_index
from hytki_match.language.phrases import all_phrases

TODAY = date(2026, 1, 1)
QUESTIONS = [
    "Kuka tuottaa synteettistä potilasdataa?",
    "Who measures sleep?",
    "",
    "x" * 2001,
    "zzzzzz qqqqqq",
]
HOSTILE = "<b>x</b> $y$ [link](javascript:alert(1)) *z* `w` | # <script>alert(1)</script>"


@pytest.fixture(scope="module")
def schema():
    text = (files("hytki_match.answers") / "answer.schema.json").read_text(encoding="utf-8")
    return json.loads(text)


@pytest.fixture
def hostile_matcher(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    for column in ("name_fi", "name_en", "description_fi", "description_en"):
        edit_cell(corpus, "competences", "oulu-sleep", column, f"{HOSTILE} uni sleep")
    encoder = FakeEncoder()
    return fake_matcher(build_index(corpus, tmp_path / "index", encoder), encoder)


@pytest.mark.parametrize("question", QUESTIONS)
def test_json_is_valid_against_its_schema(small_matcher, schema, question):
    answer = small_matcher.match(question, today=TODAY)
    jsonschema.validate(json.loads(answer_to_json(answer)), schema)


def test_the_schema_refuses_what_is_not_in_it(small_matcher, schema):
    data = json.loads(answer_to_json(small_matcher.match("sleep", today=TODAY)))
    jsonschema.Draft202012Validator.check_schema(schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data | {"extra": 1}, schema)
    del data["resources"][0]["sources"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema)


def test_keywords_are_in_no_rendering(small_matcher):
    answer = small_matcher.match("smart ring, älysormus", today=TODAY)
    for render in (answer_to_json, answer_to_text, answer_to_markdown):
        text = render(answer).replace(answer.query.text, "")
        assert "älysormus" not in text
        assert "smart ring" not in text


@pytest.mark.parametrize("question", QUESTIONS)
def test_text_fits_eighty_columns(small_matcher, question):
    for line in answer_to_text(small_matcher.match(question, today=TODAY)).splitlines():
        assert len(line) <= 80 or "://" in line


def test_the_first_sentence_names_the_best_and_is_in_the_askers_language(small_matcher):
    finnish = answer_to_text(small_matcher.match("Kuka mittaa unta ja palautumista?", today=TODAY))
    english = answer_to_text(small_matcher.match("Who measures sleep and recovery?", today=TODAY))
    assert finnish.startswith("Vahvin vastaus löytyy Oulusta:")
    assert english.startswith("The strongest answer is in Oulu:")


@pytest.mark.parametrize("render", [answer_to_text, answer_to_markdown])
def test_a_desk_is_called_as_the_asker_speaks(small_matcher, render):
    finnish = small_matcher.match("Kuka neuvoo synteettisessä datassa?", today=TODAY)
    english = small_matcher.match("Who advises on synthetic data?", today=TODAY)
    assert "Datalaboratorion neuvonta" in render(finnish)
    assert "Data laboratory, advice" in render(english)
    assert "Datalaboratorion neuvonta" not in render(english)


def test_where_another_region_leads_both_are_said(small_matcher):
    answer = small_matcher.match("Who measures sleep and recovery?", today=TODAY)
    (oulu, *others) = answer.regions
    turku = replace(oulu, region=small_matcher.index.corpus.regions["turku"])
    text = summary(replace(answer, regions=(turku, oulu, *others)))
    assert text.startswith("The best single match is in Oulu:")
    assert text.endswith("Most evidence is from Turku.")


def test_every_match_has_a_source_and_a_date(small_matcher):
    text = answer_to_text(small_matcher.match("Who measures sleep?", today=TODAY))
    resources = text.split("RESOURCES")[1]
    count = len(re.findall(r"^  \d+\. ", resources, re.M))
    assert count == len(re.findall(r"as of|undated|check, from", resources)) > 0
    assert resources.count("Source:") >= count


def test_text_from_the_corpus_is_no_markup_in_markdown(hostile_matcher):
    text = answer_to_markdown(hostile_matcher.match("uni sleep", today=TODAY))
    assert "<b>" not in text
    assert "<script>" not in text
    assert not re.search(r"(?<!\\)\[link(?<!\\)\]", text)
    assert not re.search(r"(?<!\\)\$y", text)


def test_text_from_the_corpus_stays_as_it_is_in_plain_text_and_json(hostile_matcher):
    answer = hostile_matcher.match("uni sleep", today=TODAY)
    assert "<b>x</b>" in answer_to_text(answer)
    names = [r["name"]["fi"] for r in json.loads(answer_to_json(answer))["resources"]]
    assert f"{HOSTILE} uni sleep" in names


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("HYTKI final report", False),
        ("http://[broken", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(address, is_one):
    assert is_web_address(address) is is_one


@pytest.mark.parametrize(
    ("iso", "fi", "en"),
    [("2024-05-03", "3.5.2024", "2024-05-03"), ("2024-05", "5.2024", "2024-05"), ("2024",) * 3],
)
def test_dates_as_readers_write_them(iso, fi, en):
    assert (written_date(iso, "fi"), written_date(iso, "en")) == (fi, en)
    assert fi in date_label(iso, "fi")


def test_every_phrase_has_both_languages_and_the_same_values():
    for key, texts in all_phrases().items():
        assert set(texts) == {"fi", "en"}, key
        fi, en = (set(re.findall(r"{(\w+)}", texts[language])) for language in ("fi", "en"))
        # Finnish inflects the region's name where English does not.
        assert fi - {"from_region", "from_leading"} <= en | {"region", "leading"}, key
        assert all(texts.values()), key


def test_what_is_over_does_not_grow_old(small_matcher):
    answer = small_matcher.match("Who measures sleep?", today=date(2030, 1, 1))
    match = answer.resources[0]
    assert freshness(match, answer).startswith("check, from ")
    assert freshness(replace(match, past=True), answer) == ""


def test_one_word_and_several_are_said_as_such(small_matcher):
    answer = small_matcher.match("synteettinen data", today=TODAY)
    match = answer.resources[0]
    for words, said in (
        (("data",), "Osuva sana: ”data”."),
        (("a", "b"), "Osuvat sanat: ”a”, ”b”."),
    ):
        reason = replace(match.reason, words=words, topics=())
        assert resource_reason(replace(match, reason=reason), answer) == said


def test_a_foreign_question_without_an_answer_is_not_told_that_nobody_does_it(small_matcher):
    answer = small_matcher.match("zzzzzz", today=TODAY)
    best = small_matcher.match("Who measures sleep?", today=TODAY).resources[:1]
    for foreign, probability, beginning in (
        (True, 0.3, "Kysymykseen ei löytynyt"),
        (False, 0.3, "Aineistosta ei löyt"),
        (False, 0.5, "En ole varma, vastaako aineisto tähän."),
    ):
        query = replace(answer.query, foreign=foreign, language="fi")
        nearest = (replace(best[0], probability=probability),)
        refused = replace(answer, query=query, state="none", resources=nearest)
        assert summary(refused).startswith(beginning)
