"""What people were told: a line for each attempt, so that nobody is told the same thing twice."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, func, insert, select

from warehouse.tables import notices


class Event(StrEnum):
    """What became of an attempt to tell somebody something."""

    STARTED = "started"  # as the last word: it was cut off, and nobody knows whether it arrived
    DELIVERED = "delivered"
    FAILED = "failed"  # it did not arrive, and may be tried again


@dataclass(frozen=True)
class Notice:
    """What somebody is to be told: `about` tells it apart from others of its kind.

    `recipient` is the name of a contact in the settings, and what was known at `as_of` is told.
    """

    kind: str
    about: str
    recipient: str
    as_of: datetime


def begin(connection: Connection, notice: Notice, at: datetime) -> bool:
    """Note that somebody is about to be told something; False if that was done already.

    What was begun and neither arrived nor failed counts as done: it may have arrived.
    """
    last = connection.scalar(
        select(notices.c.event)
        .where(*_same(notice), notices.c.about == notice.about)
        .order_by(notices.c.id.desc())
        .limit(1)
    )
    if last in (Event.STARTED, Event.DELIVERED):
        return False
    _add(connection, notice, Event.STARTED, at, None)
    return True


def delivered(connection: Connection, notice: Notice, at: datetime) -> None:
    """Note that what was begun has arrived."""
    _add(connection, notice, Event.DELIVERED, at, None)


def failed(connection: Connection, notice: Notice, at: datetime, reason: str) -> None:
    """Note that what was begun has not arrived, and why: it may be tried again."""
    _add(connection, notice, Event.FAILED, at, reason)


def told_until(connection: Connection, kind: str, recipient: str) -> datetime | None:
    """Up to when a recipient was told of a kind of thing; None when never."""
    of_kind = (notices.c.kind == kind, notices.c.recipient == recipient)
    last = select(func.max(notices.c.id)).where(*of_kind).group_by(notices.c.about)
    until: datetime | None = connection.scalar(
        select(func.max(notices.c.as_of)).where(
            notices.c.id.in_(last), notices.c.event != Event.FAILED
        )
    )
    return until


def uncertain(connection: Connection, since: datetime | None, before: datetime) -> list[Notice]:
    """What was begun and neither arrived nor failed: the run was cut off, or the answer was.

    Of what was known before a moment, and at `since` or later, or however early with None.
    """
    last = select(func.max(notices.c.id)).group_by(
        notices.c.kind, notices.c.recipient, notices.c.about
    )
    begun = select(notices).where(
        notices.c.id.in_(last), notices.c.event == Event.STARTED, notices.c.as_of < before
    )
    if since is not None:
        begun = begun.where(notices.c.as_of >= since)
    rows = connection.execute(begun.order_by(notices.c.id))
    return [Notice(row.kind, row.about, row.recipient, row.as_of) for row in rows]


def _same(notice: Notice) -> tuple[ColumnElement[bool], ...]:
    return (notices.c.kind == notice.kind, notices.c.recipient == notice.recipient)


def _add(
    connection: Connection, notice: Notice, event: Event, at: datetime, reason: str | None
) -> None:
    connection.execute(
        insert(notices).values(
            kind=notice.kind,
            about=notice.about,
            recipient=notice.recipient,
            as_of=notice.as_of,
            event=event.value,
            at=at,
            reason=reason,
        )
    )
