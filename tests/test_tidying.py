"""What is searched of a text: greetings, stray marks, missing dots and slips of the finger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hytki_match.matching.tidying import unwrapped


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Hei, kuka mittaa unta?", "kuka mittaa unta?"),
        ("hei kuka mittaa unta", "kuka mittaa unta"),
        ("Hei kaikki! Kuka mittaa unta? Kiitos etukäteen.", "Kuka mittaa unta?"),
        ("Hyvää huomenta, kuka mittaa unta?", "kuka mittaa unta?"),
        ("Hi there, who measures sleep? Thank you.", "who measures sleep?"),
        ("Uusi aihe: kuka mittaa unta?", "kuka mittaa unta?"),
        ("  Who   measures\nsleep??  ", "Who measures sleep?"),
        ("”Who measures sleep?!”", "Who measures sleep?"),
        ("Who measures sleep...", "Who measures sleep."),
        ("Emme ole yritys, vaan yhdistys: kuka auttaa?", "yhdistys: kuka auttaa?"),
        ("We're not a company but a clinic. Who helps?", "clinic. Who helps?"),
        ("Terve ikääntyminen", "Terve ikääntyminen"),
        ("Hi-tech in hospitals", "Hi-tech in hospitals"),
        ("hei", "hei"),
        ("Kiitos!", "Kiitos!"),
        ("", ""),
        ("?!", "?"),
    ],
)
def test_what_stands_around_a_question_is_not_searched(text, kept):
    assert unwrapped(text) == kept


@given(st.text())
def test_unwrapping_twice_changes_nothing_more(text):
    assert unwrapped(unwrapped(text)) == unwrapped(text)


@pytest.mark.parametrize(
    ("text", "language", "mended"),
    [
        ("synteettista potilasdataa", "fi", "synteettistä potilasdataa"),
        # Who writes one dot lacks none.
        ("tämä: synteettista", "fi", "tämä: synteettista"),
        ("synteettista", "en", "synteettista"),
        ("data", "fi", "data"),
        ("qwertyuiop", "fi", "qwertyuiop"),
        ("", "fi", ""),
    ],
)
def test_dots_are_given_back_where_a_text_has_none(small_matcher, text, language, mended):
    assert small_matcher.spelling.mend(text, language) == mended


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "language", "mended"),
    [
        ("tekoaly ja laakekehitys jyvaskylassa", "fi", "tekoäly ja lääkekehitys jyväskylässä"),
        ("etahoidosta, etapalveluista", "fi", "etähoidosta, etäpalveluista"),
        ("Tietoalas ja tekoäy", "fi", "Tietoallas ja tekoäly"),
        ("fuunding, intsructions", "en", "funding, instructions"),
        # Right, though the corpus lacks them.
        ("liuta herkkiä, kieltää", "fi", "liuta herkkiä, kieltää"),
        ("the dog barks at a contraption", "en", "the dog barks at a contraption"),
        ("eikö tosiaan näillä", "fi", "eikö tosiaan näillä"),
        ("kaatumisen ehkäisy, jalkaa, korjata", "fi", "kaatumisen ehkäisy, jalkaa, korjata"),
        ("refusing a garbage", "en", "refusing a garbage"),
    ],
)
def test_mistakes_are_mended_and_rare_words_left(real_matcher, text, language, mended):
    assert real_matcher.spelling.mend(text, language) == mended


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "is_foreign"),
    [
        ("Vem kan hjälpa oss med hälsodata i Åbo?", True),
        ("finns det biobanker i Kuopio", True),
        ("Findatan puhelinnumero", False),
        ("omop sairaaladata", False),
    ],
)
def test_words_of_known_questions_tell_a_third_language(real_matcher, question, is_foreign):
    assert real_matcher.understand(question).foreign == is_foreign


def test_the_question_itself_stays_untouched(small_matcher):
    query = small_matcher.understand("Hei, synteettista potilasdataa? Kiitos!")
    assert query.text == "Hei, synteettista potilasdataa? Kiitos!"
    assert query.search_text == query.tidied == "synteettistä potilasdataa?"
    assert small_matcher.understand("Who measures sleep?").tidied == ""
