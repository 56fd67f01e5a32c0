"""What the city states in the report of a period, beside what its counties make together.

That the two differ is worked out and not recorded, as the return of any county changes it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, and_, literal, select

from schemas.consolidated.measures import Measure
from schemas.consolidated.report import figure_name, reported_figures
from schemas.findings import CellRef, Finding, Severity, State
from schemas.messages import severity
from schemas.models import Form, PeriodEntry, Scheme
from schemas.period import Period
from schemas.text import Text, normalise
from warehouse.consolidation.comparisons import DifferenceCause
from warehouse.consolidation.consolidate import consolidated_table
from warehouse.consolidation.contents import ConsolidatedTable, FiledFinding
from warehouse.form_tables import line_table
from warehouse.judging.explanations import explanations_for
from warehouse.lines.rows import places_of
from warehouse.publications import publications_of
from warehouse.schemes import scheme_of
from warehouse.tables import filings, submissions, typed
from warehouse.terms import live_at
from warehouse.types import UtcDateTime

_VALUE = "value"

TableOf = Callable[[str], ConsolidatedTable | None]
"""The consolidated table of a form by its name; None where nobody owes the form."""


@dataclass(frozen=True)
class Stated:
    """A figure as the report states it: where, in which file, and how far it may be rounded."""

    report: Form
    table: ConsolidatedTable
    measure: Measure
    value: Decimal | None
    reach: Decimal
    cell: CellRef
    file_name: str
    sha256: str
    filing: int
    since: datetime

    @property
    def expected(self) -> Decimal | None:
        """What the counties that are in make together."""
        return self.table.municipality.values.get(self.measure.name)

    @property
    def cause(self) -> DifferenceCause:
        """How the two compare, before anything is known of the counties."""
        if self.value is None or self.expected is None:
            return DifferenceCause.COVERAGE
        if self.value == self.expected:
            return DifferenceCause.AGREES
        near = abs(self.value - self.expected) <= self.reach
        return DifferenceCause.ROUNDING if near else DifferenceCause.DIFFERS

    @property
    def line(self) -> str:
        """What tells it apart in the report of any period, wherever it stands."""
        return f"{self.table.form.code} / {self.label.zh}"

    @property
    def label(self) -> Text:
        """What the report calls it."""
        return Text(zh=figure_name(self.measure, "zh"), en=figure_name(self.measure, "en"))


def stated_figures(
    connection: Connection,
    scheme: Scheme,
    entry: PeriodEntry,
    table_of: TableOf,
    as_of: datetime,
) -> Iterator[Stated]:
    """The figures of the report that counts, as far as they are of this period and their unit."""
    scheme = scheme.at(entry.period)
    report = next((f for f in scheme.forms if f.report and scheme.owing(f, entry.period)), None)
    if report is None:
        return
    known = {
        (normalise(form.code), normalise(figure_name(measure, language))): (form, measure)
        for form, measure in reported_figures(scheme)
        for language in ("zh", "en")
    }
    for row in _lines(connection, report, entry, as_of):
        found = known.get((normalise(row.source), normalise(row.figure)))
        if found is None or row.unit != found[1].unit or not _is_of(row.reported_period, entry):
            continue
        form, measure = found
        if (table := table_of(form.name)) is None:
            continue
        yield Stated(
            report=report,
            table=table,
            measure=measure,
            value=row.value,
            reach=report[_VALUE].half_width if row.step is None else Decimal(row.step) / 2,
            cell=places_of(row).cell(_VALUE, row.row),
            file_name=row.name,
            sha256=row.sha256,
            filing=row.filing_id,
            since=row.recorded_at,
        )


def _lines(
    connection: Connection, report: Form, entry: PeriodEntry, as_of: datetime
) -> Iterable[Row[Any]]:
    """The lines of the report that counts, each with its filing and how its value was typed."""
    lines, label = line_table(report), typed.alias()
    return connection.execute(
        select(lines, filings, submissions.c.name, label.c.step)
        .join(filings, filings.c.id == lines.c.filing_id)
        .join(submissions, submissions.c.sha256 == filings.c.sha256)
        .outerjoin(
            label,
            and_(
                label.c.filing_id == filings.c.id,
                label.c.row == lines.c.row,
                label.c.indicator == _VALUE,
            ),
        )
        .where(filings.c.period == entry.id, live_at(literal(as_of, UtcDateTime())))
        .order_by(lines.c.line)
    )


def differing(
    connection: Connection,
    scheme: Scheme,
    entry: PeriodEntry,
    table_of: TableOf,
    as_of: datetime,
) -> Iterator[FiledFinding]:
    """A finding for each figure of the report that is not what its counties make.

    Only for information as long as counties are missing.
    """
    explained = explanations_for(connection, entry, as_of)
    for stated in stated_figures(connection, scheme, entry, table_of, as_of):
        if stated.cause is DifferenceCause.DIFFERS:
            yield _filed(scheme, entry, stated).explained_by(explained)


def city_findings(
    connection: Connection, scheme: Scheme, entry: PeriodEntry, as_of: datetime
) -> Iterator[FiledFinding]:
    """The same where no tables are at hand: only those that the report speaks of are made."""

    @cache
    def table_of(name: str) -> ConsolidatedTable | None:
        form = scheme.form(name)
        if not scheme.owing(form, entry.period):
            return None
        return consolidated_table(connection, scheme, form, entry.id, as_of)

    yield from differing(connection, scheme, entry, table_of, as_of)


def published_findings(
    connection: Connection, period_id: str, serial: int
) -> Iterator[FiledFinding]:
    """The same as a publication told it; none where there is no such publication."""
    for made in publications_of(connection, period_id):
        if made.serial == serial:
            scheme = scheme_of(connection, made.scheme_fingerprint)
            yield from city_findings(connection, scheme, scheme.period(period_id), made.as_of)


def _filed(scheme: Scheme, entry: PeriodEntry, stated: Stated) -> FiledFinding:
    assert stated.value is not None
    assert stated.expected is not None
    table, difference = stated.table, stated.value - stated.expected
    complete = len(table.reported) == len(table.owing)
    finding = Finding(
        code="report-differs",
        severity=severity("report-differs") if complete else Severity.NOTICE,
        county=scheme.municipality.code,
        form=stated.report.name,
        period=entry.id,
        indicator=_VALUE,
        cells=(stated.cell,),
        observed=_plain(stated.value),
        expected=_plain(stated.expected),
        difference=difference,
        parameters={
            "form": table.form.title,
            "figure": stated.label,
            "observed": _plain(stated.value),
            "expected": _plain(stated.expected),
            "difference": _plain(abs(difference)),
            "reported": str(len(table.reported)),
            "owed": str(len(table.owing)),
        },
    )
    return FiledFinding(
        finding,
        stated.file_name,
        stated.sha256,
        State.OPEN,
        stated.line,
        since=stated.since,
        counts=True,
        filing=stated.filing,
    )


def _is_of(words: str, entry: PeriodEntry) -> bool:
    """Whether a line speaks of the period of its report; what names none does."""
    try:
        return Period.parse(words) == entry.period
    except ValueError:
        return True


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
