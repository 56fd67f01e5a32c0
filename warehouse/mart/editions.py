"""Tables that remember every edition: rows that are published again unchanged go on standing."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from warehouse.mart.tables import SERIAL, UNTIL

Row = Mapping[str, Any]
Key = tuple[Any, ...]


def renew(
    connection: Connection, table: Table, period: str, serial: int, rows: Iterable[Row]
) -> None:
    """Let `rows` be what stands for a period from a publication on.

    What is said otherwise, or no longer, stands until then; what is the same is left alone.
    """
    stored = connection.execute(
        select(table).where(table.c.period == period, table.c[UNTIL].is_(None))
    ).mappings()
    standing = {_key(table, dict(row)): dict(row) for row in stored}
    wanted = {_key(table, row): row for row in rows}
    said = [column.name for column in table.columns if column.name not in (SERIAL, UNTIL)]

    def same(key: Key) -> bool:
        return key in standing and all(standing[key][name] == wanted[key][name] for name in said)

    unchanged = {key for key in wanted if same(key)}
    new = [key for key in wanted if key not in unchanged]
    over = [key for key in standing if key not in unchanged]
    _end(connection, table, [standing[key] for key in over], serial)
    if new:
        rows_of_serial = [{**wanted[key], SERIAL: serial, UNTIL: None} for key in new]
        connection.execute(insert(table), rows_of_serial)


def _key(table: Table, row: Row) -> Key:
    return tuple(row[column.name] for column in table.primary_key if column.name != SERIAL)


def _end(connection: Connection, table: Table, rows: list[dict[str, Any]], serial: int) -> None:
    if not rows:
        return
    names = [column.name for column in table.primary_key]
    ended = update(table).where(*(table.c[name] == bindparam(f"of_{name}") for name in names))
    connection.execute(
        ended.values({UNTIL: serial}), [{f"of_{name}": row[name] for name in names} for row in rows]
    )
