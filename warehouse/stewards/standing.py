"""The findings that stand for a period at a moment, with what people have said of them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from schemas.findings import Finding, Severity, State
from schemas.models import PeriodEntry, Scheme
from warehouse.consolidation.contents import FiledFinding
from warehouse.judging.explanations import Explained, explanations_for
from warehouse.judging.judgements import Judgements, judgements_of, stands_since
from warehouse.judging.latest_filings import LatestFiling, latest_filings
from warehouse.judging.recorded_files import recorded_files
from warehouse.judging.reviews import Review, last_reviews
from warehouse.judging.turned_away import files_of
from warehouse.stewards.city_report import city_findings
from warehouse.stewards.common_faults import led_by_common_faults
from warehouse.tables import findings, submissions


def standing_findings(
    connection: Connection, scheme: Scheme, entry: PeriodEntry, as_of: datetime
) -> tuple[FiledFinding, ...]:
    """What is wrong with what came for a period: what was recorded, and the report of the city."""
    return (
        *recorded_findings(connection, scheme, entry, as_of),
        *city_findings(connection, scheme, entry, as_of),
    )


def recorded_findings(
    connection: Connection, scheme: Scheme, entry: PeriodEntry, as_of: datetime
) -> tuple[FiledFinding, ...]:
    """The findings of the latest filings of a period, and of the files that still matter for it.

    Counties in the order of the scheme, findings of nobody's file last; within a county what is
    about the whole file first, then by form.
    """
    latest = {filing.id: filing for filing in latest_filings(connection, entry.id, as_of)}
    known = {file.sha256: file for file in recorded_files(connection) if file.order[0] <= as_of}
    about = files_of(connection, scheme, entry, [*known.values()], as_of)
    of_period = [file.sha256 for file in about]
    rows = _rows_of(connection, latest, of_period, as_of)
    explained = explanations_for(connection, entry, as_of)
    again = judgements_of(connection, latest, as_of)
    stand = [
        filed
        for row in rows
        if row.filing_id is not None
        or not any(later.replaces(known[row.sha256], row.recorded_at) for later in known.values())
        if (filed := _filed(row, latest.get(row.filing_id), explained, again)) is not None
    ]
    found = led_by_common_faults(connection, latest, again, stand)
    counties = {unit.code: place for place, unit in enumerate(scheme.counties)}
    forms = {form.name: place for place, form in enumerate(scheme.forms)}

    def place(filed: FiledFinding) -> tuple[int, int]:
        county, form = filed.finding.county or "", filed.finding.form or ""
        return counties.get(county, len(counties)), forms.get(form, -1)

    return tuple(sorted(found, key=place))


def _rows_of(
    connection: Connection, filing_ids: Collection[int], files: Collection[str], as_of: datetime
) -> Sequence[Row[Any]]:
    """What was found of some filings, and of some files as a whole, with the name of the file."""
    found = findings.c
    return connection.execute(
        select(
            found.filing_id,
            found.sha256,
            found.key,
            found.finding,
            found.line,
            found.recorded_at,
            submissions.c.name,
        )
        .join(submissions, submissions.c.sha256 == found.sha256)
        .where(
            found.recorded_at <= as_of,
            or_(
                found.filing_id.in_(filing_ids),
                and_(found.filing_id.is_(None), found.sha256.in_(files)),
            ),
        )
        .order_by(found.id)
    ).all()


def _filed(
    row: Row[Any],
    latest: LatestFiling | None,
    explained: Explained,
    again: Judgements,
) -> FiledFinding | None:
    """A finding with what people have said of it: a steward of its filing, or the county of it.

    None where it no longer held when its filing was judged again.
    """
    since = stands_since(row.key, row.recorded_at, again.get(row.filing_id, ()))
    if since is None:
        return None
    finding = Finding.model_validate(row.finding)
    counts = latest is not None and not latest.refused
    filed = FiledFinding(
        finding,
        row.name,
        row.sha256,
        State.OPEN,
        row.line,
        since=since,
        counts=counts,
        filing=row.filing_id,
    )
    if finding.severity is Severity.ERROR:
        let_in = _is_let_in(None if latest is None else latest.review, since)
        return replace(filed, state=State.ACCEPTED) if let_in else filed
    return filed.explained_by(explained)


def has_open_errors(connection: Connection, filing_id: int) -> bool:
    """Whether an error stands of a filing with which nobody has let it in."""
    review = last_reviews(connection).get(filing_id)
    again = judgements_of(connection, [filing_id]).get(filing_id, ())
    errors = (findings.c.filing_id == filing_id, findings.c.severity == Severity.ERROR.value)
    rows = connection.execute(select(findings.c.key, findings.c.recorded_at).where(*errors))
    stand = (stands_since(row.key, row.recorded_at, again) for row in rows)
    return any(since is not None and not _is_let_in(review, since) for since in stand)


def _is_let_in(review: Review | None, since: datetime) -> bool:
    """Whether a steward lets a filing count although an error of it stands since then."""
    return review is not None and review.lets_in_with(since)
