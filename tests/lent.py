"""A warehouse that tests use one after the other: each finds it as it was made.

To copy a warehouse takes longer than most tests; to take out what a test has put in does not. The
engine stays the same one, and with it the statements that it has compiled.
"""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine

from tests.databases import PERSON_KEY, create_database, drop_database
from warehouse.engine import KEY, open_engine


class Lender(ABC):
    """A copy of a warehouse, lent to one test at a time."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._used = False

    @contextmanager
    def lent(self) -> Iterator[Engine]:
        """The copy, as it was made."""
        if self._used:
            self.engine.update_execution_options(**{KEY: PERSON_KEY})
            self._restore()
        self._used = True
        try:
            yield self.engine
        finally:
            self.engine.dispose()

    @abstractmethod
    def _restore(self) -> None: ...

    def close(self) -> None:
        """Give up the copy."""
        self.engine.dispose()


@contextmanager
def lender_of(made: URL, folder: Path) -> Iterator[Lender]:
    """What lends a copy of the warehouse at a URL, to which nobody is connected meanwhile."""
    kind = _InAFile if made.get_backend_name() == "sqlite" else _OnAServer
    lender = kind(made, folder)
    try:
        yield lender
    finally:
        lender.close()


class _InAFile(Lender):
    def __init__(self, made: URL, folder: Path) -> None:
        self._made, self._path = Path(str(made.database)), folder / "warehouse.db"
        self._restore()
        super().__init__(open_engine(f"sqlite:///{self._path}", PERSON_KEY))

    def _restore(self) -> None:
        for beside in ("-wal", "-shm"):
            self._path.with_name(self._path.name + beside).unlink(missing_ok=True)
        # Made beside it: who still has the old one open does not write into the new one.
        Path(shutil.copy(self._made, self._path.with_suffix(".new"))).replace(self._path)


class _OnAServer(Lender):
    """Rows that were added are taken out. Where others are gone, or tables are no longer what they
    were, the database is copied again."""

    def __init__(self, made: URL, _folder: Path) -> None:
        self._made = str(made.database)
        self._name = f"{self._made}_lent"
        server = made.set(database="postgres")
        self._server = server.render_as_string(hide_password=False)
        copied = create_database(self._server, self._name, template=self._made)
        super().__init__(open_engine(copied, PERSON_KEY))
        self._desk = open_engine(copied)  # its connection stays, and knows the tables
        self._remember()

    def close(self) -> None:
        super().close()
        self._desk.dispose()
        drop_database(self._server, self._name)

    def _restore(self) -> None:
        with self._connected() as connection:
            found = connection.exec_driver_sql(self._census).all()
            added = [row.name for row in found if row.added]
            whole = {row.name: row.rows - row.added for row in found} == self._rows
            if whole and not any(name.startswith("pg_catalog.") for name in added):
                self._take_out(connection, added)
                return
        self._desk.dispose()
        drop_database(self._server, self._name)
        create_database(self._server, self._name, template=self._made)
        self._remember()

    def _take_out(self, connection: Connection, added: list[str]) -> None:
        # Guards and references are not asked; and a lock that a test has kept is an error.
        connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql("SET lock_timeout = '60s'")
        for name in added:
            connection.exec_driver_sql(f"DELETE FROM {name} WHERE {self._is_added}")
        if added:
            # Or the next rows would stand in another order, where the old ones were.
            connection.exec_driver_sql(f"VACUUM {', '.join(added)}")
        connection.exec_driver_sql(self._numbers)
        connection.exec_driver_sql("RESET ALL")

    def _remember(self) -> None:
        """What is asked about the rows that are there from now on."""
        with self._connected() as connection:
            now = _scalar(connection, "SELECT pg_current_xact_id()::xid")
            self._is_added = f"age(xmin) < age('{now}'::xid)"
            self._census = _scalar(
                connection, _CENSUS.format(is_added=self._is_added.replace("'", "''"))
            )
            self._numbers = _scalar(connection, _NUMBERS)
            self._rows = {row.name: row.rows for row in connection.exec_driver_sql(self._census)}

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with self._desk.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection


def _scalar(connection: Connection, statement: str) -> str:
    return str(connection.exec_driver_sql(statement).scalar_one())


_CENSUS = """
SELECT string_agg(format(
    'SELECT %%L AS name, count(*) AS rows, count(*) FILTER (WHERE {is_added}) AS added FROM %%s',
    named, named
), ' UNION ALL ')
FROM (
    SELECT format('%%I.%%I', relnamespace::regnamespace, relname) AS named
    FROM pg_class WHERE relkind = 'r' AND NOT relisshared
)
"""
"""The statement that counts the rows of every table, the server's own about tables among them."""

_NUMBERS = """
SELECT 'SELECT ' || string_agg(format(
    'setval(%%L, %%s, %%L)', format('%%I.%%I', schemaname, sequencename),
    coalesce(last_value, start_value), last_value IS NOT NULL
), ', ')
FROM pg_sequences
"""
"""The statement that lets rows be numbered as from now on."""
