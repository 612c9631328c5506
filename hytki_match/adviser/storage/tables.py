"""The tables in which cases are stored (SQLAlchemy)."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of the tables."""


class CaseRow(Base):
    """One case: its document as JSON, and what is asked of it without reading that.

    ``version`` grows by one with every change. Times are ISO 8601 in UTC, as text: SQLite keeps
    no time zones.
    """

    __tablename__ = "adviser_case"

    case_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    hub: Mapped[str] = mapped_column(String(200), index=True)
    title: Mapped[str] = mapped_column(String(300))
    document: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[str] = mapped_column(String(40))
    changed_by: Mapped[str] = mapped_column(String(200))
    deleted_at: Mapped[str | None] = mapped_column(String(40), index=True)


class ChangeRow(Base):
    """One change of a case: who, when and what, without the contents."""

    __tablename__ = "adviser_case_change"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(
        ForeignKey("adviser_case.case_id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int] = mapped_column(Integer)
    who: Mapped[str] = mapped_column(String(200))
    at: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(300))
