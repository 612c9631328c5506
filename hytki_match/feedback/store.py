"""Opinions and unanswered questions in a local SQLite database.

Neither an address nor a session is stored, only the month of an event, and what tells who
somebody is has been masked before a text gets here and is masked here again.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from hytki_match.errors import FeedbackError
from hytki_match.language.masking import mask_personal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hytki_match.records import Answer

MAX_REASON_CHARS = 500
SEPARATOR = ";"


class _Base(DeclarativeBase):
    pass


class Unanswered(_Base):
    """A question that found nothing or only weak matches; ``topics`` are those it comes near."""

    __tablename__ = "unanswered"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str]
    language: Mapped[str]
    question: Mapped[str]
    state: Mapped[str]
    topics: Mapped[str]
    regions: Mapped[str]


class Opinion(_Base):
    """Whether an answer, or the hit ``doc_id`` in it, was useful; ``reason`` may be empty."""

    __tablename__ = "opinions"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str]
    language: Mapped[str]
    question: Mapped[str]
    doc_id: Mapped[str]
    useful: Mapped[bool]
    reason: Mapped[str]


class FeedbackStore:
    """Reads and writes one database file, which is made when it is not there.

    Raises
    ------
    FeedbackError
        From every method, when the file cannot be read or written.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._engine = create_engine(f"sqlite:///{file}")
        with self._told():
            _Base.metadata.create_all(self._engine)

    def add_unanswered(self, answer: Answer, today: date | None = None) -> None:
        """Store a question whose answer is weak or none."""
        query = answer.query
        limited = [c.value for c in query.constraints if c.name == "region"]
        regions = dict.fromkeys((*query.regions, *query.named_regions, *limited))
        row = Unanswered(
            month=_month(today),
            language=query.language,
            question=mask_personal(query.text),
            state=answer.state,
            topics=SEPARATOR.join(_topics(answer)),
            regions=SEPARATOR.join(regions),
        )
        with self._told(), Session(self._engine) as session:
            session.add(row)
            session.commit()

    def add_opinion(
        self, answer: Answer, doc_id: str, *, useful: bool, today: date | None = None
    ) -> int:
        """Store an opinion and return the number by which it can be changed."""
        row = Opinion(
            month=_month(today),
            language=answer.query.language,
            question=mask_personal(answer.query.text),
            doc_id=doc_id,
            useful=useful,
            reason="",
        )
        with self._told(), Session(self._engine) as session:
            session.add(row)
            session.commit()
            return row.id

    def change_opinion(
        self, number: int, *, useful: bool | None = None, reason: str | None = None
    ) -> None:
        """Change an opinion that was just given; one that is gone stays gone."""
        with self._told(), Session(self._engine) as session:
            row = session.get(Opinion, number)
            if row is None:
                return
            if useful is not None:
                row.useful = useful
            if reason is not None:
                row.reason = mask_personal(reason)[:MAX_REASON_CHARS]
            session.commit()

    def unanswered(self) -> Sequence[Unanswered]:
        """Return the questions that found nothing, newest first."""
        with self._told(), Session(self._engine, expire_on_commit=False) as session:
            return session.scalars(select(Unanswered).order_by(Unanswered.id.desc())).all()

    def opinions(self) -> Sequence[Opinion]:
        """Return the opinions, newest first."""
        with self._told(), Session(self._engine, expire_on_commit=False) as session:
            return session.scalars(select(Opinion).order_by(Opinion.id.desc())).all()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the database says into our own error."""
        try:
            yield
        except SQLAlchemyError as error:
            raise FeedbackError(
                f"The feedback file {self._file} cannot be used: {error}.",
                cure="Check that the folder is there, the disk has room and the file may be "
                "written, or unset HYTKI_MATCH_FEEDBACK.",
            ) from error


def _month(today: date | None) -> str:
    return (today or date.today()).strftime("%Y-%m")


def _topics(answer: Answer) -> Sequence[str]:
    """Return the topics that the question names, or else those of the nearest record."""
    named = dict.fromkeys(topic for match in answer.resources for topic in match.reason.topics)
    nearest = answer.resources[0].record.topics[:1] if answer.resources else ()
    return tuple(named) or nearest
