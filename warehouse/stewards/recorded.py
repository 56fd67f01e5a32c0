"""What was recorded at a moment: each filing, and each file without one, and what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, case, func, or_, select

from schemas.findings import Severity
from warehouse.tables import filings, findings, submissions


@dataclass(frozen=True)
class Recorded:
    """A filing, or a file without one, and how much was found in it, but for what is on trial.

    Of a file without a filing there is no form and no status, and county and period may be unknown;
    `answers` are how many explanations came in one that is a list of findings.
    """

    file: str
    county: str | None
    period: str | None
    form: str | None
    status: str | None
    answers: int | None
    errors: int
    warnings: int
    notices: int


def recorded_at(connection: Connection, moments: Sequence[datetime]) -> tuple[Recorded, ...]:
    """What was recorded at some moments, county by county, in the order in which it came."""
    whose = func.coalesce(filings.c.county_code, submissions.c.county_code)
    found = (
        func.count(case((findings.c.severity == severity.value, 1))).label(f"{severity.value}s")
        for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTICE)
    )
    of_filing = and_(
        findings.c.sha256 == submissions.c.sha256,
        or_(findings.c.filing_id == filings.c.id, filings.c.id.is_(None)),
        findings.c.finding["trial"].as_boolean().is_not(True),
    )
    rows = connection.execute(
        select(
            submissions.c.name,
            whose,
            func.coalesce(filings.c.period, submissions.c.period),
            filings.c.form,
            filings.c.status,
            submissions.c.answers,
            *found,
        )
        .outerjoin_from(submissions, filings, filings.c.sha256 == submissions.c.sha256)
        .outerjoin(findings, of_filing)
        .where(submissions.c.recorded_at.in_(moments))
        .group_by(submissions.c.sha256, filings.c.id)
        .order_by(whose, filings.c.id, submissions.c.name)
    )
    return tuple(Recorded(*row) for row in rows)
