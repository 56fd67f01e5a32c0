"""Write what a publication shows into the tables behind the contract.

The contract says what was published last, and every earlier edition of it; so a dashboard, a
printed table and the open data of one night cannot differ.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from sqlalchemy import Connection, func, literal, select

from schemas import messages
from schemas.consolidated.measures import Measure
from schemas.findings import Severity, State
from schemas.period import Period
from warehouse.china_time import CHINA_TIME
from warehouse.consolidation.comparisons import ComparedFigure
from warehouse.consolidation.contents import (
    ConsolidatedRow,
    ConsolidatedTable,
    FiledFinding,
    PublicationContents,
)
from warehouse.consolidation.standings import Standing, Standings
from warehouse.mart import tables
from warehouse.mart.areas import area_rows
from warehouse.mart.editions import Row, renew
from warehouse.mart.estimate import Earlier, Estimate, estimates
from warehouse.tables import filings, receipts
from warehouse.terms import live_at
from warehouse.types import UtcDateTime

_LAST_DECIMAL = Decimal(1).scaleb(-tables.AMOUNT.scale)
_LARGEST = Decimal(2**63 - 1).scaleb(-tables.AMOUNT.scale)  # that SQLite's whole numbers hold
_DOUBTFUL = (Standing.PROVISIONAL, Standing.EARLIER)


def store(connection: Connection, contents: PublicationContents) -> None:
    """Let the contract show a publication from now on."""
    shown = _Shown(connection, contents)
    for table, rows in (
        (tables.figures, shown.figures()),
        (tables.returns, shown.returns()),
        (tables.findings, map(_finding, contents.findings)),
        (tables.comparisons, map(_comparison, contents.comparisons)),
        (tables.areas, map(_area, area_rows(connection, contents))),
    ):
        of_period = ({**row, "period": contents.period.id} for row in rows)
        renew(connection, table, contents.period.id, contents.serial, of_period)


class _Shown:
    """A publication as rows; what its contents do not say is asked of the warehouse."""

    def __init__(self, connection: Connection, contents: PublicationContents) -> None:
        self._connection = connection
        self._contents = contents
        self._standings = Standings(contents)

    def figures(self) -> Iterator[Row]:
        """Every figure of every county that owes its form, and of the municipality."""
        for table in self._contents.tables:
            estimated = estimates(table, *self._earlier(table))
            for row in _rows(table):
                for measure in table.measures:
                    if row is not table.municipality or not measure.of_counties_only:
                        estimate = estimated.get((row.unit.code, measure.name))
                        yield self._figure(table, row, measure, estimate)

    def _figure(
        self,
        table: ConsolidatedTable,
        row: ConsolidatedRow,
        measure: Measure,
        estimate: Estimate | None,
    ) -> Row:
        value = _amount(row.values.get(measure.name))
        if value is None:
            status = "missing" if estimate is None else "estimated"
        else:
            status = "provisional" if self._is_provisional(table, row) else "normal"
        return {
            "form": table.form.name,
            "county_code": row.unit.code,
            "measure": measure.name,
            "value": value,
            "status": status,
            "estimate": None if estimate is None else _amount(estimate.value),
            "method": None if estimate is None else estimate.method,
            "version": self._version(table, row),
        }

    def returns(self) -> Iterator[Row]:
        """What became of every return that is owed, and how complete the form is."""
        for table in self._contents.tables:
            for row in _rows(table):
                filer = self._contents.scheme.filer(table.form, row.unit).code
                due = self._contents.scheme.due(table.form, self._contents.period)
                received = self._received.get((table.form.name, filer))
                yield {
                    "form": table.form.name,
                    "county_code": row.unit.code,
                    "standing": self._standing(table, row),
                    "due": due,
                    "received": received,
                    "days_late": None if received is None else max(0, (received - due).days),
                    "version": self._version(table, row),
                    "errors": self._found(table, row, Severity.ERROR),
                    "warnings": self._found(table, row, Severity.WARNING),
                    "counties_reported": len(table.reported),
                    "counties_owed": len(table.owing),
                }

    def _found(self, table: ConsolidatedTable, row: ConsolidatedRow, severity: Severity) -> int:
        """The open findings of who files a return; of the municipality's row, of all who do."""
        rows = _rows(table) if row is table.municipality else (row,)
        filers = {self._contents.scheme.filer(table.form, each.unit).code for each in rows}
        return sum(self._open[filer, table.form.name, severity] for filer in filers)

    def _standing(self, table: ConsolidatedTable, row: ConsolidatedRow) -> str:
        if row is table.municipality and not table.form.of_municipality:
            return "complete" if len(table.reported) == len(table.owing) else "incomplete"
        return self._standings.of(table, row).value

    def _is_provisional(self, table: ConsolidatedTable, row: ConsolidatedRow) -> bool:
        if row is not table.municipality or table.form.of_municipality:
            return self._standings.of(table, row) in _DOUBTFUL
        return len(table.reported) < len(table.owing) or any(
            self._standings.of(table, county) in _DOUBTFUL for county in table.counties
        )

    def _version(self, table: ConsolidatedTable, row: ConsolidatedRow) -> int | None:
        filer = self._contents.scheme.filer(table.form, row.unit).code
        return self._versions.get((table.form.name, filer))

    @cached_property
    def _versions(self) -> Mapping[tuple[str, str], int]:
        """The versions that count, by form and county."""
        moment = literal(self._contents.as_of, UtcDateTime())
        rows = self._connection.execute(
            select(filings.c.form, filings.c.county_code, filings.c.version).where(
                filings.c.period == self._contents.period.id, live_at(moment)
            )
        )
        return {(row.form, row.county_code): row.version for row in rows}

    @cached_property
    def _received(self) -> Mapping[tuple[str, str], date]:
        """When the first return of a form and county came, by the days of China."""
        first = func.min(receipts.c.received_at, type_=UtcDateTime())
        rows = self._connection.execute(
            select(filings.c.form, filings.c.county_code, first.label("first"))
            .join(receipts, receipts.c.sha256 == filings.c.sha256)
            .where(
                filings.c.period == self._contents.period.id,
                filings.c.recorded_at <= self._contents.as_of,
            )
            .group_by(filings.c.form, filings.c.county_code)
        )
        return {(row.form, row.county_code): _day(row.first) for row in rows}

    @cached_property
    def _open(self) -> Counter[tuple[str | None, str | None, Severity]]:
        """How many findings nobody has settled, by county, form and severity."""
        return Counter(
            (filed.finding.county, filed.finding.form, filed.finding.severity)
            for filed in self._contents.findings
            if filed.state is State.OPEN
        )

    def _earlier(self, table: ConsolidatedTable) -> tuple[Earlier, Earlier]:
        """The published figures of a form in the period before, and in that of last year."""
        period = self._contents.period.period
        wanted = (period.before(), Period(period.year - 1, period.kind, period.ordinal))
        before, last_year = (self._published(table.form.name, other.id) for other in wanted)
        return before, last_year

    def _published(self, form: str, period: str) -> Earlier:
        columns = tables.figures.c
        rows = self._connection.execute(
            select(columns.county_code, columns.measure, columns.value).where(
                columns.form == form,
                columns.period == period,
                columns.until_serial.is_(None),
                columns.value.is_not(None),
            )
        )
        return {(row.county_code, row.measure): row.value for row in rows}


def _rows(table: ConsolidatedTable) -> tuple[ConsolidatedRow, ...]:
    """Those who owe the form, or have lines in it, and the municipality."""
    counties = (row for row in table.counties if row.reported is not None)
    return (*counties, table.municipality)


def _finding(filed: FiledFinding) -> Row:
    finding = filed.finding
    return {
        "sha256": filed.sha256 or "",
        "key": finding.key,
        "county_code": finding.county,
        "form": finding.form,
        "severity": finding.severity.value,
        "code": finding.code,
        "rule": finding.rule,
        "indicator": finding.indicator,
        "state": filed.state.value,
        "cells": "; ".join(map(str, finding.cells)) or None,
        "fact_zh": messages.fact(finding, "zh"),
        "fact_en": messages.fact(finding, "en"),
        "difference": _amount(finding.difference),
        "effect": _amount(finding.effect),
        "lines": finding.lines,
    }


def _area(row: Row) -> Row:
    return {**row, "value": _amount(row["value"])}


def _comparison(one: ComparedFigure) -> Row:
    return {
        "rule": one.rule,
        "county_code": one.unit.code,
        "form": one.form.name,
        "against": one.against.value,
        "against_form": None if one.against_form is None else one.against_form.name,
        "stated": _amount(one.stated),
        "expected": _amount(one.expected),
        "difference": _amount(one.difference),
        "cause": one.cause.value,
        "label_zh": one.label.zh,
        "label_en": one.label.en,
    }


def _amount(value: Decimal | None) -> Decimal | None:
    """A number as it is kept; None also for what no column of the contract can hold."""
    if value is None or abs(value) > _LARGEST:
        return None
    return value.quantize(_LAST_DECIMAL, ROUND_HALF_UP)


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA_TIME).date()
