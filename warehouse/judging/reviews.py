"""What stewards have decided about filings: let in, returned, withdrawn, each with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from warehouse.tables import reviews


class Action(StrEnum):
    """What a steward does with a filing."""

    ACCEPTED = "accepted"  # it counts, whatever its errors
    RETURNED = "returned"  # it does not count; the county is to correct it
    WITHDRAWN = "withdrawn"  # it is as if it had not come


@dataclass(frozen=True)
class Decision:
    """Who decides, when and why."""

    why: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Review:
    """A decision as recorded, and the fingerprint of the scheme by which, where it was noted."""

    filing: int
    action: Action
    decision: Decision
    scheme: str | None

    def lets_in_with(self, since: datetime) -> bool:
        """Whether it lets a filing count although something is wrong that stands since then."""
        return self.action is Action.ACCEPTED and self.decision.at >= since


def last_actions(connection: Connection, as_of: datetime) -> Mapping[int, Action]:
    """What was last decided, by filing; filings about which nothing was are left out."""
    return {filing: each.action for filing, each in last_reviews(connection, as_of).items()}


def last_reviews(connection: Connection, as_of: datetime | None = None) -> Mapping[int, Review]:
    """The last decision about each filing of which there is one."""
    return {each.filing: each for each in history(connection, as_of)}


def history(connection: Connection, as_of: datetime | None = None) -> tuple[Review, ...]:
    """Every decision so far, or up to a moment, the oldest first."""
    until = () if as_of is None else (reviews.c.reviewed_at <= as_of,)
    rows = connection.execute(select(reviews).where(*until).order_by(reviews.c.id))
    return tuple(
        Review(
            row.filing_id,
            Action(row.action),
            Decision(row.why, row.reviewed_by, row.reviewed_at),
            row.scheme_fingerprint,
        )
        for row in rows
    )
