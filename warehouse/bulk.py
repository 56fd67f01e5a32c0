"""Many rows into a table by the fast road of its database, in the transaction that is open.

PostgreSQL has COPY, SQLite one prepared statement for all rows. Either goes through SQLAlchemy as
a statement with what it is given, so that errors and lost connections are those of any other; and
either is given its rows one after the other, so that they are never in memory a second time.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Union

from sqlalchemy import Connection, Engine, Table, event
from sqlalchemy.engine.interfaces import ExecutionContext

from warehouse.types import ExactDecimal

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]
    from psycopg import Cursor

    from schemas.filing import Filing

_AT_A_TIME = 10_000  # rows

Values = Union[Sequence[object], "pd.Series[Any]"]
Columns = Mapping[str, Values]


@dataclass(frozen=True)
class _Rows:
    """What a statement of SQLite is given: rows as the driver takes them."""

    stream: Iterator[tuple[object, ...]]


@dataclass(frozen=True)
class _Csv:
    """What a COPY is given: rows as CSV, some at a time."""

    stream: Iterator[memoryview]


def columns_of(connection: Connection, filing: "Filing") -> Columns:
    """The columns of a filing's lines as the road of the database takes them soonest."""
    if connection.dialect.name == "postgresql":
        return {str(name): filing.frame[name] for name in filing.frame}
    return filing.plain


def bulk(connection: Connection, table: Table, columns: Columns) -> None:
    """Add rows to a table, given column by column as the types of the table take them.

    Values come as plain ones or as the columns of a frame; columns of the table that are not given
    stay blank. Raises ValueError for more decimals than a column has, and otherwise what
    SQLAlchemy raises of an INSERT.
    """
    if not all(len(values) for values in columns.values()):
        return
    preparer = connection.dialect.identifier_preparer
    listed = ", ".join(map(preparer.quote, columns))
    given: _Rows | _Csv
    if connection.dialect.name == "postgresql":
        statement = f"COPY {preparer.format_table(table)} ({listed}) FROM STDIN (FORMAT csv)"
        given = _Csv(_csv(_arrow(table, columns)))
    else:
        into = preparer.format_table(table, use_schema=False)
        marks = ", ".join("?" for _ in columns)
        statement = f"INSERT INTO {into} ({listed}) VALUES ({marks})"  # noqa: S608
        given = _Rows(_rows(connection, table, columns))
    connection.exec_driver_sql(statement, (given,))


def _exact(name: str, kind: ExactDecimal, values: Values) -> "pa.Array":
    """The decimals of a column."""
    import pyarrow as pa

    exact = pa.decimal128(kind.precision, kind.scale)
    try:
        return pa.array(values, type=exact, from_pandas=True)
    except pa.ArrowInvalid as error:  # the database would have rounded it
        raise ValueError(f"{name} has more than {kind.scale} decimals: {error}") from error


# --- SQLite --------------------------------------------------------------------------------------


def _rows(
    connection: Connection, table: Table, columns: Mapping[str, Values]
) -> Iterator[tuple[object, ...]]:
    """Rows as the driver takes them."""
    dialect = connection.dialect
    stored: list[Sequence[object]] = []
    for name, values in columns.items():
        kind = table.c[name].type
        if isinstance(kind, ExactDecimal):
            stored.append(_scaled(_exact(name, kind, values), kind))
            continue
        plain = _plain(values)
        bind = kind.dialect_impl(dialect).bind_processor(dialect)
        if bind is not None:
            plain = [None if value is None else bind(value) for value in plain]
        stored.append(plain)
    return zip(*stored, strict=True)


def _plain(values: Values) -> Sequence[Any]:
    if isinstance(values, Sequence):
        return values
    from schemas.filing import plain_values

    return plain_values(values)


def _scaled(decimals: "pa.Array", kind: ExactDecimal) -> list[int | None]:
    """Decimals as SQLite stores them, whole numbers: as Arrow does, without their decimal point."""
    import pyarrow as pa

    whole = pa.decimal128(kind.precision, 0)
    parts = decimals.chunks if isinstance(decimals, pa.ChunkedArray) else [decimals]
    return [
        value
        for part in parts
        for value in pa.Array.from_buffers(whole, len(part), part.buffers(), offset=part.offset)
        .cast(pa.int64())
        .to_pylist()
    ]


def insert_by_stream(engine: Engine) -> None:
    """Let an engine of SQLite take rows one after the other, as the driver does."""
    event.listen(engine, "do_execute", _insert)


def _insert(
    cursor: sqlite3.Cursor, statement: str, given: Sequence[object], _context: ExecutionContext
) -> bool:
    """Whether it was given a stream of rows, which is done then."""
    match given:
        case [_Rows(rows)]:
            cursor.executemany(statement, rows)
            return True
        case _:
            return False


# --- PostgreSQL ----------------------------------------------------------------------------------


def _arrow(table: Table, columns: Mapping[str, Values]) -> "pa.Table":
    """Columns by the types of the table."""
    import pyarrow as pa

    arrays = {}
    for name, values in columns.items():
        kind = table.c[name].type
        arrays[name] = (
            _exact(name, kind, values)
            if isinstance(kind, ExactDecimal)
            else pa.array(values, from_pandas=True)
        )
    return pa.table(arrays)


def _csv(rows: "pa.Table") -> Iterator[memoryview]:
    """Rows as CSV, some at a time: the database takes them in while the next are written.

    What is missing is nothing, an empty text is in quotes as every text is.
    """
    import pyarrow as pa
    from pyarrow import csv

    for some in rows.to_batches(max_chunksize=_AT_A_TIME):
        text = pa.BufferOutputStream()
        csv.write_csv(some, text, csv.WriteOptions(include_header=False))
        yield memoryview(text.getvalue())


def copy_by_stream(engine: Engine) -> None:
    """Let an engine of PostgreSQL send what a COPY is given as a stream, as psycopg wants it."""
    event.listen(engine, "do_execute", _copy)


def _copy(
    cursor: "Cursor[Any]",
    statement: str,
    given: Sequence[object],
    _context: ExecutionContext,
) -> bool:
    """Whether it was a COPY with a stream, which is done then."""
    match given:
        case [_Csv(csv)]:
            _send(cursor, statement, csv)
            return True
        case _:
            return False


def _send(cursor: "Cursor[Any]", statement: str, csv: Iterator[memoryview]) -> None:
    from psycopg import Error
    from psycopg.copy import QueuedLibpqWriter

    try:
        with cursor.copy(statement.encode(), writer=QueuedLibpqWriter(cursor)) as stream:
            for some in csv:
                stream.write(some)
    except Error as error:
        # PostgreSQL adds the line at which it was, and this may be that of a person.
        raise type(error)(error.diag.message_primary or str(error).partition("\n")[0]) from None
