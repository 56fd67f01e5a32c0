"""What the city states in the report of a period, beside what its counties make together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, and_, literal, select

from schemas.findings import CellRef, Finding, Severity, State
from schemas.measures import Measure
from schemas.messages import severity
from schemas.models import Form, PeriodEntry, Scheme
from schemas.period import Period
from schemas.report import figure_name, reported_figures
from schemas.text import Text, normalise
from warehouse.comparisons import DifferenceCause
from warehouse.contents import ConsolidatedTable, FiledFinding
from warehouse.form_tables import line_table
from warehouse.rows import places_of
from warehouse.tables import filings, submissions, typed
from warehouse.terms import live_at
from warehouse.types import UtcDateTime

_VALUE = "value"


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
    def label(self) -> Text:
        """What the report calls it."""
        return Text(zh=figure_name(self.measure, "zh"), en=figure_name(self.measure, "en"))


def stated_figures(
    connection: Connection,
    scheme: Scheme,
    entry: PeriodEntry,
    tables: Sequence[ConsolidatedTable],
    as_of: datetime,
) -> Iterator[Stated]:
    """The figures of the report that counts, as far as they are of this period and their unit."""
    report = next((table.form for table in tables if table.form.report), None)
    if report is None:
        return
    shown = {table.form.name: table for table in tables}
    known = {
        (normalise(form.code), normalise(figure_name(measure, language))): (
            shown[form.name],
            measure,
        )
        for form, measure in reported_figures(scheme)
        if form.name in shown
        for language in ("zh", "en")
    }
    lines, label = line_table(report), typed.alias()
    rows = connection.execute(
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
    for row in rows:
        found = known.get((normalise(row.source), normalise(row.figure)))
        if found is None or row.unit != found[1].unit or not _is_of(row.reported_period, entry):
            continue
        table, measure = found
        yield Stated(
            report=report,
            table=table,
            measure=measure,
            value=row.value,
            reach=report[_VALUE].half_width if row.step is None else Decimal(row.step) / 2,
            cell=places_of(row).cell(_VALUE, row.row),
            file_name=row.name,
            sha256=row.sha256,
            since=row.recorded_at,
        )


def differing(
    connection: Connection,
    scheme: Scheme,
    entry: PeriodEntry,
    tables: Sequence[ConsolidatedTable],
    as_of: datetime,
) -> Iterator[FiledFinding]:
    """A finding for each figure of the report that is not what its counties make.

    Only for information as long as counties are missing.
    """
    for stated in stated_figures(connection, scheme, entry, tables, as_of):
        if stated.cause is not DifferenceCause.DIFFERS:
            continue
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
        file = stated.file_name, stated.sha256
        yield FiledFinding(finding, *file, State.OPEN, since=stated.since)


def _is_of(words: str, entry: PeriodEntry) -> bool:
    """Whether a line speaks of the period of its report; what names none does."""
    try:
        return Period.parse(words) == entry.period
    except ValueError:
        return True


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
