"""Empty databases of both kinds to measure on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from tests.conftest import postgres_server
from tests.databases import create_database
from warehouse.engine import open_engine

New = Callable[[], Engine]
"""Opens one more empty database."""


@contextmanager
def both_databases() -> Iterator[dict[str, New]]:
    """Makers of empty databases, by kind; all of them are gone afterwards."""
    with TemporaryDirectory() as folder, postgres_server() as server, ExitStack() as opened:
        numbers = count()

        def sqlite() -> Engine:
            engine = open_engine(f"sqlite:///{Path(folder) / f'{next(numbers)}.db'}")
            opened.callback(engine.dispose)
            return engine

        def postgresql() -> Engine:
            engine = open_engine(create_database(server, f"bench_{next(numbers)}"))
            opened.callback(engine.dispose)
            return engine

        yield {"SQLite": sqlite, "PostgreSQL": postgresql}
