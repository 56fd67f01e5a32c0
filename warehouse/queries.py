"""What publications and people ask of the warehouse, as it was known at any moment."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, literal, select

from schemas.findings import CheckResult, Severity
from schemas.models import Form, PeriodEntry, Scheme
from warehouse import tables
from warehouse.closings import as_known, closed_at, last_turned
from warehouse.consolidate import consolidated_table
from warehouse.contents import (
    ConsolidatedTable,
    CountyCopy,
    FiledFinding,
    FormChecks,
    PublicationContents,
)
from warehouse.explanations import last_recorded
from warehouse.judgements import judgements_of
from warehouse.publications import last_published, published_before
from warehouse.reconcile import missing_returns
from warehouse.recorded_files import RecordedFile, recorded_files
from warehouse.revisions import revisions
from warehouse.rows import as_result
from warehouse.standing import LatestFiling, latest_filings, standing_findings
from warehouse.tables import check_results, filings, publications, receipts, submissions
from warehouse.terms import live_at
from warehouse.types import UtcDateTime

# --- publications --------------------------------------------------------------------------------


def publication_contents(
    connection: Connection, scheme: Scheme, period_id: str, as_of: datetime
) -> PublicationContents:
    """Everything that a publication of a period shows, as it was known at `as_of`.

    Of the moment of a publication it is that publication again, by the scheme of that time; of a
    later one, the publication that would have been the next.
    """
    entry = scheme.period(period_id)
    scheme = scheme.at(entry.period)
    shown = _consolidated(connection, scheme, entry, as_of)
    latest = latest_filings(connection, period_id, as_of)
    last = published_before(connection, period_id, as_of)
    contents = PublicationContents(
        scheme=scheme,
        period=entry,
        serial=1 if last is None else last.serial + 1,
        as_of=as_of,
        tables=shown,
        findings=_found(connection, scheme, entry, shown, as_of),
        checks=tuple(_checks(connection, [table.form for table in shown], latest, as_of)),
        revisions=()
        if last is None
        else tuple(revisions(connection, scheme, period_id, last.as_of, shown, as_of)),
        copies=_copies(connection, latest),
        closed=closed_at(connection, period_id, as_of),
    )
    # They import pandas, which looks do without.
    from warehouse.compare import comparisons
    from warehouse.live_filings import live_filings

    return replace(
        contents,
        comparisons=tuple(comparisons(connection, contents)),
        live_filings=live_filings(connection, period_id, as_of),
    )


def _consolidated(
    connection: Connection, scheme: Scheme, entry: PeriodEntry, as_of: datetime
) -> tuple[ConsolidatedTable, ...]:
    """The consolidated table of every form that some county owes for a period."""
    forms = [form for form in scheme.forms if scheme.owing(form, entry.period)]
    return tuple(consolidated_table(connection, scheme, form, entry.id, as_of) for form in forms)


def _found(
    connection: Connection,
    scheme: Scheme,
    entry: PeriodEntry,
    shown: Sequence[ConsolidatedTable],
    as_of: datetime,
) -> tuple[FiledFinding, ...]:
    """What is wrong with what came, and what did not come."""
    standing = standing_findings(connection, scheme, entry, as_of)
    return (*standing, *missing_returns(scheme, entry, shown, standing, as_of.date()))


def periods_to_publish(connection: Connection, scheme: Scheme) -> list[str]:
    """The periods of which something was recorded since their last publication.

    A period is also published again when its last publication was made by another scheme. A file
    of which no period is known does not begin a period, unless none has begun.
    """
    known = recorded_files(connection)
    entries = _begun(scheme, known) or scheme.periods
    return [entry.id for entry in entries if _is_outdated(connection, scheme, entry, known)]


def periods_begun(connection: Connection, scheme: Scheme) -> list[str]:
    """The periods for which something came."""
    return [entry.id for entry in _begun(scheme, recorded_files(connection))]


def last_moment(connection: Connection) -> datetime | None:
    """The latest moment the warehouse knows of; None while nothing was ever kept."""
    moments = (
        connection.scalar(select(func.max(column)))
        for column in (
            receipts.c.received_at,
            submissions.c.recorded_at,
            tables.findings.c.recorded_at,
            tables.judgements.c.judged_at,
            tables.reviews.c.reviewed_at,
            tables.closings.c.decided_at,
            publications.c.as_of,
        )
    )
    return max((moment for moment in moments if moment is not None), default=None)


def _begun(scheme: Scheme, known: Sequence[RecordedFile]) -> list[PeriodEntry]:
    named = {file.period for file in known}
    return [entry for entry in scheme.periods if entry.id in named]


def _of_interest(
    connection: Connection, scheme: Scheme, as_of: datetime
) -> tuple[PeriodEntry, ...]:
    """The periods for which something came or may still come in time, or else all of them."""
    begun = _begun(scheme, [file for file in recorded_files(connection) if file.order[0] <= as_of])
    today = as_of.date()
    return (
        tuple(e for e in scheme.periods if e in begun or e.opens <= today <= e.due)
        or scheme.periods
    )


def _is_outdated(
    connection: Connection, scheme: Scheme, entry: PeriodEntry, known: Sequence[RecordedFile]
) -> bool:
    now = as_known(connection, entry)
    touched = [file.touched for file in known if file.belongs_to(now)]
    if (turned := last_turned(connection, entry.id)) is not None:
        touched.append(turned)
    if touched and (explained := last_recorded(connection, entry)) is not None:
        touched.append(explained)
    last = last_published(connection, entry.id)
    if last is None or not touched:
        return bool(touched)
    return bool(max(touched) > last.as_of or last.scheme_fingerprint != scheme.fingerprint)


def _checks(
    connection: Connection, forms: Sequence[Form], latest: Sequence[LatestFiling], as_of: datetime
) -> Iterator[FormChecks]:
    again = judgements_of(connection, [filing.id for filing in latest], as_of)
    for form in forms:
        ids = [filing.id for filing in latest if filing.form == form.name]
        rows = connection.execute(
            select(check_results)
            .where(check_results.c.filing_id.in_(ids))
            .order_by(check_results.c.ordinal, check_results.c.filing_id)
        )
        last = {(row.filing_id, row.check_id): as_result(row) for row in rows}
        for of_filing in (again.get(filing, ()) for filing in ids):
            last |= {(each.filing, r.check): r for each in of_filing for r in each.results}
        added: dict[str, CheckResult] = {}
        for (_, check), result in last.items():
            added[check] = added[check] + result if check in added else result
        yield FormChecks(form, len(ids), tuple(added.values()))


def _copies(
    connection: Connection, latest: Sequence[LatestFiling]
) -> dict[str, tuple[CountyCopy, ...]]:
    wanted: dict[str, dict[str, None]] = {}
    for filing in latest:
        wanted.setdefault(filing.county, {})[filing.sha256] = None
    return {
        county: tuple(_copy(connection, sha256) for sha256 in digests)
        for county, digests in sorted(wanted.items())
    }


def _copy(connection: Connection, sha256: str) -> CountyCopy:
    row = connection.execute(
        select(submissions.c.name, submissions.c.content).where(submissions.c.sha256 == sha256)
    ).one()
    return CountyCopy(row.name, sha256, row.content)


# --- what the command line shows -----------------------------------------------------------------


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
        for filed in _found(
            connection, scheme, entry, _consolidated(connection, scheme, entry, as_of), as_of
        )
    }
    return tuple(
        filed
        for filed in standing.values()
        if county in (None, filed.finding.county)
        and form in (None, filed.finding.form)
        and severity in (None, filed.finding.severity)
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
