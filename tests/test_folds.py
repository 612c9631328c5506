"""Records left out of the encoder's retrieval stage: nothing about them is read."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="only training needs torch")

from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402

from hytki_match.corpus import load_corpus  # noqa: E402
from hytki_match.evaluation.questions import load_judged  # noqa: E402
from training import beside, folds, retrieval  # noqa: E402
from training.retrieval import Passages, Question, read_questions, without  # noqa: E402
from training.sources import COPYLEFT  # noqa: E402

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT / "training" / "questions"
UNKNOWN = "[UNK]"
QUESTION = Question("yksi", {"tools/a": 1.0})
PASSAGES = [("tools/a", "fi", "yksi", "yksi"), ("tools/a", "en", "one", "one")]
IDS = [f"tools/{letter}" for letter in "abcdefghij"]


def words(*known):
    """Return a tokenizer of whole words; any other word is unknown."""
    numbers = {word: number for number, word in enumerate((UNKNOWN, *known))}
    tokenizer = Tokenizer(models.WordLevel(numbers, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


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


def test_the_stage_takes_a_record_left_out_neither_for_right_nor_for_wrong(monkeypatch):
    tokenizer = words("kysymys")
    texts = {"fi": ["kysymys"] * 3, "en": ["kysymys"] * 3}
    questions = [
        Question("kysymys yksi", {IDS[0]: 1.0}),
        Question("kysymys kaksi", {IDS[0]: 0.35, IDS[1]: 1.0}, "N1"),
        Question("kysymys kolme", {IDS[2]: 1.0}),
    ]
    read = []

    def train(start, pairs, related, plan, report, asked):
        read.append(asked)
        return start

    monkeypatch.setattr(folds, "train_alone", train)
    monkeypatch.setattr(folds, "siblings", lambda vectors: torch.zeros(3, 3, dtype=torch.bool))
    passages = Passages(IDS[:3], texts, texts)
    stage = folds.Stage(
        torch.ones(2, 4), tokenizer, None, None, questions, passages, None, lambda line: None
    )
    stage.train({IDS[0]})
    assert read[0].truth.tolist() == [[0, 1, 0], [0, 0, 1]]
    assert read[0].blocked.tolist() == [[True, False, False]] * 2
    assert len(read[0].questions) == 2 * retrieval.VARIANTS


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


def test_files_left_out_are_in_no_pairs(tmp_path, monkeypatch):
    rows = [("1.0", "yksi", "one", "tatoeba"), ("1.0", "kaksi", "two", "ui-kde")] * 4
    rows_of = {"pairs": rows, "related": [("yksi", "one")], "passages": PASSAGES}
    for name, lines in rows_of.items():
        with gzip.open(tmp_path / f"{name}.tsv.gz", "wt", encoding="utf-8") as stream:
            stream.writelines("\t".join(line) + "\n" for line in lines)
    tokenizer = words("one", "two")
    pairs, _ = beside.alone_pairs(tmp_path, tokenizer, COPYLEFT)
    assert pairs.right.flat.tolist() == [1] * 4

    monkeypatch.setattr(beside, "LightEncoder", lambda folder, name: None)
    # As the transformer would: a vector for each text, here the text's number.
    monkeypatch.setattr(
        beside, "_beside", lambda encoder, texts, kept: np.arange(len(texts), dtype=np.float16)
    )
    material = beside.static_material(tmp_path, tmp_path, tokenizer, [QUESTION], 5, COPYLEFT)
    all_of_them = beside.static_material(tmp_path, tmp_path, tokenizer, [QUESTION], 5)
    kept = [at for at, piece in enumerate(all_of_them.english.bags.flat) if piece == 1]
    assert material.english.bags.flat.tolist() == [1] * len(kept)
    assert material.english.beside.tolist() == kept
    assert set(material.others[1].flat.tolist()) <= {1}
    assert len(material.english.bags) + len(material.others[1]) == 4
