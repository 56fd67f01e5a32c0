"""`huizong serve`: the page, the schedule, a run by Prefect's API, and how it stops."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from flows.server import free_port
from tests.flows.given import site_with, with_prefect
from tests.flows.prefect_api import asked
from tests.flows.processes import living, start, wait_until


@dataclass(frozen=True)
class Served:
    process: subprocess.Popen[bytes]
    site: Path
    port: int
    output: Path

    def ask(self, path: str, body: object = None) -> Any:
        """What Prefect's API answers; with a body, to a POST."""
        return asked(f"http://127.0.0.1:{self.port}{path}", body)


@pytest.fixture
def served(tmp_path: Path, few_forms: Path, prefect_database: Path) -> Iterator[Served]:
    site = with_prefect(site_with(tmp_path / "site", few_forms), prefect_database)
    served = serve(site, tmp_path / "output.txt")
    yield served
    served.process.terminate()
    served.process.wait(60)


def serve(site: Path, output: Path, **more: str) -> Served:
    port = free_port()
    settings = {
        "HUIZONG_LOG_FORMAT": "json",
        "HUIZONG_SERVER_PORT": str(port),
        "PREFECT_RUNNER_POLL_FREQUENCY": "1",
        "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    }
    process = start("serve", "--site", site, output=output, **settings, **more)
    wait_until(lambda: "page http" in output.read_text(), process)
    return Served(process, site, port, output)


def test_serve_schedules_the_night_runs_it_on_demand_and_stops_without_a_trace(
    served: Served, tmp_path: Path
) -> None:
    with urlopen(f"http://127.0.0.1:{served.port}/", timeout=30) as page:
        assert b"<!DOCTYPE html>" in page.read()
    assert served.ask("/ui-settings")["api_url"] == f"http://127.0.0.1:{served.port}/api"
    # Put together in the site folder: the program's belongs to root.
    assert list((served.site / "prefect" / "ui").glob("*/index.html"))

    deployment = served.ask("/api/deployments/name/nightly/nightly")
    (schedule,) = deployment["schedules"]
    assert schedule["schedule"]["cron"] == "30 2 * * *"
    assert schedule["schedule"]["timezone"] == "Asia/Shanghai"
    assert deployment["paused"] is False

    create = f"/api/deployments/{deployment['id']}/create_flow_run"
    runs = [served.ask(create, {})["id"] for _ in range(3)]
    ended = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}

    def states() -> list[str]:
        return sorted(served.ask(f"/api/flow_runs/{run}")["state"]["type"] for run in runs)

    wait_until(lambda: ended.issuperset(states()), served.process)
    assert states() == ["CANCELLED", "CANCELLED", "COMPLETED"]
    scheduled = served.ask(
        "/api/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    )
    assert len(scheduled) >= 3
    lines = [line for line in served.output.read_text().splitlines() if line.startswith("{")]
    assert "collected 0 files, 0 new; 0 to read" in [json.loads(each)["message"] for each in lines]

    second = start(
        "serve",
        "--site",
        served.site,
        output=tmp_path / "2.txt",
        HUIZONG_SERVER_PORT=str(served.port),
    )
    assert second.wait(30) == 2
    assert "set server_port to another port" in (tmp_path / "2.txt").read_text()

    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(60) == 0
    assert_left_nothing(served)


def test_serve_stops_by_sigterm_also_in_the_middle_of_a_night(
    served: Served, few_returns: Path
) -> None:
    shutil.copytree(few_returns, served.site / "inbox", dirs_exist_ok=True)
    deployment = served.ask("/api/deployments/name/nightly/nightly")
    served.ask(f"/api/deployments/{deployment['id']}/create_flow_run", {})
    wait_until(lambda: "10 to read" in served.output.read_text(), served.process)
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(60) == 0
    assert_left_nothing(served)


def test_nights_run_again_after_one_was_killed_with_its_server(
    served: Served, few_returns: Path, tmp_path: Path
) -> None:
    shutil.copytree(few_returns, served.site / "inbox", dirs_exist_ok=True)
    create = served.ask("/api/deployments/name/nightly/nightly")["id"]
    served.ask(f"/api/deployments/{create}/create_flow_run", {})
    wait_until(lambda: "10 to read" in served.output.read_text(), served.process)
    os.killpg(served.process.pid, signal.SIGKILL)
    served.process.wait()
    time_passes(served.site / "prefect" / "concurrency_leases")

    again = serve(
        served.site, tmp_path / "again.txt", PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS="1"
    )
    try:
        limit = f"/api/v2/concurrency_limits/deployment:{create}"
        wait_until(lambda: again.ask(limit)["active_slots"] == 0, again.process)
        run = again.ask(f"/api/deployments/{create}/create_flow_run", {})["id"]
        wait_until(
            lambda: (
                again.ask(f"/api/flow_runs/{run}")["state"]["type"]
                not in {"SCHEDULED", "PENDING", "RUNNING"}
            ),
            again.process,
        )
        assert again.ask(f"/api/flow_runs/{run}")["state"]["type"] == "COMPLETED"
    finally:
        again.process.terminate()
        again.process.wait(60)


def test_the_pages_of_runs_go_90_days_after_they_ended(
    tmp_path: Path, few_forms: Path, prefect_database: Path
) -> None:
    site = with_prefect(site_with(tmp_path / "site", few_forms), prefect_database)
    with closing(sqlite3.connect(site / "prefect" / "prefect.db")) as database, database:
        database.execute("INSERT INTO flow (name) VALUES ('nightly')")
        database.executemany(
            "INSERT INTO flow_run (name, state_type, end_time, flow_id)"
            " SELECT ?, 'COMPLETED', ?, id FROM flow",
            [(f"{days} days ago", str(days_ago(days))) for days in (89, 91)],
        )
    served = serve(site, tmp_path / "output.txt")
    try:
        wait_until(lambda: "91 days ago" not in runs(site), served.process)
        assert "89 days ago" in runs(site)
    finally:
        served.process.terminate()
        served.process.wait(60)


def days_ago(days: int) -> datetime:
    return datetime.now(UTC).replace(tzinfo=None) - timedelta(days=days)


def runs(site: Path) -> list[str]:
    with closing(sqlite3.connect(site / "prefect" / "prefect.db")) as database:
        return [name for (name,) in database.execute("SELECT name FROM flow_run")]


def time_passes(leases: Path) -> None:
    """Let what was held by the killed night run out at once, instead of within five minutes."""
    for path in leases.glob("*.json"):
        text = path.read_text()
        path.write_text(re.sub(r'"20\d\d(-\d\d-\d\dT)', r'"2001\1', text))


def assert_left_nothing(served: Served) -> None:
    told = served.output.read_text()
    assert "Traceback" not in told
    assert "Warning" not in told
    deadline = time.monotonic() + 10
    while (
        left := living(str(served.port)) + session(served.process.pid)
    ) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []


def session(leader: int) -> list[str]:
    listed = subprocess.run(
        ["ps", "-o", "args=", "-s", str(leader)], capture_output=True, text=True, check=False
    )
    return listed.stdout.splitlines()
