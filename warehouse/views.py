"""The published contract: one view per form, as things stand now, without personal data.

On PostgreSQL the views are in the schema `mart` and carry comments; on SQLite they are named
`mart_<form>` and show decimals as REAL, as SQLite has no exact ones.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Float,
    Select,
    literal,
    literal_column,
    select,
    type_coerce,
)

from schemas.measures import measures
from schemas.models import Form, Scheme
from warehouse.consolidate import consolidation, live_now
from warehouse.tables import org_units
from warehouse.types import ExactDecimal

SCHEMA = "mart"

_FIXED = {
    "period": "报告期 reporting period",
    "county_code": "行政区划代码 county, or the municipality for its total",
    "county_name": "填报单位 name of the county or of the municipality",
    "counties_reported": "已报县数 counties whose return of the period was accepted",
    "counties_owed": "应报县数 counties that owe the return for the period",
}


def view_name(form: Form, dialect: Dialect) -> str:
    """The name of a form's published view, with its schema."""
    return f"{SCHEMA}.{form.name}" if dialect.name == "postgresql" else f"{SCHEMA}_{form.name}"


def view_select(scheme: Scheme, form: Form, dialect: Dialect) -> Select[Any]:
    """What a form's published view selects."""
    table = consolidation(scheme, form, live_now()).subquery("consolidated")
    rest = [column for column in table.c if column.name not in ("period", "county_code")]
    return (
        select(
            table.c.period,
            table.c.county_code,
            org_units.c.name_zh.label("county_name"),
            *(_shown(column, dialect).label(column.name) for column in rest),
        )
        .select_from(table)
        .join(org_units, org_units.c.code == table.c.county_code)
    )


def view_definition(scheme: Scheme, form: Form, dialect: Dialect) -> list[str]:
    """The statements that make a form's published view."""
    name = view_name(form, dialect)
    body = view_select(scheme, form, dialect).compile(
        dialect=dialect, compile_kwargs={"literal_binds": True}
    )
    statements = [f"CREATE VIEW {name} AS {body}"]
    if dialect.name == "postgresql":
        statements += _comments(scheme, form, dialect)
    return statements


def make_view(connection: Connection, scheme: Scheme, form: Form) -> None:
    """Make a form's published view, in place of an earlier one."""
    dialect = connection.dialect
    if dialect.name == "postgresql":
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    connection.exec_driver_sql(f"DROP VIEW IF EXISTS {view_name(form, dialect)}")
    for statement in view_definition(scheme, form, dialect):
        connection.exec_driver_sql(statement)


def _shown(column: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
    if dialect.name == "sqlite" and isinstance(column.type, ExactDecimal):
        return type_coerce(column, Float()).op("/")(literal_column(f"1e{column.type.scale}"))
    return column


def _comments(scheme: Scheme, form: Form, dialect: Dialect) -> Iterator[str]:
    name = view_name(form, dialect)

    def quote(words: str) -> str:
        # As the driver wants it in a statement: with quotes and per cent signs doubled.
        return str(literal(words).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))

    title = f"{form.code} {form.title.zh} {form.title.en}, as accepted now"
    yield f"COMMENT ON VIEW {name} IS {quote(title)}"
    told = {
        measure.name: " ".join(
            [
                *(label.zh for label in measure.labels),
                *(label.en for label in measure.labels),
                scheme.unit_label(measure.unit, "zh"),
            ]
        ).strip()
        for measure in measures(form, scheme)
    }
    for column, words in (_FIXED | told).items():
        quoted = dialect.identifier_preparer.quote(column)
        yield f"COMMENT ON COLUMN {name}.{quoted} IS {quote(words)}"
