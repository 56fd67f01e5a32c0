import ssl
from pathlib import Path

import pytest

from flows.house import House, open_house
from tests.flows.channels.authority import certificate
from tests.flows.channels.servers import PASSWORD
from tests.flows.given import site_with
from tests.lakeside import LAKESIDE


@pytest.fixture
def house(tmp_path: Path) -> House:
    site = site_with(tmp_path / "site", LAKESIDE)
    (site / "password").write_text(f"{PASSWORD}\n")
    return open_house(str(site))


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    return certificate(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def known(authority: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch) -> None:
    """The authority is one that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[0]))
