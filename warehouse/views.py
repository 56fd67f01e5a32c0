"""The published contract: one view per form, as things stand now, without personal data.

A view is the series of all periods: it has the columns of all times, each blank in the periods in
which the form did not have it. A county that was merged into another keeps its rows, as reported,
under its own code; the view `counties` says in `series_code` under which code its series goes on.

On PostgreSQL the views are in the schema `mart` and carry comments; on SQLite they are named
`mart_<form>` and show decimals as REAL, as SQLite has no exact ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Float,
    Select,
    String,
    case,
    literal,
    literal_column,
    null,
    select,
    type_coerce,
)

from schemas.measures import measures
from schemas.models import Form, Scheme
from warehouse.consolidate import consolidation
from warehouse.tables import org_units
from warehouse.terms import live_now
from warehouse.types import ExactDecimal

SCHEMA = "mart"
COUNTIES = "counties"

_FIXED = {
    "period": "报告期 reporting period",
    "county_code": "行政区划代码 county, or the municipality for its total",
    "county_name": "填报单位 name of the county or of the municipality",
    "counties_reported": "已报县数 counties whose return of the period was accepted",
    "counties_owed": "应报县数 counties that owe the return for the period",
}
_OF_COUNTIES = {
    "county_code": "行政区划代码 administrative code",
    "county_name": "现名 name today, or the last one",
    "since": "起始报告期 first period, blank where it was there from the start",
    "until": "终止报告期 last period, blank where it is still there",
    "series_code": "延续代码 the code under which the series of the county goes on after mergers",
}


@dataclass(frozen=True)
class View:
    """A published view and the statements that make it."""

    name: str
    statements: tuple[str, ...]

    def make(self, connection: Connection) -> None:
        """Make the view, in place of an earlier one."""
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {self.name}")
        for statement in self.statements:
            connection.exec_driver_sql(statement)


def published_views(scheme: Scheme, dialect: Dialect) -> Iterator[View]:
    """Every published view: that of the counties, and one per form."""
    about = "县(市、区) counties of all times"
    yield _view(COUNTIES, _counties_select(scheme), about, _OF_COUNTIES, dialect)
    for form in scheme.forms:
        about = f"{form.code} {form.title.zh} {form.title.en}, as accepted now"
        told = _FIXED | _measures_told(scheme, form)
        yield _view(form.name, _form_select(scheme, form, dialect), about, told, dialect)


def _view(
    name: str, body: Select[Any], about: str, told: Mapping[str, str], dialect: Dialect
) -> View:
    postgresql = dialect.name == "postgresql"
    full_name = f"{SCHEMA}.{name}" if postgresql else f"{SCHEMA}_{name}"
    compiled = body.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    comments = _comments(full_name, about, told, dialect) if postgresql else ()
    return View(full_name, (f"CREATE VIEW {full_name} AS {compiled}", *comments))


def _name_of_county(scheme: Scheme) -> ColumnElement[str]:
    return org_units.c.name_zh if scheme.language == "zh" else org_units.c.name_en


# --- forms ---------------------------------------------------------------------------------------


def _form_select(scheme: Scheme, form: Form, dialect: Dialect) -> Select[Any]:
    columns = measures(form, scheme)
    table = consolidation(scheme, form, live_now(), columns).subquery("consolidated")
    rest = [column for column in table.c if column.name not in ("period", "county_code")]
    limited = _limited(scheme, form)

    def shown(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
        figure = _in_plain_numbers(column, dialect)
        return case((table.c.period.in_(limited[name]), figure)) if name in limited else figure

    return (
        select(
            table.c.period,
            table.c.county_code,
            _name_of_county(scheme).label("county_name"),
            *(shown(column, column.name).label(column.name) for column in rest),
        )
        .select_from(table)
        .join(org_units, org_units.c.code == table.c.county_code)
    )


def _limited(scheme: Scheme, form: Form) -> dict[str, list[str]]:
    """The periods of each measure that the form does not have in every period."""
    if not scheme.changes:
        return {}
    periods: dict[str, list[str]] = {measure.name: [] for measure in measures(form, scheme)}
    for entry in scheme.periods:
        then = scheme.at(entry.period)
        for measure in measures(then.form(form.name), then):
            periods[measure.name].append(entry.id)
    return {name: ids for name, ids in periods.items() if len(ids) < len(scheme.periods)}


def _in_plain_numbers(column: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
    if dialect.name == "sqlite" and isinstance(column.type, ExactDecimal):
        return type_coerce(column, Float()).op("/")(literal_column(f"1e{column.type.scale}"))
    return column


def _measures_told(scheme: Scheme, form: Form) -> dict[str, str]:
    return {
        measure.name: " ".join(
            [
                *(label.zh for label in measure.labels),
                *(label.en for label in measure.labels),
                scheme.unit_label(measure.unit, "zh"),
            ]
        ).strip()
        for measure in measures(form, scheme)
    }


# --- counties ------------------------------------------------------------------------------------


def _counties_select(scheme: Scheme) -> Select[Any]:
    code, counties = org_units.c.code, scheme.counties
    since = {unit.code: unit.since for unit in counties if unit.since}
    until = {unit.code: unit.until for unit in counties if unit.until}
    merged = {unit.code: scheme.series_code(unit) for unit in counties if unit.successor}
    return select(
        code.label("county_code"),
        _name_of_county(scheme).label("county_name"),
        _by_code(since, null()).label("since"),
        _by_code(until, null()).label("until"),
        _by_code(merged, code).label("series_code"),
    ).order_by(org_units.c.ordinal)


def _by_code(known: Mapping[str, str], otherwise: ColumnElement[Any]) -> ColumnElement[Any]:
    column = case(known, value=org_units.c.code, else_=otherwise) if known else otherwise
    return type_coerce(column, String())


# --- comments ------------------------------------------------------------------------------------


def _comments(name: str, about: str, told: Mapping[str, str], dialect: Dialect) -> Sequence[str]:
    def quote(words: str) -> str:
        # As the driver wants it in a statement: with quotes and per cent signs doubled.
        return str(literal(words).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))

    prepared = dialect.identifier_preparer
    columns = (
        f"COMMENT ON COLUMN {name}.{prepared.quote(column)} IS {quote(words)}"
        for column, words in told.items()
    )
    return (f"COMMENT ON VIEW {name} IS {quote(about)}", *columns)
