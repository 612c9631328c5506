"""Which versions served: what a rollback goes back to, and what a build does not bring back.

The record is a file of its own, so that damage to it never touches what serves. It is written
before each switch, and names what served until then; what serves now, the pointer says. So it is
true whatever stops a process between the two. What a switch is to it notes too, for the day when the
pointer is damaged.
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
    from collections.abc import Sequence
    from pathlib import Path

    from hytki_match.index.manifest import Manifest


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A version that was rolled back or refused, and its content; empty when it was broken."""

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
    the one that served before. ``refused`` were those by ``build --gate``. ``serves`` is the one
    that does or, where the pointer does not tell, the one of the last switch. ``problem`` says why
    nothing is known of earlier ones.
    """

    served: tuple[str, ...] = ()
    rolled_back: tuple[HeldBack, ...] = ()
    refused: tuple[HeldBack, ...] = ()
    serves: str = ""
    problem: str = ""

    @property
    def before(self) -> str:
        """The version that served before the one that serves; empty when none is known."""
        return self.served[-2] if len(self.served) > 1 else ""

    def held_back(self, corpus_digest: str, encoder_digest: str, *, gated: bool = False) -> str:
        """Return the version with this content that was rolled back or refused; empty without one.

        Parameters
        ----------
        gated
            Whether a gate decides anew on what one refused.
        """
        held = self.rolled_back if gated else (*self.rolled_back, *self.refused)
        found = (one for one in held if one.is_of(corpus_digest, encoder_digest))
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
        serves = current_version(index_dir)[0]
    except IndexUnusableError:
        serves = ""
    if serves not in left and noted.serves in left:
        serves = noted.serves
    earlier = [name for name in dict.fromkeys(noted.served) if name in left.difference([serves])]
    return replace(noted, served=(*earlier, *([serves] if serves else ())), serves=serves)


def note_switch(index_dir: Path, manifest: Manifest) -> None:
    """Note, before a version is let serve, what serves until then; its content is welcome again."""
    record, one = read_record(index_dir), _held(manifest.version, manifest)
    rolled_back, refused = _without(record.rolled_back, one), _without(record.refused, one)
    record = replace(record, rolled_back=rolled_back, refused=refused)
    _write(index_dir, replace(record, serves=manifest.version))


def note_rollback(
    index_dir: Path, version: str, manifest: Manifest | None, to: str | None = None
) -> None:
    """Note that a version is rolled back, and to which; what serves stays when that is None.

    Its content is not known when it has no manifest.
    """
    record, one = read_record(index_dir), _held(version, manifest)
    # What was rolled back is not what a later rollback goes back to.
    served = tuple(name for name in record.served if name != version)
    rolled_back = (*_without(record.rolled_back, one), one)
    serves = record.serves if to is None else to
    _write(index_dir, replace(record, served=served, rolled_back=rolled_back, serves=serves))


def note_refusal(index_dir: Path, manifest: Manifest) -> None:
    """Note that a gate refused a version: a build without one does not bring its content in."""
    record, one = read_record(index_dir), _held(manifest.version, manifest)
    _write(index_dir, replace(record, refused=(*_without(record.refused, one), one)))


def note_held_back(index_dir: Path, manifest: Manifest) -> None:
    """Note a version whose content is held back, for the same reason, unless one such is there."""
    content = manifest.corpus_digest, manifest.encoder_digest
    if read_record(index_dir).held_back(*content) in version_names(index_dir):
        return
    if any(one.is_of(*content) for one in read_record(index_dir).rolled_back):
        note_rollback(index_dir, manifest.version, manifest)
    else:
        note_refusal(index_dir, manifest)


def note_changed(index_dir: Path, before: str, after: str) -> None:
    """Note that tables of one digest will have another: where they are held back they stay so."""
    if before == after:
        return
    record = read_record(index_dir)
    rolled_back, refused = (
        (*held, *(replace(one, corpus_digest=after) for one in held if one.corpus_digest == before))
        for held in (record.rolled_back, record.refused)
    )
    if (rolled_back, refused) != (record.rolled_back, record.refused):
        _write(index_dir, replace(record, rolled_back=rolled_back, refused=refused))


def _held(version: str, manifest: Manifest | None) -> HeldBack:
    digests = (manifest.corpus_digest, manifest.encoder_digest) if manifest else ("", "")
    return HeldBack(version, *digests)


def _without(held: Sequence[HeldBack], one: HeldBack) -> tuple[HeldBack, ...]:
    """Return versions without one, and without others of its content if that is known."""
    return tuple(
        other
        for other in held
        if other.version != one.version
        and not (one.corpus_digest and other.is_of(one.corpus_digest, one.encoder_digest))
    )


def _read(file: Path) -> Record:
    try:
        fields = json.loads(file.read_text(encoding="utf-8"))
        served = tuple(fields["served"])
        rolled_back = tuple(HeldBack(**one) for one in fields["rolled_back"])
        refused = tuple(HeldBack(**one) for one in fields.get("refused", ()))
        serves = fields.get("serves", "")
    except FileNotFoundError:
        return Record(problem=f"{file} is not there")
    except OSError as error:
        raise BuildError(
            f"{file}, which notes what served, cannot be read: {error.strerror or error}.",
            cure="Mend its rights, then run the same command again.",
        ) from error
    except (ValueError, KeyError, TypeError):
        return Record(problem=f"{file} cannot be understood")
    held = (*rolled_back, *refused)
    texts = (serves, *served, *(text for one in held for text in asdict(one).values()))
    if not all(isinstance(text, str) for text in texts):
        return Record(problem=f"{file} cannot be understood")
    return Record(served, rolled_back, refused, serves)


def _write(index_dir: Path, record: Record) -> None:
    fields = {
        "served": record.served,
        "serves": record.serves,
        "rolled_back": [asdict(one) for one in record.rolled_back],
        "refused": [asdict(one) for one in record.refused],
    }
    replace_file(index_dir / layout.SERVED, (json.dumps(fields, indent=1) + "\n").encode())
