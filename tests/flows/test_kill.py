"""A night as a process: killed, stopped, or meeting another one, it leaves nothing behind.

That it may be killed anywhere is shown in `tests/kills`.
"""

import signal
import sqlite3
from pathlib import Path

import pytest

from flows.nightly import nightly
from tests.flows.given import site_with, with_prefect
from tests.flows.processes import eventually, servers_of, start, wait_until
from tests.flows.published import snapshot


def count(site: Path, query: str) -> int:
    with sqlite3.connect(f"file:{site / 'warehouse.db'}?mode=ro", uri=True) as connection:
        return int(connection.execute(query).fetchone()[0])


def some_are_kept(site: Path) -> bool:
    return count(site, "SELECT count(*) FROM submissions") > 3


def some_are_accepted(site: Path) -> bool:
    return count(site, "SELECT count(*) FROM filings") > 3


def data_of(site: Path) -> dict[str, str]:
    found = snapshot(site / "published")
    return {name: digest for name, digest in found.items() if name.endswith(".csv")}


@pytest.fixture
def site(small_site: Path, prefect_database: Path) -> Path:
    return with_prefect(small_site, prefect_database)


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory,
    few_forms: Path,
    few_returns: Path,
    prefect_server: str,
) -> Path:
    site = tmp_path_factory.mktemp("undisturbed") / "site"
    site_with(site, few_forms, few_returns)
    nightly(str(site))
    return site


def test_a_night_that_is_killed_or_stopped_leaves_no_server_and_nothing_to_mend(
    site: Path, undisturbed: Path, tmp_path: Path
) -> None:
    night = start("nightly", "--site", site, output=tmp_path / "killed.txt")
    wait_until(lambda: some_are_kept(site), night)
    assert servers_of(site)
    night.kill()
    night.wait()
    eventually(lambda: not servers_of(site))

    night = start("nightly", "--site", site, output=tmp_path / "stopped.txt")
    wait_until(lambda: some_are_accepted(site), night)
    night.terminate()
    assert night.wait(30) == 128 + signal.SIGTERM
    assert not servers_of(site)

    assert nightly(str(site)).failures == ()
    assert data_of(site) == data_of(undisturbed)
    assert nightly(str(site)).nothing_new


def test_of_two_nights_at_once_one_runs_and_the_other_says_so(
    small_site: Path, undisturbed: Path, tmp_path: Path
) -> None:
    site = small_site  # where Prefect has not been either: the first night makes its database
    outputs = [tmp_path / "1.txt", tmp_path / "2.txt"]
    nights = [start("nightly", "--site", site, output=output) for output in outputs]
    ended = {
        night.wait(120): output.read_text() for night, output in zip(nights, outputs, strict=True)
    }
    assert set(ended) == {0, 2}
    assert "already running" in " ".join(ended[2].split())
    assert "Traceback" not in "".join(ended.values())
    assert data_of(site) == data_of(undisturbed)
    assert nightly(str(site)).nothing_new
