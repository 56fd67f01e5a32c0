"""From the lines of accepted filings to one row per county and one for the municipality.

The statement is compiled from the form's measures. What it gives is printed and put into the
contract, so that a dashboard and a printed table cannot differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    func,
    literal,
    select,
)

from schemas.consolidated.measures import WHOLE, Measure, measures
from schemas.language.linear import linear
from schemas.models import Form, Scheme
from warehouse.consolidation.contents import ConsolidatedRow, ConsolidatedTable
from warehouse.consolidation.quotient import Quotient, Term
from warehouse.consolidation.totals import (
    NUMBER,
    counts_of_lines,
    different_values,
    part_name,
    totals_of,
)
from warehouse.form_tables import DIGITS
from warehouse.tables import filings
from warehouse.terms import live_at
from warehouse.types import ExactDecimal, UtcDateTime

ASKED_ONCE = {"compiled_cache": None}
"""For statements of a consolidation: each is another, so that it is not worth to look for it among
those that were compiled before, which takes as long again as to compile it."""


def consolidation(
    scheme: Scheme, form: Form, which: ColumnElement[bool], columns: Sequence[Measure]
) -> Select[Any]:
    """The consolidated table of a form, with some measures, over filings that satisfy `which`.

    One row per period and county that has reported, and one per period for the municipality under
    its code. Columns: period, county_code, and one per measure. What a rank is of must be among
    the measures.
    """
    live = (
        select(filings.c.id, filings.c.period, filings.c.county_code)
        .where(filings.c.form == form.name, which)
        .cte("live")
    )
    totals = totals_of(scheme, form, live, columns)
    different = {
        m.name: different_values(scheme, form, live, m) for m in columns if _is_distinct(m)
    }
    source: FromClause = totals
    for each in different.values():
        same = (each.c.period == totals.c.period) & (each.c.county_code == totals.c.county_code)
        source = source.outerjoin(each, same)
    figures = _figures(columns, totals, scheme.municipality.code, different)
    return select(totals.c.period, totals.c.county_code, *figures).select_from(source)


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
    rows = connection.execute(
        consolidation(scheme, form, which, columns), execution_options=ASKED_ONCE
    )
    found = {row.county_code: _values(row._mapping, columns) for row in rows}
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


def _values(row: Mapping[Any, Any], columns: tuple[Measure, ...]) -> dict[str, Decimal | None]:
    return {
        measure.name: None if row[measure.name] is None else Decimal(row[measure.name])
        for measure in columns
    }


def _is_distinct(measure: Measure) -> bool:
    return measure.aggregation == "distinct"


def _figures(
    columns: Sequence[Measure], totals: CTE, municipality: str, different: Mapping[str, CTE]
) -> Iterator[ColumnElement[Any]]:
    """The figures of a row, those of the columns that are ranked first."""
    counts = counts_of_lines(columns)
    figures = {
        measure.name: _figure(measure, totals, totals.c[counts[measure.where]])
        for measure in columns
        if measure.ranked_by is None and measure.name not in different
    }
    for measure in columns:
        if measure.name in different:
            number = different[measure.name].c[NUMBER]
            figures[measure.name] = _known(number, totals.c[counts[measure.where]])
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


def _figure(measure: Measure, totals: CTE, lines: ColumnElement[int]) -> ColumnElement[Any]:
    """A figure, from the totals and the number of lines that it is about."""
    match measure.aggregation:
        case "count":
            return lines
        case "sum":
            return _known(totals.c[measure.name], lines)
        case "ratio" | "share":
            return _quotient(measure, totals, lines)
    return totals.c[measure.name]


def _known(total: ColumnElement[Any], lines: ColumnElement[int]) -> ColumnElement[Any]:
    # No line at all is a zero that was reported; lines whose cells are all blank are unknown.
    return func.coalesce(total, case((lines == 0, 0)))


def _quotient(measure: Measure, totals: CTE, lines: ColumnElement[int]) -> ColumnElement[Any]:
    ratio = measure.ratio
    assert ratio is not None, measure.name

    def total(name: str) -> ColumnElement[Any]:
        if measure.share is not None and name == WHOLE:
            return lines
        return _known(totals.c[part_name(measure, name)], lines)

    def terms(part: Mapping[str, Decimal]) -> list[Term]:
        return [Term(factor, total(name)) for name, factor in part.items()]

    return Quotient(
        terms(linear(ratio.numerator)),
        terms(linear(ratio.denominator)),
        ratio.factor,
        ExactDecimal(DIGITS, measure.decimals),
    )
