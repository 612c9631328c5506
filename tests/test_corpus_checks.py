"""Checking the corpus: every rule has a mistake planted, found, placed and given a cure."""

from __future__ import annotations

import json

import pytest
from corpus_files import SHIPPED, SMALL, copy_small_corpus, edit_cell, replace_in

from hytki_match.corpus import check_corpus, load_corpus
from hytki_match.corpus.datapackage import data_package_text
from hytki_match.corpus.passages import make_passages
from hytki_match.corpus.schema import TABLES
from hytki_match.errors import CorpusError

MISTAKES = [
    ("companies", "sleepy", "region_id", "ouluu", "Did you mean 'oulu'?"),
    ("companies", "sleepy", "topics", "sleep;wearable", "Did you mean 'wearables'?"),
    ("companies", "sleepy", "topics", "sleep;;wearables", "Remove the ';' too many."),
    ("companies", "sleepy", "topics", "sleep;sleep", "Remove one."),
    ("companies", "sleepy", "description_fi", "", "Write the text, or '-' if there is none"),
    ("companies", "stepper", "description_fi", "-", "Write one of them."),
    ("companies", "sleepy", "url", "sleepy.example.org", "https://example.org/page"),
    ("companies", "sleepy", "url", "javascript:alert(1)", "https://example.org/page"),
    ("companies", "sleepy", "source_url", "www.sleepy.example.org", "name of the document"),
    ("companies", "sleepy", "source_url", "", "Fill it in."),
    ("companies", "sleepy", "as_of", "31.5.2024", "Write 2024, 2024-05 or 2024-05-31"),
    ("companies", "sleepy", "as_of", "2024-13", "Write 2024, 2024-05 or 2024-05-31"),
    ("companies", "sleepy", "as_of", "2027-W10-5", "Write 2024, 2024-05 or 2024-05-31"),
    ("companies", "sleepy", "as_of", "2024-05-31 12:30:00", "Write 2024, 2024-05 or 2024-05-31"),
    ("companies", "sleepy", "name", "Sleepy\x07 Oy", "Delete it."),
    ("events", "sleep-week-2099", "starts_on", "2099-02-29", "Write it as 2024-05-31."),
    ("events", "sleep-week-2099", "ends_on", "2099-03-01", "Mend one of the dates."),
    ("events", "sleep-week-2099", "language", "english", "Write two letters"),
    ("tools", "privacy-guide", "kind", "giude", "Did you mean 'guide'?"),
    ("tools", "hospital-testbed", "organisation_ids", "oulu-hospitals", "'oulu-hospital'"),
    ("contacts", "lab-desk", "email", "desk(at)lab.example.org", "name@example.org"),
    ("contacts", "lab-desk", "phone", "soita vaihteeseen", "+358 29 123 4567"),
    ("contacts", "test-desk", "url", "", "Give an email, a phone or a url."),
    ("regions", "oulu", "latitude", "65,01", "Write degrees with a point"),
    ("regions", "oulu", "longitude", "65.01", "It lies between 19 and 32"),
    ("topics", "sleep", "id", "Sleep", "lower-case letters"),
]


@pytest.mark.parametrize(("table", "row_id", "column", "value", "cure"), MISTAKES)
def test_each_mistake_is_found_where_it_stands(tmp_path, table, row_id, column, value, cure):
    corpus = copy_small_corpus(tmp_path)
    edit_cell(corpus, table, row_id, column, value)
    findings = [f for f in check_corpus(corpus) if f.table == table]
    ids = [record.split(",")[0] for record in (SMALL / f"{table}.csv").read_text().splitlines()]
    (finding,) = findings
    reported = "email" if "nobody can be reached" in finding.problem else column
    assert (finding.column, finding.row) == (reported, ids.index(row_id) + 1)
    assert cure in finding.cure
    assert finding.cure.endswith((".", "?", "…"))


def test_a_second_row_with_one_id(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    edit_cell(corpus, "companies", "stepper", "id", "sleepy")
    (finding,) = check_corpus(corpus)
    assert (finding.row, finding.problem) == (3, "is the id of row 2 already")


def test_a_table_that_cannot_be_read_is_one_mistake(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    (corpus / "questions.csv").write_text(
        "language,question,answers,useful\nfi,Kuka mittaa unta?,companies/sleepy,\n", "utf-8"
    )
    assert check_corpus(corpus) == ()
    (corpus / "companies.csv").write_bytes(b"\xff\xfe\x00")
    (finding,) = check_corpus(corpus)
    assert finding.table == "companies"


def test_ten_planted_mistakes_are_ten_findings_in_one_run(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    for table, row_id, column, value, _ in (MISTAKES[n] for n in (0, 4, 6, 13, 16, 17, 18, 19)):
        edit_cell(corpus, table, row_id, column, value)
    edit_cell(corpus, "regions", "oulu", "latitude", "north")
    edit_cell(corpus, "companies", "stepper", "id", "sleepy")
    with pytest.raises(CorpusError) as caught:
        load_corpus(corpus)
    findings = caught.value.findings
    assert len(findings) == 10
    assert list(findings) == sorted(findings, key=lambda f: (f.table, f.row, f.column))
    assert str(caught.value).startswith("The corpus has 10 mistakes:")
    assert str(caught.value).endswith("then run: hytki-match check")


def test_a_finding_reads_as_a_sentence(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    edit_cell(corpus, "companies", "sleepy", "topics", "sleep;wearable")
    assert str(check_corpus(corpus)[0]) == (
        "companies.csv, row 2, column topics: 'wearable' is not an id of topics.csv. "
        "Did you mean 'wearables'?"
    )


def test_a_comma_between_parts_is_told_as_that(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    edit_cell(corpus, "companies", "sleepy", "topics", "sleep, wearables")
    (finding,) = check_corpus(corpus)
    assert finding.cure == "Parts are divided by ';': write it in place of the comma."


def test_the_small_corpus_is_in_order():
    assert check_corpus(SMALL) == ()


def test_the_shipped_corpus_is_in_order():
    assert check_corpus(SHIPPED) == ()
    corpus = load_corpus(SHIPPED)
    assert len(corpus.records) == 620
    assert len(corpus.contacts) == 71


def test_what_is_missing_in_one_language_is_declared(tmp_path):
    corpus = load_corpus(SMALL)
    stepper = corpus.records["companies/stepper"]
    assert stepper.description.get("en") == ""
    assert stepper.description.best("en") == ("Ranneke laskee askeleet ja sykkeen.", "fi")
    passages = {p.passage_id: p.text for p in make_passages(corpus)}
    assert "askeleet" in passages["companies/stepper#fi"]
    # Its English keywords are still found.
    assert passages["companies/stepper#en"] == (
        "Stepper Oy. wearable sensors. Kuopio. activity tracker."
    )
    assert list(passages) == sorted(passages)


def test_a_language_without_a_word_has_no_passage(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    edit_cell(corpus, "companies", "stepper", "keywords_en", "")
    passages = [p.passage_id for p in make_passages(load_corpus(corpus))]
    assert "companies/stepper#fi" in passages
    assert "companies/stepper#en" not in passages


def test_a_passage_holds_all_that_a_question_may_meet():
    corpus = load_corpus(SMALL)
    texts = {passage.passage_id: passage.text for passage in make_passages(corpus)}
    assert texts["competences/oulu-sleep#en"] == (
        "Measuring sleep. Measuring sleep and recovery at home and in a sleep laboratory. "
        "sleep, wearable sensors. Oulu. Oulu hospital. insomnia."
    )
    assert "valtakunnallinen." in texts["tools/privacy-guide#fi"]


def test_shuffled_rows_give_the_same_records_and_passages(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    for file in corpus.glob("*.csv"):
        header, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text(header + "".join(reversed(rows)), encoding="utf-8")
    shuffled, plain = load_corpus(corpus), load_corpus(SMALL)
    assert list(shuffled.records) == list(plain.records)
    assert list(make_passages(shuffled)) == list(make_passages(plain))


def test_the_data_package_agrees_with_the_code():
    text = (SHIPPED / "datapackage.json").read_text(encoding="utf-8")
    assert text == data_package_text(), "python -m hytki_match.corpus.datapackage writes it anew"


@pytest.mark.slow
def test_the_data_package_is_valid_and_describes_the_shipped_tables():
    import frictionless

    report = frictionless.validate(str(SHIPPED / "datapackage.json"))
    assert report.valid, report.flatten(["path", "rowNumber", "fieldName", "message"])


def test_the_readme_of_the_corpus_names_every_table_and_column():
    text = (SHIPPED / "README.md").read_text(encoding="utf-8")
    for table, columns in TABLES.items():
        assert f"{table}.csv" in text
        for column in columns:
            assert f"`{column.name}`" in text, (table, column.name)


def test_the_data_package_names_the_licence():
    package = json.loads(data_package_text())
    assert package["licenses"][0]["name"] == "CC-BY-4.0"


def test_a_reference_that_nothing_resembles_is_told_where_to_look(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    replace_in(corpus, "contacts", "oulu-hospital", "zzz")
    (finding,) = check_corpus(corpus)
    assert finding.cure == "Take an id from organisations.csv, or add a row there first."
