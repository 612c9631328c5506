"""The passages that the retrieval stage reads: those of the index, with keywords and without."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import TYPE_CHECKING

from hytki_match.corpus import load_corpus
from hytki_match.corpus.passages import make_passages
from hytki_match.records import Text

if TYPE_CHECKING:
    from pathlib import Path


def write_passages(corpus_dir: Path, out: Path) -> None:
    """Write a line a passage: doc_id, language, the text, the text without keywords."""
    corpus = load_corpus(corpus_dir)
    whole = {passage.passage_id: passage.text for passage in make_passages(corpus)}
    records = {key: replace(r, keywords=Text("", "")) for key, r in corpus.records.items()}
    with gzip.open(out, "wt", encoding="utf-8", newline="\n") as stream:
        for bare in make_passages(replace(corpus, records=records)):
            row = (bare.doc_id, bare.language, whole[bare.passage_id], bare.text)
            stream.write("\t".join(row) + "\n")
