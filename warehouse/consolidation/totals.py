"""What the figures of a consolidated table are made of: sums, counts and extremes of its lines.

The lines are read once: what they give for the counties makes what they give for all.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Table,
    and_,
    cast,
    distinct,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)

from schemas.consolidated.measures import PART, Condition, Measure
from schemas.models import Form, Scheme
from warehouse.form_tables import line_table, pseudonym_of, pseudonym_table

NUMBER = "number"
"""The column of `different_values`: how many different values there are."""

_LINES = "LINES"  # in capitals, as no column of a form is


def matching(form: Form, lines: FromClause, where: tuple[Condition, ...]) -> ColumnElement[bool]:
    """Whether a line belongs to a measure."""
    return and_(
        true(),
        *(
            lines.c[name] == (int(value) if form[name].kind == "integer" else value)
            for name, value in where
        ),
    )


def totals_of(scheme: Scheme, form: Form, live: CTE, columns: Sequence[Measure]) -> CTE:
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


def different_values(scheme: Scheme, form: Form, live: CTE, measure: Measure) -> CTE:
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
    counted = func.count(distinct(value)).label(NUMBER)
    which = and_(value.is_not(None), matching(form, lines, measure.where))

    def of(unit: ColumnElement[Any], *named: ColumnElement[Any]) -> Select[Any]:
        asked = select(live.c.period, unit.label("county_code"), counted)
        return asked.select_from(source).where(which).group_by(live.c.period, *named)

    over_all = of(literal(scheme.municipality.code))
    county = _county(form, lines, live)
    asked = over_all if county is None else union_all(of(county, county), over_all)
    return asked.cte(f"{measure.name}__different")


def _county(form: Form, lines: Table, live: CTE) -> ColumnElement[Any] | None:
    """The county a line is about: that of its filing, or the one it names; None where none is."""
    if not form.of_municipality:
        return live.c.county_code
    return None if form.county_column is None else lines.c[form.county_column]


@dataclass(frozen=True)
class _Part:
    """What figures are made of: an aggregate over the lines of a county, and what makes that of
    the municipality of those of the counties.
    """

    name: str
    over_lines: ColumnElement[Any]
    over_all: Callable[[ColumnElement[Any]], ColumnElement[Any]]


def _parts(form: Form, lines: Table, columns: Sequence[Measure]) -> Iterator[_Part]:
    for where, name in counts_of_lines(columns).items():
        yield _Part(name, func.count(lines.c.line).filter(matching(form, lines, where)), _sum)
    for measure in columns:
        belongs = matching(form, lines, measure.where)
        if measure.aggregation == "share":
            assert measure.share is not None, measure.name
            satisfied = and_(belongs, matching(form, lines, measure.share))
            counted = func.count(lines.c.line).filter(satisfied)
            yield _Part(part_name(measure, PART), counted, _sum)
        elif measure.aggregation == "ratio":
            assert measure.ratio is not None, measure.name
            for name in measure.ratio.operands:
                yield _Part(part_name(measure, name), _sum(lines.c[name], belongs), _sum)
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


def counts_of_lines(columns: Sequence[Measure]) -> Mapping[tuple[Condition, ...], str]:
    """The names of the counts of lines, one for all measures that are about the same lines."""
    found: dict[tuple[Condition, ...], str] = {}
    for measure in columns:
        found.setdefault(measure.where, part_name(measure, _LINES))
    return found


def part_name(measure: Measure, name: str) -> str:
    """The column of `totals_of` with one of the totals that a measure is made of."""
    return f"{measure.name}__{name}"


def _sum(column: ColumnElement[Any], *which: ColumnElement[bool]) -> ColumnElement[Any]:
    added: ColumnElement[Any] = func.sum(column).filter(*which) if which else func.sum(column)
    return cast(added, BigInteger) if isinstance(column.type, Integer) else added


def _nothing(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(null(), column.type)
