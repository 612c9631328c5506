"""Opinions and unanswered questions: masked, stored, judged; and who may read them."""

from __future__ import annotations

import csv
import io
import sqlite3
from datetime import date

import pytest

from hytki_match.errors import FeedbackError
from hytki_match.feedback import FeedbackStore, judged_questions
from hytki_match.settings import Settings
from hytki_match.web.insights import insights_view, is_local

MAY = date(2026, 5, 17)
PERSONAL = "Kuka mittaa potilaan 131052-308T unta? Soita 040 123 4567 tai a.b@example.fi"


@pytest.fixture
def store(tmp_path):
    return FeedbackStore(tmp_path / "feedback.sqlite")


def test_nothing_that_tells_who_asked_is_in_the_file(store, tmp_path, small_matcher):
    answer = small_matcher.match(PERSONAL, today=MAY)
    store.add_unanswered(answer, MAY)
    number = store.add_opinion(answer, "competences/oulu-sleep", useful=True, today=MAY)
    store.change_opinion(number, reason="kysy: maija@example.fi")
    content = (tmp_path / "feedback.sqlite").read_bytes()
    for personal in (b"131052", b"123 4567", b"example.fi"):
        assert personal not in content
    assert "[ID]" in store.unanswered()[0].question
    assert store.opinions()[0].reason == "kysy: [E-MAIL]"
    with sqlite3.connect(tmp_path / "feedback.sqlite") as database:
        columns = {row[1] for row in database.execute("pragma table_info(opinions)")}
    assert columns == {"id", "month", "language", "question", "doc_id", "useful", "reason"}


def test_an_opinion_can_be_changed(store, small_matcher):
    answer = small_matcher.match("Kuka mittaa unta?", today=MAY)
    number = store.add_opinion(answer, "", useful=True)
    store.change_opinion(number, useful=False)
    store.change_opinion(number + 1, useful=True)
    assert [opinion.useful for opinion in store.opinions()] == [False]


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(FeedbackError, match="no-folder"):
        FeedbackStore(tmp_path / "no-folder" / "feedback.sqlite")


def test_opinions_become_judged_questions(store, small_matcher):
    answer = small_matcher.match("Kuka mittaa unta?", today=MAY)
    for doc_id, useful in (
        ("tools/a", True),
        ("tools/a", True),
        ("tools/a", False),
        ("tools/b", False),
    ):
        store.add_opinion(answer, doc_id, useful=useful)
    store.add_opinion(answer, "", useful=True)
    files = judged_questions(store.opinions())
    (row,) = csv.DictReader(io.StringIO(files["questions.csv"]))
    assert (row["query_id"], row["language"], row["question"]) == (
        "F001-fi",
        "fi",
        "Kuka mittaa unta?",
    )
    assert files["qrels.txt"] == "F001-fi\t0\ttools/a\t1\n"


def test_what_found_nothing_is_counted(store, small_matcher):
    for month in (4, 5, 5):
        answer = small_matcher.match("zzzzz qqqqq", regions=["turku"], today=MAY)
        store.add_unanswered(answer, date(2026, month, 1))
    view = insights_view(store.unanswered(), (), small_matcher.index.corpus, "fi")
    charts = dict(view["charts"])
    assert [(bar["name"], bar["count"]) for bar in charts["insights.by_month"]] == [
        ("4.2026", 1),
        ("5.2026", 2),
    ]
    assert [(bar["name"], bar["count"]) for bar in charts["insights.by_region"]] == [("Turku", 3)]
    assert view["unanswered"] == 3


def test_the_chart_by_month_shows_the_newest_months(store, small_matcher):
    answer = small_matcher.match("Kuka mittaa unta?", today=MAY)
    for month in range(14):
        store.add_unanswered(answer, date(2025 + month // 12, 1 + month % 12, 1))
    view = insights_view(store.unanswered(), (), small_matcher.index.corpus, "en")
    months = [bar["name"] for bar in dict(view["charts"])["insights.by_month"]]
    assert (months[0], months[-1], len(months)) == ("2025-03", "2026-02", 12)


@pytest.mark.parametrize(
    ("address", "headers", "local"),
    [
        (None, {"Host": "localhost:8501"}, True),
        ("127.0.0.1", {"Host": "127.0.0.1:8501"}, True),
        ("::1", {"Host": "[::1]:8501"}, True),
        (None, {"Host": "match.example.fi"}, False),
        ("192.0.2.7", {"Host": "localhost:8501"}, False),
        # A proxy on the same machine: the reader sits elsewhere.
        (None, {"Host": "localhost:8501", "X-Forwarded-For": "192.0.2.7"}, False),
        (None, {}, False),
    ],
)
def test_only_this_machine_is_local(address, headers, local):
    assert is_local(address, headers) is local


def test_feedback_is_off_unless_it_is_turned_on():
    assert Settings.from_environment({}).feedback_file is None
    found = Settings.from_environment(
        {"HYTKI_MATCH_FEEDBACK": "/data/f.sqlite", "HYTKI_MATCH_OPERATORS": "a@b.fi, c@d.fi"}
    )
    assert found.feedback_file.name == "f.sqlite"
    assert found.operators == ("a@b.fi", "c@d.fi")
