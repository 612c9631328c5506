"""What goes on serving when the pointer, or what it names, is damaged."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hytki_match.errors import IndexMissingError, IndexUnusableError
from hytki_match.index import layout
from hytki_match.index.manifest import recorded_checksum
from hytki_match.index.served import note_switch, read_record
from hytki_match.index.store import load_version, open_index, version_names
from hytki_match.index.writing import switch_pointer

if TYPE_CHECKING:
    from pathlib import Path

    from hytki_match.index.manifest import Manifest

_log = logging.getLogger(__name__)


def serving_or_again(index_dir: Path) -> Manifest | None:
    """Return the manifest of the version that serves; where none can, let an earlier one serve.

    That is the one which did so last or, if that does not open, the newest that was neither rolled
    back nor refused. None when there is none; nothing is changed then. The lock must be held.
    """
    try:
        return open_index(index_dir).manifest
    except IndexMissingError:
        problem = f"{index_dir / layout.POINTER} is missing"
    except IndexUnusableError as error:
        problem = error.problem.rstrip(".")
    record = read_record(index_dir)
    names = version_names(index_dir)
    held = {one.version for one in (*record.rolled_back, *record.refused)}
    for name in dict.fromkeys([record.serves, *reversed(names)]):
        if name not in names or name in held:
            continue
        folder = index_dir / layout.VERSIONS / name
        try:
            checksum = recorded_checksum(folder)
            manifest = load_version(folder, checksum).manifest
        except IndexUnusableError:
            continue
        if record.held_back(manifest.corpus_digest, manifest.encoder_digest):
            continue
        note_switch(index_dir, manifest)
        switch_pointer(index_dir, name, checksum)
        _log.warning("%s, so version %s serves again.", problem, name)
        return manifest
    return None
