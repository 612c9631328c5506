"""From corpus to index: written beside the version that serves, read back, then switched in."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from datetime import UTC, datetime
from importlib.metadata import version as package_version
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from hytki_match.corpus import corpus_digest, load_corpus
from hytki_match.corpus.passages import make_passages
from hytki_match.errors import BuildError, EncoderError, IndexUnusableError
from hytki_match.index import layout
from hytki_match.index.dense import DenseIndex
from hytki_match.index.lexical import LexicalIndex, build_lexical
from hytki_match.index.manifest import Manifest, file_digest, write_manifest
from hytki_match.index.store import Index, load_version, open_index, save_index
from hytki_match.language.analysis import Compounds, gram_terms, text_terms, words
from hytki_match.records import LANGUAGES, Language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hytki_match.encoder import Encoder, Progress
    from hytki_match.records import Corpus, Passage

LOCK_SECONDS = 60
"""How long a build waits for another one: longer than a build of this corpus takes."""

SOFTWARE = ("hytki-match", "faiss-cpu", "numpy", "snowballstemmer")


def build_index(
    corpus_dir: Path, index_dir: Path, encoder: Encoder, progress: Progress | None = None
) -> Index:
    """Build a new version of the index and let it serve.

    Whatever goes wrong before the last step, the version that served before still does.

    Parameters
    ----------
    progress
        Called with (passages encoded, all passages).

    Raises
    ------
    CorpusError
        When the tables have mistakes.
    EncoderError
        When the encoder gives vectors that cannot be searched.
    BuildError
        When files cannot be written, or another build does not end.
    """
    corpus = load_corpus(corpus_dir)
    with _writing(index_dir) as folder:
        index = _make_index(corpus, encoder, folder.name.removeprefix(layout.UNFINISHED), progress)
        save_index(index, folder)
        return _promote(index, folder, index_dir)


def is_up_to_date(index: Index, corpus_dir: Path, encoder: Encoder) -> bool:
    """Tell whether a build would change anything."""
    return (
        index.manifest.corpus_digest == corpus_digest(corpus_dir)
        and index.manifest.encoder_digest == encoder.digest
        and index.manifest.software == _software()
    )


@contextlib.contextmanager
def _writing(index_dir: Path) -> Iterator[Path]:
    """Hold the lock and give an unfinished version folder, which goes away when the build fails."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    folder = index_dir / layout.VERSIONS / f"{layout.UNFINISHED}{stamp}"
    try:
        (index_dir / layout.VERSIONS).mkdir(parents=True, exist_ok=True)
        with FileLock(index_dir / layout.LOCK, timeout=LOCK_SECONDS):
            _remove_unfinished(index_dir)
            folder.mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except Timeout as error:
        raise BuildError(
            f"Another build has held {index_dir / layout.LOCK} for {LOCK_SECONDS} seconds.",
            cure="Wait until it ends, then build again.",
        ) from error
    except OSError as error:
        raise BuildError(
            f"The index cannot be written to {index_dir}: {error.strerror or error}. "
            "An index that served before still serves.",
            cure="Free disk space or mend the rights of the folder, then run: hytki-match build",
        ) from error


def _remove_unfinished(index_dir: Path) -> None:
    """Remove what a build left that was killed; called only while the lock is held."""
    for folder in (index_dir / layout.VERSIONS).glob(f"{layout.UNFINISHED}*"):
        shutil.rmtree(folder)


def _make_index(
    corpus: Corpus, encoder: Encoder, version: str, progress: Progress | None
) -> Index:
    passages = make_passages(corpus)
    vectors = encoder.encode_passages([passage.text for passage in passages], progress)
    if vectors.shape != (len(passages), encoder.dimension) or not (abs(vectors) <= 1.001).all():
        raise EncoderError(
            f"The encoder {encoder.name!r} gave vectors that cannot be searched "
            f"(shape {vectors.shape}).",
            cure="Use another model.",
        )
    compounds = Compounds(
        {word for passage in passages if passage.language == "fi" for word in words(passage.text)}
    )
    word_index, gram_index = {}, {}
    for language in LANGUAGES:
        word_index[language] = _lexical(passages, language, compounds)
        gram_index[language] = _lexical(passages, language, None)
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
        software=_software(),
    )
    dense = DenseIndex.build(vectors)
    return Index(manifest, corpus, passages, dense, word_index, gram_index, compounds)


def _lexical(
    passages: Sequence[Passage], language: Language, compounds: Compounds | None
) -> LexicalIndex:
    """Index one language by words, or by character 4-grams where ``compounds`` is None."""
    rows = (
        (
            number,
            text_terms(passage.text, language, compounds)
            if compounds
            else gram_terms(passage.text),
        )
        for number, passage in enumerate(passages)
        if passage.language == language
    )
    return build_lexical(rows, len(passages))


def _promote(index: Index, folder: Path, index_dir: Path) -> Index:
    """Write the manifest, read everything back, and switch the pointer in one step."""
    fields = {name: getattr(index.manifest, name) for name in Manifest.__slots__}
    fields["files"] = {file.name: file_digest(file) for file in sorted(folder.iterdir())}
    checksum = write_manifest(Manifest(**fields), folder)
    loaded = load_version(folder, checksum)
    final = index_dir / layout.VERSIONS / index.manifest.version
    folder.rename(final)
    pointer = {"version": index.manifest.version, "manifest_sha256": checksum}
    _replace(index_dir / layout.POINTER, json.dumps(pointer) + "\n")
    _remove_old(index_dir, keep=index.manifest.version)
    return loaded


def _replace(file: Path, text: str) -> None:
    """Write a small file so that a reader sees the old or the new text, also after a power cut."""
    beside = file.with_name(f".{file.name}.new")
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)


def _remove_old(index_dir: Path, keep: str) -> None:
    """Remove the oldest versions; one that cannot be removed is tried again by the next build."""
    names = sorted(path.name for path in (index_dir / layout.VERSIONS).iterdir())
    for name in names[: -layout.KEPT_VERSIONS]:
        if name != keep:
            shutil.rmtree(index_dir / layout.VERSIONS / name, ignore_errors=True)


def ensure_index(
    corpus_dir: Path,
    index_dir: Path,
    encoder: Encoder,
    progress: Progress | None = None,
    *,
    force: bool = False,
) -> tuple[Index, bool]:
    """Open the index, after building it when it is missing, broken or stale, or by ``force``.

    Returns
    -------
    index, built
        ``built`` tells whether a build was needed. Raises as :func:`build_index`.
    """
    index = None if force else _usable_index(index_dir)
    if index and is_up_to_date(index, corpus_dir, encoder):
        return index, False
    return build_index(corpus_dir, index_dir, encoder, progress), True


def _usable_index(index_dir: Path) -> Index | None:
    """Return the index that serves; None when there is none or it cannot serve any more."""
    try:
        return open_index(index_dir)
    except IndexUnusableError:
        return None


def _counts(corpus: Corpus, passages: Sequence[Passage]) -> dict[str, int]:
    return {
        "passages": len(passages),
        "records": len(corpus.records),
        "contacts": len(corpus.contacts),
        "regions": len(corpus.regions),
        "topics": len(corpus.topics),
    }


def _software() -> dict[str, str]:
    return {name: package_version(name) for name in SOFTWARE}
