"""The contract as it was known at a moment: the same views, over what their tables held then.

Rows of a later publication are left out, and those that one replaced stand. What the tables of the
scheme hold (counties, calendar, labels) is as it is now.
"""

from datetime import datetime

from sqlalchemy import Dialect, MetaData, Select, Table, case, func, literal, select

from warehouse.mart import tables as mart
from warehouse.mart.view import View
from warehouse.tables import publications
from warehouse.types import UtcDateTime

_USUAL = {"sqlite": "main", "postgresql": "public"}
_EDITIONS = (mart.figures, mart.returns, mart.findings, mart.comparisons, mart.areas)


def query_then(view: View, moment: datetime, dialect: Dialect) -> str:
    """What selects the rows that a view had at a moment."""
    # A name of a WITH stands before that of a table, which is then to be had with its schema alone.
    held = {publications.name: _publications(moment, dialect)}
    held |= {table.name: _editions(table, moment, dialect) for table in _EDITIONS}
    listed = ", ".join(f"{name} AS ({_compiled(rows, dialect)})" for name, rows in held.items())
    return f"WITH {listed} {view.query(dialect)}"


def _publications(moment: datetime, dialect: Dialect) -> Select[tuple[object, ...]]:
    made = _with_schema(publications, dialect)
    return select(made).where(made.c.as_of <= literal(moment, UtcDateTime()))


def _editions(table: Table, moment: datetime, dialect: Dialect) -> Select[tuple[object, ...]]:
    made, rows = _publications(moment, dialect).subquery(), _with_schema(table, dialect)
    last = select(made.c.period, func.max(made.c.serial).label("serial")).group_by(made.c.period)
    then = last.subquery("then_last")
    until = rows.c[mart.UNTIL]
    ended = case((until <= then.c.serial, until)).label(mart.UNTIL)
    return (
        select(*(ended if column is until else column for column in rows.columns))
        .join(then, then.c.period == rows.c.period)
        .where(rows.c[mart.SERIAL] <= then.c.serial)
    )


def _with_schema(table: Table, dialect: Dialect) -> Table:
    return table.to_metadata(MetaData(), schema=_USUAL[dialect.name])


def _compiled(rows: Select[tuple[object, ...]], dialect: Dialect) -> str:
    return str(rows.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
