"""The vectors of known questions in an index, copied where a build would make the same again.

Whoever changes how they are made (the numbers here and in ``dense``) raises ``layout.FORMAT``, else
old ones are copied on.
"""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.errors import IndexUnusableError
from hytki_match.index import layout
from hytki_match.index.dense import TRAINED_ON, DenseIndex
from hytki_match.index.manifest import file_digest
from hytki_match.index.store import current_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hytki_match.encoder import Encoder, Vectors
    from hytki_match.index.vectors import KeptVectors

EXACT_UP_TO = 5_000
"""Known questions that are searched one by one; more by codes, in less than half the time."""

CANDIDATES = 2
"""Questions compared exactly for each that is wanted, of which there are hundreds: 999 of 1,000 of
the nearest 200 are then found, and all of the nearest ten."""

_log = logging.getLogger(__name__)

FILES = (layout.ASKED, layout.COMPARED)


def save_questions(vectors: KeptVectors, encoder: Encoder, folder: Path) -> None:
    """Write the vectors of known questions, as encoded and as questions compare with each other."""
    asked = vectors[:]
    for name, ways in zip(FILES, (asked, encoder.among_questions(asked)), strict=True):
        index_questions(ways).save(folder / name)


def index_questions(vectors: Vectors) -> DenseIndex:
    """Index the vectors of known questions (questions, dimension), as a build does.

    What codes are learned from does not depend on the order of the questions.
    """
    in_order = np.lexsort(vectors.T[:2])
    return DenseIndex.build(
        vectors,
        exact_up_to=EXACT_UP_TO,
        candidates=CANDIDATES,
        teaching=vectors[in_order[:: max(1, len(vectors) // TRAINED_ON)]],
    )


def copy_questions(
    index_dir: Path, encoder_digest: str, software: Mapping[str, str], folder: Path
) -> bool:
    """Copy them from the version that serves if a build would make the same; tell whether it did.

    A cell of a table changes every week, a question hardly ever, and making the codes takes longer
    than all else of a small build.
    """
    try:
        served = current_manifest(index_dir)
    except IndexUnusableError:
        return False
    made_of = served.encoder_digest, served.software, served.files.get(layout.QUESTIONS)
    if made_of != (encoder_digest, software, file_digest(folder / layout.QUESTIONS)):
        return False
    source = index_dir / layout.VERSIONS / served.version
    return all(_copy(source / name, served.files[name], folder / name) for name in FILES)


def _copy(source: Path, digest: str, target: Path) -> bool:
    """Copy a file if it is as it was written; tell whether it is."""
    try:
        data = source.read_bytes()
    except OSError as error:
        _log.warning("%s cannot be read (%s): its vectors are made again.", source, error.strerror)
        return False
    if hashlib.sha256(data).hexdigest() != digest:
        _log.warning("%s is damaged: its vectors are made again.", source)
        return False
    target.write_bytes(data)
    return True
