import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.testing.utilities import prefect_test_harness

from flows import sites
from schemas.models import Scheme
from schemas.sample import write_sample
from schemas.scheme import CATALOG


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture(scope="session")
def clean_returns(scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean") / "inbox"
    write_sample(scheme, CATALOG / "linfen", folder, faults=False)
    return folder


@pytest.fixture(scope="session")
def faulty_returns(scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faulty") / "inbox"
    write_sample(scheme, CATALOG / "linfen", folder, faults=True)
    return folder


@pytest.fixture
def site(tmp_path: Path, clean_returns: Path, prefect_server: None) -> Path:
    """A site whose inbox holds the clean sample returns; nothing has been run yet."""
    folder = tmp_path / "site"
    list(sites.init(folder, "linfen"))
    shutil.copytree(clean_returns, folder / "inbox", dirs_exist_ok=True)
    return folder
