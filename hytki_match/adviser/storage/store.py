"""Cases kept: saved with a version, so that two advisers never overwrite each other."""

from __future__ import annotations

import json
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hytki_match.adviser.codec import case_from_dict, case_to_dict, changed_fields
from hytki_match.adviser.storage.database import open_engine, storage_error
from hytki_match.adviser.storage.tables import CaseRow, ChangeRow
from hytki_match.errors import CaseConflictError, CaseMissingError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hytki_match.adviser.case import Case

KEPT_DAYS = 30
"""How long a deleted case can be brought back."""

EXPORT_FORMAT = 1


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case as it was read: ``version`` has to be given back when it is saved."""

    case: Case
    version: int
    hub: str
    changed_at: str
    changed_by: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list."""

    case_id: str
    title: str
    hub: str
    version: int
    changed_at: str
    changed_by: str
    deleted_at: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history: ``what`` is created, deleted, … or the names of changed fields."""

    version: int
    who: str
    at: str
    what: str


def _now() -> datetime:
    return datetime.now(UTC)


class CaseStore:
    """The cases of one database.

    Every method may raise ``StorageError``. ``hub`` limits a call to the cases of one hub; None
    means all, for an operator and for a desk without log-in.

    Parameters
    ----------
    address
        ``sqlite:///path/to/cases.db`` or ``postgresql://user@host/name``.
    now
        The clock.
    """

    def __init__(self, address: str, now: Callable[[], datetime] = _now) -> None:
        self._engine = open_engine(address)
        self._now = now

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def create(self, case: Case, who: str, hub: str = "") -> StoredCase:
        """Store a new case under an id of its own."""
        named = replace(case, case_id=secrets.token_hex(8))
        with self._session() as session:
            self._add(session, named, 1, who, hub, "created")
        return self.load(named.case_id)

    def load(self, case_id: str, hub: str | None = None) -> StoredCase:
        """Return a case; raises ``CaseMissingError`` if it is gone, deleted or another hub's."""
        with self._session() as session:
            row = self._row(session, case_id, hub)
            return _stored(row)

    def save(self, case: Case, version: int, who: str, hub: str | None = None) -> StoredCase:
        """Store a changed case, if nobody has changed it since ``version`` was read.

        Raises
        ------
        CaseConflictError
            When somebody has; nothing is stored.
        CaseMissingError
        """
        with self._session() as session:
            row = self._row(session, case.case_id, hub)
            changed = changed_fields(_stored(row).case, case)
            if not changed and row.version == version:
                return _stored(row)
            self._change(
                session,
                row,
                version,
                who,
                ", ".join(changed),
                document=_text(case),
                title=case.title,
            )
        return self.load(case.case_id)

    def list_cases(self, hub: str | None = None, *, deleted: bool = False) -> list[CaseLine]:
        """Return the cases, the last changed first; or those that can be brought back."""
        is_deleted = CaseRow.deleted_at.is_not(None) if deleted else CaseRow.deleted_at.is_(None)
        query = sa.select(CaseRow).where(is_deleted)
        if hub is not None:
            query = query.where(CaseRow.hub == hub)
        with self._session() as session:
            rows = session.scalars(query.order_by(CaseRow.changed_at.desc(), CaseRow.case_id))
            return [_line(row) for row in rows]

    def delete(self, case_id: str, who: str, hub: str | None = None) -> None:
        """Put a case away; it can be brought back for 30 days."""
        with self._session() as session:
            row = self._row(session, case_id, hub)
            self._change(session, row, row.version, who, "deleted", deleted_at=self._time())

    def restore(self, case_id: str, who: str, hub: str | None = None) -> StoredCase:
        """Bring a deleted case back."""
        with self._session() as session:
            row = self._row(session, case_id, hub, deleted=True)
            self._change(session, row, row.version, who, "restored", deleted_at=None)
        return self.load(case_id)

    def erase(self, case_id: str, hub: str | None = None) -> None:
        """Erase a case and its history for good."""
        with self._session() as session:
            row = session.get(CaseRow, case_id)
            if row is None or hub not in (None, row.hub):
                raise CaseMissingError(case_id)
            session.execute(sa.delete(ChangeRow).where(ChangeRow.case_id == case_id))
            session.execute(sa.delete(CaseRow).where(CaseRow.case_id == case_id))
        self._wipe_log()

    def erase_outdated(self) -> int:
        """Erase the cases that were deleted more than 30 days ago; return how many."""
        limit = (self._now() - timedelta(days=KEPT_DAYS)).isoformat(timespec="seconds")
        query = sa.select(CaseRow.case_id).where(CaseRow.deleted_at < limit)
        with self._session() as session:
            outdated = list(session.scalars(query))
        for case_id in outdated:
            self.erase(case_id)
        return len(outdated)

    def history(self, case_id: str, hub: str | None = None) -> list[Change]:
        """Return the changes of a case, the newest first."""
        query = sa.select(ChangeRow).where(ChangeRow.case_id == case_id)
        with self._session() as session:
            self._row(session, case_id, hub)
            rows = session.scalars(query.order_by(ChangeRow.number.desc()))
            return [Change(row.version, row.who, row.at, row.what) for row in rows]

    def export_cases(self) -> str:
        """Return all cases, deleted ones and histories too, as JSON."""
        with self._session() as session:
            cases = session.scalars(sa.select(CaseRow).order_by(CaseRow.case_id))
            found = [_exported(row) for row in cases]
            changes = session.scalars(sa.select(ChangeRow).order_by(ChangeRow.number))
            told = [_exported(row) for row in changes]
        document = {"format": EXPORT_FORMAT, "cases": found, "changes": told}
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    def import_cases(self, text: str) -> int:
        """Take in an export, all or nothing; return how many cases it brought.

        Raises
        ------
        StorageError
            When the text is no export, or a case of it is stored here already.
        """
        cases, changes = _imported(text)
        with self._session() as session:
            known = set(session.scalars(sa.select(CaseRow.case_id)))
            twice = sorted(known & {row["case_id"] for row in cases})
            if twice:
                cure = "Erase it here first, or take it out of the file."
                raise StorageError(f"The case {twice[0]} is stored here already.", cure=cure)
            session.add_all(CaseRow(**row) for row in cases)
            session.flush()
            session.add_all(ChangeRow(**row) for row in changes)
        return len(cases)

    @contextmanager
    def _session(self) -> Iterator[Session]:
        """Run in one transaction; errors of the database become ``StorageError``."""
        try:
            with Session(self._engine) as session, session.begin():
                yield session
        except SQLAlchemyError as error:
            raise storage_error(error) from error

    def _time(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def _row(
        self, session: Session, case_id: str, hub: str | None, *, deleted: bool = False
    ) -> CaseRow:
        row = session.get(CaseRow, case_id)
        hidden = row is None or (row.deleted_at is not None) != deleted
        if row is None or hidden or hub not in (None, row.hub):
            raise CaseMissingError(case_id)
        return row

    def _add(
        self, session: Session, case: Case, version: int, who: str, hub: str, what: str
    ) -> None:
        at = self._time()
        session.add(
            CaseRow(
                case_id=case.case_id,
                hub=hub,
                title=case.title,
                document=_text(case),
                version=version,
                created_at=at,
                changed_at=at,
                changed_by=who,
                deleted_at=None,
            )
        )
        session.flush()
        session.add(ChangeRow(case_id=case.case_id, version=version, who=who, at=at, what=what))

    def _change(
        self, session: Session, row: CaseRow, version: int, who: str, what: str, **values: object
    ) -> None:
        """Change a row that still has the version; one statement decides who was first."""
        at = self._time()
        changed = session.execute(
            sa.update(CaseRow)
            .where(CaseRow.case_id == row.case_id, CaseRow.version == version)
            .values(version=version + 1, changed_at=at, changed_by=who, **values)
            .execution_options(synchronize_session=False)
        )
        if changed.rowcount != 1:  # type: ignore[attr-defined]
            session.refresh(row)
            raise CaseConflictError(row.case_id, row.changed_by, row.changed_at)
        session.add(
            ChangeRow(case_id=row.case_id, version=version + 1, who=who, at=at, what=what[:300])
        )

    def _wipe_log(self) -> None:
        """Leave nothing of an erased case in SQLite's write-ahead log."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _text(case: Case) -> str:
    return json.dumps(case_to_dict(case), ensure_ascii=False)


def _stored(row: CaseRow) -> StoredCase:
    case = case_from_dict(json.loads(row.document))
    return StoredCase(case, row.version, row.hub, row.changed_at, row.changed_by)


def _line(row: CaseRow) -> CaseLine:
    return CaseLine(
        row.case_id,
        row.title,
        row.hub,
        row.version,
        row.changed_at,
        row.changed_by,
        row.deleted_at,
    )


def _exported(row: CaseRow | ChangeRow) -> dict[str, Any]:
    names = [column.name for column in row.__table__.columns if column.name != "number"]
    found = {name: getattr(row, name) for name in names}
    if "document" in found:
        found["document"] = json.loads(found["document"])
    return found


def _imported(text: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    cure = "Give a file that “cases export” has written."
    try:
        document = json.loads(text)
        cases, changes = document["cases"], document["changes"]
        if document["format"] != EXPORT_FORMAT:
            raise StorageError("The export has another format.", cure=cure)
        rows = [case | {"document": _text(case_from_dict(case["document"]))} for case in cases]
        _check_columns(rows, CaseRow)
        _check_columns(changes, ChangeRow)
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise StorageError(f"This is no export of cases ({error}).", cure=cure) from error
    return rows, changes


def _check_columns(rows: list[dict[str, Any]], table: type[CaseRow] | type[ChangeRow]) -> None:
    known = {column.name for column in table.__table__.columns} - {"number"}
    for row in rows:
        if set(row) != known:
            raise KeyError(", ".join(sorted(set(row) ^ known)))
