"""What is new of a county's returns: what it is told of after a night."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from schemas.findings import Severity
from warehouse.tables import filings, findings, submissions
from warehouse.terms import live_now


@dataclass(frozen=True)
class FiledForm:
    """One form of a file: what became of it when it was recorded."""

    form: str
    period: str
    version: int
    status: str


@dataclass(frozen=True)
class NewFile:
    """A file that was read and recorded: its forms, and how much was found in it."""

    name: str
    forms: tuple[FiledForm, ...]
    findings: Mapping[Severity, int]


def news(
    connection: Connection, county: str | None, since: datetime | None, until: datetime
) -> tuple[NewFile, ...]:
    """The files of a county recorded after `since` and up to `until`, in the order in which.

    With None as the county, the files of which nobody knows whose they are.
    """
    recorded = submissions.c.recorded_at
    rows = connection.execute(
        select(submissions.c.sha256, submissions.c.name)
        .where(submissions.c.county_code == county, recorded <= until)
        .where(recorded > since if since is not None else recorded.is_not(None))
        .order_by(recorded, submissions.c.name)
    )
    return tuple(
        NewFile(row.name, _forms(connection, row.sha256), _found(connection, row.sha256))
        for row in rows.all()
    )


def counting(connection: Connection, period: str) -> set[tuple[str, str]]:
    """County and form of every filing of a period that counts."""
    rows = connection.execute(
        select(filings.c.county_code, filings.c.form).where(filings.c.period == period, live_now())
    )
    return {(row.county_code, row.form) for row in rows}


def _forms(connection: Connection, sha256: str) -> tuple[FiledForm, ...]:
    columns = (filings.c.form, filings.c.period, filings.c.version, filings.c.status)
    rows = connection.execute(
        select(*columns).where(filings.c.sha256 == sha256).order_by(filings.c.id)
    )
    return tuple(FiledForm(*row) for row in rows)


def _found(connection: Connection, sha256: str) -> Mapping[Severity, int]:
    severities = connection.scalars(select(findings.c.severity).where(findings.c.sha256 == sha256))
    return Counter(Severity(severity) for severity in severities)
