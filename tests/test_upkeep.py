"""Keeping the corpus right: advice, age, links, topics, and forgetting a person."""

from __future__ import annotations

import datetime
import http.server
import json
import threading

import pytest
from corpus_files import SHIPPED, edit_cell
from fake_encoder import FakeEncoder

from hytki_match import cli
from hytki_match.corpus import load_corpus
from hytki_match.corpus.writing import read_rows
from hytki_match.errors import EvaluationError
from hytki_match.index import build_index
from hytki_match.index.vectors import VectorCache
from hytki_match.settings import Settings
from hytki_match.upkeep.advice import advise, not_found, read_all_questions
from hytki_match.upkeep.ageing import last_day, stale_rows
from hytki_match.upkeep.bringing_in import plan_import
from hytki_match.upkeep.duplicates import alike_in_meaning, kept_passages
from hytki_match.upkeep.links import Link, all_links, dead_links
from hytki_match.upkeep.sheets import SheetRow
from hytki_match.upkeep.topics import TopicSuggester

TODAY = datetime.date(2026, 1, 1)
FINNISH = "Tämä on testi, ja se on kirjoitettu suomeksi, koska näin on tässä talossa tapana."
ENGLISH = "This is a test and it is written in English because that is how we do it here."


@pytest.fixture
def run(corpus, index_dir, capsys, monkeypatch):
    """Run a command on the small corpus; gives (exit code, stdout, stderr)."""
    monkeypatch.setenv("HYTKI_MATCH_CORPUS", str(corpus))
    monkeypatch.setenv("HYTKI_MATCH_INDEX", str(index_dir))

    def command(*arguments):
        with pytest.raises(SystemExit) as stop:
            cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return stop.value.code or 0, printed.out, printed.err

    return command


def advice_on(corpus, table, column=""):
    found = advise(read_rows(corpus), FakeEncoder(), TODAY)
    return [f.problem for f in found if f.table == table and (not column or f.column == column)]


@pytest.mark.parametrize(
    ("column", "text", "told"),
    [
        ("description_fi", ENGLISH, ["reads as English"]),
        ("description_en", FINNISH, ["reads as Finnish"]),
        ("description_fi", FINNISH, []),
        ("description_en", ENGLISH, []),
        ("description_en", "-", []),
        ("description_en", "A ring.", ["has fewer than 8 words, so few questions will meet it"]),
    ],
)
def test_advice_on_a_text(corpus, column, text, told):
    edit_cell(corpus, "companies", "sleepy", column, text)
    found = advise(read_rows(corpus), FakeEncoder(), TODAY)
    assert [
        f.problem for f in found if f.row == 2 and f.table == "companies" and f.column == column
    ] == told


def test_advice_on_rows_that_say_the_same(corpus):
    edit_cell(corpus, "companies", "sleepy", "description_fi", FINNISH)
    edit_cell(corpus, "companies", "stepper", "description_fi", FINNISH)
    assert advice_on(corpus, "companies", "id") == ["says nearly the same as row 2, sleepy (1.00)"]


def test_advice_encodes_only_what_may_be_near_when_a_build_has_kept_the_rest(corpus, index_dir):
    edit_cell(corpus, "companies", "sleepy", "description_fi", FINNISH)
    edit_cell(corpus, "companies", "stepper", "description_fi", FINNISH)
    build_index(corpus, index_dir, FakeEncoder())
    edit_cell(corpus, "companies", "stepper", "name", "Stepper Group Oy")
    every, some = FakeEncoder(), FakeEncoder()
    kept = kept_passages(load_corpus(corpus), VectorCache(some, index_dir))
    expected = advise(read_rows(corpus), every, TODAY)
    assert advise(read_rows(corpus), some, TODAY, None, kept) == expected
    assert 0 < some.encoded < every.encoded


COPY = {
    "name": "Unilabra Oy",
    "region_id": "kuopio",
    "description_fi": FINNISH,
    "description_en": "-",
    "topics": "sleep",
    "source_url": "x",
}


@pytest.mark.parametrize("harm", ["", "mistake", "changed"])
def test_an_import_encodes_only_what_may_be_near_to_a_new_row(corpus, index_dir, monkeypatch, harm):
    edit_cell(corpus, "companies", "sleepy", "description_fi", FINNISH)
    edit_cell(corpus, "companies", "sleepy", "description_en", "-")
    build_index(corpus, index_dir, FakeEncoder())
    rows = [SheetRow(2, COPY)]
    if harm == "changed":  # what stands is new, too, and no build has kept it
        rows.append(SheetRow(3, {"id": "stepper", "description_fi": FINNISH}))
    plan = plan_import(corpus, corpus / "x.csv", {"companies": rows})
    if harm == "mistake":
        edit_cell(corpus, "companies", "stepper", "region_id", "ulou")

    def alike(index):
        encoder = FakeEncoder()
        monkeypatch.setattr("hytki_match.encoder.load_encoder", lambda _: encoder)
        return alike_in_meaning(plan, Settings(corpus, index)), encoder.encoded

    every, all_texts = alike(index_dir / "none")
    some, encoded = alike(index_dir)
    assert some == every
    assert "sleepy and unilabra are near in meaning (1.00)." in some
    assert len(some) == (2 if harm == "changed" else 1)
    assert (encoded == all_texts) == bool(harm)


def test_advice_on_contacts_and_past_events(corpus):
    edit_cell(corpus, "contacts", "lab-desk", "role_en", "-")
    edit_cell(corpus, "contacts", "lab-desk", "source_url", "A letter")
    assert advice_on(corpus, "contacts") == [
        "there is no role",
        "no page publishes this contact, so nobody can check it",
    ]
    assert advice_on(corpus, "events", "ends_on") == [
        "1 of 2 events are over, the last on 2023-11-14"
    ]


@pytest.mark.slow
def test_the_shipped_corpus_needs_little_advice():
    from hytki_match.encoder import load_encoder

    found = advise(read_rows(SHIPPED), load_encoder("bundled"), TODAY)
    assert [f for f in found if f.table != "events"] == []


def test_records_that_no_question_finds(small_matcher, tmp_path):
    (tmp_path / "q.txt").write_text("Kuka mittaa unta?\n\n")
    (tmp_path / "q.tsv").write_text("doc_id\tquery\nx\tKuka laskee askeleet?\n")
    questions = read_all_questions([tmp_path / "q.txt", tmp_path / "q.tsv"])
    assert questions == ["Kuka mittaa unta?", "Kuka laskee askeleet?"]
    all_records = sorted(small_matcher.index.corpus.records)
    assert not_found(small_matcher, []) == all_records
    unseen = not_found(small_matcher, questions)
    assert "companies/sleepy" not in unseen
    assert len(unseen) < len(all_records)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("q.txt", "Kuka?\nMissä on Äly?".encode("latin-1"), "line 2: is not written in UTF-8"),
        ("questions.csv", "question\nä\n".encode("latin-1"), "line 2: is not written in UTF-8"),
        ("questions.csv", b"kysymys\nKuka?\n", "line 1: has no column 'question'"),
        ("questions.csv", b'question\nKuka?\n"Miss', "line 3: cannot be divided into cells"),
        ("q.tsv", b"", "line 1: has no column 'question' or 'query'"),
    ],
)
def test_questions_that_cannot_be_read(tmp_path, name, data, told):
    (tmp_path / name).write_bytes(data)
    place = tmp_path if name == "questions.csv" else tmp_path / name
    with pytest.raises(EvaluationError, match=told):
        read_all_questions([place])


@pytest.mark.parametrize("table", ["questions", "stages", "companies"])
def test_a_table_that_cannot_be_read_is_a_mistake(run, corpus, table):
    (corpus / f"{table}.csv").unlink(missing_ok=True)
    (corpus / f"{table}.csv").mkdir()  # nothing is forbidden to root
    code, _, err = run("check", "--quick")
    assert code == 1
    assert f"{table}.csv: cannot be read (Is a directory). Mend the rights" in err


def test_a_corpus_without_known_questions_is_told_so(run, corpus, monkeypatch):
    monkeypatch.setattr("hytki_match.encoder.load_encoder", lambda _: FakeEncoder())
    told = "! questions.csv: is missing: no question is known"
    assert told in run("check")[1]
    finding = json.loads(run("check", "--json")[1])[0]
    assert (finding["table"], finding["severity"]) == ("questions", "advice")
    code, out, err = run("build")
    assert (code, told in out, told in err) == (0, False, True)
    (corpus / "questions.csv").write_text("language,question,answers,useful\n", encoding="utf-8")
    assert told not in run("check")[1]
    assert told not in run("build")[2]


@pytest.mark.parametrize(
    ("as_of", "day"),
    [("2024", "2024-12-31"), ("2024-02", "2024-02-29"), ("2024-05-31", "2024-05-31")],
)
def test_a_source_counts_from_the_end_of_what_it_says(as_of, day):
    assert last_day(as_of).isoformat() == day


def test_old_rows(corpus):
    found = stale_rows(read_rows(corpus), 24, datetime.date(2026, 3, 31))
    ages = {row.row_id: row.as_of for row in found}
    assert ages["contacts/test-desk"] == "2023"
    assert ages["contacts/lab-desk"] == "2024-02-01"
    assert ages["companies/stepper"] == ""
    assert "companies/sleepy" not in ages  # all of 2024 is within two years
    assert [row.as_of for row in found] == sorted(ages.values(), key=lambda a: a or "~")


@pytest.fixture
def site():
    """A web site on this machine: /ok answers, /get-only wants GET, all else is 404."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response({"/ok": 200, "/get-only": 405}.get(self.path, 404))
            self.end_headers()

        def do_GET(self):
            self.send_response(200 if self.path == "/get-only" else 404)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_dead_links(site):
    asked = [Link(f"{site}/{name}", ("tools/x",)) for name in ("ok", "get-only", "gone")]
    told = []
    dead = dead_links(
        [*asked, Link("http://127.0.0.1:9/", ("tools/y",))], lambda *counts: told.append(counts), 0
    )
    assert {link.address.removeprefix(site): link.problem[:15] for link in dead} == {
        "/gone": "answers 404 Not",
        "http://127.0.0.1:9/": "does not answer",
    }
    assert told[-1] == (4, 4)


def test_links_ask_nobody_unless_told(run, monkeypatch):
    monkeypatch.setattr("urllib.request.urlopen", None)
    code, out, _ = run("links")
    assert code == 0
    assert "To ask them: --online" in out


def test_each_address_is_asked_once(corpus):
    found = {link.address: link.rows for link in all_links(read_rows(corpus))}
    assert found["https://sleepy.example.org/"] == ("companies/sleepy",)


def test_topics_are_suggested_from_neighbours_and_labels(corpus):
    edit_cell(corpus, "companies", "sleepy", "topics", "wearables")
    loaded = load_corpus(corpus)
    suggester = TopicSuggester(loaded, FakeEncoder())
    first = suggester.suggest(loaded.records["companies/sleepy"])[0]
    assert first.topic == "sleep"
    assert 0 < first.score <= 1


def test_commands_of_upkeep(run, corpus):
    code, out, _ = run("check", "--today", "2026-01-01")
    assert code == 0
    assert "events are over" in out
    code, out, _ = run("check", "--json")
    assert {finding["severity"] for finding in json.loads(out)} == {"advice"}
    assert run("stale", "--older-than", "1y", "--json")[0] == 0
    assert run("stale", "--older-than", "old")[0] == 2
    assert run("topics", "suggest", "companies/nobody")[0] == 2
    code, out, _ = run("topics", "suggest", "companies/sleepy", "--json")
    assert {s["doc_id"] for s in json.loads(out)} == {"companies/sleepy"}
