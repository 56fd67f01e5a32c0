"""From a published figure back to the cells it is made of, with the proof that they add up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from schemas.consolidated.measures import PART, WHOLE, Measure, measures, recompute
from schemas.errors import WarehouseError
from schemas.models import Form, OrgUnit, PeriodEntry, Scheme
from warehouse.consolidation.consolidate import consolidated_table
from warehouse.consolidation.contents import ConsolidatedRow, ConsolidatedTable
from warehouse.tracing.traced_lines import TracedFigure, filed_lines
from warehouse.tracing.traced_parts import Part, anchor, part_of


@dataclass(frozen=True)
class Trace:
    """A figure of a county or of the municipality, and everything it is made of.

    A ratio has one part for each operand, numerator first; any other figure has one part. A rank
    has those of what is ranked. `recomputed` is the figure made again from the cells; `missing` are
    the counties that owe the form and are not in the figure.
    """

    form: Form
    measure: Measure
    period: PeriodEntry
    unit: OrgUnit
    value: Decimal | None
    recomputed: Decimal | None
    parts: tuple[Part, ...]
    missing: tuple[OrgUnit, ...]

    @property
    def adds_up(self) -> bool:
        """Whether the cells make exactly the figure."""
        return self.value == self.recomputed


def trace(
    connection: Connection,
    scheme: Scheme,
    figure: TracedFigure,
    as_of: datetime,
) -> Trace:
    """Trace a figure as it was known at a moment, by the scheme of its period.

    Raises WarehouseError when the form has no such figure in the period, and SchemeError when
    there is no such form, period or county.
    """
    entry = scheme.period(figure.period)
    scheme = scheme.at(entry.period)
    form = scheme.form(figure.form)
    measure = _measure(scheme, form, figure.measure)
    if measure.of_counties_only and figure.county is None:
        raise WarehouseError(f"{measure.name} has no municipal figure; name a county")
    table = consolidated_table(connection, scheme, form, entry.id, as_of)
    row = _row(scheme, table, figure)
    of = measure if measure.ranked_by is None else _measure(scheme, form, measure.ranked_by)
    lines = filed_lines(connection, scheme, figure, of, as_of)
    parts = tuple(part_of(scheme, form, of, name, lines) for name in _names(form, of))
    recomputed = _recomputed(of, parts)
    if measure.ranked_by is not None:
        others = [other.values[of.name] for other in table.counties if other is not row]
        recomputed = _place(recomputed, others)
    return Trace(
        form=form,
        measure=measure,
        period=entry,
        unit=row.unit,
        value=row.values[measure.name],
        recomputed=recomputed,
        parts=parts,
        missing=tuple(
            row.unit
            for row in table.owing
            if row.reported is False and figure.county in (None, row.unit.code)
        ),
    )


def columns_of(scheme: Scheme, form: Form, measure: Measure) -> tuple[str, ...]:
    """The columns whose cells make a figure; where lines are counted, that of their first key."""
    of = measure if measure.ranked_by is None else _measure(scheme, form, measure.ranked_by)
    lines = (form.line.name, PART, WHOLE)
    return tuple(
        dict.fromkeys(anchor(form) if name in lines else name for name in _names(form, of))
    )


def _row(scheme: Scheme, table: ConsolidatedTable, figure: TracedFigure) -> ConsolidatedRow:
    unit = scheme.municipality if figure.county is None else scheme.county(figure.county)
    rows = (*table.counties, table.municipality)
    row = next((row for row in rows if row.unit.code == unit.code), None)
    if row is None:
        raise WarehouseError(f"{unit.code} {unit.name.zh} was no county in {figure.period}")
    return row


def _measure(scheme: Scheme, form: Form, name: str) -> Measure:
    known = measures(form, scheme)
    for measure in known:
        if measure.name == name:
            return measure
    listed = ", ".join(measure.name for measure in known)
    raise WarehouseError(f"{form.name} has no figure {name!r}; it has: {listed}")


def _names(form: Form, measure: Measure) -> tuple[str, ...]:
    if measure.ratio is not None:
        return measure.ratio.operands
    return (measure.indicator or form.line.name,)


def _recomputed(measure: Measure, parts: tuple[Part, ...]) -> Decimal | None:
    if measure.ratio is None:
        return parts[0].value
    totals = {part.name: part.value for part in parts}
    return recompute(measure.ratio, totals, measure.decimals)


def _place(own: Decimal | None, others: Iterable[Decimal | None]) -> Decimal | None:
    """The place of a figure among others: one more than there are higher ones."""
    if own is None:
        return None
    return Decimal(1 + sum(other > own for other in others if other is not None))
