"""What is new of a county's returns: what it is told of after a night."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select

from schemas.findings import Finding, Severity
from warehouse.judging.judgements import Judgement, judgements_of, stands_since
from warehouse.judging.recorded_files import TURNED_AWAY
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
    """A file that was read and recorded: its forms, and how much was found in it.

    Where no form was recorded, `refused` are the findings that say why.
    """

    name: str
    county: str | None
    forms: tuple[FiledForm, ...]
    findings: Mapping[Severity, int]
    refused: tuple[Finding, ...]


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
    return _new_files(connection, submissions.c.county_code == county, since, until)


def turned_away(
    connection: Connection, since: datetime | None, until: datetime
) -> tuple[NewFile, ...]:
    """The files of counties recorded meanwhile that came for a period that takes no returns."""
    sha256 = select(findings.c.sha256).where(findings.c.code == TURNED_AWAY)
    known = submissions.c.county_code.is_not(None)
    files = _new_files(connection, and_(known, submissions.c.sha256.in_(sha256)), since, until)
    return tuple(file for file in files if not file.forms)


def _new_files(
    connection: Connection, which: ColumnElement[bool], since: datetime | None, until: datetime
) -> tuple[NewFile, ...]:
    recorded = submissions.c.recorded_at
    rows = connection.execute(
        select(submissions.c.sha256, submissions.c.name, submissions.c.county_code)
        .where(which, recorded <= until)
        .where(recorded > since if since is not None else recorded.is_not(None))
        .order_by(recorded, submissions.c.name)
    )
    return tuple(_new_file(connection, row) for row in rows.all())


def _new_file(connection: Connection, row: Row[Any]) -> NewFile:
    forms, found = _forms(connection, row.sha256), _found(connection, row.sha256)
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    return NewFile(
        row.name,
        row.county_code,
        forms,
        Counter(finding.severity for finding in found),
        () if forms else tuple(errors),
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


def _found(connection: Connection, sha256: str) -> list[Finding]:
    told = select(findings.c.finding).where(findings.c.sha256 == sha256).order_by(findings.c.id)
    return [Finding.model_validate(finding) for finding in connection.scalars(told)]
