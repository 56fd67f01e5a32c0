from pathlib import Path

import pytest

from flows.house import House, open_house
from tests.flows.channels.servers import PASSWORD
from tests.flows.given import site_with
from tests.lakeside import LAKESIDE


@pytest.fixture
def house(tmp_path: Path) -> House:
    site = site_with(tmp_path / "site", LAKESIDE)
    (site / "password").write_text(f"{PASSWORD}\n")
    return open_house(str(site))
