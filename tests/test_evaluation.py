"""The evaluation: figures worked by hand, and mistakes named with file and line."""

from __future__ import annotations

import csv
import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import ir_measures
import numpy as np
import pytest
from corpus_files import SMALL
from fake_encoder import FakeEncoder

from hytki_match.corpus import load_corpus
from hytki_match.errors import EvaluationError
from hytki_match.evaluation import evaluate, record, report
from hytki_match.evaluation.calibration import reliability, run_reliability
from hytki_match.evaluation.dialogues import NOTE as DIALOGUES_NOTE
from hytki_match.evaluation.dialogues import (
    dialogue_shares,
    part_shares,
    shown_ids,
    turn_passes,
)
from hytki_match.evaluation.encoder_checks import check_encoder, pair_accuracy
from hytki_match.evaluation.measures import MEASURES, estimate, interval, query_values
from hytki_match.evaluation.plots import CAPTIONS, all_plots
from hytki_match.evaluation.questions import CasePart, DialogueTurn, JudgedQuestion, load_judged
from hytki_match.evaluation.runs import as_ranking, read_run, write_qrels, write_run
from hytki_match.evaluation.systems import LegSystem, RankFusionSystem
from hytki_match.records import Answer, Query

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
    assert values["Success@3"]["Q1"] == 1
    assert values["R_cap@10"]["Q1"] == values["R@10"]["Q1"]


def test_capped_recall_is_whole_when_ten_places_hold_relevant_records_only():
    qrels = {"Q1": {f"r{number}": 1 for number in range(20)}}
    run = {"Q1": [(f"r{number}", 1.0 - number / 100) for number in range(9)] + [("x", 0.1)]}
    values = query_values(run, qrels)
    assert values["R@10"]["Q1"] == pytest.approx(9 / 20)
    assert values["R_cap@10"]["Q1"] == pytest.approx(9 / 10)


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


@pytest.mark.parametrize("line", [b"Q1 Q0 b 2 nan tag", b"Q1 Q0 b 2 tag", "ä".encode("latin-1")])
def test_a_run_that_cannot_be_ranked_is_refused(tmp_path, line):
    (tmp_path / "x.run").write_bytes(b"Q1 Q0 a 1 0.5 tag\n" + line)
    with pytest.raises(EvaluationError, match=r"x\.run, line 2: is not"):
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
        ("offtopic.csv", "S1-fi,fi,chat,hei", "'S1-fi' is the id of questions.csv, line 2 already"),
        ("qrels.txt", "S7-fi 0 tools/privacy-guide 2", "'S7-fi' is judged but is no question"),
        ("qrels.txt", "S1-fi 0 organisations/turku-lab 2", "is judged twice"),
        ("dialogues.csv", "D1,two,fi,entä?,companies/sleepy,,", "'two' is not a number"),
        (
            "dialogues.csv",
            "D1,2,fi,entä?,companies/gone,,",
            "'companies/gone' is not in the corpus",
        ),
        ("cases.csv", "K1,fi,Uni?,x,uni,companies/sleepy", "'x' is not a number"),
        ("cases.csv", "K1,fi,Uni?,1,uni,companies/gone", "'companies/gone' is not in the corpus"),
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


@pytest.mark.parametrize("file", ["questions.csv", "qrels.txt"])
def test_missing_files(folder, small_corpus, file):
    (folder / file).unlink()
    with pytest.raises(EvaluationError, match=rf"{file}: is missing"):
        load_judged(folder, small_corpus)


@pytest.mark.parametrize("file", ["questions.csv", "qrels.txt", "offtopic.csv", "cases.csv"])
def test_a_file_in_another_encoding_is_named(folder, small_corpus, file):
    with (folder / file).open("ab") as stream:
        stream.write("ä".encode("latin-1"))
    with pytest.raises(EvaluationError, match=rf"{file}, line \d+: is not UTF-8"):
        load_judged(folder, small_corpus)


def test_no_question_at_all(folder, small_corpus):
    for file in ("questions.csv", "qrels.txt"):
        header = (folder / file).read_text(encoding="utf-8").splitlines()[0] + "\n"
        (folder / file).write_text(header if file.endswith("csv") else "", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"questions\.csv: has no question"):
        load_judged(folder, small_corpus)


def test_a_mark_at_the_start_and_line_ends_of_windows_do_no_harm(folder, small_corpus):
    expected = load_judged(folder, small_corpus)
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8").replace("\n", "\r\n")
        file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_judged(folder, small_corpus) == expected


def test_a_national_answer_expects_no_region(folder, small_corpus):
    file = folder / "questions.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("?,turku,", "?,national,"), "utf-8")
    questions = {q.query_id: q for q in load_judged(folder, small_corpus).questions}
    assert questions["S1-fi"].expected_regions == ()
    assert questions["S2-fi"].expected_regions == ("oulu",)


def test_one_language_and_no_other_file_is_enough(folder, small_corpus, small_matcher, tmp_path):
    for file in folder.iterdir():
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join(line for line in lines if "-en" not in line[:6]), "utf-8")
    for file in ("offtopic.csv", "dialogues.csv", "cases.csv"):
        (folder / file).unlink()
    found = evaluate.evaluate(small_matcher, load_judged(folder, small_corpus), "small")
    assert (found.parity, found.dialogues, found.cases) == (None, {}, {})
    assert "Dialogues" not in report.as_text(found)
    report.write_page(found, tmp_path / "page.md", "")
    report.write_html([found], tmp_path / "page.html", "")
    assert json.loads(report.as_json([found]))[0]["dialogues"] == {}


def turn(must_include=(), must_not_include=()):
    return DialogueTurn("D", 1, "fi", "?", tuple(must_include), tuple(must_not_include))


def test_a_turn_passes_by_what_it_shows_and_what_it_does_not():
    shown = {"companies/a", "contacts/b", "oulu"}
    assert turn_passes(turn(["companies/x", "companies/a"]), shown)
    assert turn_passes(turn(["oulu"], ["companies/x"]), shown)
    assert not turn_passes(turn(["companies/a"], ["contacts/b"]), shown)
    assert not turn_passes(turn(["companies/x"]), shown)
    assert turn_passes(turn([], ["companies/x"]), shown)
    assert not turn_passes(turn(["companies/a"]), shown_ids(Answer(Query("?", "fi"), "none")))


def test_what_is_shown_as_nearest_is_not_presented(small_matcher):
    answer = small_matcher.match("Kuka mittaa unta ja palautumista?")
    assert "companies/sleepy" in shown_ids(answer, 5)
    assert "oulu" in shown_ids(answer, 5)
    assert len(shown_ids(answer, 1)) <= 3
    assert shown_ids(replace(answer, state="none")) == set()


def test_dialogues_count_by_language_and_place(small_matcher):
    turns = [
        DialogueTurn("D1", 1, "fi", "Kuka mittaa unta ja palautumista?", ("oulu",), ()),
        DialogueTurn("D1", 2, "fi", "?!", ("oulu",), ()),
        DialogueTurn("D2", 1, "en", "Who measures sleep and recovery?", ("oulu",), ("oulu",)),
    ]
    assert {
        group: str(share) for group, share in dialogue_shares(small_matcher, turns).items()
    } == {
        "all": "1 of 3",
        "fi": "1 of 2",
        "en": "0 of 1",
        "opening turns": "1 of 2",
        "follow-ups": "0 of 1",
    }


def test_a_part_is_covered_by_one_acceptable_partner():
    parts = [
        CasePart("K1", "fi", "…", 1, "uni", ("companies/a", "companies/b")),
        CasePart("K1", "fi", "…", 2, "lupa", ("tools/c",)),
        CasePart("K2", "en", "…", 1, "sleep", ("companies/a",)),
    ]
    shares = part_shares(parts, {"K1": {"companies/b", "tools/x"}, "K2": set()})
    assert {group: str(share) for group, share in shares.items()} == {
        "all": "1 of 3",
        "fi": "1 of 2",
        "en": "0 of 1",
    }


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
    for title in (
        "All questions",
        "By slice",
        "Regions and contacts",
        "Honesty",
        "Calibration",
        "Dialogues",
    ):
        assert title in text
        assert f"## {title}" in page
        assert f"<h3>{title}" in html
    assert "hytki-match evaluate" in page
    assert (tmp_path / "evaluation-slices.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert DIALOGUES_NOTE[:60] in text
    assert html.count("<svg") == 3


def test_calibration_by_hand():
    # Bin 0.2: mean 0.25, one of two relevant. Bin 0.9: mean 0.95, both. 1.0 is in the last bin.
    found = reliability(np.array([0.2, 0.3, 0.9, 1.0]), np.array([0.0, 1.0, 1.0, 1.0]), bins=5)
    assert [(one.low, one.high, one.count) for one in found.bins] == [(0.2, 0.4, 2), (0.8, 1.0, 2)]
    assert [one.predicted for one in found.bins] == pytest.approx([0.25, 0.95])
    assert [one.observed for one in found.bins] == [0.5, 1.0]
    assert found.error == pytest.approx(0.5 * 0.25 + 0.5 * 0.05)


def test_the_hits_of_a_run_are_held_against_the_judgements():
    run = {"Q1": [("a", 0.5), ("b", 0.25)], "Q2": [("a", 0.5)]}
    found = run_reliability(run, {"Q1": {"a": 1}, "Q2": {"a": 0}, "Q3": {}}, lambda s: 2 * s - 0.1)
    assert [(one.predicted, one.observed, one.count) for one in found.bins] == [
        (0.4, 0.0, 1),
        (0.9, 0.5, 2),
    ]
    assert run_reliability({}, {"Q1": {"a": 1}}, float) is None


def test_equal_figures_give_equal_plots(evaluation):
    plots = all_plots(evaluation)
    assert set(plots) == set(CAPTIONS)
    assert all_plots(evaluation) == plots


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
