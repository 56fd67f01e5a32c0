"""Triggers of the database itself that refuse to rewrite what was kept, whoever asks.

On PostgreSQL they call one function, which also refuses TRUNCATE. On SQLite a REPLACE deletes
rows; `engine` switches on that this, too, meets the triggers.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, inspect, text

FUNCTION = """
CREATE FUNCTION keep_rows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    RAISE EXCEPTION '% are kept as they are: no %', TG_TABLE_NAME, lower(TG_OP);
END $$
"""
"""What the triggers call on PostgreSQL."""


def guarded(connection: Connection) -> frozenset[str]:
    """The names of all triggers there are."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    return frozenset(connection.scalars(text(query)))


def name_of(table: str) -> str:
    """The name of the trigger that keeps the rows of a table."""
    return f"keep_{table}_delete"


def keep_rows(
    connection: Connection, table: str, but_for: Iterable[str] = (), schema: str | None = None
) -> None:
    """Let rows be added to a table, and never altered or deleted.

    `but_for` are columns that are left to `write_once`; `schema` is that of the table, if not the
    usual one.
    """
    free = set(but_for)
    of = f" OF {', '.join(_others(connection, table, free))}" if free else ""
    place = table if schema is None else f"{schema}.{table}"
    _refuse(connection, table, "update", f"BEFORE UPDATE{of} ON {place}")
    _refuse(connection, table, "delete", f"BEFORE DELETE ON {place}")
    if connection.dialect.name == "postgresql":
        connection.execute(
            text(
                f"CREATE TRIGGER keep_{table}_truncate BEFORE TRUNCATE ON {place} "
                "FOR EACH STATEMENT EXECUTE FUNCTION keep_rows()"
            )
        )


def keep_column(connection: Connection, table: str, column: str) -> None:
    """Let a column that was added to a kept table never be altered, either."""
    _refuse(connection, table, f"{column}_update", f"BEFORE UPDATE OF {column} ON {table}")


def write_once(connection: Connection, table: str, columns: Iterable[str], mark: str) -> None:
    """Let columns of a table be written as long as `mark` is blank, which is one of them."""
    when = f"BEFORE UPDATE OF {', '.join(columns)} ON {table}"
    _refuse(connection, table, "second_update", when, f"OLD.{mark} IS NOT NULL")


def _refuse(
    connection: Connection, table: str, action: str, event: str, condition: str = ""
) -> None:
    sqlite = connection.dialect.name == "sqlite"
    limited = (f" WHEN {condition}" if sqlite else f" WHEN ({condition})") if condition else ""
    verb = action.rpartition("_")[2]
    does = (
        f"BEGIN SELECT RAISE(ABORT, '{table} are kept as they are: no {verb}'); END"
        if sqlite
        else "EXECUTE FUNCTION keep_rows()"
    )
    connection.execute(
        text(f"CREATE TRIGGER keep_{table}_{action} {event} FOR EACH ROW{limited} {does}")
    )


def _others(connection: Connection, table: str, free: set[str]) -> Iterator[str]:
    for column in inspect(connection).get_columns(table):
        if column["name"] not in free:
            yield column["name"]
