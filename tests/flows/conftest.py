from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.testing.utilities import prefect_test_harness

from flows.house import closing_houses
from schemas.sample import write_sample
from schemas.scheme import load_scheme
from tests.flows.given import FEW_FORMS, FIRST_FORMS, scheme_with, site_with


@pytest.fixture(autouse=True)
def houses() -> Iterator[None]:
    """Connections end with the test that opened them, not when they happen to be collected."""
    with closing_houses():
        yield


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


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
    return folder


@pytest.fixture
def site(tmp_path: Path, first_forms: Path, clean_returns: Path, prefect_server: None) -> Path:
    """A site whose inbox holds clean returns of the first forms; nothing has been run yet."""
    return site_with(tmp_path / "site", first_forms, clean_returns)


@pytest.fixture
def small_site(tmp_path: Path, few_forms: Path, few_returns: Path, prefect_server: None) -> Path:
    """The same with a few forms, for what does not depend on their number."""
    return site_with(tmp_path / "site", few_forms, few_returns)
