"""Reading and checking spread over workers: the same publication, whoever does the work."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prefect.task_runners import ProcessPoolTaskRunner, ThreadPoolTaskRunner
from prefect_dask.task_runners import DaskTaskRunner
from sqlalchemy import Engine, text

from flows import process
from flows.configuration.settings import Site
from flows.configuration.workers import AT_ONCE, Workers, task_runner
from flows.house import closing_houses, open_house
from flows.nightly import nightly
from schemas.errors import SettingsError
from schemas.filing import Received
from tests.flows.given import site_with
from tests.flows.published import snapshot
from warehouse.engine import reading

LATER = datetime(2100, 1, 1, tzinfo=UTC)
"""What was recorded then makes the times of the next night the same wherever it is run."""


def published_by(workers: str, folder: Path, scheme: Path, returns: Path) -> dict[str, str]:
    """What a night publishes whose site has this at the end of its settings."""
    site = site_with(folder, scheme, returns)
    with (site / "huizong.toml").open("a", encoding="utf-8") as file:
        file.write(workers)
    process.keep(open_house(str(site)), [Received("x.xlsx", b"x", "folder")], LATER)
    report = nightly(str(site))
    assert report.failures == ()
    assert report.read == 4 + 1
    return snapshot(site / "published")


def test_two_dask_workers_publish_what_threads_publish_byte_for_byte(
    tmp_path: Path, few_forms: Path, four_returns: Path, prefect_server: str
) -> None:
    dask = '\n[workers]\nengine = "dask"\ncount = 2\n'
    spread = published_by(dask, tmp_path / "dask", few_forms, four_returns)
    assert spread == published_by("", tmp_path / "threads", few_forms, four_returns)
    assert len(spread) > 20


def test_the_setting_says_which_of_prefects_own_task_runners_it_is() -> None:
    assert isinstance(task_runner(None), ThreadPoolTaskRunner)
    assert isinstance(task_runner(Workers(engine="processes")), ProcessPoolTaskRunner)
    standing = task_runner(Workers(engine="dask", address="tcp://10.0.0.5:8786"))
    assert isinstance(standing, DaskTaskRunner)
    assert standing.address == "tcp://10.0.0.5:8786"


def test_all_steps_at_once_find_a_connection_each(engine: Engine) -> None:
    with ExitStack() as held:
        connections = [held.enter_context(reading(engine)) for _ in range(AT_ONCE + 2)]
        assert {connection.scalar(text("SELECT 1")) for connection in connections} == {1}


def test_an_address_without_dask_is_a_wrong_setting(tmp_path: Path, few_forms: Path) -> None:
    site = site_with(tmp_path / "site", few_forms)
    with (site / "huizong.toml").open("a", encoding="utf-8") as file:
        file.write('\n[workers]\nengine = "processes"\naddress = "tcp://10.0.0.5:8786"\n')
    with pytest.raises(SettingsError, match="address is that of a Dask cluster"):
        Site(site)


def test_a_worker_that_outlives_a_night_opens_the_site_by_its_new_scheme(
    tmp_path: Path, few_forms: Path
) -> None:
    site = str(site_with(tmp_path / "site", few_forms))
    house = open_house(site)
    assert open_house(site, house.scheme.fingerprint) is house
    with pytest.raises(SettingsError, match="not that of the night"):
        open_house(site, "of another scheme")
    again = open_house(site)
    assert again is not house
    with closing_houses():
        assert open_house(site, house.scheme.fingerprint) is again
