"""Vectors of texts that were encoded before, by hash of encoder and text.

A cache only: whatever is missing or damaged is encoded again. It holds no texts. Vectors go through
memory in parts: those of a large corpus do not fit there.
"""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING, Protocol

import numpy as np

from hytki_match.atomic import replace_file, replacing
from hytki_match.errors import EncoderError
from hytki_match.index import layout
from hytki_match.index.arrays import load_array
from hytki_match.index.fresh import FreshVectors
from hytki_match.index.manifest import file_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from hytki_match.encoder import Encoder, Progress, Vectors

KEY_BYTES = 32

PART = 4_096
"""Vectors that are in memory at a time: 10 MB of 640 numbers."""

ENCODED_AT_ONCE = 256
"""Texts whose vectors are lost when a build is stopped: some seconds' worth."""

LONGEST = 1.001
"""Length of a unit vector, with room for rounding."""

KEPT_ENCODERS = 2
"""Encoders whose vectors stay, so that trying another one and going back costs nothing."""

_log = logging.getLogger(__name__)


class Texts(Protocol):
    """Texts by number, walked twice at most: a list, or what reads them from a file."""

    def __iter__(self) -> Iterator[str]:
        """Walk through all."""
        ...

    def __getitem__(self, number: int, /) -> str:
        """Return one."""
        ...


class KeptVectors:
    """Vectors of some texts, in a file: an array (texts, dimension) as far as slices of it go.

    Parameters
    ----------
    rows
        The row of the file that each text's vector stands in.
    """

    def __init__(self, file: Path, rows: NDArray[np.intp], dimension: int) -> None:
        self._file = file
        self._rows = rows
        self.shape = (len(rows), dimension)

    def __len__(self) -> int:
        return len(self._rows)

    def part(self, first: int, last: int) -> KeptVectors:
        """Return some of them, still in the file."""
        return KeptVectors(self._file, self._rows[first:last], self.shape[1])

    def __getitem__(self, texts: slice) -> Vectors:
        """Return the vectors of some texts; nothing else of the file stays in memory."""
        # Mapped anew each time: pages that were touched count as this process's until then.
        found: Vectors = load_array(self._file, "r")["vector"][self._rows[texts]]
        return found


class VectorCache:
    """The vectors of one encoder's passages: what was encoded before is not encoded again.

    Parameters
    ----------
    reuse
        False encodes everything again and replaces what was kept.
    """

    def __init__(self, encoder: Encoder, index_dir: Path, *, reuse: bool = True) -> None:
        name = hashlib.sha256(encoder.digest.encode()).hexdigest()[:16]
        self._file = index_dir / layout.VECTORS / f"{name}.npy"
        self._encoder = encoder
        self._reuse = reuse
        self._fresh = FreshVectors(_fresh_file(self._file), KEY_BYTES, encoder.dimension)
        self._type = np.dtype(
            [("key", np.void, KEY_BYTES), ("vector", np.float32, (encoder.dimension,))]
        )

    def encode(self, texts: Texts, progress: Progress | None = None) -> KeptVectors:
        """Return the vectors of passages; these are kept from now on, and no others.

        So the cache is as large as one index. Vectors of encoders not used for long go. What is
        encoded is on disk at once: when this is stopped, the next call goes on from there.

        Parameters
        ----------
        progress
            Called with counts of those that are new.

        Raises
        ------
        EncoderError
            When the encoder gives vectors that cannot be searched.
        """
        found = np.array([self._key(text) for text in texts], f"S{KEY_BYTES}")
        keys, first, places = np.unique(found, return_index=True, return_inverse=True)
        # In the order of the texts, so that they are read from front to back afterwards.
        order = np.argsort(first)
        head = {
            "descr": np.lib.format.dtype_to_descr(self._type),
            "fortran_order": False,
            "shape": keys.shape,
        }
        self._file.parent.mkdir(exist_ok=True)
        kept = self._kept_rows(keys[order])
        new = np.flatnonzero(kept < 0)
        self._encode_new(texts, keys[order][new], first[order][new], progress)
        with replacing(self._file) as stream:
            np.lib.format.write_array_header_1_0(stream, head)
            for rows in self._parts(keys[order], kept):
                stream.write(rows.data)
        replace_file(self._checksum_file, file_digest(self._file).encode())
        self._fresh.remove()
        self._forget_old()
        return KeptVectors(self._file, np.argsort(order)[places], self._encoder.dimension)

    def find(self, texts: Sequence[str]) -> tuple[NDArray[np.bool_], Vectors]:
        """Tell which texts have a vector, and return those vectors; nothing is written."""
        kept = self._kept_rows(np.array([self._key(text) for text in texts], f"S{KEY_BYTES}"))
        found = kept >= 0
        if not found.any():
            return found, np.empty((0, self._encoder.dimension), np.float32)
        return found, KeptVectors(self._file, kept[found], self._encoder.dimension)[:]

    def holds_only(self, texts: Iterable[str]) -> bool:
        """Tell whether the cache, read from the disk, has no vector but of these texts."""
        files = set(self._file.parent.iterdir())
        if not files <= {self._file, self._checksum_file} or not self._kept_count():
            return False
        kept = {key.tobytes() for key in load_array(self._file, "r")["key"]}
        return kept <= {self._key(text) for text in texts}

    def remove_others(self) -> None:
        """Remove what other encoders gave, and what a writer left that was killed."""
        own = {self._file, self._checksum_file, _fresh_file(self._file)}
        for file in self._file.parent.glob("*"):
            if file not in own:
                file.unlink()

    def look_up(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return the vectors of texts (texts, dimension), encoding the rest; nothing is written.

        Raises
        ------
        EncoderError
            When the encoder gives vectors that cannot be searched.
        """
        vectors = np.empty((len(texts), self._encoder.dimension), np.float32)
        found, kept = self.find(texts)
        vectors[found] = kept
        if not found.all():
            rest = [text for text, is_kept in zip(texts, found, strict=True) if not is_kept]
            vectors[~found] = self._encoded(rest, progress)
        return vectors

    def _encode_new(
        self,
        texts: Texts,
        keys: NDArray[np.bytes_],
        numbers: NDArray[np.intp],
        progress: Progress | None,
    ) -> None:
        """Encode what no file has yet, given keys and the number of a text of each."""
        if not self._reuse:
            self._fresh.remove()
        missing = np.flatnonzero(self._fresh.places(keys) < 0)
        for start in range(0, len(missing), ENCODED_AT_ONCE):
            chosen = missing[start : start + ENCODED_AT_ONCE]
            of_part = [texts[number] for number in numbers[chosen].tolist()]
            try:
                vectors = self._encoded(of_part, _from(progress, start, len(missing)))
            except EncoderError:
                self._fresh.remove()  # what it gave before is no better
                raise
            self._fresh.add(keys[chosen], vectors)

    def _parts(
        self, keys: NDArray[np.bytes_], kept: NDArray[np.intp]
    ) -> Iterator[NDArray[np.void]]:
        """Yield what the file will hold for keys, given the row that each has in it now."""
        old = KeptVectors(self._file, kept, self._encoder.dimension)
        fresh = np.full(len(keys), -1)
        fresh[kept < 0] = self._fresh.places(keys[kept < 0])
        for start in range(0, len(keys), PART):
            part = slice(start, start + PART)
            rows = np.empty(len(keys[part]), self._type)
            rows["key"] = keys[part].view(rows["key"].dtype)
            new = kept[part] < 0
            if not new.all():
                rows["vector"] = old[part]
            rows["vector"][new] = self._fresh.vectors(fresh[part][new])
            yield rows

    def _encoded(self, texts: Sequence[str], progress: Progress | None) -> Vectors:
        vectors = self._encoder.encode_passages(texts, progress)
        expected = (len(texts), self._encoder.dimension)
        if vectors.shape != expected or not (abs(vectors) <= LONGEST).all():
            raise EncoderError(
                f"The encoder {self._encoder.name!r} gave vectors that cannot be searched "
                f"(shape {vectors.shape}).",
                cure="Use another model.",
            )
        return vectors

    def _kept_rows(self, keys: NDArray[np.bytes_]) -> NDArray[np.intp]:
        """Return the row that each key has in the file, -1 where it has none."""
        rows = np.full(len(keys), -1)
        count = self._kept_count() if self._reuse else 0
        if count == 0:
            return rows
        # Mapped anew for each part, as KeptVectors does, and copied, so that no map is held.
        kept = np.empty(count, keys.dtype)
        for start in range(0, count, PART):
            part = load_array(self._file, "r")["key"][start : start + PART]
            kept[start : start + PART] = np.ascontiguousarray(part).view(keys.dtype)
        order = np.argsort(kept)
        found = order[np.searchsorted(kept, keys, sorter=order) % count]
        is_kept = kept[found] == keys
        rows[is_kept] = found[is_kept]
        return rows

    def _kept_count(self) -> int:
        """Return how many rows the file has; 0 when there is none, or it is not as written."""
        try:
            digest = file_digest(self._file)
            expected = self._checksum_file.read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:
            return 0
        if digest != expected:
            _log.warning("%s is damaged: every text is encoded again.", self._file)
            return 0
        rows = load_array(self._file, "r")
        return len(rows) if rows.dtype == self._type else 0

    def _forget_old(self) -> None:
        files = [*self._file.parent.glob("*.npy"), *self._file.parent.glob("*.fresh")]
        files.sort(key=lambda file: file.stat().st_mtime, reverse=True)
        for name in list(dict.fromkeys(file.with_suffix(".npy") for file in files))[KEPT_ENCODERS:]:
            for file in (name, _checksum_file(name), _fresh_file(name)):
                file.unlink(missing_ok=True)

    @property
    def _checksum_file(self) -> Path:
        return _checksum_file(self._file)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._encoder.digest}\0{text}".encode()).digest()


def _from(progress: Progress | None, done: int, count: int) -> Progress | None:
    """Return what tells of a part as of the whole, of which some is done."""
    return progress and (lambda of_part, _: progress(done + of_part, count))


def _checksum_file(file: Path) -> Path:
    return file.with_suffix(".sha256")


def _fresh_file(file: Path) -> Path:
    return file.with_suffix(".fresh")
