"""Language of a question, terms, function words and phrases."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hytki_match.language.analysis import Compounds, fold, gram_terms, text_terms, words
from hytki_match.language.detection import detect_language, foreign_language
from hytki_match.language.function_words import function_words
from hytki_match.language.phrases import all_phrases, quoted, say

COMPOUNDS = Compounds(["terveys", "data", "terveyden", "huolto", "turvallisuus", "harjoitus"])


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Kuka voi auttaa synteettisen terveysdatan kanssa?", "fi"),
        ("Who can help us use hospital data for R&D in Turku?", "en"),
        ("hei", "fi"),
        ("hello", "en"),
        ("lääkäri", "fi"),
        ("kenelle soitan", "fi"),
        ("which company", "en"),
    ],
)
@pytest.mark.parametrize("fallback", ["fi", "en"])
def test_language_does_not_depend_on_the_page_when_words_tell_it(
    question: str, language: str, fallback: str
) -> None:
    assert detect_language(question, fallback)[0] == language


@pytest.mark.parametrize("question", ["", "?", "MDR", "123", "😀", "漢字"])
@pytest.mark.parametrize("fallback", ["fi", "en"])
def test_language_of_the_page_decides_what_tells_nothing(question: str, fallback: str) -> None:
    assert detect_language(question, fallback) == (fallback, 0.5)


def test_evidence_of_the_corpus_decides_a_short_question() -> None:
    finnish = {"hoivarobotti": 2.0, "robots": -2.0}
    evidence = lambda word: finnish.get(word, 0.0)  # noqa: E731
    assert detect_language("hoivarobotti", "en", evidence)[0] == "fi"
    assert detect_language("robots", "fi", evidence)[0] == "en"


def test_words_outdo_the_letters_of_a_short_text_with_a_loan_word() -> None:
    finnish = {"terveysasemalle": 4.6, "chatbotti": 0.0}
    evidence = lambda word: finnish.get(word, 0.0)  # noqa: E731
    assert detect_language("chatbotti terveysasemalle", "en")[0] == "en"
    assert detect_language("chatbotti terveysasemalle", "en", evidence)[0] == "fi"
    assert detect_language("Who is Tero Kokkonen?", "fi")[0] == "en"


@pytest.mark.parametrize("text", ["drone lääkekuljetus", "lohkoketju terveysdata"])
def test_two_words_are_no_third_language(text: str) -> None:
    assert foreign_language(text) is None


@given(st.text(max_size=60))
def test_detection_never_fails_and_never_changes_its_mind(text: str) -> None:
    assert detect_language(text, "fi") == detect_language(text, "fi")


def test_words_are_lower_case_and_divided_at_hyphens() -> None:
    assert words("Data-analytiikka, R&D ja 5G: Äly!") == [
        "data",
        "analytiikka",
        "r",
        "d",
        "ja",
        "5g",
        "äly",
    ]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("terveysdata", ("terveys", "data")),
        ("terveydenhuolto", ("terveyden", "huolto")),
        ("terveysdatasta", ("terveys", "datasta")),
        ("terveys", ()),
        ("dataa", ()),
        ("kuopio", ()),
    ],
)
def test_compounds(word: str, parts: tuple[str, ...]) -> None:
    assert COMPOUNDS.split(word) == parts


def test_a_compound_and_its_parts_written_apart_share_terms() -> None:
    joined = set(text_terms("terveysdatan", "fi", COMPOUNDS))
    apart = set(text_terms("terveyden data", "fi", COMPOUNDS))
    assert joined & apart


def test_grams_survive_missing_dots() -> None:
    assert gram_terms("Jyväskylä") == gram_terms("jyvaskyla")
    assert gram_terms("ai") == ["_ai_"]
    assert gram_terms("data") == ["_dat", "data", "ata_"]


def test_fold() -> None:
    assert fold("Äänekoski ÅBO é") == "aanekoski abo e"


def test_function_words_of_one_language_are_not_words_of_the_other() -> None:
    assert not function_words("fi") & function_words("en")


def test_every_phrase_has_both_languages_with_the_same_values() -> None:
    for key, texts in all_phrases().items():
        assert set(texts) == {"fi", "en"}, key
        assert texts["fi"].strip(), key
        assert texts["en"].strip(), key
        # A Finnish phrase may use an inflected form in place of a name: region, from_region.
        fields = [
            {name.replace("from_", "") for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in texts.values()
        ]
        if not key.startswith("region."):
            assert fields[0] == fields[1], key


def test_every_phrase_that_the_code_names_is_there() -> None:
    package = Path(__file__).parents[1] / "hytki_match"
    named = {
        key
        for file in (*package.rglob("*.py"), *package.rglob("*.html"))
        for key in re.findall(r"""\bsay\(\s*"([a-z_.]+)"\s*[,)]""", file.read_text("utf-8"))
    }
    assert named
    assert named <= set(all_phrases())


def test_values_are_put_in_as_they_are() -> None:
    assert "{x}" in say("reason.words", "en", words="{x}")
    assert quoted(["a", "b"], "fi") == "”a”, ”b”"
    assert quoted(["a"], "en") == "“a”"
