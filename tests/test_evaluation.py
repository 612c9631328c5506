"""The evaluation: figures worked by hand, and mistakes named with file and line."""

from __future__ import annotations

import csv
import math
import shutil
from pathlib import Path

import ir_measures
import numpy as np
import pytest
from corpus_files import SMALL
from fake_encoder import FakeEncoder

from hytki_match.corpus import load_corpus
from hytki_match.errors import EvaluationError
from hytki_match.evaluation import evaluate, record, report
from hytki_match.evaluation.encoder_checks import check_encoder, pair_accuracy
from hytki_match.evaluation.measures import MEASURES, estimate, interval, query_values
from hytki_match.evaluation.questions import JudgedQuestion, load_judged
from hytki_match.evaluation.runs import as_ranking, read_run, write_qrels, write_run
from hytki_match.evaluation.systems import LegSystem, RankFusionSystem

JUDGED = Path(__file__).parent / "data" / "judged"


def question(query_id, need_id="N1", language="fi"):
    return JudgedQuestion(query_id, need_id, language, "topic", "?", (), ())


@pytest.fixture(scope="module")
def small_corpus():
    return load_corpus(SMALL)


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(JUDGED, tmp_path / "judged"))


@pytest.fixture(scope="module")
def evaluation(small_matcher, small_corpus):
    return evaluate.evaluate(small_matcher, load_judged(JUDGED, small_corpus), "small")


def test_measures_of_one_query_by_hand():
    # Found: useful, wrong, exact. Judged: one exact (2), two useful (1).
    run = {"Q1": [("a", 0.9), ("x", 0.8), ("b", 0.7)]}
    values = query_values(run, {"Q1": {"b": 2, "a": 1, "c": 1}})
    dcg = 1 / math.log2(2) + 2 / math.log2(4)
    ideal = 2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert values["nDCG@10"]["Q1"] == pytest.approx(dcg / ideal)
    assert values["R@10"]["Q1"] == pytest.approx(2 / 3)
    assert values["RR"]["Q1"] == pytest.approx(1 / 3)
    assert values["Success@1"]["Q1"] == 0
    assert values["Success@5"]["Q1"] == 1


def test_a_query_without_hits_counts_as_nothing_found():
    values = query_values({}, {"Q1": {"a": 2}})
    assert all(found == {"Q1": 0.0} for found in values.values())


def test_a_need_in_two_languages_counts_once():
    questions = [question("A"), question("B", language="en"), question("C", "N2")]
    found = estimate({"A": 1.0, "B": 0.0, "C": 1.0}, questions)
    assert found.mean == pytest.approx((0.5 + 1.0) / 2)
    assert found.needs == 2
    assert estimate({}, questions) is None


def test_the_interval_holds_the_mean_and_is_the_same_every_time():
    values = [0.0, 1.0] * 20
    low, high = interval(values)
    assert 0.3 < low < 0.5 < high < 0.7
    assert (low, high) == interval(values)
    assert interval([0.4, 0.4]) == (0.4, 0.4)


def test_equal_scores_keep_our_order_in_a_run():
    ranking = as_ranking([("b", 0.5), ("c", 0.5), ("a", 0.5)])
    assert [doc for doc, _ in ranking] == ["b", "c", "a"]
    scores = [score for _, score in ranking]
    assert scores == sorted(set(scores), reverse=True)


def test_the_figures_are_those_of_the_library_on_the_written_files(evaluation, tmp_path):
    write_run(evaluation.ours.run, "HYTKI Match", tmp_path / "our.run")
    write_qrels(evaluation.judged.qrels, tmp_path / "qrels.txt")
    run = ir_measures.read_trec_run(str(tmp_path / "our.run"))
    qrels = ir_measures.read_trec_qrels(str(tmp_path / "qrels.txt"))
    by_hand = ir_measures.calc_aggregate(list(MEASURES.values()), qrels, run)
    for name, measure in MEASURES.items():
        ours = np.mean(list(evaluation.ours.values[name].values()))
        assert by_hand[measure] == pytest.approx(ours), name


def test_a_run_comes_back_as_it_was_written(evaluation, tmp_path):
    write_run(evaluation.ours.run, "HYTKI Match", tmp_path / "our.run")
    tag, run = read_run(tmp_path / "our.run")
    assert tag == "HYTKI-Match"
    assert run == evaluation.ours.run
    line = (tmp_path / "our.run").read_text().splitlines()[0].split()
    assert (line[1], line[3], len(line)) == ("Q0", "1", 6)


def test_a_line_that_is_no_run_is_named(tmp_path):
    (tmp_path / "x.run").write_text("Q1 Q0 a 1 0.5 tag\nQ1 Q0 b two\n")
    with pytest.raises(EvaluationError, match=r"x\.run, line 2: is not a line of a run"):
        read_run(tmp_path / "x.run")


def append(file, line):
    with file.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")


def lines_of(file):
    return len(file.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("file", "line", "problem"),
    [
        ("qrels.txt", "S1-fi 0 tools/gone 2", "'tools/gone' is not a record"),
        ("qrels.txt", "S1-fi 0 tools/privacy-guide", "is no judgement"),
        ("qrels.txt", "S1-fi 0 tools/privacy-guide 5", "is no judgement"),
        ("questions.csv", "S9-fi,S9,fi,topic,uni?,,", "'S9-fi' has no judgement"),
        ("questions.csv", "S1-fi,S1,fi,topic,uni?,,", "'S1-fi' is the id of line 2 already"),
        ("questions.csv", "S1-sv,S1,sv,topic,sömn?,,", "'sv' is not a language"),
        ("questions.csv", "S1-fi,S1,fi,topic,uni?,lahti,", "'lahti' is not in the corpus"),
        ("questions.csv", "S1-fi,S1", "too many or too few cells"),
        ("offtopic.csv", "F1,fi,chat,hei", "'F1' is the id of line 2 already"),
    ],
)
def test_a_planted_mistake_is_named_with_file_and_line(folder, small_corpus, file, line, problem):
    append(folder / file, line)
    with pytest.raises(EvaluationError) as caught:
        load_judged(folder, small_corpus)
    mistakes = [m for m in caught.value.mistakes if problem in m.problem]
    assert mistakes, caught.value
    assert mistakes[0].place == f"{folder / file}, line {lines_of(folder / file)}"
    assert mistakes[0].cure


def test_judgements_of_no_question_and_missing_files(folder, small_corpus):
    append(folder / "qrels.txt", "S7-fi 0 tools/privacy-guide 2")
    with pytest.raises(EvaluationError, match="'S7-fi' is judged but is no question"):
        load_judged(folder, small_corpus)
    (folder / "qrels.txt").unlink()
    with pytest.raises(EvaluationError, match=r"qrels\.txt: is missing"):
        load_judged(folder, small_corpus)


def test_only_questions_and_judgements_are_needed(folder, small_corpus, small_matcher):
    (folder / "offtopic.csv").unlink()
    found = evaluate.evaluate(small_matcher, load_judged(folder, small_corpus), "small")
    assert found.honesty is None
    assert "Honesty" not in report.as_text(found)


def test_every_table_is_in_the_text_the_page_and_the_html(evaluation, tmp_path):
    text = report.as_text(evaluation)
    report.write_page(evaluation, tmp_path / "evaluation.md", "hytki-match evaluate")
    report.write_html([evaluation], tmp_path / "evaluation.html", "hytki-match evaluate")
    page = (tmp_path / "evaluation.md").read_text(encoding="utf-8")
    html = (tmp_path / "evaluation.html").read_text(encoding="utf-8")
    for title in ("All questions", "By slice", "Regions and contacts", "Honesty"):
        assert title in text
        assert f"## {title}" in page
        assert f"<h3>{title}</h3>" in html
    assert "hytki-match evaluate" in page
    assert (tmp_path / "evaluation-slices.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert "not built yet" not in text or "0.0 %" in text
    assert html.count("<svg") == 2


def test_rank_fusion_by_hand(small_matcher):
    class Fixed:
        def __init__(self, *doc_ids):
            self.name = "fixed"
            self.doc_ids = doc_ids

        def rank(self, _):
            return [(doc_id, -float(place)) for place, doc_id in enumerate(self.doc_ids)]

    fused = RankFusionSystem("both", [Fixed("a", "b"), Fixed("b", "c")]).rank(question("Q"))
    assert fused == [
        ("b", pytest.approx(1 / 62 + 1 / 61)),
        ("a", pytest.approx(1 / 61)),
        ("c", pytest.approx(1 / 62)),
    ]


def test_a_leg_alone_ranks_by_its_own_score(small_matcher):
    leg = LegSystem(small_matcher.legs[0], small_matcher.index)
    ranking = leg.rank(JudgedQuestion("Q", "N", "en", "topic", "sleep recovery", (), ()))
    assert [score for _, score in ranking] == sorted((s for _, s in ranking), reverse=True)


def test_accuracy_of_translation_by_hand():
    finnish = np.eye(3, dtype=np.float32)
    english = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 1]], np.float32)
    # fi 1 finds itself; fi 2 finds nothing nearer than the first; fi 3 finds en 2 before en 3.
    forward, backward = pair_accuracy(finnish, english)
    assert forward == pytest.approx(1 / 3)
    assert backward == pytest.approx(2 / 3)


def test_encoder_files_are_checked(tmp_path):
    with pytest.raises(EvaluationError, match=r"has no \.tsv file"):
        check_encoder(FakeEncoder(), tmp_path)
    (tmp_path / "x.tsv").write_text("uni\tsleep\nrivi ilman paria\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"x\.tsv, line 2: is no pair"):
        check_encoder(FakeEncoder(), tmp_path)
    (tmp_path / "x.tsv").write_text("data\tdata\nsauna\tsauna\n", encoding="utf-8")
    (found,) = check_encoder(FakeEncoder(), tmp_path)
    assert (found.pairs, found.finnish_to_english, found.english_to_finnish) == (2, 1.0, 1.0)


def test_a_fall_is_told_from_noise(evaluation):
    now = record.make_record(evaluation)
    assert record.falls(now, now) == []
    needs = [f"N{n}" for n in range(70)]
    before = dict(now, **{"nDCG@10": dict.fromkeys(needs, 0.6)})
    slightly = dict(now, **{"nDCG@10": {n: 0.6 + (-1) ** i * 0.2 for i, n in enumerate(needs)}})
    fallen = dict(now, **{"nDCG@10": {n: 0.5 + (-1) ** i * 0.2 for i, n in enumerate(needs)}})
    assert record.falls(before, slightly) == []
    (sentence,) = record.falls(before, fallen)
    assert sentence.startswith("nDCG@10 changed by -0.1000")
    rude = dict(now, **{"off-topic questions answered": {"F1": 1.0, "F2": 1.0}})
    calm = dict(now, **{"off-topic questions answered": {"F1": 0.0, "F2": 0.0}})
    assert record.falls(calm, rude)
    assert record.falls(rude, calm) == []


def test_a_record_is_read_as_it_was_written(evaluation, tmp_path):
    record.write_record(evaluation, tmp_path / "record.json")
    assert record.read_record(tmp_path / "record.json") == record.make_record(evaluation)


def test_the_small_questions_are_well_formed():
    with (JUDGED / "questions.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 4
