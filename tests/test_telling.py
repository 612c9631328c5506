"""Needs that are told rather than asked for: the learned line beside the rules of asking."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fake_encoder import FakeEncoder

from hytki_match.adviser.splitting import TOLD, UNLIKELY, split_need, tell_needs
from hytki_match.adviser.telling import need_probabilities
from hytki_match.encoder import load_encoder

LABELLED = Path(__file__).parents[1] / "training" / "questions" / "told.jsonl"
STORY = (
    "We are a home care firm of eight in Kainuu. Readings are typed in by hand, and mistakes slip "
    "in. A retailer told us to come back when an independent laboratory has tested the ring. "
    "We changed our cars last year."
)


def test_another_encoder_leaves_it_to_the_rules():
    sentences = ("We are a small firm.", "We need a test laboratory.")
    assert need_probabilities(sentences, "en", FakeEncoder()) is None
    assert tell_needs(sentences, "en", None) == [False, True]


@pytest.mark.parametrize(
    ("sentence", "probability", "is_need"),
    [
        ("Readings arrive by post.", TOLD, True),
        ("Readings arrive by post.", TOLD - 0.01, False),
        ("A test laboratory is needed.", UNLIKELY, True),
        ("A test laboratory is needed.", UNLIKELY / 2, False),
        ("We need a test laboratory.", UNLIKELY / 2, True),  # nothing asks more plainly
        ("We hope to hear from you soon.", 1.0, False),  # courtesy asks for nothing
    ],
)
def test_what_words_and_probability_make_of_a_sentence(sentence, probability, is_need):
    told = np.array([0.0, probability, 0.0])
    sentences = ("We are five.", sentence, "We make rings.")
    assert tell_needs(sentences, "en", told) == [False, is_need, False]


def test_a_text_begins_with_who_writes_unless_it_asks():
    told = np.array([1.0, 1.0])
    sentences = ("We make a radar that notices falls.", "Alarms get lost at night.")
    assert tell_needs(sentences, "en", told) == [False, True]
    assert tell_needs(("We need a radar.", sentences[1]), "en", told) == [True, True]


def test_a_line_of_a_list_stays_whatever_its_probability():
    told = np.array([0.0, 0.0])
    sentences = ("We are five.", "A test laboratory")
    assert tell_needs(sentences, "en", told, {"A test laboratory"}) == [False, True]


@pytest.mark.slow
def test_a_story_is_split_into_what_it_lacks():
    parts = split_need(STORY, "en", load_encoder("bundled")).parts
    assert [part.split()[0] for part in parts] == ["Readings", "A"]


@pytest.mark.slow
def test_the_line_belongs_to_the_encoder_that_ships():
    """It was learned from these texts: with the vectors of another encoder it would fail here."""
    training = pytest.importorskip("training.telling")
    encoder = load_encoder("bundled")
    texts = training.read_told(LABELLED)[::9]
    truth = np.concatenate([text.is_need for text in texts])
    found = [need_probabilities(text.sentences, text.language, encoder) for text in texts]
    assert ((np.concatenate(found) >= TOLD) == truth).mean() > 0.85
