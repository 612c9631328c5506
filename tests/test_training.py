"""What keeps evaluated texts out of training, on texts worked by hand."""

from __future__ import annotations

import gzip

import pytest

from training.leakage import Held, count_held, trained_texts

HELD = Held(["Kuka auttaa meitä terveysdatan kanssa?", "sleep apnoea", ""])


@pytest.mark.parametrize(
    "text",
    [
        "kuka AUTTAA meitä, terveysdatan kanssa",  # the same words
        "Kuka auttaa meitä nyt terveysdatan kanssa?",  # 5 of 6 words shared: 0.83
        "Sleep apnoea!",
    ],
)
def test_the_same_and_nearly_the_same_are_held(text):
    assert HELD.holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kuka auttaa meitä kuvadatan kanssa?",  # 4 of 6 words shared: 0.67
        "sleep apnoea clinic",  # short texts count only when equal
        "",
    ],
)
def test_others_are_not(text):
    assert not HELD.holds(text)


def test_either_side_of_a_pair_is_enough():
    lines = [["uni", "sleep"], ["uniapnea", "sleep apnoea"], ["sydän", "heart"]]
    assert count_held(HELD, lines) == (3, 1)


def test_every_file_that_is_trained_on_is_looked_through(tmp_path):
    for name in ("pairs", "titles-fi", "titles-en", "related"):
        with gzip.open(tmp_path / f"{name}.tsv.gz", "wt", encoding="utf-8") as stream:
            stream.write("1.0\tuni\tsleep apnoea\n")
    (tmp_path / "queries0.tsv").write_text("doc_id\tquery\nx\tSleep apnoea\n")
    (tmp_path / "queries.tsv").write_text('doc_id\tquery\nx\t"Sleep apnoea"\n')
    (tmp_path / "needs").mkdir()
    (tmp_path / "needs" / "questions.csv").write_text("question\nSleep apnoea?\n")
    (tmp_path / "told.jsonl").write_text('{"sentences": [["Sleep apnoea", "B"]]}\n')
    found = {name: count_held(HELD, lines) for name, lines in trained_texts(tmp_path, tmp_path)}
    assert len(found) == 8
    assert set(found.values()) == {(1, 1)}
