"""From the lines of accepted filings to one row per county and one for the municipality.

The statement is compiled from the form's measures, once, and used by the published views and by
the publications alike, so that a dashboard and a printed table cannot differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)

from schemas.expression import linear
from schemas.measures import PART, WHOLE, Condition, Measure, measures
from schemas.models import Form, Scheme
from warehouse.contents import ConsolidatedRow, ConsolidatedTable
from warehouse.form_tables import DIGITS, line_table
from warehouse.quotient import Quotient, Term
from warehouse.tables import filings, owed
from warehouse.terms import live_at
from warehouse.types import ExactDecimal, UtcDateTime


def consolidated(scheme: Scheme, form: Form) -> Select[Any]:
    """The consolidated table of a form at the moment bound as `as_of`.

    One row per period and county that has reported, and one per period for the municipality under
    its code. Columns: period, county_code, one per measure, and counties_reported and
    counties_owed, which are those of the form and period on every row.
    """
    moment = bindparam("as_of", type_=UtcDateTime())
    return consolidation(scheme, form, live_at(moment), measures(form, scheme))


def consolidation(
    scheme: Scheme, form: Form, which: ColumnElement[bool], columns: Sequence[Measure]
) -> Select[Any]:
    """The consolidated table of a form, with some measures, over filings that satisfy `which`.

    What a rank is of must be among the measures.
    """
    live = (
        select(filings.c.id, filings.c.period, filings.c.county_code)
        .where(filings.c.form == form.name, which)
        .cte("live")
    )
    totals = _totals(scheme, form, live, columns)
    reported, expected = _completeness(form, live)
    return (
        select(
            totals.c.period,
            totals.c.county_code,
            *_figures(columns, totals, scheme.municipality.code),
            reported.c.counties.label("counties_reported"),
            func.coalesce(expected.c.counties, 0).label("counties_owed"),
        )
        .select_from(totals)
        .join(reported, reported.c.period == totals.c.period)
        .outerjoin(expected, expected.c.period == totals.c.period)
    )


def consolidated_table(
    connection: Connection, scheme: Scheme, form: Form, period_id: str, as_of: datetime
) -> ConsolidatedTable:
    """The consolidated table of a form for a period as it was known at a moment.

    Its columns and counties are those of the scheme of the period.
    """
    entry = scheme.period(period_id)
    scheme = scheme.at(entry.period)
    form = scheme.form(form.name)
    moment = literal(as_of, UtcDateTime())
    columns = measures(form, scheme)
    which = and_(filings.c.period == period_id, live_at(moment))
    statement = consolidation(scheme, form, which, columns)
    found = {
        row.county_code: _values(row._mapping, columns) for row in connection.execute(statement)
    }
    nothing = {measure.name: None for measure in columns}
    owing = scheme.owing(form, entry.period)
    counties = tuple(
        ConsolidatedRow(
            unit=unit,
            reported=True if unit.code in found else (False if unit in owing else None),
            values=found.get(unit.code, nothing),
        )
        for unit in scheme.counties
    )
    code = scheme.municipality.code
    municipality = ConsolidatedRow(scheme.municipality, code in found, found.get(code, nothing))
    return ConsolidatedTable(form, columns, counties, municipality)


def matching(form: Form, lines: FromClause, where: tuple[Condition, ...]) -> ColumnElement[bool]:
    """Whether a line belongs to a measure."""
    return and_(
        true(),
        *(
            lines.c[name] == (int(value) if form[name].kind == "integer" else value)
            for name, value in where
        ),
    )


def _county(form: Form, lines: Table, live: CTE) -> ColumnElement[Any] | None:
    """The county a line is about: that of its filing, or the one it names; None where none is."""
    if not form.of_municipality:
        return live.c.county_code
    return None if form.county_column is None else lines.c[form.county_column]


def _values(row: Mapping[Any, Any], columns: tuple[Measure, ...]) -> dict[str, Decimal | None]:
    return {
        measure.name: None if row[measure.name] is None else Decimal(row[measure.name])
        for measure in columns
    }


def _totals(scheme: Scheme, form: Form, live: CTE, columns: Sequence[Measure]) -> CTE:
    """The sums, counts and extremes that the measures are made of, by county and over all."""
    lines = line_table(form)
    reported = live.outerjoin(lines, lines.c.filing_id == live.c.id)
    municipality = (
        select(
            live.c.period,
            literal(scheme.municipality.code).label("county_code"),
            *_columns(form, lines, columns, of_county=False),
        )
        .select_from(reported)
        .group_by(live.c.period)
    )
    county = _county(form, lines, live)
    if county is None:
        return municipality.cte("totals")
    counties = (
        select(
            live.c.period,
            county.label("county_code"),
            *_columns(form, lines, columns, of_county=True),
        )
        .select_from(reported)
        .where(county.is_not(None))
        .group_by(live.c.period, county)
    )
    return union_all(counties, municipality).cte("totals")


def _columns(
    form: Form, lines: Table, columns: Sequence[Measure], *, of_county: bool
) -> list[ColumnElement[Any]]:
    found: list[ColumnElement[Any]] = []
    for measure in columns:
        if measure.ranked_by is not None:
            continue
        belongs = matching(form, lines, measure.where)
        if measure.share is not None:
            parts = {WHOLE: belongs, PART: and_(belongs, matching(form, lines, measure.share))}
            found += [
                func.count(lines.c.line).filter(which).label(_part(measure, name))
                for name, which in parts.items()
            ]
        elif measure.ratio is not None:
            found += [
                _sum(lines.c[name], lines, belongs).label(_part(measure, name))
                for name in operands(measure)
            ]
        else:
            found.append(_aggregate(measure, lines, belongs, of_county).label(measure.name))
    return found


def operands(measure: Measure) -> tuple[str, ...]:
    """The indicators whose totals a ratio is recomputed from, numerator first."""
    assert measure.ratio is not None, measure.name
    return tuple({**linear(measure.ratio.numerator), **linear(measure.ratio.denominator)})


def _part(measure: Measure, name: str) -> str:
    return f"{measure.name}__{name}"


def _aggregate(
    measure: Measure, lines: Table, belongs: ColumnElement[bool], of_county: bool
) -> ColumnElement[Any]:
    if measure.aggregation == "count":
        return func.count(lines.c.line).filter(belongs)
    assert measure.indicator is not None, measure.name
    column = lines.c[measure.indicator]
    if measure.aggregation == "sum":
        return _sum(column, lines, belongs)
    if measure.aggregation == "county" and not of_county:
        return cast(null(), column.type)
    extreme = func.min(column) if measure.aggregation == "min" else func.max(column)
    return extreme.filter(belongs)


def _sum(
    column: ColumnElement[Any], lines: Table, belongs: ColumnElement[bool]
) -> ColumnElement[Any]:
    known: ColumnElement[Any] = func.sum(column).filter(belongs)
    if isinstance(column.type, BigInteger):
        known = cast(known, BigInteger)
    # No line at all is a zero that was reported; lines whose cells are all blank are unknown.
    return func.coalesce(known, case((func.count(lines.c.line).filter(belongs) == 0, 0)))


def _figures(
    columns: Sequence[Measure], totals: CTE, municipality: str
) -> Iterator[ColumnElement[Any]]:
    """The figures of a row, those of the columns that are ranked first."""
    figures = {m.name: _figure(m, totals) for m in columns if m.ranked_by is None}
    for measure in columns:
        if measure.ranked_by is not None:
            ranked = figures[measure.ranked_by]
            figures[measure.name] = _place(ranked, totals, municipality)
    return (figures[measure.name].label(measure.name) for measure in columns)


def _place(ranked: ColumnElement[Any], totals: CTE, municipality: str) -> ColumnElement[Any]:
    """The place of a county among all of its period; equal figures share one."""
    of_county = totals.c.county_code != municipality
    place = func.rank().over(
        partition_by=(totals.c.period, of_county), order_by=ranked.desc().nulls_last()
    )
    return case((and_(of_county, ranked.is_not(None)), place))


def _figure(measure: Measure, totals: CTE) -> ColumnElement[Any]:
    ratio = measure.ratio
    if ratio is None:
        return totals.c[measure.name]

    def terms(part: Mapping[str, Decimal]) -> list[Term]:
        return [Term(factor, totals.c[_part(measure, name)]) for name, factor in part.items()]

    return Quotient(
        terms(linear(ratio.numerator)),
        terms(linear(ratio.denominator)),
        ratio.factor,
        ExactDecimal(DIGITS, measure.decimals),
    )


def _completeness(form: Form, live: CTE) -> tuple[FromClause, FromClause]:
    """How many counties have reported and how many owe the form, by period."""
    reported = (
        select(live.c.period, func.count().label("counties"))
        .group_by(live.c.period)
        .subquery("reported")
    )
    expected = (
        select(owed.c.period, func.count().label("counties"))
        .where(owed.c.form == form.name)
        .group_by(owed.c.period)
        .subquery("expected")
    )
    return reported, expected
