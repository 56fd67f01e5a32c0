"""Every file that was recorded, and which of them replaces what was said of which."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Table, func, select

from warehouse.tables import filings, findings, judgements, receipts, reviews, submissions

TURNED_AWAY = "period-not-open"
"""The code of the finding of a file whose period takes no returns."""

_is_turned_away = findings.c.code == TURNED_AWAY


@dataclass(frozen=True)
class RecordedFile:
    """A recorded submission.

    `order` is that of recording and, within one night, of receipt; `touched` is when last
    something was found about the file, or a steward decided about a filing in it, or one came out
    otherwise when it was judged again; `turned_away` is the period, and need not be of the
    calendar, that it was for and that takes no returns: it then is of no period.
    `readable` files have filings, and a list (`is_list`) has only what was written beside findings.
    """

    sha256: str
    name: str
    county: str | None
    period: str | None
    turned_away: str | None
    order: tuple[datetime, int]
    touched: datetime
    readable: bool
    is_list: bool

    def replaces(self, earlier: "RecordedFile", said: datetime) -> bool:
        """Whether it makes what was said of an earlier file as a whole a thing of the past.

        A file of the same county does, for the same period; where the county could not be told,
        one of the same name does. A list of findings replaces only another list. What was said
        after it came, as that the earlier file came once more, still holds.
        """
        instead = self.readable or (self.is_list and earlier.is_list)
        if not instead or self.order <= (said, earlier.order[1]):
            return False
        if earlier.county is None:
            return self.name == earlier.name
        return self.county == earlier.county and earlier.period in (None, self.period)


def recorded_files(connection: Connection) -> tuple[RecordedFile, ...]:
    """Every recorded submission, in the order of recording."""
    sha256 = submissions.c.sha256
    rows = connection.execute(
        select(
            sha256,
            submissions.c.name,
            submissions.c.county_code,
            submissions.c.period,
            submissions.c.recorded_at,
            submissions.c.answers,
            _of_file(func.max(findings.c.period), findings, _is_turned_away).label("turned_away"),
            _of_file(func.min(receipts.c.id), receipts).label("receipt"),
            _of_file(func.max(findings.c.recorded_at), findings).label("found"),
            _of_file(func.count(), filings).label("filings"),
            _of_filings(reviews.c.filing_id, reviews.c.reviewed_at).label("reviewed"),
            _of_filings(judgements.c.filing_id, judgements.c.judged_at, judgements.c.changed).label(
                "judged"
            ),
        ).where(submissions.c.recorded_at.is_not(None))
    )
    known = (
        RecordedFile(
            sha256=row.sha256,
            name=row.name,
            county=row.county_code,
            period=row.period,
            turned_away=row.turned_away if row.period is None else None,
            order=(row.recorded_at, row.receipt),
            touched=max(filter(None, (row.recorded_at, row.found, row.reviewed, row.judged))),
            readable=row.filings > 0,
            is_list=row.answers is not None and row.filings == 0,
        )
        for row in rows
    )
    return tuple(sorted(known, key=lambda file: file.order))


def _of_file(
    what: ColumnElement[Any], table: Table, *which: ColumnElement[bool]
) -> ScalarSelect[Any]:
    return select(what).where(table.c.sha256 == submissions.c.sha256, *which).scalar_subquery()


def _of_filings(
    filing: ColumnElement[int], at: ColumnElement[datetime], *which: ColumnElement[bool]
) -> ScalarSelect[Any]:
    """When last something of a table happened to a filing of the file."""
    return (
        select(func.max(at))
        .join(filings, filings.c.id == filing)
        .where(filings.c.sha256 == submissions.c.sha256, *which)
        .scalar_subquery()
    )
