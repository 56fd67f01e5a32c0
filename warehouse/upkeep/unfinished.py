"""A night that was cut off while it recorded what it had read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select

from schemas.filing import Received
from schemas.models import Scheme
from warehouse.tables import closings, judgements, publications, receipts, reviews, submissions


@dataclass(frozen=True)
class Unfinished:
    """The moment of a night, and all of its files, in the order in which they came."""

    at: datetime
    files: Sequence[Received]


def unfinished(connection: Connection, scheme: Scheme) -> Unfinished | None:
    """The night whose files are recorded in part, if the last one is such a night.

    Its files were checked beside each other, and two of one county may be in conflict; so the rest
    is to be recorded as of its moment, checked beside all of them again. None once anything was
    decided or published since, or where another scheme would read them.
    """
    at = connection.scalar(select(func.max(submissions.c.recorded_at)))
    if at is None:
        return None
    since = (
        *(reviews.c.reviewed_at, closings.c.decided_at),
        *(judgements.c.judged_at, publications.c.as_of),
    )
    if any(connection.scalar(select(func.count()).where(each >= at)) for each in since):
        return None
    recorded = submissions.c.recorded_at == at
    left = and_(submissions.c.recorded_at.is_(None), submissions.c.kept_at <= at)
    first = select(func.min(receipts.c.id)).group_by(receipts.c.sha256)
    rows = connection.execute(
        select(
            *(submissions.c.content, submissions.c.recorded_at, submissions.c.scheme_fingerprint),
            *(receipts.c.name, receipts.c.channel, receipts.c.sender),
        )
        .join(receipts, receipts.c.sha256 == submissions.c.sha256)
        .where(or_(recorded, left), receipts.c.id.in_(first))
        .order_by(receipts.c.id)
    ).all()
    schemes = {row.scheme_fingerprint for row in rows}
    if schemes != {scheme.fingerprint, None}:  # none of it is left, or read by another
        return None
    files = [Received(row.name, row.content, row.channel, row.sender) for row in rows]
    return Unfinished(at, files)
