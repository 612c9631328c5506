"""Keeping the corpus right: advice, age, links, topics, and forgetting a person."""

from __future__ import annotations

import dataclasses
import datetime
import http.server
import json
import threading
import zipfile

import pytest
from corpus_files import SHIPPED, edit_cell
from fake_encoder import FakeEncoder

from hytki_match import cli
from hytki_match.corpus import check_corpus, load_corpus
from hytki_match.corpus.writing import read_rows
from hytki_match.errors import EvaluationError, ForgetError
from hytki_match.index import build_index, layout, open_index, versions
from hytki_match.settings import Settings
from hytki_match.upkeep import forgetting
from hytki_match.upkeep.advice import advise, not_found, read_all_questions
from hytki_match.upkeep.ageing import last_day, stale_rows
from hytki_match.upkeep.forgetting import forget, search
from hytki_match.upkeep.links import Link, all_links, dead_links
from hytki_match.upkeep.taking_out import export_tables
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


@pytest.fixture
def known_everywhere(corpus, index_dir, tmp_path):
    """Settings of a corpus whose contact ``lab-desk`` stands in all that the tool writes."""
    settings = Settings(corpus, index_dir)
    for name in ("Neuvonta A", "Datalaboratorion neuvonta"):
        edit_cell(corpus, "contacts", "lab-desk", "name", name)
        build_index(corpus, index_dir, FakeEncoder())
    export_tables(settings, tmp_path / "all.xlsx", ("companies", "contacts"))
    export_tables(settings, tmp_path / "contacts.csv", ("contacts",))
    return settings


MARKS = ["lab-desk", "Neuvonta A", "Datalaboratorion neuvonta", "desk@lab.example.org"]


def places(settings, tmp_path):
    return [settings.corpus_dir, settings.index_dir, tmp_path]


def test_a_contact_is_forgotten_everywhere(known_everywhere, tmp_path):
    assert len(list(search(MARKS, places(known_everywhere, tmp_path)))) > len(MARKS)
    found = forget("contacts/lab-desk", known_everywhere, FakeEncoder())
    assert found.left == ()
    assert len(found.done) == 5
    assert list(search(MARKS, places(known_everywhere, tmp_path))) == []
    assert check_corpus(known_everywhere.corpus_dir) == ()
    index = open_index(known_everywhere.index_dir)
    assert list(index.corpus.contacts) == ["contacts/test-desk"]
    assert versions.version_names(known_everywhere.index_dir) == [index.manifest.version]
    with pytest.raises(ForgetError, match="No table and no version has the contact"):
        forget("lab-desk", known_everywhere, FakeEncoder())


def test_a_known_question_forgets_whom_to_call(known_everywhere):
    questions = known_everywhere.corpus_dir / "questions.csv"
    questions.write_text(
        "language,question,answers,useful,contacts\n"
        "fi,Kuka mittaa unta?,companies/sleepy,,contacts/test-desk;contacts/lab-desk\n"
        "en,Who is there?,,,contacts/lab-desk\n",
        encoding="utf-8",
    )
    found = forget("lab-desk", known_everywhere, FakeEncoder())
    assert found.left == ()
    assert f"Took the contact out of 2 known questions in {questions}." in found.done
    assert questions.read_text(encoding="utf-8").splitlines()[1:] == [
        "fi,Kuka mittaa unta?,companies/sleepy,,contacts/test-desk",
        "en,Who is there?,,,",
    ]
    kept = open_index(known_everywhere.index_dir).corpus.questions
    assert [list(question.contacts) for question in kept] == [["contacts/test-desk"], []]


def test_what_a_text_says_of_the_contact_is_pointed_out(known_everywhere, tmp_path):
    corpus = known_everywhere.corpus_dir
    edit_cell(corpus, "companies", "sleepy", "description_en", "Ask Datalaboratorion neuvonta.")
    (tmp_path / "notes.txt").write_text("Called DESK@lab.example.org")
    left = forget("lab-desk", known_everywhere, FakeEncoder(), [tmp_path / "notes.txt"]).left
    assert any("companies.csv still holds 'Datalaboratorion neuvonta'" in place for place in left)
    assert any("notes.txt still holds 'desk@lab.example.org'" in place for place in left)


def test_names_are_found_however_a_file_writes_them(tmp_path):
    workbook = tmp_path / "export.xlsx"
    with zipfile.ZipFile(workbook, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", "<t>Kysy: Jaana M&#228;kel&#xE4;</t>")
    wide = tmp_path / "wide.csv"
    wide.write_text("Jaana Mäkelä", encoding="utf-16")
    found = list(search(["Jaana Mäkelä"], [tmp_path]))
    assert found == [f"{file} still holds 'Jaana Mäkelä'." for file in (workbook, wide)]


def test_what_the_web_keeps_is_searched_too(known_everywhere, tmp_path):
    kept = tmp_path / "feedback.db"
    kept.write_bytes(b"\0Datalaboratorion neuvonta\0")
    settings = dataclasses.replace(known_everywhere, feedback_file=kept)
    assert any("feedback.db" in place for place in forget("lab-desk", settings, FakeEncoder()).left)


def test_a_mailbox_that_another_contact_shares_may_stay(known_everywhere):
    edit_cell(known_everywhere.corpus_dir, "contacts", "test-desk", "email", "desk@lab.example.org")
    assert forget("lab-desk", known_everywhere, FakeEncoder()).left == ()


def test_the_page_of_an_organisation_is_not_the_contacts_alone(known_everywhere):
    page = "https://lab.example.org/whole-site"
    for table, row_id in (("contacts", "lab-desk"), ("organisations", "turku-lab")):
        edit_cell(known_everywhere.corpus_dir, table, row_id, "url", page)
    assert forget("lab-desk", known_everywhere, FakeEncoder()).left == ()
    assert page in (known_everywhere.corpus_dir / "organisations.csv").read_text()


@pytest.mark.parametrize(
    "at", ["_remove_from_tables", "_rebuild", "_remove_from_export", "noted_exports"]
)
def test_forgetting_goes_on_after_it_was_stopped(known_everywhere, tmp_path, monkeypatch, at):
    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(forgetting, at, stop)
        forget("lab-desk", known_everywhere, FakeEncoder())
    assert forget("lab-desk", known_everywhere, FakeEncoder()).left == ()
    assert list(search(MARKS, places(known_everywhere, tmp_path))) == []
    assert not (known_everywhere.index_dir / layout.FORGETTING).exists()


def test_forget_asks_for_a_contact_that_is_there(run):
    code, _, err = run("forget", "nobody-here")
    assert code == 1
    assert "Contacts: lab-desk, test-desk" in err
