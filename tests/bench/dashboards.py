"""The ten typical queries of dashboards, on ten years of months, with and without indexes.

They are those of deploy/dashboards/README.md. Without: the same views over tables that hold the
same rows and have neither key nor index.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, MetaData, Table, insert

from schemas.models import Scheme
from schemas.scheme import CATALOG, load_scheme
from tests.bench.databases import both_databases
from tests.bench.decade import fill, monthly
from tests.bench.measure import Figure, fastest
from warehouse.mart import tables as mart
from warehouse.mart.contract import contract
from warehouse.mart.view import make, qualified
from warehouse.tables import metadata
from warehouse.upkeep.dimensions import dimension_rows
from warehouse.upkeep.upgrade import upgrade

PAGE = Path(__file__).parents[2] / "deploy" / "dashboards" / "README.md"
_YEARS = range(2006, 2016)
_MOST = 1 / 20
_REPETITIONS = 10  # by which PostgreSQL has them prepared, as of any query that comes often

LARGE = frozenset(t.name for t in (mart.figures, mart.returns, mart.findings, mart.comparisons))
"""The tables behind the contract that grow with every publication."""


def queries() -> dict[str, str]:
    """The ten typical queries by the line above each, asked of a month."""
    _, _, after = PAGE.read_text(encoding="utf-8").partition("Ten typical queries\n")
    section = after.partition("\n## ")[0]
    found = re.findall(r"^(\S[^\n]*):\n\n```sql\n(.*?)```", section, re.DOTALL | re.MULTILINE)
    return {words: query.replace("'2015'", "'2015-07'") for words, query in found}


def dashboards() -> Iterator[Figure]:
    """For each query and database its milliseconds, and what part of those without indexes."""
    scheme = monthly(load_scheme(CATALOG / "linfen"), _YEARS)
    with both_databases() as kinds:
        for kind, new in kinds.items():
            indexed, plain = new(), new()
            figures = decade(indexed, scheme)
            decade_without_indexes(plain, scheme)
            yield Figure(f"{kind}: figures of ten years", figures, "")
            yield from _measured(kind, indexed, plain)


def _measured(kind: str, indexed: Engine, plain: Engine) -> Iterator[Figure]:
    with indexed.connect() as fast, plain.connect() as slow:
        for words, query in queries().items():
            assert not scanned(fast, query), words
            (quick,) = fastest(_REPETITIONS, partial(answer, fast, query))
            (long,) = fastest(1, partial(answer, slow, query))
            yield Figure(f"{kind}: {words}", 1000 * quick, "ms")
            yield Figure("… / without indexes", quick / long, "×", _MOST)


def decade(engine: Engine, scheme: Scheme) -> int:
    """A warehouse as it is, filled; how many figures it holds."""
    upgrade(engine, scheme)
    with engine.begin() as connection:
        figures = fill(connection, scheme)
    _settle(engine)
    return figures


def decade_without_indexes(engine: Engine, scheme: Scheme) -> None:
    """The same rows and views, over tables with neither key nor index."""
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            _bare(table).create(connection)
        views = contract(scheme)
        for table, rows in dimension_rows(scheme, views):
            if rows:
                connection.execute(insert(table), rows)
        fill(connection, scheme)
        for view in views:
            name = qualified(view.name, connection.dialect)
            make(connection, name, view.statements(connection.dialect))
    _settle(engine)


def _bare(table: Table) -> Table:
    return Table(table.name, MetaData(), *(Column(c.name, c.type) for c in table.columns))


def _settle(engine: Engine) -> None:
    """Let PostgreSQL know the tables as it does by itself a minute later; SQLite never does."""
    if engine.dialect.name == "sqlite":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def answer(connection: Connection, query: str) -> list[Any]:
    """The rows of a query that names the views as PostgreSQL does.

    The driver is asked itself: what SQLAlchemy makes of rows takes longer than a short query.
    """
    sqlite = connection.dialect.name == "sqlite"
    cursor = connection.connection.cursor()
    cursor.execute(query.replace("mart.", "mart_") if sqlite else query)
    return list(cursor.fetchall())


def scanned(connection: Connection, query: str) -> list[str]:
    """The large tables that a query would read from beginning to end."""
    if connection.dialect.name == "postgresql":
        ((plan,),) = answer(connection, f"EXPLAIN (FORMAT JSON) {query}")
        return [*_scanned_relations(plan[0]["Plan"])]
    steps = answer(connection, f"EXPLAIN QUERY PLAN {query}")
    return [detail for *_, detail in steps if _reads_all(detail)]


def _scanned_relations(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE:
        yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from _scanned_relations(child)


_ALIASES = {"now", "before", "plan", "was", "earlier"}  # by which views call the figures


def _reads_all(detail: str) -> bool:
    """Whether a step of SQLite's plan reads one of the large tables without an index."""
    verb, _, rest = detail.partition(" ")
    return verb == "SCAN" and rest.split()[0] in LARGE | _ALIASES and " USING " not in rest
