"""Many rows into a table by the fast road of its database, in the transaction that is open.

PostgreSQL has COPY, SQLite one prepared statement for all rows. Either goes through SQLAlchemy as
a statement with what it is given, so that errors and lost connections are those of any other.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Dialect, Engine, Table, event
from sqlalchemy.engine.interfaces import ExecutionContext

if TYPE_CHECKING:
    from psycopg import Cursor

_COPY = "COPY "

Columns = Mapping[str, Sequence[object]]


def bulk(connection: Connection, table: Table, columns: Columns) -> None:
    """Add rows to a table, given column by column as the types of the table take them.

    Columns of the table that are not given stay blank. Raises what SQLAlchemy raises of an INSERT.
    """
    dialect = connection.dialect
    stored = {name: _stored(table, name, columns[name], dialect) for name in columns}
    if not all(stored.values()):
        return
    listed = ", ".join(map(dialect.identifier_preparer.quote, columns))
    if dialect.name == "postgresql":
        name = dialect.identifier_preparer.format_table(table)
        copied = f"{_COPY}{name} ({listed}) FROM STDIN (FORMAT csv)"
        connection.exec_driver_sql(copied, (_csv(stored),))
    else:
        name = dialect.identifier_preparer.format_table(table, use_schema=False)
        marks = ", ".join("?" for _ in columns)
        rows = list(zip(*stored.values(), strict=True))
        inserted = f"INSERT INTO {name} ({listed}) VALUES ({marks})"  # noqa: S608
        connection.exec_driver_sql(inserted, rows)


def _stored(
    table: Table, name: str, values: Sequence[object], dialect: Dialect
) -> Sequence[object]:
    """Values as the driver takes them."""
    bind = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return values if bind is None else [None if v is None else bind(v) for v in values]


def _csv(columns: Columns) -> memoryview:
    """Columns as CSV: what is missing is nothing, an empty text is in quotes as every text is."""
    import pyarrow as pa  # type: ignore[import-untyped]
    from pyarrow import csv

    text = BytesIO()
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    csv.write_csv(table, text, csv.WriteOptions(include_header=False))
    return text.getbuffer()


def copy_by_stream(engine: Engine) -> None:
    """Let an engine of PostgreSQL send what a COPY is given as a stream, as psycopg wants it."""
    event.listen(engine, "do_execute", _copy)


def _copy(
    cursor: "Cursor[Any]", statement: str, given: Sequence[memoryview], _context: ExecutionContext
) -> bool:
    """Whether it was a COPY, which is done then."""
    if not statement.startswith(_COPY):
        return False
    from psycopg import Error

    try:
        with cursor.copy(statement.encode()) as stream:
            stream.write(given[0])
    except Error as error:
        # PostgreSQL adds the line at which it was, and this may be that of a person.
        raise type(error)(error.diag.message_primary or str(error).partition("\n")[0]) from None
    return True
