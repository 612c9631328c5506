"""Records and passages that stay on disk are those that were written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from fake_encoder import FakeEncoder

from hytki_match.corpus import load_corpus
from hytki_match.corpus.passages import make_passages
from hytki_match.index import build_index, layout
from hytki_match.index.lines import Lines, MappedPassages, MappedRecords
from hytki_match.index.strings import SortedStrings, write_lines


@pytest.fixture
def version(corpus, index_dir):
    manifest = build_index(corpus, index_dir, FakeEncoder()).manifest
    return index_dir / layout.VERSIONS / manifest.version


def test_rows_are_those_of_the_tables_one_by_one_and_in_order(corpus, version):
    written = load_corpus(corpus).records
    ids = SortedStrings(version / layout.IDS)
    records = MappedRecords(version / layout.RECORDS, ids)
    assert list(records) == list(written)
    assert [records[doc_id] for doc_id in reversed(ids)] == list(written.values())[::-1]
    assert list(records.values()) == list(written.values())
    assert list(records.values()) == list(written.values())  # a walk leaves them readable
    assert records == written
    assert "tools/none" not in records
    with pytest.raises(KeyError):
        records["tools/none"]


def test_passages_are_a_sequence(corpus, version):
    written = list(make_passages(load_corpus(corpus)))
    passages = MappedPassages(version / layout.PASSAGES)
    assert len(passages) == len(written)
    assert passages == written
    assert (passages[0], passages[-1]) == (written[0], written[-1])
    assert passages[2:4] == list(written[2:4])
    assert passages != written[:-1]
    with pytest.raises(IndexError):
        passages[len(written)]


def test_a_reader_keeps_what_it_opened_when_the_files_go(version):
    passages = MappedPassages(version / layout.PASSAGES)
    first = passages[0]
    (version / layout.PASSAGES).unlink()
    assert passages[1] != first
    assert MappedPassages.__len__(passages) == len(list(passages))


@pytest.mark.parametrize("pread", [True, False])
def test_threads_read_their_own_rows(version, monkeypatch, pread):
    if not pread:
        monkeypatch.delattr("os.pread", raising=False)
    lines = Lines(version / layout.PASSAGES)
    rows = list(lines)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lines.__getitem__, list(range(len(rows))) * 50)) == rows * 50


def test_an_empty_file_has_no_rows(tmp_path):
    write_lines(tmp_path / "none.jsonl", [])
    assert list(Lines(tmp_path / "none.jsonl")) == []
