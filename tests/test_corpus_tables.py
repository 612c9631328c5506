"""Reading tables: what a spreadsheet may do to them, read right or refused with the reason."""

from __future__ import annotations

import csv
import io

import pytest
from corpus_files import SMALL, copy_small_corpus, replace_in
from hypothesis import given
from hypothesis import strategies as st

from hytki_match.corpus import check_corpus, corpus_digest, load_corpus
from hytki_match.corpus.tables import parse_tables
from hytki_match.errors import CorpusError


def records_of(corpus):
    return load_corpus(corpus).records


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: b"\xef\xbb\xbf" + data, id="byte order mark"),
        pytest.param(lambda data: data.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(lambda data: data + b"\n\n,,,,,,,,,,,\n", id="blank rows at the end"),
    ],
)
def test_what_spreadsheets_add_does_not_change_the_corpus(tmp_path, change):
    corpus = copy_small_corpus(tmp_path)
    file = corpus / "companies.csv"
    file.write_bytes(change(file.read_bytes()))
    assert records_of(corpus) == records_of(SMALL)


def test_semicolons_as_separators_are_read(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    for file in corpus.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=";").writerows(rows)
    assert records_of(corpus) == records_of(SMALL)


def test_quotes_commas_and_line_breaks_inside_a_cell(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    replace_in(
        corpus,
        "companies",
        "Sormus mittaa unta ja palautumista.",
        '"Sormus, ”älykäs"" sormus,\nmittaa unta."',
    )
    text = records_of(corpus)["companies/sleepy"].description.fi
    assert text == 'Sormus, ”älykäs" sormus,\nmittaa unta.'


def test_columns_may_stand_in_any_order(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    rows = list(csv.reader((corpus / "topics.csv").read_text(encoding="utf-8").splitlines()))
    text = io.StringIO()
    csv.writer(text).writerows(reversed(row) for row in rows)
    (corpus / "topics.csv").write_text(text.getvalue(), encoding="utf-8")
    assert load_corpus(corpus).topics == load_corpus(SMALL).topics


def test_decomposed_letters_become_one_character(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    replace_in(corpus, "topics", "testiympäristöt", "testiympa\u0308risto\u0308t")
    assert load_corpus(corpus).topics["testing"].label.fi == "testiympäristöt"


def test_other_encodings_are_refused_with_the_reason(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    for table, encoding in (("regions", "cp1252"), ("topics", "utf-16")):
        file = corpus / f"{table}.csv"
        file.write_bytes(file.read_text(encoding="utf-8").encode(encoding))
    regions, topics = check_corpus(corpus)
    assert "not written in UTF-8 (line 3, byte 0xE4)" in regions.problem
    assert "'ä'" in regions.cure
    assert "CSV UTF-8" in regions.cure
    assert "UTF-16" in topics.problem


def test_one_row_with_too_many_or_too_few_cells(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    replace_in(corpus, "topics", "sleep,uni,sleep", "sleep,uni,syvä uni,sleep")
    replace_in(corpus, "topics", "privacy,tietosuoja,privacy", "privacy,tietosuoja")
    found = [(f.row, f.problem) for f in check_corpus(corpus)]
    assert found == [
        (3, "the row has 4 cells, the header has 3"),
        (6, "the row has 2 cells, the header has 3"),
    ]


def test_rows_count_as_in_a_spreadsheet_even_after_line_breaks(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    replace_in(corpus, "topics", "synteettinen data,", '"synteettinen\n\ndata",')
    replace_in(corpus, "topics", "privacy,tietosuoja", "Privacy,tietosuoja")
    assert [(f.row, f.column) for f in check_corpus(corpus) if f.table == "topics"] == [(6, "id")]


def test_half_a_file(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    file = corpus / "competences.csv"
    data = file.read_bytes()
    file.write_bytes(data[: data.index(b"jolla sovellusta")])
    (finding,) = check_corpus(corpus)
    assert (finding.table, finding.row) == ("competences", 2)
    assert "cut off" in finding.cure


def test_a_missing_and_an_empty_table(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    (corpus / "events.csv").unlink()
    (corpus / "tools.csv").write_text("")
    assert [(f.table, f.problem) for f in check_corpus(corpus)] == [
        ("events", "is missing"),
        ("tools", "is empty"),
    ]
    with pytest.raises(CorpusError) as caught:
        corpus_digest(corpus)
    assert caught.value.findings[0].table == "events"


def test_a_table_with_no_rows_is_no_mistake(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    header = (corpus / "events.csv").read_text(encoding="utf-8").split("\n", 1)[0]
    (corpus / "events.csv").write_text(header + "\n", encoding="utf-8")
    assert check_corpus(corpus) == ()


def test_headers_that_are_misspelt_missing_or_double(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    replace_in(corpus, "topics", "label_fi", "lable_fi")
    replace_in(corpus, "regions", "ecosystem", "url")
    found = {(f.table, f.column): f for f in check_corpus(corpus)}
    assert found["topics", "lable_fi"].cure == "Did you mean label_fi?"
    assert "twice" in found["regions", "url"].problem
    assert "lacks" in found["regions", "ecosystem"].problem
    # References into tables that could not be read raise no findings of their own.
    assert {table for table, _ in found} == {"topics", "regions"}


def test_the_digest_follows_every_byte(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    before = corpus_digest(corpus)
    assert before == corpus_digest(SMALL) == load_corpus(SMALL).digest
    replace_in(corpus, "topics", "uni,sleep", "uni ,sleep")
    assert corpus_digest(corpus) != before


cells = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=30
)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=5), st.sampled_from(",;"))
def test_any_text_survives_the_way_through_csv(rows, delimiter):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["id", "label_fi", "label_en"])
    writer.writerows((f"x{number}", *row) for number, row in enumerate(rows))
    frames, findings = parse_tables({"topics": text.getvalue().encode()})
    assert findings == []
    from unicodedata import normalize

    read = list(zip(frames["topics"]["label_fi"], frames["topics"]["label_en"], strict=True))
    assert read == [tuple(normalize("NFC", cell).strip() for cell in row) for row in rows]
