import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogWorker
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows import server
from flows.house import closing_houses
from flows.prefect_database import made_at_setup
from flows.prefect_database import make as make_database
from schemas.sample import write_sample
from schemas.scheme import load_scheme
from tests.flows.given import FEW_COUNTIES, FEW_FORMS, scheme_with, site_with
from tests.flows.processes import PATIENCE_SECONDS, start
from tests.once import once


@pytest.fixture(autouse=True)
def houses() -> Iterator[None]:
    """Connections end with the test that opened them, not when they happen to be collected."""
    with closing_houses():
        yield


@pytest.fixture(scope="session")
def first_night(
    few_forms: Path, few_returns: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Two nights, started at once on a site where nothing has run: `site`, to be looked at or
    copied, and in `ended-STATUS.txt` what each of them printed."""

    def make(folder: Path) -> None:
        site = site_with(folder / "site", few_forms, few_returns)
        outputs = [folder / "1.txt", folder / "2.txt"]
        nights = [start("nightly", "--site", site, output=output) for output in outputs]
        for night, output in zip(nights, outputs, strict=True):
            output.rename(folder / f"ended-{night.wait(PATIENCE_SECONDS)}.txt")

    return once(tmp_path_factory, "first-night", make)


@pytest.fixture(scope="session")
def prefect_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database that Prefect begins with: that of the setup, or made once; to be copied."""
    of_setup = made_at_setup()
    if of_setup.is_file():
        return of_setup
    made = once(tmp_path_factory, "prefect", lambda to: make_database(to / "prefect.db"))
    return made / "prefect.db"


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
        patch.setenv("PREFECT_API_BLOCKS_REGISTER_ON_START", "false")
        log, options = home / "server.log", ["--no-services", "--no-ui"]
        with server.prefect_server(server.free_port(), log, options) as started:
            started.wait()
            yield started.api_url


@pytest.fixture(scope="session")
def few_forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = once(tmp_path_factory, "few", lambda to: scheme_with(FEW_FORMS, to / "linfen"))
    return made / "linfen"


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
