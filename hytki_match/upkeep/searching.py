"""Texts that name a person, looked for in files of every kind that a person or the tool writes."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from hytki_match.corpus.tables import WIDE_MARKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

PDF = b"%PDF"

CLOSED = {
    b"\x1f\x8b": "packed (gzip)",
    b"BZh": "packed (bzip2)",
    b"\xfd7zXZ": "packed (xz)",
    b"7z\xbc\xaf": "packed (7z)",
    b"Rar!": "packed (rar)",
    b"\xd0\xcf\x11\xe0": "an old Office file",
}
"""How files begin whose texts do not stand in them as they are read."""

BINARY_BYTES = 4_096


class NotSearchableError(Exception):
    """A file holds what cannot be searched; the text says why."""


@dataclass(frozen=True, slots=True)
class Search:
    """A sentence for each text that a file holds, and for each file that was not searched."""

    left: tuple[str, ...]
    unsearched: tuple[str, ...]


def search(marks: Sequence[str], places: Iterable[Path], skip: Path | None = None) -> Search:
    """Look for texts in files and in folders with all that is below, whatever their case.

    A place that is not there holds nothing. A text is found across the end of a line, too.
    """
    left, unsearched = [], []
    for file in _files(places, skip):
        try:
            text = text_of(file.read_bytes())
        except NotSearchableError as error:
            unsearched.append(f"{file} was not searched: it is {error}.")
        except OSError as error:
            unsearched.append(f"{file} was not searched: {error.strerror or error}.")
        else:
            left += [f"{file} still holds {mark!r}." for mark in marks if _plain(mark) in text]
    return Search(tuple(left), tuple(unsearched))


def text_of(data: bytes) -> str:
    """Return what a file holds, for a search: in small letters, with one space between words.

    Raises
    ------
    NotSearchableError
        When it is packed, locked, damaged, or a PDF page is a picture.
    """
    if data.startswith(PDF):
        return _plain(" ".join(_pdf_texts(data)))
    for start, what in CLOSED.items():
        if data.startswith(start):
            raise NotSearchableError(what)
    if zipfile.is_zipfile(io.BytesIO(data)):
        return "\n".join(_unpacked(data))
    if b"\0" in data[:BINARY_BYTES] and not data.startswith(WIDE_MARKS):
        return data.decode("utf-8", "replace").lower()  # no lines, and perhaps very long
    text = data.decode("utf-16" if data.startswith(WIDE_MARKS) else "utf-8", "replace")
    if not text.lstrip().startswith("<"):
        return _plain(text)
    # Documents and workbooks are XML: some programs write "ä" as "&#228;", and divide a name.
    return _plain(unescape(text)) + " " + _plain(unescape(re.sub(r"<[^>]*>", "", text)))


def _plain(text: str) -> str:
    return " ".join(text.split()).lower()


def _files(places: Iterable[Path], skip: Path | None) -> Iterator[Path]:
    seen = {skip}
    for place in places:
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file not in seen and file.is_file():
                seen.add(file)
                yield file


def _unpacked(data: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from map(_plain, archive.namelist())
            for name in archive.namelist():
                yield text_of(archive.read(name))
    # Locked members raise RuntimeError, unknown ways to pack NotImplementedError.
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise NotSearchableError(f"packed in a way that cannot be read ({error})") from error


def _pdf_texts(data: bytes) -> Iterator[str]:
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(data))
        yield from (str(value) for value in (reader.metadata or {}).values())
        for number, page in enumerate(reader.pages, start=1):
            text = page.extract_text()
            if not text.strip() and page.images:
                raise NotSearchableError(f"a PDF whose page {number} is a picture")
            yield text
    except NotSearchableError:
        raise
    except Exception as error:  # damaged files make pypdf raise whatever it runs into
        raise NotSearchableError(f"a PDF that cannot be read ({error})") from error
