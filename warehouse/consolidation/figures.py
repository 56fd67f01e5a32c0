"""Figures of counties that the warehouse holds, for the rules between forms and periods."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, and_, literal, select

from schemas.consolidated.figures import Figure, Figures, Source, reach
from schemas.consolidated.measures import Measure
from schemas.consolidated.tabulate import tabulated
from schemas.models import Form, Scheme
from schemas.period import Period
from warehouse.consolidation.consolidate import ASKED_ONCE, consolidation
from warehouse.tables import filings
from warehouse.terms import live_at, live_now
from warehouse.types import UtcDateTime


def accepted_figures(
    connection: Connection,
    scheme: Scheme,
    wanted: Collection[tuple[Source, Measure]],
    as_of: datetime | None = None,
) -> Figures:
    """Those of the wanted figures whose filings are accepted; the others are left out.

    Accepted now, or where a moment is given, then.
    """
    counts = live_now() if as_of is None else live_at(literal(as_of, UtcDateTime()))
    tables: dict[tuple[str, str], dict[str, set[Measure]]] = defaultdict(lambda: defaultdict(set))
    for source, measure in wanted:
        tables[source.form, source.period][source.county].add(measure)
    there = select(filings.c.form, filings.c.period).where(counts).distinct()
    in_force = set(connection.execute(there).tuples())
    found: dict[tuple[Source, Measure], Figure] = {}
    for (name, period), counties in tables.items():
        if (name, period) not in in_force:
            continue
        columns = sorted({m for of_one in counties.values() for m in of_one}, key=repr)
        then = scheme.at(Period.parse(period))
        form = then.form(name)
        known = _known(connection, then, form, period, columns, counts)
        # A county that the municipality's own filing does not speak of has no lines in it.
        filed = form.county_column is not None and scheme.municipality.code in known
        without = {m: Figure(tabulated(m, ()), Decimal(0)) for m in columns} if filed else {}
        for county, of_one in counties.items():
            figures = known.get(county, without)
            found |= {(Source(name, county, period), m): figures[m] for m in of_one if m in figures}
    return found


def _known(
    connection: Connection,
    scheme: Scheme,
    form: Form,
    period: str,
    columns: Sequence[Measure],
    counts: ColumnElement[bool],
) -> Mapping[str, Mapping[Measure, Figure]]:
    """The figures of every county that has reported a form for a period."""
    # Beside each figure goes the number of its lines, which says how precise it is. Names are
    # short ones of our own: a measure of a rule may have any.
    asked = {f"figure_{n}": replace(m, name=f"figure_{n}") for n, m in enumerate(columns)}
    counted = {
        f"lines_{n}": Measure(f"lines_{n}", (), None, 0, "count", None, m.where)
        for n, m in enumerate(columns)
    }
    which = and_(filings.c.period == period, counts)
    statement = consolidation(scheme, form, which, [*asked.values(), *counted.values()])
    return {
        row.county_code: {
            measure: Figure(
                None if value is None else Decimal(value), reach(measure, form, int(lines))
            )
            for measure, value, lines in zip(
                columns,
                (row._mapping[name] for name in asked),
                (row._mapping[name] for name in counted),
                strict=True,
            )
        }
        for row in connection.execute(statement, execution_options=ASKED_ONCE)
    }
