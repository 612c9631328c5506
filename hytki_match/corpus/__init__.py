"""The corpus: tables read strictly, checked as a whole, and turned into records and passages.

Importing this package does not import pandas; a question is answered without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hytki_match.corpus.files import corpus_digest

if TYPE_CHECKING:
    from pathlib import Path

    from hytki_match.corpus.stages import Stage
    from hytki_match.errors import Finding
    from hytki_match.records import Corpus

__all__ = ["check_corpus", "corpus_digest", "load_corpus", "load_stages"]


def check_corpus(folder: Path) -> tuple[Finding, ...]:
    """Return everything that is wrong in the tables of a folder, by table, row and column."""
    from hytki_match.corpus.load import read

    return tuple(read(folder, sides=True).findings)


def load_corpus(folder: Path) -> Corpus:
    """Read and check the tables of a folder.

    Raises
    ------
    CorpusError
        With every finding, when anything is wrong.
    """
    from hytki_match.corpus.load import load

    return load(folder)


def load_stages(folder: Path, corpus: Corpus) -> tuple[Stage, ...]:
    """Read and check the stages of the 4i model, in their order; empty if there is no table.

    Raises
    ------
    CorpusError
        With every finding, when the table has mistakes.
    """
    from hytki_match.corpus.stages import read_stages

    return read_stages(folder, corpus)
