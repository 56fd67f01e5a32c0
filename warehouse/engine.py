"""Open a warehouse: a SQLite file or a PostgreSQL database, with transactions that are real.

Writers use `engine.begin()`. Readers that must not wait for a writer use `reading(engine)`.
"""

import errno
import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, make_url
from sqlalchemy.engine import URL, Engine, ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from schemas.errors import WarehouseError
from warehouse.bulk import copy_by_stream, insert_by_stream

BUSY_SECONDS = 60
"""How long a writer waits for another one before it gives up."""

PERSONAL = "personal"
"""The schema of personal data."""

KEY = "huizong_key"
"""The execution option of an engine that holds the key by which persons are told apart."""

_READS = "huizong_reads"

_OF_DISKS = {"database or disk is full": errno.ENOSPC, "disk I/O error": errno.EIO}

_EXAMPLES = "sqlite:///path/to/warehouse.db or postgresql://user@host/database"

_DAMAGED = re.compile("malformed|not a database")
"""What SQLite says of a file that it cannot make sense of."""


def open_kept(url: str, key: bytes | None = None) -> Engine:
    """An engine for a warehouse that has been made.

    SQLite makes a file that is not there, and an empty warehouse in the place of one that is lost
    looks like that of a new site. Raises WarehouseError then, and where `open_engine` does.
    """
    with suppress(ArgumentError):
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
            raise WarehouseError(
                f"the warehouse {parsed.database} is not there; mount its disk or put it back, or "
                "read a backup with `huizong warehouse restore`; `huizong init` makes a new one"
            )
    return open_engine(url, key)


def open_engine(url: str, key: bytes | None = None) -> Engine:
    """An engine for a database URL, once the database has answered.

    `postgresql://` means psycopg 3. Persons are told apart by `key`; without one, nothing that
    names persons can be recorded or compared. Raises WarehouseError, saying what to do, when the
    URL is not one of a supported database or the database cannot be reached.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise WarehouseError(f"this is not the URL of a database; write {_EXAMPLES}") from None
    match parsed.get_backend_name():
        case "sqlite":
            engine = _sqlite(parsed)
        case "postgresql":
            engine = _postgresql(parsed)
        case other:
            raise WarehouseError(f"a warehouse cannot be kept in {other}; write {_EXAMPLES}")
    engine.update_execution_options(**{KEY: key})
    try:
        engine.connect().close()
    except DBAPIError as error:
        engine.dispose()
        shown = parsed.render_as_string(hide_password=True)
        reason = " ".join(str(error.orig).split())
        remedy = (
            "Put its file aside and read a backup with `huizong warehouse restore`."
            if _DAMAGED.search(reason)
            else "Check that the folder or server exists, that it runs, and the name and password."
        )
        raise WarehouseError(
            f"the warehouse {shown} cannot be opened: {reason}. {remedy}"
        ) from None
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the warehouse throughout and cannot wait for a writer."""
    options: dict[str, object] = {_READS: True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection:
        yield connection


def require_writable(engine: Engine) -> None:
    """Raise DBAPIError where a file can only be read, which a look into it does not show."""
    if engine.dialect.name != "sqlite":
        return
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            connection.exec_driver_sql("PRAGMA user_version = 0")  # as it is
            transaction.rollback()
    except OperationalError as error:
        if "locked" not in str(error.orig):  # else somebody is writing
            raise


def _create(url: URL, **options: object) -> Engine:
    # Chinese stays readable to whoever looks into the JSON columns with another tool.
    serializer = partial(json.dumps, ensure_ascii=False)
    # An error that quoted what could not be written would carry persons into logs.
    return create_engine(
        url,
        json_serializer=serializer,
        execution_options=options,
        hide_parameters=True,
        pool_pre_ping=True,  # a server may have been started anew since the last transaction
    )


def _postgresql(url: URL) -> Engine:
    engine = _create(url.set(drivername="postgresql+psycopg"))
    event.listen(engine, "handle_error", _say_who_may)
    copy_by_stream(engine)
    return engine


def _say_who_may(context: ExceptionContext) -> None:
    """What a role may not do is nothing to try again, and no bug either."""
    from psycopg.errors import InsufficientPrivilege, InvalidSchemaName

    error = context.original_exception
    if isinstance(error, InsufficientPrivilege | InvalidSchemaName):
        raise WarehouseError(
            f"{error.diag.message_primary or error}: this user of the database may not do that; "
            "`huizong warehouse grants` prints who may do what"
        )


def _sqlite(url: URL) -> Engine:
    # SQLite has no schemas: what has one of its own elsewhere stands beside the rest.
    engine = _create(url, schema_translate_map={PERSONAL: None})
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "handle_error", _say_where)
    insert_by_stream(engine)
    return engine


def _say_where(context: ExceptionContext) -> None:
    """SQLite says that the disk is full or broken, and not which: say it like other files do."""
    assert context.engine is not None
    code = _OF_DISKS.get(str(context.original_exception))
    if code is not None:
        raise OSError(code, os.strerror(code), context.engine.url.database)


def _configure_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes late and not at all before DDL or reads; ours is in the
    # `begin` event, so that a transaction covers everything and a killed run leaves no trace.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")  # INSERT OR REPLACE meets the guards


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once: a transaction that reads first and writes later
    # would otherwise fail, without waiting, when another one wrote in between.
    reads = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
