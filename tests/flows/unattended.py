"""A night that nobody starts, and one whose reading is done by a cluster that stands already.

`make unattended` runs it: it waits for the clock. Pytest does not find it by itself.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.lock import FILE_NAME, was_cut_off
from flows.server import free_port
from tests.flows.deployed import deployed, printed_command
from tests.flows.given import site_with, with_prefect
from tests.flows.people import letters, open_robot, telling
from tests.flows.processes import ROOT, eventually
from tests.flows.test_workers import published_by

BEGUN = ["RUNNING", "COMPLETED", "FAILED", "CRASHED", "CANCELLED"]


def test_missed_nights_are_made_up_for_by_one_and_the_next_starts_by_its_schedule(
    tmp_path: Path, few_forms: Path, few_returns: Path, prefect_database: Path
) -> None:
    site = with_prefect(site_with(tmp_path / "site", few_forms, few_returns), prefect_database)
    with deployed(site) as prefect:
        deployment = prefect.ask("/deployments/name/nightly/linfen")
        assert [each["schedule"]["cron"] for each in deployment["schedules"]] == ["30 2 * * *"]
        for days in (3, 2, 1):
            due = (datetime.now(UTC) - timedelta(days)).isoformat()
            missed = {"type": "SCHEDULED", "state_details": {"scheduled_time": due}}
            prefect.ask(f"/deployments/{deployment['id']}/create_flow_run", {"state": missed})

        def states(*, by_schedule: bool) -> list[str]:
            asked = {"flow_runs": {"state": {"type": {"any_": BEGUN}}}}
            found = prefect.ask("/flow_runs/filter", asked)
            return sorted(
                each["state_type"] for each in found if each["auto_scheduled"] is by_schedule
            )

        with prefect.running(printed_command("worker start")):
            missed_ones = ["CANCELLED", "CANCELLED", "COMPLETED"]
            eventually(lambda: states(by_schedule=False) == missed_ones)
            each_minute = ["--replace", "--accept-yes", "--cron", "* * * * *"]
            schedule = ["prefect", "deployment", "schedule", "create", "nightly/linfen"]
            prefect.run([*schedule, *each_minute, "--timezone", "Asia/Shanghai"])
            eventually(lambda: bool(states(by_schedule=True)))
            eventually(lambda: "COMPLETED" in states(by_schedule=True))
    assert (site / "published" / "2015" / "latest" / "index.html").is_file()


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM])
def test_the_stewards_are_told_once_of_a_night_that_was_killed(
    tmp_path: Path, few_forms: Path, few_returns: Path, prefect_database: Path, by: signal.Signals
) -> None:
    site = with_prefect(site_with(tmp_path / "site", few_forms, few_returns), prefect_database)
    with (
        open_robot() as robot,
        deployed(telling(site, robot)) as prefect,
        prefect.running(printed_command("worker start")),
    ):
        run = prefect.started()
        eventually(lambda: was_cut_off(site))  # it is at work
        os.kill(int((site / FILE_NAME).read_text()), by)
        eventually(lambda: prefect.state(run) == "CRASHED")
        eventually(lambda: "alarm: " in prefect.log.read_text())
        (letter,) = letters(robot)
        prefect.run(printed_command("deployment run nightly"))  # and it is not told of again
    assert letters(robot)[:-1] == [letter]
    assert "Crashed, " in letter


def test_a_cluster_of_dask_that_stands_publishes_what_threads_publish_byte_for_byte(
    tmp_path: Path, few_forms: Path, four_returns: Path, prefect_server: str
) -> None:
    with cluster(tmp_path / "dask.txt") as address:
        dask = f'\n[workers]\nengine = "dask"\naddress = "{address}"\n'
        spread = published_by(dask, tmp_path / "dask", few_forms, four_returns)
    assert spread == published_by("", tmp_path / "threads", few_forms, four_returns)
    assert len(spread) > 20


@contextmanager
def cluster(log: Path) -> Iterator[str]:
    """A scheduler of Dask with two workers, each a process as IT starts it; its address."""
    address = f"tcp://127.0.0.1:{free_port()}"
    without = ["--no-dashboard"]
    with ExitStack() as stack:
        output = stack.enter_context(log.open("wb"))

        def start(verb: str, *options: str) -> None:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{verb}", *options, *without],
                cwd=ROOT,
                env=os.environ | {"DASK_DISTRIBUTED__WORKER__DAEMON": "false"},
                stdout=output,
                stderr=output,
            )
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)

        start("scheduler", "--host", address)
        start("worker", address, "--nworkers", "2", "--nthreads", "1")
        eventually(lambda: log.read_text().count("Registered to:") == 2)
        yield address
