"""What the build writes of records so that nobody has to read them all: ids, names, facts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from fake_encoder import FakeEncoder

from hytki_match.corpus import load_corpus
from hytki_match.index import build_index
from hytki_match.index.facts import MAX_NAMED, load_facts, load_names, save_facts
from hytki_match.index.strings import SortedStrings, write_lines
from hytki_match.language.analysis import Compounds, words
from hytki_match.records import Text

STRINGS = ["", "a", "aa", "b c", "ä", "ää", "Ω", "日本", "𝄞"]


@pytest.fixture
def strings(tmp_path):
    write_lines(tmp_path / "some.txt", STRINGS)
    return SortedStrings(tmp_path / "some.txt")


def test_strings_are_those_that_were_written(strings):
    assert sorted(STRINGS) == STRINGS
    assert list(strings) == STRINGS
    assert [strings[number] for number in range(len(strings))] == STRINGS
    assert (strings[-1], strings[2:4], strings[:0]) == ("𝄞", ["aa", "b c"], [])
    assert strings.take(np.array([4, 0, 4, 8])) == ["ä", "", "ä", "𝄞"]
    with pytest.raises(IndexError):
        strings[len(STRINGS)]


def test_a_string_is_found_and_another_is_not(strings):
    assert [strings.find(text) for text in STRINGS] == list(range(len(STRINGS)))
    for other in ("A", "aaa", "b", "å", "日", "\ud800", "\U0010ffff", "a\n"):
        assert strings.find(other) == -1
        assert other not in strings
    assert None not in strings


def test_of_no_strings_nothing_is_found(tmp_path):
    write_lines(tmp_path / "none.txt", [])
    strings = SortedStrings(tmp_path / "none.txt")
    assert (list(strings), strings.find(""), strings.take(np.zeros(0, np.int64))) == ([], -1, [])


def test_facts_are_those_of_the_records(corpus, index_dir):
    records = load_corpus(corpus).records.values()
    facts = build_index(corpus, index_dir, FakeEncoder()).facts
    sorts, areas = list(facts.sorts), list(facts.areas)
    for number, record in enumerate(records):
        assert sorts[facts.tables[number]] == record.table
        assert sorts[facts.kinds[number]] == record.kind
        found = {areas[area] for area in np.flatnonzero(facts.regions[:, number])}
        assert found == set(record.region_ids)
        assert facts.first[number].decode() == record.starts_on
        end = record.ends_on or record.starts_on
        assert facts.last[number].decode().startswith(end)
        assert bool(facts.last[number]) == bool(end)


def test_the_last_day_of_a_month_or_a_year_is_after_all_of_theirs(corpus, tmp_path):
    record = next(iter(load_corpus(corpus).records.values()))
    days = [("2026", ""), ("2026-03", ""), ("2026-03-04", "2026-04"), ("", "")]
    save_facts((replace(record, starts_on=a, ends_on=b) for a, b in days), tmp_path)
    facts = load_facts(tmp_path)
    assert facts.first.tolist() == [b"2026", b"2026-03", b"2026-03-04", b""]
    assert facts.last.tolist() == [b"2026-99-99", b"2026-03-99", b"2026-04-99", b""]


def test_names_are_told_by_words_that_few_of_them_have(corpus, tmp_path):
    record = next(iter(load_corpus(corpus).records.values()))
    both = [Text("Älyvaate Oy", "Älyvaate Ltd"), Text("Sydän", "Heart Älyvaate")]
    common = [Text(f"Yhteinen nimi{n}", "Common") for n in range(MAX_NAMED + 1)]
    save_facts((replace(record, name=name) for name in [*both, *common]), tmp_path)
    names = load_names(tmp_path)
    rare = [f"nimi{n}" for n in range(MAX_NAMED + 1)]
    assert list(names.words) == ["alyvaate", "heart", *rare, "sydan"]
    of_record = [
        names.words.take(names.places[start:end])
        for start, end in zip(names.starts[:-1], names.starts[1:], strict=True)
    ]
    assert of_record == [["alyvaate"], ["alyvaate", "heart", "sydan"], *([word] for word in rare)]
    assert names.shared.tolist() == [2, *[1] * (MAX_NAMED + 3)]


def test_no_records_have_no_facts(tmp_path):
    save_facts((), tmp_path)
    assert load_facts(tmp_path).regions.shape == (0, 0)
    assert list(load_names(tmp_path).words) == []


def test_spellings_and_stems_are_those_of_the_texts(corpus, index_dir):
    index = build_index(corpus, index_dir, FakeEncoder())
    texts = [question.text for question in index.corpus.questions if question.language == "en"]
    for record in load_corpus(corpus).records.values():
        texts += [record.name.en, record.description.en, record.keywords.en]
    spelt = Counter(word for text in texts for word in words(text) if word.isalpha())
    assert index.spellings["en"] == spelt
    assert index.spellings["fi"]["unen"] >= 1
    assert index.spellings["fi"]["qwertyuiop"] == 0
    assert index.compounds.stems == Compounds(index.compounds.known).stems
