"""Bytes of files that people write, as text; where they are not UTF-8 is said by line."""

from __future__ import annotations

SAVE_AS_UTF8 = "Save the file again as “CSV UTF-8”"


class NotUtf8Error(ValueError):
    """Bytes are not UTF-8; ``line`` is the first that is not, counted from 1."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__("is not written in UTF-8")


def utf8_text(data: bytes) -> str:
    """Return text without a byte order mark.

    Raises
    ------
    NotUtf8Error
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUtf8Error(data.count(b"\n", 0, error.start) + 1) from error
