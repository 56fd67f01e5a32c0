"""What stands for a period at a moment: the latest filings, and the findings that still matter."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Table, and_, func, or_, select

from schemas.findings import Finding, State
from schemas.models import PeriodEntry, Scheme
from warehouse.contents import FiledFinding
from warehouse.tables import filings, findings, receipts, submissions


@dataclass(frozen=True)
class LatestFiling:
    """The last recorded filing of a county, form and period, whether accepted or not."""

    id: int
    form: str
    county: str
    version: int
    status: str
    sha256: str
    file_name: str


def latest_filings(
    connection: Connection, period_id: str, as_of: datetime
) -> tuple[LatestFiling, ...]:
    """The latest filing of each county and form of a period, in the order of recording."""
    last = (
        select(filings.c.county_code, filings.c.form, func.max(filings.c.version).label("version"))
        .where(filings.c.period == period_id, filings.c.recorded_at <= as_of)
        .group_by(filings.c.county_code, filings.c.form)
        .subquery("last")
    )
    rows = connection.execute(
        select(
            filings.c.id,
            filings.c.form,
            filings.c.county_code,
            filings.c.version,
            filings.c.status,
            filings.c.sha256,
            submissions.c.name,
        )
        .join(
            last,
            and_(
                filings.c.county_code == last.c.county_code,
                filings.c.form == last.c.form,
                filings.c.version == last.c.version,
            ),
        )
        .join(submissions, submissions.c.sha256 == filings.c.sha256)
        .where(filings.c.period == period_id)
        .order_by(filings.c.id)
    )
    return tuple(LatestFiling(*row) for row in rows)


def standing_findings(
    connection: Connection, scheme: Scheme, entry: PeriodEntry, as_of: datetime
) -> tuple[FiledFinding, ...]:
    """The findings of the latest filings of a period, and of the files that still matter for it.

    Counties in the order of the scheme, findings of nobody's file last; within a county what is
    about the whole file first, then by form.
    """
    latest = [filing.id for filing in latest_filings(connection, entry.id, as_of)]
    known = {file.sha256: file for file in files(connection) if file.order[0] <= as_of}
    of_period = [file.sha256 for file in known.values() if file.belongs_to(entry)]
    columns = findings.c
    rows = connection.execute(
        select(
            columns.filing_id,
            columns.sha256,
            columns.finding,
            columns.state,
            columns.recorded_at,
            submissions.c.name,
        )
        .join(submissions, submissions.c.sha256 == columns.sha256)
        .where(
            columns.recorded_at <= as_of,
            or_(
                columns.filing_id.in_(latest),
                and_(columns.filing_id.is_(None), columns.sha256.in_(of_period)),
            ),
        )
        .order_by(columns.id)
    )
    found = [
        FiledFinding(Finding.model_validate(row.finding), row.name, row.sha256, State(row.state))
        for row in rows
        if row.filing_id is not None
        or not any(later.replaces(known[row.sha256], row.recorded_at) for later in known.values())
    ]
    counties = {unit.code: place for place, unit in enumerate(scheme.counties)}
    forms = {form.name: place for place, form in enumerate(scheme.forms)}

    def place(filed: FiledFinding) -> tuple[int, int]:
        county, form = filed.finding.county or "", filed.finding.form or ""
        return counties.get(county, len(counties)), forms.get(form, -1)

    return tuple(sorted(found, key=place))


# --- files as a whole ---------------------------------------------------------------------------


@dataclass(frozen=True)
class File:
    """A recorded submission.

    `order` is that of recording and, within one night, of receipt; `touched` is when last
    something was found about the file as a whole; `readable` files have filings.
    """

    sha256: str
    name: str
    county: str | None
    period: str | None
    order: tuple[datetime, int]
    touched: datetime
    readable: bool

    def belongs_to(self, entry: PeriodEntry) -> bool:
        """Whether it is about a period: its own, or every open one where it names none."""
        if self.period is not None:
            return self.period == entry.id
        return not entry.closed and entry.opens <= self.order[0].date()

    def replaces(self, earlier: "File", said: datetime) -> bool:
        """Whether it makes what was said of an earlier file as a whole a thing of the past.

        A file of the same county does, for the same period; where the county could not be told,
        one of the same name does. What was said after it came, as that the earlier file came once
        more, still holds.
        """
        if not self.readable or self.order <= (said, earlier.order[1]):
            return False
        if earlier.county is None:
            return self.name == earlier.name
        return self.county == earlier.county and earlier.period in (None, self.period)


def files(connection: Connection) -> tuple[File, ...]:
    """Every recorded submission, in the order of recording."""
    sha256 = submissions.c.sha256
    rows = connection.execute(
        select(
            sha256,
            submissions.c.name,
            submissions.c.county_code,
            submissions.c.period,
            submissions.c.recorded_at,
            _of_file(func.min(receipts.c.id), receipts).label("receipt"),
            _of_file(func.max(findings.c.recorded_at), findings).label("found"),
            _of_file(func.count(), filings).label("filings"),
        ).where(submissions.c.recorded_at.is_not(None))
    )
    known = (
        File(
            sha256=row.sha256,
            name=row.name,
            county=row.county_code,
            period=row.period,
            order=(row.recorded_at, row.receipt),
            touched=max(row.recorded_at, row.found or row.recorded_at),
            readable=row.filings > 0,
        )
        for row in rows
    )
    return tuple(sorted(known, key=lambda file: file.order))


def _of_file(what: ColumnElement[Any], table: Table) -> ScalarSelect[Any]:
    return select(what).where(table.c.sha256 == submissions.c.sha256).scalar_subquery()
