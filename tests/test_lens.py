"""The lens for questions: applied by the encoder, built into an index, learned from needs."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from corpus_files import copy_small_corpus
from fake_encoder import FakeEncoder, fake_matcher

from hytki_match.encoder.light import BUNDLED_DIR, LENS, LightEncoder, folder_digest
from hytki_match.encoder.vectors import to_unit_length
from hytki_match.index import build_index

SAME = ("Kuka tutkii unta Oulussa?", "Who studies sleep in Oulu?")
OTHER = ("Kuka tutkii unta Turussa?", "Kuka rahoittaa laitteen testausta?")

TWO = ("Who measures sleep?", "Who tests devices?")


class Reversing(FakeEncoder):
    """An encoder that compares questions by their vectors back to front."""

    def among_questions(self, vectors):
        return vectors[:, ::-1]


def index_of_two_questions(folder, encoder):
    corpus = copy_small_corpus(folder)
    rows = [f"en,{text},competences/oulu-sleep,\n" for text in TWO]
    header = "language,question,answers,useful\n"
    (corpus / "questions.csv").write_text(header + "".join(rows), encoding="utf-8")
    return build_index(corpus, folder / "index", encoder)


def test_known_questions_lie_in_an_index_as_they_are_compared(tmp_path):
    index = index_of_two_questions(tmp_path, Reversing())
    wanted = FakeEncoder().encode_queries(TWO)
    assert index.asked.vectors == pytest.approx(wanted, abs=0.01)
    assert index.compared.vectors == pytest.approx(wanted[:, ::-1], abs=0.01)
    found, numbers = index.compared.search(wanted[1, ::-1].copy(), 1)
    assert numbers.tolist() == [1] and found[0] == pytest.approx(1, abs=0.01)


def copied_model(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    for file in BUNDLED_DIR.iterdir():
        shutil.copy(file, folder / file.name)
    return folder


def test_a_question_is_compared_and_a_part_of_a_story_as_it_is(tmp_path):
    encoder = Reversing()
    matcher = fake_matcher(index_of_two_questions(tmp_path, encoder), encoder)
    assert matcher.match("Who measures sleep?", context="We sleep badly.").query.told
    assert not matcher.match("Who measures sleep?").query.told
    asked, told = (matcher.known.near("sleep", told=told).cosines for told in (False, True))
    assert asked == pytest.approx(told, abs=0.01)  # both sides are turned, or neither
    matcher.index.compared.search = None
    assert matcher.known.near("measures sleep", told=True).numbers[0] == 0
    with pytest.raises(TypeError):
        matcher.known.near("sleep tests")


@pytest.mark.slow
def test_a_model_without_a_lens_compares_questions_as_they_are(tmp_path):
    folder = copied_model(tmp_path)
    with_lens = folder_digest(folder)
    (folder / LENS).unlink()
    assert folder_digest(folder) != with_lens, "an index knows which lens it was built with"
    encoder = LightEncoder(folder, name="test")
    vectors = encoder.encode_queries(SAME)
    assert encoder.among_questions(vectors) is vectors


@pytest.mark.slow
def test_the_bundled_lens_is_a_small_turn_of_unit_vectors():
    encoder = LightEncoder(BUNDLED_DIR, name="bundled")
    vectors = encoder.encode_queries([*SAME, *OTHER])
    seen = encoder.among_questions(vectors)
    assert np.linalg.norm(seen, axis=1) == pytest.approx(1, abs=1e-5)
    assert (seen * vectors).sum(axis=1).min() > 0.8
    assert not encoder.among_questions(np.zeros((1, encoder.dimension), np.float32)).any()


def test_a_lens_is_learned_that_sees_what_the_answers_depend_on():
    """Two needs with two wordings each; how they are worded is the louder half of a vector."""
    pytest.importorskip("torch")
    from training.lens import LensPlan, learn_lens

    given = lessons_of_two_subjects()
    lens = learn_lens(given, plan=LensPlan(steps=60, questions=8, rate=0.02, pull=0.001))
    vectors = given.known.numpy()
    before, after = closeness(vectors), closeness(to_unit_length(vectors @ lens))
    assert before < 0, "told apart by their wording at first"
    assert after > 0, "then by their subject"


def test_a_need_that_is_left_out_teaches_nothing():
    pytest.importorskip("torch")
    from training.lens import LensPlan, learn_lens

    plan = LensPlan(steps=5, questions=4)
    given = lessons_of_two_subjects()
    blind = learn_lens(given, ["need-0", "need-1"], plan)
    rows = given.of_need["need-0"] + given.of_need["need-1"]
    given.gains[rows] = given.gains[rows].flip(1)
    given.shares[[row for row, need in enumerate(given.needs) if need in ("need-0", "need-1")]] = 0
    assert (learn_lens(given, ["need-0", "need-1"], plan) == blind).all()


def lessons_of_two_subjects():
    import torch

    from training.lens import Lessons

    chance = np.random.default_rng(0)
    count = 8
    subject = np.arange(count) % 2
    wording = np.arange(count) // 4
    vectors = 0.1 * chance.standard_normal((count, 6))
    vectors[np.arange(count), subject] += 1
    vectors[np.arange(count), 2 + wording] += 1.5
    known = torch.from_numpy(to_unit_length(vectors.astype(np.float32)))
    gains = torch.eye(2)[torch.from_numpy(subject)]
    needs = tuple(f"need-{number}" for number in range(count))
    return Lessons(
        known=known,
        gains=gains,
        says=torch.ones(count),
        asked=known.clone(),
        shares=gains.clone(),
        passages=torch.zeros(count, 2),
        needs=needs,
        of_need={need: [number] for number, need in enumerate(needs)},
    )


def closeness(vectors):
    """Return by how much two of one subject are nearer than two of one wording, on average."""
    cosines = vectors @ vectors.T
    same_subject = [cosines[i, j] for i, j in ((0, 4), (0, 6), (1, 5), (2, 4), (3, 7))]
    same_wording = [cosines[i, j] for i, j in ((0, 1), (2, 3), (4, 5), (6, 7))]
    return np.mean(same_subject) - np.mean(same_wording)
