"""Which versions served: what a rollback goes back to, and what a build does not bring back.

The record is a file of its own, so that damage to it never touches what serves. It is written
before each switch, and names what served until then; what serves now, the pointer alone says. So it
is true whatever stops a process between the two.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from hytki_match.atomic import replace_file
from hytki_match.errors import BuildError, IndexUnusableError
from hytki_match.index import layout
from hytki_match.index.store import current_version, version_names

if TYPE_CHECKING:
    from pathlib import Path

    from hytki_match.index.manifest import Manifest


@dataclass(frozen=True, slots=True)
class RolledBack:
    """A version that was rolled back, and its content; digests are empty when it was broken."""

    version: str
    corpus_digest: str
    encoder_digest: str

    def is_of(self, corpus_digest: str, encoder_digest: str) -> bool:
        """Tell whether a version of this corpus and encoder has that content."""
        return (self.corpus_digest, self.encoder_digest) == (corpus_digest, encoder_digest)


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of the service of versions.

    ``served`` has those that are still there, each once, the one that serves last and before it
    the one that served before. ``problem`` says why nothing is known of earlier ones.
    """

    served: tuple[str, ...] = ()
    rolled_back: tuple[RolledBack, ...] = ()
    problem: str = ""

    @property
    def before(self) -> str:
        """The version that served before the one that serves; empty when none is known."""
        return self.served[-2] if len(self.served) > 1 else ""

    def held_back(self, corpus_digest: str, encoder_digest: str) -> str:
        """Return the version with this content that was rolled back; empty when none was."""
        found = (one for one in self.rolled_back if one.is_of(corpus_digest, encoder_digest))
        return next((one.version for one in found), "")


def read_record(index_dir: Path) -> Record:
    """Return the record, brought together with the pointer and with the versions that are left.

    One that is missing or damaged is no error: what serves does not hang on it.

    Raises
    ------
    BuildError
        When the file is there but cannot be read.
    """
    noted = _read(index_dir / layout.SERVED)
    left = set(version_names(index_dir))
    try:
        serving = [current_version(index_dir)[0]]
    except IndexUnusableError:
        serving = []
    earlier = [name for name in dict.fromkeys(noted.served) if name in left.difference(serving)]
    return replace(noted, served=(*earlier, *serving))


def note_switch(index_dir: Path, manifest: Manifest) -> None:
    """Note, before a version is let serve, what serves until then; its content is welcome again."""
    record = read_record(index_dir)
    content = manifest.corpus_digest, manifest.encoder_digest
    kept = tuple(
        one
        for one in record.rolled_back
        if one.version != manifest.version and not one.is_of(*content)
    )
    _write(index_dir, replace(record, rolled_back=kept))


def note_rollback(index_dir: Path, version: str, manifest: Manifest | None) -> None:
    """Note that a version is rolled back; its content is not known when it has no manifest."""
    record = read_record(index_dir)
    digests = (manifest.corpus_digest, manifest.encoder_digest) if manifest else ("", "")
    kept = [one for one in record.rolled_back if one.version != version]
    if manifest:
        kept = [one for one in kept if not one.is_of(*digests)]
    # What was rolled back is not what a later rollback goes back to.
    served = tuple(name for name in record.served if name != version)
    rolled_back = (*kept, RolledBack(version, *digests))
    _write(index_dir, replace(record, served=served, rolled_back=rolled_back))


def _read(file: Path) -> Record:
    try:
        fields = json.loads(file.read_text(encoding="utf-8"))
        served = tuple(fields["served"])
        rolled_back = tuple(RolledBack(**one) for one in fields["rolled_back"])
    except FileNotFoundError:
        return Record(problem=f"{file} is not there")
    except OSError as error:
        raise BuildError(
            f"{file}, which notes what served, cannot be read: {error.strerror or error}.",
            cure="Mend its rights, then run the same command again.",
        ) from error
    except (ValueError, KeyError, TypeError):
        return Record(problem=f"{file} cannot be understood")
    texts = (*served, *(text for one in rolled_back for text in asdict(one).values()))
    if not all(isinstance(text, str) for text in texts):
        return Record(problem=f"{file} cannot be understood")
    return Record(served, rolled_back)


def _write(index_dir: Path, record: Record) -> None:
    fields = {"served": record.served, "rolled_back": [asdict(one) for one in record.rolled_back]}
    replace_file(index_dir / layout.SERVED, (json.dumps(fields, indent=1) + "\n").encode())
