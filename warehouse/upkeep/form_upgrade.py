"""Bring the tables of forms to a scheme: what is new is added, nothing is changed or dropped."""

from collections.abc import Iterator
from functools import partial

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Index, Inspector, Table, inspect, select

from schemas.errors import WarehouseError
from schemas.models import Form, Scheme
from warehouse import guards
from warehouse.form_tables import line_table, personal_table, without_schema
from warehouse.tables import indicators
from warehouse.upkeep.changes import Change, Step


def refuse_changed_columns(connection: Connection, form: Form) -> None:
    """Raise WarehouseError where the scheme drops or changes a column that the warehouse has."""
    stored = connection.execute(select(indicators).where(indicators.c.form == form.name))
    for row in stored:
        place = f"the warehouse has the column {row.name} of the form {form.name}"
        new = form.by_name.get(row.name)
        if new is None:
            raise WarehouseError(
                f"{place} and the scheme no longer has it; put it back into forms/{form.name}.yaml "
                "and say there until when it was asked for, or that it was formerly called so"
            )
        for what, before, after in (
            ("kind", row.kind, new.kind),
            ("unit", row.unit, new.unit),
            ("decimals", row.decimals, new.decimals),
            ("personal", row.personal, new.personal),
        ):
            if before != after:
                raise WarehouseError(
                    f"{place} with {what} {before} and the scheme says {after}; put it back and "
                    "declare a new column with another name beside it"
                )


def refuse_dropped_forms(connection: Connection, scheme: Scheme) -> None:
    """Raise WarehouseError where the scheme no longer has a form that the warehouse has."""
    known = {form.name for form in scheme.forms}
    for name in connection.scalars(select(indicators.c.form).distinct()):
        if name not in known:
            raise WarehouseError(
                f"the warehouse has the form {name} and the scheme no longer has it; put "
                f"forms/{name}.yaml back and say there until when it was owed"
            )


def table_steps(connection: Connection, table: Table) -> Iterator[Step]:
    """What makes the table of a form, or adds to it the columns and indexes that it lacks."""
    inspector = inspect(connection)
    schema = table.schema if connection.dialect.name == "postgresql" else None
    if schema is not None and not inspector.has_schema(schema):
        make = f"CREATE SCHEMA {schema}"
        yield Step(Change("schemas made", (schema,)), partial(_execute, connection, make))
    if not inspector.has_table(table.name, schema):
        if schema is None or not inspector.has_table(table.name):
            made = table if schema is not None else without_schema(table)
            yield Step(Change("tables made", (table.name,)), partial(made.create, connection))
            return
        move = f"ALTER TABLE {table.name} SET SCHEMA {schema}"
        yield Step(Change("tables moved", (table.name,)), partial(_execute, connection, move))
        inspector = inspect(connection)
    operations = Operations(MigrationContext.configure(connection))
    present = {column["name"] for column in inspector.get_columns(table.name, schema)}
    for column in table.columns:
        if column.name not in present:
            new = Column(column.name, column.type, comment=column.comment)
            add = partial(operations.add_column, table.name, new, schema=schema)
            yield Step(Change("columns added", (f"{table.name}.{column.name}",)), add)
    for index in table.indexes:
        yield from _index_steps(connection, inspector, index)


def guard_steps(connection: Connection, scheme: Scheme) -> Iterator[Step]:
    """Lines of filings are kept as they were accepted: every night that is shown needs them."""
    there = guards.guarded(connection)
    open_ones = [
        table
        for form in scheme.forms
        for table in (line_table(form), personal_table(form))
        if table is not None and guards.name_of(table.name) not in there
    ]

    def close() -> None:
        for table in open_ones:
            schema = table.schema if connection.dialect.name == "postgresql" else None
            guards.keep_rows(connection, table.name, schema=schema)

    if open_ones:
        names = tuple(table.name for table in open_ones)
        yield Step(Change("lines guarded against change", names), close)


def _execute(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def _index_steps(connection: Connection, inspector: Inspector, index: Index) -> Iterator[Step]:
    """The columns that tell lines apart are those of the scheme, also after it changed them."""
    assert index.table is not None
    present = {i["name"]: i["column_names"] for i in inspector.get_indexes(index.table.name)}
    wanted = [column.name for column in index.columns]
    if index.name in present and present[index.name] == wanted:
        return

    def renew() -> None:
        index.drop(connection, checkfirst=True)
        index.create(connection)

    lines = f"{index.table.name} by {' and '.join(wanted[1:])}"
    yield Step(Change("lines told apart", (lines,)), renew)
