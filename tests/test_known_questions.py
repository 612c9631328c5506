"""``questions.csv`` and what known questions say of a new one."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from corpus_files import edit_cell
from fake_encoder import FakeEncoder, fake_matcher

from hytki_match.corpus.load import load
from hytki_match.corpus.questions import read_questions
from hytki_match.index import build_index
from hytki_match.matching import asked as asked_leg
from hytki_match.matching.known import MIN_UNANSWERED, KnownQuestions
from hytki_match.matching.retrieval import Allowed, NearPassages
from hytki_match.matching.rollup import BY_ASKED, rank_contacts
from hytki_match.records import Constraint, KnownQuestion, Query

SCALE = {"offset": 0.1, "slope": 0.9}
HEADER = "language,question,answers,useful\n"
WITH_CONTACTS = "language,question,answers,useful,contacts\n"
RECORDS = ("tools/privacy-guide", "companies/sleepy")
CONTACTS = ("contacts/lab-desk", "contacts/test-desk")


def read(rows, header=HEADER):
    return read_questions((header + rows).encode(), RECORDS, CONTACTS)


def test_rows_become_questions():
    questions, findings = read(
        "fi,Kuka mittaa unta?,companies/sleepy,tools/privacy-guide\nen, Mars? ,,\n"
    )
    assert findings == []
    assert questions == (
        KnownQuestion("Kuka mittaa unta?", "fi", ("companies/sleepy",), ("tools/privacy-guide",)),
        KnownQuestion("Mars?", "en", (), ()),
    )


@pytest.mark.parametrize(
    ("rows", "column", "problem", "cure"),
    [
        ("fi,Kuka?,companies/sleeepy,\n", "answers", "is not a record", "'companies/sleepy'"),
        ("fi,Kuka?,,zzz\n", "useful", "is not a record", "tools/its-id"),
        ("fi,  ,companies/sleepy,\n", "question", "the cell is empty", "Fill it in."),
        ("sv,Vem?,,\n", "language", "is no language", "fi, en"),
        ("fi,Kuka?\n", "", "too many or too few cells", "quotation marks"),
        ("fi,Kuka, mikä?,,\n", "", "too many or too few cells", "quotation marks"),
        ('fi,"Kuka?,,\n', "", "cannot be divided", "quotation mark"),
    ],
)
def test_a_broken_row_is_found_with_its_cure(rows, column, problem, cure):
    questions, (finding,) = read(rows)
    assert questions == ()
    assert finding.column == column
    assert problem in finding.problem
    assert cure in finding.cure


def test_a_table_may_say_whom_to_call():
    questions, findings = read(
        "fi,Kuka mittaa unta?,companies/sleepy,,contacts/lab-desk;contacts/test-desk\n",
        WITH_CONTACTS,
    )
    assert findings == []
    assert [question.contacts for question in questions] == [CONTACTS]
    _, (wrong,) = read("fi,Kuka?,companies/sleepy,,lab-desk\n", WITH_CONTACTS)
    assert (wrong.column, wrong.problem) == ("contacts", "is not a contact")
    assert "'contacts/lab-desk'" in wrong.cure
    _, (short,) = read("fi,Kuka?,companies/sleepy,\n", WITH_CONTACTS)
    assert "too many or too few cells" in short.problem


def test_another_header_and_another_encoding_are_refused():
    _, (header,) = read("", header="question,answers\n")
    assert "another header" in header.problem
    _, (unreadable,) = read_questions("fi,ä,,\n".encode("latin-1"), RECORDS)
    assert "not written in UTF-8" in unreadable.problem
    _, (cut,) = read('fi,"Kuka mittaa unta?,companies/sleepy,\n')
    assert (cut.row, "cannot be divided" in cut.problem) == (2, True)


class Ids(list):
    """Ids as an index has them."""

    def find(self, doc_id):
        return self.index(doc_id)


class Cosines:
    """Cosines of known questions, or of passages, given by hand, best first."""

    is_exact = True

    def __init__(self, cosines):
        self.cosines = np.array(cosines, np.float32)

    def search(self, vector, depth, allowed=None):
        numbers = np.arange(len(self.cosines))
        numbers = numbers if allowed is None else numbers[allowed]
        return self.cosines[numbers][:depth], numbers[:depth]


def known(cosines, answered, passages=(0.99, -1.0)):
    """Return known questions with one named record and a new one, of one passage each."""
    questions = tuple(
        KnownQuestion(str(n), "en", ("tools/a",) if yes else ()) for n, yes in enumerate(answered)
    )
    index = SimpleNamespace(
        corpus=SimpleNamespace(questions=questions),
        doc_ids=Ids(["tools/a", "tools/new"]),
        asked=Cosines(cosines),
        compared=Cosines(cosines),
        dense=Cosines(passages),
        owners=np.array([0, 1]),
    )
    vectors = SimpleNamespace(of=lambda text: text, among_questions=lambda text: text)
    return KnownQuestions(index, vectors, NearPassages(index, vectors), SCALE)


def test_a_new_record_may_answer_by_its_passage():
    cosines, answered = [0.9, 0.8, 0.2], [0, 1, 0]
    without = known(cosines, answered).margin("x")
    near = known(cosines, answered, passages=(0.99, 0.8)).margin("x")
    assert near == pytest.approx(0.1 + 0.9 * 0.8 - (0.9 + 2 * 0.2) / 3, abs=1e-6)
    assert near > without


def test_the_margin_by_hand():
    found = known([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1], [1, 0, 1, 1, 1, 0, 1, 0, 1])
    # Five answered: .9 .7 .6 .5 .3; three unanswered: .8 .4 .2
    assert found.margin("x") == pytest.approx(3.0 / 5 - 1.4 / 3, abs=1e-6)


def test_what_is_not_near_counts_as_the_farthest_that_was_looked_at():
    found = known([0.9, 0.8, 0.2], [1, 0, 1])
    answered = (0.9 + 0.2 + 3 * 0.2) / 5
    unanswered = (0.8 + 2 * 0.2) / 3
    assert found.margin("x") == pytest.approx(answered - unanswered, abs=1e-6)


@pytest.mark.parametrize(
    ("unanswered", "answered", "can"),
    [(MIN_UNANSWERED, 1, True), (MIN_UNANSWERED - 1, 9, False), (MIN_UNANSWERED, 0, False)],
)
def test_questions_of_both_sorts_are_needed_to_tell(unanswered, answered, can):
    assert known([], [False] * unanswered + [True] * answered).can_tell is can


@pytest.fixture
def asked_matcher(corpus, tmp_path):
    (corpus / "questions.csv").write_text(
        HEADER + "fi,kuorsaus kiusaa,companies/sleepy,tools/privacy-guide\n", encoding="utf-8"
    )
    return fake_matcher(build_index(corpus, tmp_path / "index", FakeEncoder()))


def asked_scores(matcher, text):
    """Return the cosine of the best passage and the asked leg's score of each record."""
    allowed, query = Allowed(matcher.index), Query(text, "fi")
    doc_ids = matcher.preferences.doc_ids
    return [
        {doc_ids[record]: score for record, score in zip(found.records, found.scores, strict=True)}
        for leg in matcher.legs[:2]
        for found in [leg.retrieve(query, 20, allowed)]
    ]


def kernel(cosine):
    return math.exp((cosine - 1) / asked_leg.WIDTH)


def test_a_known_question_promises_its_records_by_how_near_it_is(asked_matcher):
    _, scores = asked_scores(asked_matcher, "kuorsaus kiusaa, mittaaminen")
    near = kernel((2 / 3) ** 0.5)  # two of three words, each once
    all_say = near + kernel(asked_leg.GROUND)
    for doc_id, gain in (("companies/sleepy", 1), ("tools/privacy-guide", asked_leg.USEFUL_GAIN)):
        expected = math.log(gain * near / all_say + asked_leg.LEAST_GAIN)
        assert scores[doc_id] == pytest.approx(expected, abs=1e-4)


def test_a_record_without_a_question_has_its_passage_for_one(asked_matcher):
    cosines, scores = asked_scores(asked_matcher, "kuorsaus kiusaa, mittaaminen")
    scale = asked_matcher.parameters.unasked
    own = asked_leg.UNASKED_SAY * kernel(
        scale["offset"] + scale["slope"] * cosines["competences/oulu-sleep"]
    )
    all_say = kernel((2 / 3) ** 0.5) + own + kernel(asked_leg.GROUND)
    expected = math.log(own / all_say + asked_leg.LEAST_GAIN)
    assert scores["competences/oulu-sleep"] == pytest.approx(expected, abs=1e-4)


def test_questions_that_agree_outdo_one_that_is_as_near(corpus, tmp_path):
    rows = ["fi,kuorsaus kiusaa öisin kovin,companies/sleepy,companies/stepper"]
    rows += [
        f"fi,kuorsaus kiusaa öisin {word},tools/privacy-guide,tools/hospital-testbed"
        for word in ("yksin", "aina", "taas")
    ]
    (corpus / "questions.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    matcher = fake_matcher(build_index(corpus, tmp_path / "index", FakeEncoder()))
    _, scores = asked_scores(matcher, "kuorsaus kiusaa öisin")
    assert scores["tools/privacy-guide"] > scores["companies/sleepy"]
    # Asked in its own words, the one question speaks louder than the three.
    _, scores = asked_scores(matcher, "kuorsaus kiusaa öisin kovin")
    assert scores["companies/sleepy"] > scores["tools/privacy-guide"]


def called(corpus, hits, asked, **limits):
    """Return the contacts for hits that are all as probable, with their scores."""
    records = load(corpus)
    evidence = [(records.records[doc_id], 0.9) for doc_id in hits]
    matches = rank_contacts(evidence, (), asked, records, Query("x", "fi", **limits))
    return {match.contact.doc_id: match.score for match in matches}


def test_near_questions_say_whom_to_call_first(corpus):
    ties_both = ("tools/synthetic-testbed",)
    lab, hospital = CONTACTS
    assert list(called(corpus, ties_both, {})) == [lab]
    scores = called(corpus, ties_both, {hospital: 0.5})
    assert list(scores) == [hospital, lab]
    assert scores[hospital] == pytest.approx(0.9 / 4 + BY_ASKED / 2)


def test_nobody_is_called_whom_nothing_else_ties_to_the_question(corpus):
    lab, hospital = CONTACTS
    assert list(called(corpus, ("tools/privacy-guide",), {hospital: 1.0})) == [lab]


def test_a_region_decides_who_is_called(corpus):
    hits = ("tools/synthetic-testbed", "tools/hospital-testbed")
    lab, hospital = CONTACTS
    assert set(called(corpus, hits, {})) == {lab, hospital}
    assert list(called(corpus, hits, {}, named_regions=("oulu",))) == [hospital]
    unwanted = (Constraint("region", "oulu", "", unwanted=True),)
    assert list(called(corpus, hits, {}, unwanted=unwanted)) == [lab]
    # A desk of the whole country helps everywhere, if it is its own service that was found.
    edit_cell(corpus, "contacts", "lab-desk", "region_id", "national")
    assert set(called(corpus, hits, {}, named_regions=("oulu",))) == {lab, hospital}
    edit_cell(corpus, "contacts", "lab-desk", "organisation_id", "oulu-hospital")
    only_topics = ("tools/synthetic-testbed",)
    assert lab not in called(corpus, only_topics, {}, named_regions=("oulu",))


def test_questions_that_name_a_contact_agree_by_how_near_they_are(corpus, tmp_path):
    rows = "fi,kuorsaus kiusaa,companies/sleepy,,contacts/lab-desk\n"
    rows += "fi,kuorsaus kiusaa öisin,companies/sleepy,,contacts/test-desk;contacts/lab-desk\n"
    rows += "fi,kuorsaus kiusaa aina,companies/sleepy,,\n"
    (corpus / "questions.csv").write_text(WITH_CONTACTS + rows, encoding="utf-8")
    matcher = fake_matcher(build_index(corpus, tmp_path / "index", FakeEncoder()))
    found = asked_leg.AskedContacts(matcher.known).near(Query("kuorsaus kiusaa", "fi"))
    other, doubt = kernel((2 / 3) ** 0.5), kernel(asked_leg.GROUND)
    every = 1 + other + doubt  # the question without a contact has no say
    assert found == pytest.approx(
        {"contacts/lab-desk": (1 + other) / every, "contacts/test-desk": other / every}, abs=1e-4
    )


def test_words_that_stand_in_no_record_find_it_by_a_known_question(asked_matcher, small_matcher):
    answer = asked_matcher.match("Kuorsaus kiusaa", fallback="fi")
    assert answer.resources[0].record.doc_id == "companies/sleepy"
    assert answer.state == "good"
    assert small_matcher.match("Kuorsaus kiusaa", fallback="fi").state == "none"


@pytest.mark.slow
def test_what_is_near_to_a_question_that_nobody_answers_is_hardly_called_relevant(real_matcher):
    washing = "Kuka korjaa pesukoneen Jyväskylässä?"
    answer = real_matcher.match(washing, however_far=True)
    assert answer.state == "none"
    assert answer.resources
    assert all(match.probability < 0.1 for match in answer.resources)
    far = real_matcher.match(washing)
    assert (far.state, far.resources) == ("none", ())
