"""The database behind the cases: SQLite in a file, or PostgreSQL by its address."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from filelock import FileLock
from sqlalchemy.exc import SQLAlchemyError

from hytki_match.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL, Connection, Engine

BUSY_MS = 10_000
"""How long a writer waits for another one on SQLite."""

_LOCK_KEY = 7_402_311
"""Key of the PostgreSQL lock under which one process at a time migrates."""


def open_engine(address: str) -> Engine:
    """Return an engine whose tables are up to date.

    Parameters
    ----------
    address
        ``sqlite:///path/to/cases.db`` or ``postgresql://user@host/name``.

    Raises
    ------
    StorageError
        When the address is of another kind, or the database cannot be opened or migrated.
    """
    url = _url(address)
    try:
        engine = sa.create_engine(url, pool_pre_ping=url.get_backend_name() != "sqlite")
        if url.get_backend_name() == "sqlite":
            sa.event.listen(engine, "connect", _prepare_sqlite)
        with _alone(engine, url), engine.begin() as connection:
            _migrate(connection)
    except (SQLAlchemyError, OSError) as error:
        raise storage_error(error) from error
    return engine


def storage_error(error: Exception) -> StorageError:
    """Return an error without the address, which may hold a password."""
    detail = str(getattr(error, "orig", None) or error).splitlines()[0]
    return StorageError(
        f"The cases cannot be reached ({detail}).",
        cure="Check HYTKI_MATCH_CASES, disk space and rights.",
    )


def _url(address: str) -> URL:
    try:
        url = sa.make_url(address)
    except SQLAlchemyError as error:
        raise StorageError("The address of the cases is no URL.", cure=_CURE) from error
    backend = url.get_backend_name()
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite" or not url.database or url.database == ":memory:":
        raise StorageError(f"Cases cannot be stored in {backend!r}.", cure=_CURE)
    return url


_CURE = "Set HYTKI_MATCH_CASES to sqlite:///path/cases.db or postgresql://user@host/name."


def _prepare_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - a DBAPI connection
    """Make SQLite keep what it has confirmed, wait for other writers, and wipe what goes."""
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def _alone(engine: Engine, url: URL) -> Iterator[None]:
    """Let one process at a time bring the tables up to date."""
    if url.get_backend_name() == "sqlite":
        file = Path(str(url.database))
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{file}.lock"):
            yield
        return
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK_KEY})
        try:
            yield
        finally:
            connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK_KEY})


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "hytki_match.adviser.storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
