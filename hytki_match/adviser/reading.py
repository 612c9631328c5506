"""The text of a need out of a dropped file: .txt, .docx or .pdf, within limits."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from pathlib import PurePath
from typing import TYPE_CHECKING

from hytki_match.adviser.case import MAX_NEED_CHARS
from hytki_match.errors import NeedError

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_FILE_BYTES = 2_000_000
"""A page of text is some kilobytes; what is larger holds pictures or is no need."""

MAX_UNPACKED_BYTES = 30_000_000
"""A .docx is a zip: one that grows beyond this when unpacked is not read."""

MAX_PAGES = 20


def read_need(name: str, data: bytes) -> str:
    """Return the text of a file, tidied.

    Raises
    ------
    NeedError
        When the kind of file is unknown, it is too large or broken, or its text is empty or
        longer than a need may be.
    """
    reader = _READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        known = ", ".join(_READERS)
        cure = f"Give one of: {known}."
        raise NeedError(f"{name} cannot be read.", cure=cure, reason="kind", name=name, known=known)
    if len(data) > MAX_FILE_BYTES:
        size = f"{len(data) / 1e6:.1f} MB"
        cure = "Give at most 2 MB, or paste the text."
        raise NeedError(f"{name} has {size}.", cure=cure, reason="large", name=name)
    return checked_need(reader(name, data))


def checked_need(text: str) -> str:
    """Return a need tidied; raises ``NeedError`` when it is empty or too long."""
    tidied = _tidy(text)
    if not re.search(r"[^\W\d_]{2}", tidied):
        cure = "Describe the situation in words."
        raise NeedError("There is no text of a need.", cure=cure, reason="empty")
    if len(tidied) > MAX_NEED_CHARS:
        problem, cure = (
            f"The need has {len(tidied)} characters.",
            f"Shorten it to {MAX_NEED_CHARS}.",
        )
        facts = {"count": len(tidied), "most": MAX_NEED_CHARS}
        raise NeedError(problem, cure=cure, reason="long", **facts)
    return tidied


def _tidy(text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    visible = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in visible.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _read_txt(name: str, data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        cure = "Save it as UTF-8."
        raise NeedError(f"{name} is not UTF-8.", cure=cure, reason="utf8", name=name) from error


def _read_docx(name: str, data: bytes) -> str:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(info.file_size for info in packed.infolist()) > MAX_UNPACKED_BYTES:
                problem, cure = f"{name} is too large inside.", "Paste the text instead."
                raise NeedError(problem, cure=cure, reason="unpacked", name=name)
        document = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        problem, cure = f"{name} is no Word document.", "Save it as .docx again."
        raise NeedError(problem, cure=cure, reason="word", name=name) from error
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def _read_pdf(name: str, data: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = PdfReader(io.BytesIO(data)).pages
        if len(pages) > MAX_PAGES:
            cure = f"Give at most {MAX_PAGES} pages, or paste the text."
            facts = {"name": name, "count": len(pages), "most": MAX_PAGES}
            raise NeedError(f"{name} has {len(pages)} pages.", cure=cure, reason="pages", **facts)
        text = "\n".join(page.extract_text() for page in pages)
    except PyPdfError as error:
        problem, cure = f"{name} is no readable PDF.", "Paste the text instead."
        raise NeedError(problem, cure=cure, reason="pdf", name=name) from error
    # A line of a page is no line of the text: only an empty line or a bullet starts a new one.
    return re.sub(r"(?<=\S) *\n(?=[^\s\n•*-])", " ", text)


_READERS: dict[str, Callable[[str, bytes], str]] = {
    ".txt": _read_txt,
    ".docx": _read_docx,
    ".pdf": _read_pdf,
}
