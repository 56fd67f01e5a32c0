"""A night as a process: killed, stopped, or meeting another one, it leaves nothing behind.

That it may be killed anywhere is shown in `tests/flows/kills`.
"""

import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from flows.nightly import nightly
from tests.flows.given import with_prefect
from tests.flows.processes import eventually, servers_of, start, wait_until
from tests.flows.published import snapshot


def count(site: Path, query: str) -> int:
    with closing(sqlite3.connect(f"file:{site / 'warehouse.db'}?mode=ro", uri=True)) as connection:
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


def test_a_night_that_is_killed_or_stopped_leaves_no_server_and_nothing_to_mend(
    site: Path, first_night: Path, tmp_path: Path
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
    assert data_of(site) == data_of(first_night / "site")
    assert nightly(str(site)).nothing_new


def test_of_two_nights_at_once_one_runs_and_the_other_says_so(
    first_night: Path, prefect_server: str, tmp_path: Path
) -> None:
    """That the one does all is shown above, where another night does the same."""
    ended = {path.stem: path.read_text() for path in first_night.glob("ended-*.txt")}
    assert set(ended) == {"ended-0", "ended-2"}
    assert "already running" in " ".join(ended["ended-2"].split())
    assert "Traceback" not in "".join(ended.values())
    site = tmp_path / "site"
    shutil.copytree(first_night / "site", site, symlinks=True)
    assert nightly(str(site)).nothing_new
