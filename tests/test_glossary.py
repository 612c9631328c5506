"""Questions in Swedish and German are read word by word in English."""

from __future__ import annotations

from datetime import date

import pytest

from hytki_match.language.glossary import in_english, language_by_words

TODAY = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("text", "language", "english"),
    [
        (
            "Vem kan hjälpa oss med syntetiska hälsodata?",
            "sv",
            "who can help we with synthetic health data?",
        ),
        ("Var är vår kamera?", "sv", "where is our camera?"),
        ("sömnmätningar i Åbo", "sv", "sleep measurement in åbo"),
        ("vem mater somn", "sv", "who measure sleep"),
        ("Welche Firmen messen den Schlaf", "de", "which company measure the sleep"),
        ("Gesundheitsdaten für Krankenhäuser", "de", "health data for hospital"),
        ("hvem kan hjelpe med data", "no", "hvem can hjelpe with data"),
        ("xx yy zz data", "sv", ""),
        ("Qui mesure le sommeil ?", "fr", ""),
    ],
)
def test_word_by_word(text, language, english):
    assert in_english(text, language) == english


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Vem kan hjälpa oss?", "sv"),
        ("Wer kann uns helfen?", "de"),
        ("Kuka voi auttaa?", None),
        ("Vem", None),
    ],
)
def test_a_short_question_is_told_by_its_words(text, language):
    assert language_by_words(text, {"kuka", "voi", "auttaa"}.__contains__) == language


def test_a_question_in_swedish_is_answered_and_that_is_said(small_matcher):
    answer = small_matcher.match("Vilka företag i Uleåborg mäter sömn?", today=TODAY)
    assert (answer.query.foreign, answer.query.language) == (True, "fi")
    assert {limit.key for limit in answer.query.constraints} == {"region:oulu", "kind:companies"}
    assert "companies/sleepy" in [match.record.doc_id for match in answer.resources]
    assert ("read_in_english", "which company in uleåborg measure sleep?") in [
        (notice.key, notice.values.get("read")) for notice in answer.notices
    ]
