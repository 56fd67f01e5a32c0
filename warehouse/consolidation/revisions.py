"""What changed in the figures of a period since its last publication, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, literal, select

from schemas.models import Form, OrgUnit, Scheme
from warehouse.consolidation.consolidate import consolidated_table
from warehouse.consolidation.contents import ConsolidatedTable, Revision, RevisionCause
from warehouse.judging.closings import closing_history
from warehouse.judging.reviews import Action, last_actions
from warehouse.tables import filings, submissions
from warehouse.terms import live_at
from warehouse.types import UtcDateTime


@dataclass(frozen=True)
class _Live:
    """The filing that counts of a county and form; whether a steward let it in."""

    id: int
    version: int
    file_name: str
    let_in: bool


_Filed = Mapping[str, _Live]


def revisions(
    connection: Connection,
    scheme: Scheme,
    period_id: str,
    before: datetime,
    now: Iterable[ConsolidatedTable],
    as_of: datetime,
) -> Iterator[Revision]:
    """Every figure of the tables of `now` that was another one, or none, at `before`.

    Forms in the order of the scheme, and in each the counties and then the municipality.
    """
    was_closed = bool(closing_history(connection, before, period_id))
    for table in now:
        form = table.form
        earlier = consolidated_table(connection, scheme, form, period_id, before)
        old_files = _live_filings(connection, form, period_id, before)
        new_files = _live_filings(connection, form, period_id, as_of)
        old_rows = (*earlier.counties, earlier.municipality)
        new_rows = (*table.counties, table.municipality)
        for old, new in zip(old_rows, new_rows, strict=True):
            filer = scheme.filer(form, new.unit).code
            was, is_now = old_files.get(filer), new_files.get(filer)
            for measure in table.measures:
                if old.values[measure.name] != new.values[measure.name]:
                    yield Revision(
                        form=form,
                        measure=measure,
                        unit=new.unit,
                        before=old.values[measure.name],
                        after=new.values[measure.name],
                        version_before=was.version if was else None,
                        version_after=is_now.version if is_now else None,
                        file_name=is_now.file_name if is_now else None,
                        cause=_cause(scheme, form, new.unit, old_files, new_files),
                        after_closing=was_closed,
                    )


def _cause(
    scheme: Scheme, form: Form, unit: OrgUnit, old_files: _Filed, new_files: _Filed
) -> RevisionCause:
    if unit == scheme.municipality and not form.of_municipality:
        return RevisionCause.SCHEME if old_files == new_files else RevisionCause.COUNTIES
    filer = scheme.filer(form, unit).code
    was, is_now = old_files.get(filer), new_files.get(filer)
    if is_now == was:
        return RevisionCause.SCHEME
    if is_now is None or (was is not None and is_now.version < was.version):
        return RevisionCause.TAKEN_OUT
    if is_now.let_in:
        return RevisionCause.LET_IN
    return RevisionCause.ARRIVED if was is None else RevisionCause.CORRECTED


def _live_filings(
    connection: Connection, form: Form, period_id: str, moment: datetime
) -> dict[str, _Live]:
    reviewed = last_actions(connection, moment)
    rows = connection.execute(
        select(filings.c.id, filings.c.county_code, filings.c.version, submissions.c.name)
        .join(submissions, submissions.c.sha256 == filings.c.sha256)
        .where(
            filings.c.form == form.name,
            filings.c.period == period_id,
            live_at(literal(moment, UtcDateTime())),
        )
    )
    return {
        row.county_code: _Live(
            row.id, row.version, row.name, reviewed.get(row.id) is Action.ACCEPTED
        )
        for row in rows
    }
