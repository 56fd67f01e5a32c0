"""Periods that stewards close and reopen, each time with a reason.

While a period is closed, what comes for it is kept, checked and refused; a steward lets it in, or
reopens the period. Whatever changes figures that were closed is a revision, and shown as such.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from schemas.errors import WarehouseError
from schemas.models import PeriodEntry
from warehouse.judging.reviews import Decision
from warehouse.tables import closings, org_units


class Turn(StrEnum):
    """What a steward does with a period."""

    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True)
class Closing:
    """A decision about a period, as recorded."""

    period: str
    turn: Turn
    decision: Decision


def closing_history(
    connection: Connection, as_of: datetime | None = None, period_id: str | None = None
) -> tuple[Closing, ...]:
    """Every decision so far, or up to a moment, about all periods or one, the oldest first."""
    until = () if as_of is None else (closings.c.decided_at <= as_of,)
    about = () if period_id is None else (closings.c.period == period_id,)
    rows = connection.execute(
        select(closings)
        .where(*until, *about)
        .order_by(closings.c.decided_at, closings.c.period, closings.c.ordinal)
    )
    return tuple(
        Closing(row.period, Turn(row.action), Decision(row.why, row.decided_by, row.decided_at))
        for row in rows
    )


def last_turned(connection: Connection, period_id: str) -> datetime | None:
    """When a period was last closed or reopened."""
    told = closing_history(connection, period_id=period_id)
    return told[-1].decision.at if told else None


def closed_at(
    connection: Connection, period_id: str, as_of: datetime | None = None
) -> Decision | None:
    """By which decision a period is closed, or was at a moment; None where no steward closed it."""
    told = closing_history(connection, as_of, period_id)
    return told[-1].decision if told and told[-1].turn is Turn.CLOSED else None


def is_closed(entry: PeriodEntry, told: Iterable[Closing], at: datetime | None = None) -> bool:
    """Whether the scheme closes a period, or a steward had done so, of all that was decided."""
    turns = [
        closing.turn
        for closing in told
        if closing.period == entry.id and (at is None or closing.decision.at <= at)
    ]
    return entry.closed or turns[-1:] == [Turn.CLOSED]


def turn_period(connection: Connection, entry: PeriodEntry, turn: Turn, decision: Decision) -> None:
    """Close a period, or reopen it.

    Raises WarehouseError when it is so already, or when it is the scheme that closes it.
    """
    if entry.closed:
        raise WarehouseError(f"{entry.id} is closed by scheme.yaml; take `closed` out of it there")
    # Those who decide of periods take turns, as those who write about a county do by its row.
    of_all = org_units.c.is_municipality
    connection.execute(select(org_units.c.code).where(of_all).with_for_update())
    told = closing_history(connection, decision.at, entry.id)
    if (told[-1].turn if told else Turn.REOPENED) is turn:
        raise WarehouseError(f"{entry.id} is {'closed' if turn is Turn.CLOSED else 'open'} already")
    connection.execute(
        insert(closings).values(
            period=entry.id,
            ordinal=len(told) + 1,
            action=turn.value,
            why=decision.why,
            decided_by=decision.by,
            decided_at=decision.at,
        )
    )
