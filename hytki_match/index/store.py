"""An index in memory: opened only after every checksum held, and never changed afterwards."""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from hytki_match.corpus.passages import make_passages
from hytki_match.errors import IndexBrokenError, IndexMissingError
from hytki_match.index import layout
from hytki_match.index.arrays import load_array, save_array
from hytki_match.index.dense import DenseIndex
from hytki_match.index.called import load_calls, save_calls
from hytki_match.index.facts import load_facts, load_names, save_facts
from hytki_match.index.lexical import LexicalIndex
from hytki_match.index.lines import MappedPassages, MappedRecords, read_rows
from hytki_match.index.manifest import Manifest, read_manifest, verify_files
from hytki_match.index.spellings import load_spellings, save_spellings
from hytki_match.index.strings import SortedStrings, write_lines
from hytki_match.index.writing import pointer_text
from hytki_match.language.analysis import Compounds
from hytki_match.records import (
    LANGUAGES,
    Contact,
    Corpus,
    KnownQuestion,
    Language,
    Region,
    Text,
    Topic,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from collections import Counter
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from hytki_match.index.called import Calls
    from hytki_match.index.facts import Facts, NameWords
    from hytki_match.records import Passage


@dataclass(frozen=True, slots=True)
class Index:
    """All that answering needs.

    ``passages`` are in the order of the vectors of ``dense``, the corpus's known questions in that
    of ``asked`` (as encoded) and ``compared`` (as questions compare with each other). ``owners`` (int32) has the place of each passage's record among the corpus's,
    ``languages`` (int8) that of its language in ``LANGUAGES``.
    ``doc_ids``, ``facts``, ``names`` and ``calls`` are those of the corpus's records, in their order.
    ``words`` and ``grams`` hold one lexical index a language, of its passages; ``spellings`` how
    often words stand in some of the texts as they are.
    """

    manifest: Manifest
    corpus: Corpus
    doc_ids: SortedStrings
    facts: Facts
    names: NameWords
    calls: Calls
    passages: Sequence[Passage]
    owners: NDArray[np.int32]
    languages: NDArray[np.int8]
    dense: DenseIndex
    asked: DenseIndex
    compared: DenseIndex
    words: Mapping[Language, LexicalIndex]
    grams: Mapping[Language, LexicalIndex]
    compounds: Compounds
    spellings: Mapping[Language, Counter[str]]


def save_corpus(corpus: Corpus, folder: Path) -> Corpus:
    """Write a corpus into a version folder; return it as it reads back, with its records there."""
    write_lines(folder / layout.RECORDS, _as_json(corpus.records.values()))
    write_lines(folder / layout.IDS, corpus.records)
    for name, rows in _small_files(corpus).items():
        _write_words(folder / name, _as_json(rows))
    save_facts(corpus.records.values(), folder)
    save_calls(corpus.records.values(), folder)
    save_spellings(corpus, folder)
    return _load_corpus(folder, corpus.digest, SortedStrings(folder / layout.IDS))


def save_passages(corpus: Corpus, folder: Path) -> MappedPassages:
    """Write the passages of a corpus, whose each is and in which language; return them."""
    places = {doc_id: place for place, doc_id in enumerate(corpus.records)}
    owners, languages = array("i"), array("b")

    def noted() -> Iterator[Passage]:
        for passage in make_passages(corpus):
            owners.append(places[passage.doc_id])
            languages.append(LANGUAGES.index(passage.language))
            yield passage

    write_lines(folder / layout.PASSAGES, _as_json(noted()))
    save_array(folder / layout.OWNERS, np.array(owners, np.int32))
    save_array(folder / layout.PASSAGE_LANGUAGES, np.array(languages, np.int8))
    return MappedPassages(folder / layout.PASSAGES)


def save_compounds(compounds: Compounds, folder: Path) -> None:
    """Write the words that compounds are split at, and their stems."""
    _write_words(folder / layout.COMPOUNDS, sorted(compounds.known))
    _write_words(folder / layout.STEMS, sorted(compounds.stems))


def current_version(index_dir: Path) -> tuple[str, str]:
    """Return the name of the version that serves and the checksum of its manifest.

    Raises
    ------
    IndexMissingError, IndexBrokenError
    """
    file = index_dir / layout.POINTER
    try:
        text = file.read_text(encoding="utf-8")
        pointer = json.loads(text)
        version, checksum = str(pointer["version"]), str(pointer["manifest_sha256"])
    except FileNotFoundError as error:
        raise IndexMissingError(index_dir) from error
    except OSError as error:
        raise IndexBrokenError(file, f"cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise IndexBrokenError(file, "does not name a version") from error
    if text != pointer_text(version, checksum):
        raise IndexBrokenError(file, "was changed by another program")
    return version, checksum


def version_names(index_dir: Path) -> list[str]:
    """Return the names of finished versions, oldest first; hidden and foreign files are none."""
    folder = index_dir / layout.VERSIONS
    if not folder.is_dir():
        return []
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
    )


def current_manifest(index_dir: Path) -> Manifest:
    """Return the manifest of the version that serves; raises as :func:`open_index`."""
    version, checksum = current_version(index_dir)
    return read_manifest(index_dir / layout.VERSIONS / version, checksum)


def open_index(index_dir: Path) -> Index:
    """Open the version that serves.

    Raises
    ------
    IndexMissingError
        When nothing was built yet.
    IndexBrokenError
        When a file is missing or a checksum does not hold.
    IndexStaleError
        When the index was written in another format.
    """
    pointer = current_version(index_dir)
    while True:
        version, checksum = pointer
        try:
            return load_version(index_dir / layout.VERSIONS / version, checksum)
        except IndexBrokenError:
            # Builds that followed each other quickly may have removed it under our hands.
            pointer = current_version(index_dir)
            if pointer == (version, checksum):
                raise


def load_version(folder: Path, checksum: str) -> Index:
    """Open one version folder whose manifest has this checksum; raises as :func:`open_index`."""
    manifest = read_manifest(folder, checksum)
    verify_files(manifest, folder)
    known, stems = (
        (folder / name).read_text(encoding="utf-8").split()
        for name in (layout.COMPOUNDS, layout.STEMS)
    )
    doc_ids = SortedStrings(folder / layout.IDS)
    return Index(
        manifest=manifest,
        corpus=_load_corpus(folder, manifest.corpus_digest, doc_ids),
        doc_ids=doc_ids,
        facts=load_facts(folder),
        names=load_names(folder),
        calls=load_calls(folder),
        passages=MappedPassages(folder / layout.PASSAGES),
        owners=load_array(folder / layout.OWNERS),
        languages=load_array(folder / layout.PASSAGE_LANGUAGES),
        dense=DenseIndex.load(folder / layout.DENSE),
        asked=DenseIndex.load(folder / layout.ASKED),
        compared=DenseIndex.load(folder / layout.COMPARED),
        words=_load_lexical(folder, "words"),
        grams=_load_lexical(folder, "grams"),
        compounds=Compounds(known, stems),
        spellings=load_spellings(folder),
    )


def _load_lexical(folder: Path, leg: str) -> dict[Language, LexicalIndex]:
    return {language: LexicalIndex.load(folder, f"{leg}-{language}") for language in LANGUAGES}


def _small_files(corpus: Corpus) -> dict[str, Iterable[DataclassInstance]]:
    """Return the rows that are read into memory when an index is opened."""
    return {
        layout.CONTACTS: corpus.contacts.values(),
        layout.REGIONS: corpus.regions.values(),
        layout.TOPICS: corpus.topics.values(),
        layout.QUESTIONS: corpus.questions,
    }


def _load_corpus(folder: Path, digest: str, doc_ids: SortedStrings) -> Corpus:
    def rows(name: str) -> list[dict[str, Any]]:
        return read_rows(folder / name)

    return Corpus(
        records=MappedRecords(folder / layout.RECORDS, doc_ids),
        contacts={row["doc_id"]: Contact(**row) for row in rows(layout.CONTACTS)},
        regions={row["region_id"]: Region(**row) for row in rows(layout.REGIONS)},
        topics={row["topic_id"]: Topic(**row) for row in rows(layout.TOPICS)},
        digest=digest,
        questions=tuple(KnownQuestion(**row) for row in rows(layout.QUESTIONS)),
    )


def _as_json(rows: Iterable[DataclassInstance]) -> Iterator[str]:
    # asdict would copy every text of every row.
    encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=_both).encode
    names: list[str] = []
    for row in rows:  # all of one kind
        names = names or [field.name for field in fields(row)]
        yield encode({name: getattr(row, name) for name in names})


def _both(text: Text) -> dict[Language, str]:
    return {language: text.get(language) for language in LANGUAGES}


def _write_words(file: Path, words: Iterable[str]) -> None:
    file.write_text("".join(f"{word}\n" for word in words), encoding="utf-8", newline="\n")
