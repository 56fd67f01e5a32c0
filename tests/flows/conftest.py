import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
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
from tests.once import once


@pytest.fixture(autouse=True)
def houses() -> Iterator[None]:
    """Connections end with the test that opened them, not when they happen to be collected."""
    with closing_houses():
        yield


@pytest.fixture(scope="session")
def prefect_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prefect's database as its first start makes it, which takes ten seconds; to be copied."""

    def make(folder: Path) -> None:
        with _server(folder):
            pass
        with closing(sqlite3.connect(folder / "prefect.db")) as connection:
            connection.execute("VACUUM INTO ?", [str(folder / "copy.db")])

    return once(tmp_path_factory, "prefect", make) / "copy.db"


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture(scope="session")
def prefect_server(prefect_home: Path, prefect_database: Path) -> Iterator[str]:
    """The server that a night would start for itself, once for all of them: where its API is."""
    shutil.copy(prefect_database, prefect_home / "prefect.db")
    with _server(prefect_home) as api_url, temporary_settings({PREFECT_API_URL: api_url}):
        yield api_url
        # Prefect's last words are sent while there is somebody to hear them.
        APILogWorker.drain_all()
        EventsWorker.drain_all()


@contextmanager
def _server(home: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(home))
        patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        log, options = home / "server.log", ["--no-services", "--no-ui"]
        with server.prefect_server(server.free_port(), log, options) as started:
            started.wait()
            yield started.api_url


@pytest.fixture(scope="session")
def first_forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = once(tmp_path_factory, "first", lambda to: scheme_with(FIRST_FORMS, to / "linfen"))
    return made / "linfen"


@pytest.fixture(scope="session")
def few_forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = once(tmp_path_factory, "few", lambda to: scheme_with(FEW_FORMS, to / "linfen"))
    return made / "linfen"


@pytest.fixture(scope="session")
def clean_returns(first_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    scheme = load_scheme(first_forms)
    return once(
        tmp_path_factory, "clean", lambda to: write_sample(scheme, first_forms, to, faults=False)
    )


@pytest.fixture(scope="session")
def faulty_returns(first_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    scheme = load_scheme(first_forms)

    def make(folder: Path) -> None:  # beside the returns comes the list of their faults
        write_sample(scheme, first_forms, folder / "inbox", faults=True)

    return once(tmp_path_factory, "faulty", make) / "inbox"


@pytest.fixture(scope="session")
def few_returns(few_forms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        write_sample(load_scheme(few_forms), few_forms, folder, faults=False)
        for path in folder.rglob("*.xlsx"):
            if not path.name.startswith(FEW_COUNTIES):
                path.unlink()

    return once(tmp_path_factory, "few-returns", make)


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
