import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogWorker
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows import server
from flows.house import closing_houses
from schemas.sample import write_sample
from schemas.scheme import load_scheme
from tests.flows.given import FEW_COUNTIES, FEW_FORMS, FIRST_FORMS, scheme_with, site_with


@pytest.fixture(autouse=True)
def houses() -> Iterator[None]:
    """Connections end with the test that opened them, not when they happen to be collected."""
    with closing_houses():
        yield


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture(scope="session")
def prefect_server(prefect_home: Path) -> Iterator[str]:
    """The server that a night would start for itself, once for all of them: where its API is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(prefect_home))
        patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        log, options = prefect_home / "server.log", ["--no-services", "--no-ui"]
        with server.prefect_server(server.free_port(), log, options) as started:
            started.wait()
            with temporary_settings({PREFECT_API_URL: started.api_url}):
                yield started.api_url
                # Prefect's last words are sent while there is somebody to hear them.
                APILogWorker.drain_all()
                EventsWorker.drain_all()


@pytest.fixture(scope="session")
def prefect_database(prefect_home: Path, prefect_server: str) -> Path:
    """Prefect's database as its first start makes it, which takes ten seconds; to be copied."""
    copy = prefect_home / "copy.db"
    with closing(sqlite3.connect(prefect_home / "prefect.db")) as connection:
        connection.execute("VACUUM INTO ?", [str(copy)])
    return copy


@pytest.fixture(scope="session")
def first_forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scheme_with(FIRST_FORMS, tmp_path_factory.mktemp("first") / "linfen")


@pytest.fixture(scope="session")
def few_forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scheme_with(FEW_FORMS, tmp_path_factory.mktemp("few") / "linfen")


@pytest.fixture(scope="session")
def clean_returns(first_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean") / "inbox"
    write_sample(load_scheme(first_forms), first_forms, folder, faults=False)
    return folder


@pytest.fixture(scope="session")
def faulty_returns(first_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faulty") / "inbox"
    write_sample(load_scheme(first_forms), first_forms, folder, faults=True)
    return folder


@pytest.fixture(scope="session")
def few_returns(few_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("few-returns") / "inbox"
    write_sample(load_scheme(few_forms), few_forms, folder, faults=False)
    for path in folder.rglob("*.xlsx"):
        if not path.name.startswith(FEW_COUNTIES):
            path.unlink()
    return folder


@pytest.fixture(scope="session")
def four_returns(few_returns: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("four-returns")
    for path in sorted(few_returns.rglob("*.xlsx"))[:4]:
        shutil.copy(path, folder)
    return folder


@pytest.fixture
def small_site(tmp_path: Path, few_forms: Path, few_returns: Path, prefect_server: str) -> Path:
    """A site whose inbox holds a few clean returns; nothing has been run yet."""
    return site_with(tmp_path / "site", few_forms, few_returns)
