"""Files that a command writes."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hytki_match.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator


class OutFile(click.Path):
    """A file to write, whose folder is there: told before the work is done, not after."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        """Return the path; refuse one in a folder that cannot take it."""
        file = Path(super().convert(value, param, ctx))  # type: ignore[arg-type]
        if not file.parent.is_dir():
            self.fail(f"The folder {str(file.parent)!r} is not there.", param, ctx)
        if not os.access(file.parent, os.W_OK):
            self.fail(f"The folder {str(file.parent)!r} may not be written to.", param, ctx)
        return file


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """Turn what goes wrong in writing a file into one clear message.

    Raises
    ------
    ExportError
        When the file cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise ExportError(
            f"{file} cannot be written: {error.strerror or error}.",
            cure="Free disk space, mend the rights of the folder, or name another file.",
        ) from error
