"""Everything that a publication shows, as it was known at any moment."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from schemas.findings import CheckResult
from schemas.models import Form, PeriodEntry, Scheme
from warehouse.consolidation.consolidate import consolidated_table
from warehouse.consolidation.contents import (
    ConsolidatedTable,
    CountyCopy,
    FiledFinding,
    FormChecks,
    PublicationContents,
)
from warehouse.consolidation.reconcile import missing_returns
from warehouse.consolidation.revisions import revisions
from warehouse.judging.closings import closed_at
from warehouse.judging.judgements import judgements_of
from warehouse.judging.latest_filings import LatestFiling, latest_filings
from warehouse.lines.rows import as_result
from warehouse.publications import published_before
from warehouse.stewards.city_report import differing
from warehouse.stewards.standing import recorded_findings
from warehouse.tables import check_results, submissions


def publication_contents(
    connection: Connection, scheme: Scheme, period_id: str, as_of: datetime
) -> PublicationContents:
    """Everything that a publication of a period shows, as it was known at `as_of`.

    Of the moment of a publication it is that publication again, by the scheme of that time; of a
    later one, the publication that would have been the next.
    """
    entry = scheme.period(period_id)
    scheme = scheme.at(entry.period)
    shown, found = tables_and_findings(connection, scheme, entry, as_of)
    latest = latest_filings(connection, period_id, as_of)
    last = published_before(connection, period_id, as_of)
    contents = PublicationContents(
        scheme=scheme,
        period=entry,
        serial=1 if last is None else last.serial + 1,
        as_of=as_of,
        tables=shown,
        findings=found,
        checks=tuple(_checks(connection, [table.form for table in shown], latest, as_of)),
        revisions=()
        if last is None
        else tuple(revisions(connection, scheme, period_id, last.as_of, shown, as_of)),
        copies=_copies(connection, latest),
        closed=closed_at(connection, period_id, as_of),
    )
    # They import pandas, which looks do without.
    from warehouse.lines.live_filings import live_filings
    from warehouse.stewards.compare import comparisons

    return replace(
        contents,
        comparisons=tuple(comparisons(connection, contents)),
        live_filings=live_filings(connection, period_id, as_of),
    )


def tables_and_findings(
    connection: Connection, scheme: Scheme, entry: PeriodEntry, as_of: datetime
) -> tuple[tuple[ConsolidatedTable, ...], tuple[FiledFinding, ...]]:
    """The consolidated table of every form that some county owes for a period, and the findings.

    These are what is wrong with what came, and what did not come.
    """
    forms = [form for form in scheme.forms if scheme.owing(form, entry.period)]
    tables = tuple(consolidated_table(connection, scheme, form, entry.id, as_of) for form in forms)
    known = {table.form.name: table for table in tables}
    recorded = recorded_findings(connection, scheme, entry, as_of)
    return tables, (
        *recorded,
        *differing(connection, scheme, entry, known.get, as_of),
        *missing_returns(scheme, entry, tables, recorded, as_of.date()),
    )


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
        last: dict[tuple[int, str], Row[Any] | CheckResult]
        last = {(row.filing_id, row.check_id): row for row in rows}
        for of_filing in (again.get(filing, ()) for filing in ids):
            last |= {(each.filing, r.check): r for each in of_filing for r in each.results}
        of_check: dict[str, list[Row[Any] | CheckResult]] = defaultdict(list)
        for (_, check), result in last.items():
            of_check[check].append(result)
        yield FormChecks(form, len(ids), tuple(map(_added, of_check.values())))


def _added(results: Sequence[Row[Any] | CheckResult]) -> CheckResult:
    """How a check came out over the lines of all filings, of each as it is recorded or judged."""
    first = results[0]
    counts = ((each.passed, each.failed, each.undetermined) for each in results)
    return (first if isinstance(first, CheckResult) else as_result(first)).counted(counts)


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
