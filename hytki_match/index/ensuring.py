"""An index that is up to date: opened, or built first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hytki_match.corpus import corpus_digest
from hytki_match.errors import IndexUnusableError
from hytki_match.index.build import DEFAULT_OPTIONS, build_index, is_up_to_date
from hytki_match.index.mending import serving_or_again
from hytki_match.index.served import read_record
from hytki_match.index.store import (
    Index,
    current_manifest,
    current_version,
    open_index,
    version_names,
)
from hytki_match.index.writing import locked, wait_for_others

if TYPE_CHECKING:
    from pathlib import Path

    from hytki_match.encoder import Encoder, Progress
    from hytki_match.index.build import BuildOptions


@dataclass(frozen=True, slots=True)
class Ensured:
    """An index, whether it was built now, and the version that is there but held back, if any.

    A version is held back because its content was rolled back, or refused by a gate; ``index`` is that one when it was
    built now, else the one that serves.
    """

    index: Index
    built: bool
    held_back: str = ""


def ensure_index(
    corpus_dir: Path,
    index_dir: Path,
    encoder: Encoder,
    progress: Progress | None = None,
    *,
    force: bool = False,
    options: BuildOptions = DEFAULT_OPTIONS,
) -> Ensured:
    """Open the index, after building it when it is missing, broken or stale, or by ``force``.

    A version of what the corpus holds that is held back is not built again while it is there, but
    where a gate refused it and ``options`` bring one.
    Raises as :func:`build_index`.
    """
    gated = options.gate is not None
    index = None if force else _usable_index(corpus_dir, index_dir, encoder, gated=gated)
    if not (index or force):
        # What another one is building may be just that.
        wait_for_others(index_dir)
        index = _usable_index(corpus_dir, index_dir, encoder, gated=gated)
    if index:
        up_to_date = is_up_to_date(index.manifest, corpus_dir, encoder)
        held = "" if up_to_date else _held_back(corpus_dir, index_dir, encoder, gated=gated)
        return Ensured(index, False, held)
    index = build_index(corpus_dir, index_dir, encoder, progress, options)
    name = index.manifest.version
    return Ensured(index, True, name if current_version(index_dir)[0] != name else "")


def _usable_index(
    corpus_dir: Path, index_dir: Path, encoder: Encoder, *, gated: bool
) -> Index | None:
    """Return the index that serves; None when there is none, or none that can go on serving."""
    try:
        # The manifest first: an index that is behind its corpus need not be opened.
        if is_up_to_date(current_manifest(index_dir), corpus_dir, encoder) or (
            _held_back(corpus_dir, index_dir, encoder, gated=gated)
        ):
            return open_index(index_dir)
    except IndexUnusableError:
        if _held_back(corpus_dir, index_dir, encoder, gated=gated):
            with locked(index_dir):
                return open_index(index_dir) if serving_or_again(index_dir) else None
    return None


def _held_back(corpus_dir: Path, index_dir: Path, encoder: Encoder, *, gated: bool) -> str:
    """Return the version that a build would make now, if it is held back and still there."""
    content = corpus_digest(corpus_dir), encoder.digest
    name = read_record(index_dir).held_back(*content, gated=gated)
    return name if name in version_names(index_dir) else ""
