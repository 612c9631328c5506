"""From corpus to index: written beside the version that serves, read back, then switched in."""

from __future__ import annotations

import contextlib
import gc
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version as package_version
from typing import TYPE_CHECKING

from hytki_match.atomic import sync
from hytki_match.corpus import corpus_digest, load_corpus
from hytki_match.corpus.passages import make_passages
from hytki_match.errors import BuildError, GateError, HytkiMatchError
from hytki_match.index import layout
from hytki_match.index.asking import copy_questions, save_questions
from hytki_match.index.dense import DenseIndex
from hytki_match.index.mending import serving_or_again
from hytki_match.index.served import note_held_back, note_refusal, note_switch, read_record
from hytki_match.index.lines import MappedPassages, same
from hytki_match.index.manifest import Manifest, file_digest, write_manifest
from hytki_match.index.store import (
    Index,
    load_version,
    save_compounds,
    save_corpus,
    save_passages,
)
from hytki_match.index.vectors import VectorCache
from hytki_match.index.versions import remove_old
from hytki_match.index.weighing import build_lexical, count_words
from hytki_match.index.writing import locked, switch_pointer, unfinished_version
from hytki_match.language.analysis import Compounds, gram_terms, word_terms, words
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from hytki_match.encoder import Encoder, Progress
    from hytki_match.index.vectors import KeptVectors
    from hytki_match.records import Corpus, KnownQuestion, Passage

SOFTWARE = ("hytki-match", "faiss-cpu", "numpy", "snowballstemmer")


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build.

    ``built_by`` stands in the manifest. ``reuse_vectors`` takes the vectors of unchanged texts
    from the cache, and those of known questions from the version that serves. ``gate`` is shown the finished version and returns what speaks against letting
    it serve; with any reason it stays beside the version that serves. ``bring_back`` lets serve also
    what was rolled back or refused. ``corpus`` takes the place of the tables.
    """

    built_by: str = ""
    reuse_vectors: bool = True
    gate: Callable[[Index], Sequence[str]] | None = None
    bring_back: bool = False
    corpus: Corpus | None = None


DEFAULT_OPTIONS = BuildOptions()


def build_index(
    corpus_dir: Path,
    index_dir: Path,
    encoder: Encoder,
    progress: Progress | None = None,
    options: BuildOptions = DEFAULT_OPTIONS,
) -> Index:
    """Build a new version of the index and let it serve.

    One whose content was rolled back, or refused by a gate, is built, too, but what serves goes on serving.

    Whatever goes wrong before the last step, the version that served before still does. Of one
    corpus and encoder every build writes the same bytes, except for the version's name, times and
    author in its manifest.

    Parameters
    ----------
    progress
        Called with (passages encoded, all passages that have to be encoded).

    Raises
    ------
    CorpusError
        When the tables have mistakes.
    EncoderError
        When the encoder gives vectors that cannot be searched.
    GateError
        When the gate has a reason against the version.
    BuildError
        When files cannot be written, or another build does not end.
    """
    stages, software = Stages(), _software()
    with _no_collection(), stages.time("read"):
        corpus = options.corpus or load_corpus(corpus_dir)
    with locked(index_dir):
        version = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        cache = VectorCache(encoder, index_dir, reuse=options.reuse_vectors)
        with _no_collection(), unfinished_version(index_dir, version) as folder:
            with stages.time("write"):
                corpus, passages = _write_corpus(corpus, folder)
            of_questions = _save_vectors(corpus, passages, cache, folder, progress, stages)
            with stages.time("vectors"):
                reused = options.reuse_vectors and copy_questions(
                    index_dir, encoder.digest, software, folder
                )
                if not reused:
                    save_questions(of_questions, encoder, folder)
            with stages.time("terms"):
                _save_terms(passages, folder)
            manifest = Manifest(
                format=layout.FORMAT,
                version=version,
                created_at=datetime.now(UTC).isoformat(timespec="seconds"),
                corpus_digest=corpus.digest,
                encoder_name=encoder.name,
                encoder_digest=encoder.digest,
                dimension=encoder.dimension,
                counts=_counts(corpus, passages),
                files={},
                software=software,
                built_by=options.built_by,
                seconds={},
            )
            index, checksum = _finish(manifest, folder, stages)
        try:
            reasons = options.gate(index) if options.gate else ()
        except HytkiMatchError:
            # What no gate could judge does not serve unasked, either.
            note_refusal(index_dir, index.manifest)
            raise
        if reasons:
            note_refusal(index_dir, index.manifest)
            serving_or_again(index_dir)
            raise GateError(version, reasons)
        if _is_held_back(index_dir, index.manifest, options):
            note_held_back(index_dir, index.manifest)
        else:
            note_switch(index_dir, index.manifest)
            switch_pointer(index_dir, version, checksum)
        remove_old(index_dir, layout.KEPT_VERSIONS)
        return index


def _is_held_back(index_dir: Path, manifest: Manifest, options: BuildOptions) -> bool:
    """Tell whether what was built was rolled back or refused, and something else can go on serving.

    What passed a gate now is not held back for what one said before.
    """
    content = manifest.corpus_digest, manifest.encoder_digest
    held = read_record(index_dir).held_back(*content, gated=options.gate is not None)
    if options.bring_back or not held:
        return False
    serves = serving_or_again(index_dir)
    return serves is not None and _made_of(serves) != _made_of(manifest)


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Have Python not look for cycles meanwhile: a build makes objects by the million, but none.

    That saves a sixth of its time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Stages:
    """A stopwatch: seconds of wall time by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Add the time spent inside to a stage."""
        start = time.perf_counter()
        yield
        spent = time.perf_counter() - start
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + spent, 3)


def is_up_to_date(manifest: Manifest, corpus_dir: Path, encoder: Encoder) -> bool:
    """Tell whether a version is what a build would make now."""
    return _made_of(manifest) == (corpus_digest(corpus_dir), encoder.digest, _software())


def _made_of(manifest: Manifest) -> tuple[str, str, Mapping[str, str]]:
    return manifest.corpus_digest, manifest.encoder_digest, manifest.software


def _write_corpus(corpus: Corpus, folder: Path) -> tuple[Corpus, MappedPassages]:
    """Write a corpus and its passages; return what reads back, so that the objects can go."""
    written = save_corpus(corpus, folder)
    passages = save_passages(written, folder)
    if written != corpus or not same(passages, make_passages(written)):
        raise BuildError(
            f"What was written to {folder} reads back as something else.",
            cure="Check the disk, then build again.",
        )
    return written, passages


class _Texts:
    """All that is encoded: the texts of passages, then known questions."""

    def __init__(self, passages: Sequence[Passage], questions: Sequence[KnownQuestion]) -> None:
        self._parts = passages, questions

    def __getitem__(self, number: int) -> str:
        passages, questions = self._parts
        after = number - len(passages)
        return questions[after].text if after >= 0 else passages[number].text

    def __iter__(self) -> Iterator[str]:
        return (one.text for part in self._parts for one in part)


def _save_vectors(
    corpus: Corpus,
    passages: Sequence[Passage],
    cache: VectorCache,
    folder: Path,
    progress: Progress | None,
    stages: Stages,
) -> KeptVectors:
    """Encode what is new and write the passages' vectors; return those of known questions."""
    with stages.time("encode"):
        vectors = cache.encode(_Texts(passages, corpus.questions), progress)
    with stages.time("vectors"):
        DenseIndex.build(vectors.part(0, len(passages))).save(folder / layout.DENSE)
    return vectors.part(len(passages), len(vectors))


def _save_terms(passages: Sequence[Passage], folder: Path) -> None:
    compounds = Compounds(())
    for language in LANGUAGES:
        counted = count_words(
            (number, words(passage.text))
            for number, passage in enumerate(passages)
            if passage.language == language
        )
        if language == "fi":
            compounds = Compounds(counted.words.vocabulary)
            save_compounds(compounds, folder)
        by_words = partial(word_terms, language=language, compounds=compounds)
        build_lexical(counted, by_words).save(folder, f"words-{language}")
        build_lexical(counted, gram_terms).save(folder, f"grams-{language}")


def _finish(manifest: Manifest, folder: Path, stages: Stages) -> tuple[Index, str]:
    """Write the manifest, read everything back, and give the version its name."""
    with stages.time("write"):
        for file in sorted(folder.iterdir()):
            sync(file)
    with stages.time("checksums"):
        files = {file.name: file_digest(file) for file in sorted(folder.iterdir())}
    manifest = replace(manifest, files=files, seconds=dict(stages.seconds))
    checksum = write_manifest(manifest, folder)
    for name in (layout.MANIFEST, layout.CHECKSUM):
        sync(folder / name)
    loaded = load_version(folder, checksum)
    folder.rename(folder.parent / manifest.version)
    sync(folder.parent)
    return loaded, checksum


def _counts(corpus: Corpus, passages: Sequence[Passage]) -> dict[str, int]:
    return {
        "passages": len(passages),
        "records": len(corpus.records),
        "contacts": len(corpus.contacts),
        "regions": len(corpus.regions),
        "topics": len(corpus.topics),
        "questions": len(corpus.questions),
    }


def _software() -> dict[str, str]:
    return {name: package_version(name) for name in SOFTWARE}
