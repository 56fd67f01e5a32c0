"""Databases on a server, made and dropped."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from warehouse.engine import open_engine

numbers = count()
"""Of databases, so that no two have one name; here, as pytest has a conftest of its own beside the
one that is imported.
"""
PERSON_KEY = b"for tests, and for nobody in the world"


def create_database(server_url: str, name: str, *, template: str = "template1") -> str:
    """Make a database on the server; its URL."""
    # By its files, not page by page through the log: a third of the work for one of a few MB.
    execute(server_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def drop_database(server_url: str, name: str) -> None:
    """Drop a database of the server."""
    execute(server_url, f"DROP DATABASE {name}")


def execute(server_url: str, statement: str) -> None:
    """Execute a statement outside of any transaction."""
    with opened(server_url) as engine:
        autocommit = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with autocommit as connection:
            connection.exec_driver_sql(statement)


@contextmanager
def opened(url: str, key: bytes | None = None) -> Iterator[Engine]:
    """An engine whose connections end with the test, also with one that fails."""
    engine = open_engine(url, key)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def bare_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[Engine]:
    """A database without any table, of the kind that the fixture is asked for."""
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'bare.db'}"
    else:
        server: str = request.getfixturevalue("postgres_url")
        url = create_database(server, f"bare_{next(numbers)}")
    with opened(url) as engine:
        yield engine
    if request.param == "postgresql":
        drop_database(server, str(engine.url.database))
