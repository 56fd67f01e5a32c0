"""Which accepted filings are to be judged again: what they are compared with has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select, union_all

from schemas.consolidated.counterparts import Counterparts, Filed
from schemas.consolidated.figures import Source
from warehouse.judging.latest_filings import OF, latest_versions
from warehouse.judging.reviews import last_reviews
from warehouse.tables import filings, judgements, terms
from warehouse.terms import live_now


@dataclass(frozen=True)
class JudgeableFiling:
    """A filing that counts and whose findings are those that people see.

    Its lines are kept under `lines_of`, which is another filing where the county sent the same
    once more. `judged_at` is when its rules were last asked.
    """

    id: int
    lines_of: int
    sha256: str
    source: Source
    judged_at: datetime


def judgeable(connection: Connection) -> tuple[JudgeableFiling, ...]:
    """Every filing that counts, but for those in whose place a later one was refused."""
    latest, last = filings.alias("latest"), latest_versions(last_reviews(connection))
    judged = (
        select(judgements.c.filing_id, func.max(judgements.c.judged_at).label("at"))
        .group_by(judgements.c.filing_id)
        .subquery("judged")
    )
    # What said the same as one that was returned since does not stand for the one that counts.
    unchanged = and_(latest.c.status == "unchanged", latest.c.digest == filings.c.digest)
    rows = connection.execute(
        select(
            latest.c.id,
            filings.c.id.label("lines_of"),
            *(latest.c[name] for name in ("sha256", "recorded_at", *OF)),
            judged.c.at,
        )
        .join(last, and_(*(last.c[name] == latest.c[name] for name in (*OF, "version"))))
        .join(filings, and_(*(filings.c[name] == latest.c[name] for name in OF)))
        .outerjoin(judged, judged.c.filing_id == latest.c.id)
        .where(live_now(), or_(latest.c.id == filings.c.id, unchanged))
        .order_by(latest.c.id)
    )
    return tuple(
        JudgeableFiling(
            row.id,
            row.lines_of,
            row.sha256,
            Source(row.form, row.county_code, row.period),
            row.recorded_at if row.at is None else max(row.at, row.recorded_at),
        )
        for row in rows
    )


def overtaken(
    connection: Connection, counterparts: Counterparts, known: Sequence[JudgeableFiling]
) -> Mapping[JudgeableFiling, tuple[int, ...]]:
    """The filings that are compared with what has changed since they were judged.

    Each with the filings that began or ceased to count meanwhile.
    """
    moved = _last_moves(connection)
    newest: dict[Filed, datetime] = {}
    for source, (at, _, _) in moved.items():
        filed = source.form, source.period
        newest[filed] = max(at, newest.get(filed, at))
    found = {}
    for filing in known:
        filed = filing.source.form, filing.source.period
        if any(
            newest.get(o, filing.judged_at) > filing.judged_at for o in counterparts.others(*filed)
        ):
            moves = [moved[o] for o in counterparts.with_others(filing.source) if o in moved]
            if causes := sorted(by for at, _, by in moves if at > filing.judged_at):
                found[filing] = tuple(causes)
    return found


def _last_moves(connection: Connection) -> Mapping[Source, tuple[datetime, bool, int]]:
    """When a filing of a source last began or ceased to count, whether it began, and which."""
    of = (filings.c.form, filings.c.county_code, filings.c.period, filings.c.id)
    accepted = select(*of, filings.c.accepted_from, filings.c.accepted_to)
    again = select(*of, terms.c.accepted_from, terms.c.accepted_to)
    rows = connection.execute(
        union_all(
            accepted.where(filings.c.accepted_from.is_not(None)),
            again.join(terms, terms.c.filing_id == filings.c.id),
        )
    )
    found: dict[Source, tuple[datetime, bool, int]] = {}
    for form, county, period, number, began, ceased in rows:
        moves = [(began, True, number), *([(ceased, False, number)] if ceased else [])]
        source = Source(form, county, period)
        found[source] = max(*moves, found.get(source, moves[0]))
    return found
