"""What is new of a county's returns: what it is told of after a night."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, select

from schemas.findings import Severity
from warehouse.judgements import Judgement, judgements_of, stands_since
from warehouse.tables import filings, findings, judgements, submissions
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


@dataclass(frozen=True)
class Overtaken:
    """An accepted return that no longer agrees with another one, and how much was found in it."""

    form: str
    period: str
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


def disagreeing(
    connection: Connection, county: str, since: datetime | None, until: datetime
) -> tuple[Overtaken, ...]:
    """The accepted returns of a county with findings that began by being judged again.

    Those after `since` and up to `until`, as far as they still stand then; what is only on trial
    is for stewards.
    """
    rows = connection.execute(
        select(filings.c.form, filings.c.period, findings)
        .join(filings, filings.c.id == findings.c.filing_id)
        .where(filings.c.county_code == county, findings.c.filing_id.in_(_judged_by(until)))
        .order_by(filings.c.id, findings.c.id)
    ).all()
    known = judgements_of(connection, {row.filing_id for row in rows}, until)
    found: dict[tuple[str, str], Counter[Severity]] = {}
    for row in rows:
        begun = _begun(row.key, row.recorded_at, known[row.filing_id])
        is_new = begun is not None and (since is None or begun > since)
        if is_new and not row.finding["trial"]:
            counted = found.setdefault((row.form, row.period), Counter())
            counted[Severity(row.severity)] += 1
    return tuple(Overtaken(form, period, each) for (form, period), each in found.items())


def _begun(key: str, recorded_at: datetime, of_filing: Sequence[Judgement]) -> datetime | None:
    """When a finding that stands began by a judgement."""
    since = stands_since(key, recorded_at, of_filing)
    return since if any(key in each.begun and each.at == since for each in of_filing) else None


def _judged_by(until: datetime) -> Select[tuple[int]]:
    return select(judgements.c.filing_id).where(
        judgements.c.changed.is_(True), judgements.c.judged_at <= until
    )


def forms_accepted(connection: Connection, period: str) -> set[tuple[str, str]]:
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
