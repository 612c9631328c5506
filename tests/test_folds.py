"""Records left out of the encoder's retrieval stage: nothing about them is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="only training needs torch")

from hytki_match.corpus import load_corpus  # noqa: E402
from hytki_match.evaluation.questions import load_judged  # noqa: E402
from training import folds  # noqa: E402
from training.retrieval import Question, read_questions, without  # noqa: E402

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT / "training" / "questions"
IDS = [f"tools/{letter}" for letter in "abcdefghij"]


def test_folds_are_parts_of_like_size_that_keep_sets_together():
    together = [{"tools/a", "tools/b"}, {"tools/b", "tools/c"}, {"tools/d"}, set()]
    made = folds.make_folds(IDS, together)
    assert sorted(doc_id for fold in made for doc_id in fold) == IDS
    assert sorted(map(len, made)) == [1, 2, 2, 2, 3]
    assert any({"tools/a", "tools/b", "tools/c"} <= fold for fold in made)
    assert made == folds.make_folds(IDS, together)


def test_a_question_goes_with_its_exact_answer_and_else_only_loses_the_useful_one():
    for_one = Question("kenelle?", {"tools/a": 1.0})
    need = Question("mikä?", {"tools/a": 1.0, "tools/b": 1.0}, "N1")
    useful = Question("missä?", {"tools/a": 0.35, "tools/b": 1.0}, "N2")
    only_useful = Question("koska?", {"tools/a": 0.35}, "N3")
    other = Question("miksi?", {"tools/b": 1.0})
    known = without([for_one, need, useful, only_useful, other], {"tools/a"})
    assert known == [Question("missä?", {"tools/b": 1.0}, "N2"), other]


@pytest.fixture(scope="module")
def judged():
    return load_judged(ROOT / "tests" / "judged", load_corpus(ROOT / "corpus"))


def test_no_question_of_a_record_left_out_is_read_and_every_judged_one_is_measured_once(judged):
    exact = folds.exact_answers(judged)
    doc_ids = sorted(load_corpus(ROOT / "corpus").records)
    questions = read_questions([QUESTIONS / "queries.tsv"], QUESTIONS / "needs")
    made = folds.make_folds(doc_ids, exact.values())
    for fold in made:
        known = without(questions, fold)
        assert not any(fold & set(q.gains) for q in known)
        needs = {q.need_id for q in questions if any(q.gains.get(i) == 1 for i in fold)} - {""}
        assert needs
        assert needs.isdisjoint(q.need_id for q in known)
    assert all(sum(answers <= fold for fold in made) == 1 for answers in exact.values())


def test_a_record_has_the_cosine_of_its_better_passage(judged):
    question = judged.questions[0]
    best = next(d for d, grade in judged.qrels[question.query_id].items() if grade == 2)
    other = next(d for d in ("tools/eu-mdr",) if d not in judged.qrels[question.query_id])
    vector = torch.tensor([1.0, 0.0]).numpy()
    # Finnish passages of both, then English ones: only the English one of the answer is near.
    passages = torch.tensor([[0.5, 0.0], [0.0, 1.0], [0.0, 1.0], [0.9, 0.0]]).numpy()
    doc_ids = [other, best]
    found = folds.dense_values({question.query_id: vector}, passages, doc_ids, judged)
    backwards = folds.dense_values({question.query_id: vector}, passages, doc_ids[::-1], judged)
    assert found[question.query_id] > backwards[question.query_id] > 0


class Stage:
    """A stage that notes what it trains on; its vectors point at the first record."""

    doc_ids: list[str]

    def __init__(self, doc_ids):
        self.doc_ids = doc_ids
        self.left_out = []

    def train(self, questions, plan, unseen):
        self.left_out.append(unseen)

    def vectors(self, student, questions):
        passages = np.zeros((2 * len(self.doc_ids), 2), np.float16)
        passages[0] = (1, 0)
        return {"questions": np.tile(np.float16([1, 0]), (len(questions), 1)), "passages": passages}


def test_every_fold_is_left_out_once_and_every_judged_question_measured_there(judged):
    doc_ids = sorted(load_corpus(ROOT / "corpus").records)
    stage = Stage(doc_ids)
    values, counts = folds.unseen_values(stage, [], judged)
    assert sorted(doc_id for fold in stage.left_out for doc_id in fold) == doc_ids
    assert set(values) == {q.query_id for q in judged.questions}
    assert sum(counts) == len(values)
    finnish, english, both = folds.summary(values, judged.questions)
    assert both.mean == pytest.approx((finnish.mean + english.mean) / 2)
