"""Texts that name a person, looked for in files of every kind that a person or the tool writes."""

from __future__ import annotations

import email
import email.policy
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

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

MIN_PHONE_DIGITS = 7
"""A mark of so many digits and no letter is a phone number, whatever stands between its digits."""

_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s().\-/\u00a0]+(?=\d)")
_COUNTRY = re.compile(r"^(?:00)?358|^0")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_MAIL_HEAD = re.compile(
    rb"^(?:From|To|Subject|Date|Received|Return-Path|MIME-Version):", re.M | re.I
)


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
            left += [f"{file} still holds {mark!r}." for mark in marks if _names(mark, text)]
    return Search(tuple(left), tuple(unsearched))


def _names(mark: str, text: str) -> bool:
    """Tell whether a plain text has a mark: a name also with the surname first, a phone anyhow."""
    plain = _plain(mark)
    if plain in text:
        return True
    digits = re.sub(r"\D", "", plain)
    if len(digits) >= MIN_PHONE_DIGITS and not re.search(r"[^\W\d]", plain):
        return _COUNTRY.sub("", digits) in _BETWEEN_DIGITS.sub("", text)
    first, _, last = plain.partition(" ")
    is_name = last.isalpha() and first.replace("-", "").isalpha()
    return is_name and (f"{last} {first}" in text or f"{last}, {first}" in text)


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
    return "\n".join(dict.fromkeys(_plain(text) for text in _read(data)))


def _read(data: bytes) -> Iterator[str]:
    """Yield a text in each way in which it may be meant: encodings, escapes, parts of a mail."""
    for text in _decoded(data):
        yield text
        if text.lstrip().startswith("<"):
            # Documents and workbooks are XML: some programs divide a name.
            yield unescape(re.sub(r"<[^>]*>", "", text))
        if "&" in text:
            yield unescape(text)
        if "%" in text:
            yield unquote(text)
        if "\\u" in text:
            yield _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if _MAIL_HEAD.match(data.lstrip()):
        yield from _mail_texts(data)


def _decoded(data: bytes) -> Iterator[str]:
    if data.startswith(WIDE_MARKS):
        yield data.decode("utf-16", "replace")
        return
    yield data.decode("utf-8", "replace")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        yield data.decode("cp1252", "replace")  # what Windows wrote before


def _mail_texts(data: bytes) -> Iterator[str]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    yield " ".join(str(value) for value in message.values())
    for part in message.walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield text_of(content)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split()).lower()


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
