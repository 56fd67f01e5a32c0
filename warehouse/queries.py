"""What people ask of the warehouse, as it was known at any moment: how far it is, what is wrong."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, literal, select

from schemas.findings import Severity
from schemas.models import Form, PeriodEntry, Scheme
from warehouse.consolidation.contents import FiledFinding
from warehouse.judging.latest_filings import latest_filings
from warehouse.judging.recorded_files import recorded_files
from warehouse.publications import last_published
from warehouse.stewards.due import begun
from warehouse.stewards.publication_contents import tables_and_findings
from warehouse.stewards.standing import standing_findings
from warehouse.tables import filings
from warehouse.terms import live_at
from warehouse.types import UtcDateTime


@dataclass(frozen=True)
class FormStatus:
    """How far a form of a period is: counties that owe it, that count, whose latest is refused.

    `provisional` counts those with findings that somebody still has to amend or to explain.
    """

    form: Form
    owed: int
    reported: int
    refused: int
    provisional: int
    findings: Mapping[Severity, int]


@dataclass(frozen=True)
class PeriodStatus:
    """How far a period is. `findings` counts what is wrong with what came, whole files included.

    `serial` and `published_at` are those of its last publication.
    """

    period: PeriodEntry
    forms: tuple[FormStatus, ...]
    findings: Mapping[Severity, int]
    serial: int | None
    published_at: datetime | None


def status(connection: Connection, scheme: Scheme, as_of: datetime) -> tuple[PeriodStatus, ...]:
    """How far each period is for which something came or may still come in time."""
    entries = _of_interest(connection, scheme, as_of)
    return tuple(_period_status(connection, scheme, entry, as_of) for entry in entries)


def findings(
    connection: Connection,
    scheme: Scheme,
    as_of: datetime,
    *,
    period: str | None = None,
    county: str | None = None,
    form: str | None = None,
    severity: Severity | None = None,
) -> tuple[FiledFinding, ...]:
    """The findings that stand, of all periods or of one, of one county, form or severity."""
    entries = (scheme.period(period),) if period else _of_interest(connection, scheme, as_of)
    # What is said of a file without a period stands in every open one; here it is said once.
    standing = {
        (filed.sha256, filed.finding.key): filed
        for entry in entries
        for filed in tables_and_findings(connection, scheme, entry, as_of)[1]
    }
    return tuple(
        filed
        for filed in standing.values()
        if county in (None, filed.finding.county)
        and form in (None, filed.finding.form)
        and severity in (None, filed.finding.severity)
    )


def _of_interest(
    connection: Connection, scheme: Scheme, as_of: datetime
) -> tuple[PeriodEntry, ...]:
    """The periods for which something came or may still come in time, or else all of them."""
    known = [file for file in recorded_files(connection) if file.order[0] <= as_of]
    came, today = begun(scheme, known), as_of.date()
    return (
        tuple(e for e in scheme.periods if e in came or e.opens <= today <= e.due) or scheme.periods
    )


def _period_status(
    connection: Connection, scheme: Scheme, entry: PeriodEntry, as_of: datetime
) -> PeriodStatus:
    owing = [(form, scheme.owing(form, entry.period)) for form in scheme.forms]
    latest = latest_filings(connection, entry.id, as_of)
    standing = standing_findings(connection, scheme, entry, as_of)
    live = connection.execute(
        select(filings.c.form, func.count())
        .where(filings.c.period == entry.id, live_at(literal(as_of, UtcDateTime())))
        .group_by(filings.c.form)
    )
    unexplained: dict[str | None, set[str | None]] = {}
    for filed in standing:
        if filed.unexplained:
            unexplained.setdefault(filed.finding.form, set()).add(filed.finding.county)
    reported: dict[str, int] = dict(live.tuples().all())
    last = last_published(connection, entry.id, as_of)
    return PeriodStatus(
        period=entry,
        forms=tuple(
            FormStatus(
                form=form,
                owed=len(counties),
                reported=reported.get(form.name, 0),
                refused=sum(f.form == form.name and f.refused for f in latest),
                provisional=len(unexplained.get(form.name, ())),
                findings=Counter(
                    f.finding.severity for f in standing if f.finding.form == form.name
                ),
            )
            for form, counties in owing
            if counties
        ),
        findings=Counter(filed.finding.severity for filed in standing),
        serial=None if last is None else last.serial,
        published_at=None if last is None else last.as_of,
    )
