"""From the lines of accepted filings to one row per county and one for the municipality.

The statement is compiled from the form's measures. What it gives is printed and put into the
contract, so that a dashboard and a printed table cannot differ.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    Table,
    and_,
    case,
    cast,
    distinct,
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
from warehouse.form_tables import DIGITS, line_table, pseudonym_of, pseudonym_table
from warehouse.quotient import Quotient, Term
from warehouse.tables import filings
from warehouse.terms import live_at
from warehouse.types import ExactDecimal, UtcDateTime

_NUMBER = "number"
_LINES = "LINES"  # in capitals, as no column of a form is


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
    totals = _totals(scheme, form, live, columns)
    different = {m.name: _different(scheme, form, live, m) for m in columns if _is_distinct(m)}
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
    """The sums, counts and extremes that the measures are made of, by county and over all.

    The lines are read once: what they give for the counties makes what they give for all.
    """
    lines = line_table(form)
    parts = list(_parts(form, lines, columns))
    county = _county(form, lines, live)
    about = live.c.county_code if county is None else county
    stated = (
        select(
            live.c.period,
            about.label("county_code"),
            *(part.over_lines.label(part.name) for part in parts),
        )
        .select_from(live.outerjoin(lines, lines.c.filing_id == live.c.id))
        .group_by(live.c.period, about)
        .cte("stated")
    )
    municipality = select(
        stated.c.period,
        literal(scheme.municipality.code).label("county_code"),
        *(part.over_all(stated.c[part.name]).label(part.name) for part in parts),
    ).group_by(stated.c.period)
    if county is None:
        return municipality.cte("totals")
    counties = select(stated).where(stated.c.county_code.is_not(None))
    return union_all(counties, municipality).cte("totals")


@dataclass(frozen=True)
class _Part:
    """What figures are made of: an aggregate over the lines of a county, and what makes that of
    the municipality of those of the counties.
    """

    name: str
    over_lines: ColumnElement[Any]
    over_all: Callable[[ColumnElement[Any]], ColumnElement[Any]]


def _parts(form: Form, lines: Table, columns: Sequence[Measure]) -> Iterator[_Part]:
    for where, name in _counts(columns).items():
        yield _Part(name, func.count(lines.c.line).filter(matching(form, lines, where)), _sum)
    for measure in columns:
        belongs = matching(form, lines, measure.where)
        if measure.aggregation == "share":
            assert measure.share is not None, measure.name
            satisfied = and_(belongs, matching(form, lines, measure.share))
            counted = func.count(lines.c.line).filter(satisfied)
            yield _Part(_part(measure, PART), counted, _sum)
        elif measure.aggregation == "ratio":
            for name in operands(measure):
                yield _Part(_part(measure, name), _sum(lines.c[name], belongs), _sum)
        elif measure.aggregation not in ("count", "distinct", "rank"):
            yield _of_column(measure, lines, belongs)


def _of_column(measure: Measure, lines: Table, belongs: ColumnElement[bool]) -> _Part:
    assert measure.indicator is not None, measure.name
    column = lines.c[measure.indicator]
    match measure.aggregation:
        case "sum":
            return _Part(measure.name, _sum(column, belongs), _sum)
        case "min":
            return _Part(measure.name, func.min(column).filter(belongs), func.min)
        case "county":
            return _Part(measure.name, func.max(column).filter(belongs), _nothing)
    return _Part(measure.name, func.max(column).filter(belongs), func.max)


def _counts(columns: Sequence[Measure]) -> Mapping[tuple[Condition, ...], str]:
    """The names of the counts of lines, one for all measures that are about the same lines."""
    found: dict[tuple[Condition, ...], str] = {}
    for measure in columns:
        found.setdefault(measure.where, _part(measure, _LINES))
    return found


def _is_distinct(measure: Measure) -> bool:
    return measure.aggregation == "distinct"


def _different(scheme: Scheme, form: Form, live: CTE, measure: Measure) -> CTE:
    """How many different values there are, by county and over all; no row where there are none.

    What is in two counties is one for all, so this is not made of the counts of the counties.
    """
    assert measure.indicator is not None, measure.name
    lines = line_table(form)
    source: FromClause = live.join(lines, lines.c.filing_id == live.c.id)
    value = lines.c.get(measure.indicator)
    if value is None:
        beside = pseudonym_table(form)
        assert beside is not None, form.name
        value = beside.c[pseudonym_of(form[measure.indicator])]
        of_line = (beside.c.filing_id == lines.c.filing_id) & (beside.c.line == lines.c.line)
        source = source.join(beside, of_line)
    counted = func.count(distinct(value)).label(_NUMBER)
    which = and_(value.is_not(None), matching(form, lines, measure.where))

    def of(unit: ColumnElement[Any], *named: ColumnElement[Any]) -> Select[Any]:
        asked = select(live.c.period, unit.label("county_code"), counted)
        return asked.select_from(source).where(which).group_by(live.c.period, *named)

    over_all = of(literal(scheme.municipality.code))
    county = _county(form, lines, live)
    asked = over_all if county is None else union_all(of(county, county), over_all)
    return asked.cte(f"{measure.name}__different")


def operands(measure: Measure) -> tuple[str, ...]:
    """The indicators whose totals a ratio is recomputed from, numerator first."""
    assert measure.ratio is not None, measure.name
    return tuple({**linear(measure.ratio.numerator), **linear(measure.ratio.denominator)})


def _part(measure: Measure, name: str) -> str:
    return f"{measure.name}__{name}"


def _sum(column: ColumnElement[Any], *which: ColumnElement[bool]) -> ColumnElement[Any]:
    added: ColumnElement[Any] = func.sum(column).filter(*which) if which else func.sum(column)
    return cast(added, BigInteger) if isinstance(column.type, Integer) else added


def _nothing(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(null(), column.type)


def _figures(
    columns: Sequence[Measure], totals: CTE, municipality: str, different: Mapping[str, CTE]
) -> Iterator[ColumnElement[Any]]:
    """The figures of a row, those of the columns that are ranked first."""
    counts = _counts(columns)
    figures = {
        measure.name: _figure(measure, totals, totals.c[counts[measure.where]])
        for measure in columns
        if measure.ranked_by is None and measure.name not in different
    }
    for measure in columns:
        if measure.name in different:
            number = different[measure.name].c[_NUMBER]
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
        return _known(totals.c[_part(measure, name)], lines)

    def terms(part: Mapping[str, Decimal]) -> list[Term]:
        return [Term(factor, total(name)) for name, factor in part.items()]

    return Quotient(
        terms(linear(ratio.numerator)),
        terms(linear(ratio.denominator)),
        ratio.factor,
        ExactDecimal(DIGITS, measure.decimals),
    )
