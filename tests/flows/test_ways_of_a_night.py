"""A whole night whose returns come by further channels, and the flows beside it."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from flows.backfill import backfill, publish
from flows.nightly import nightly
from flows.remind import remind
from tests.flows.nights import Desk
from tests.flows.people import Robot, open_robot


@contextmanager
def being_written(file: Path) -> Iterator[None]:
    """Somebody is writing a file all the time; at the end it is gone."""
    done = Event()

    def write() -> None:
        while not done.wait(0.02):
            with file.open("ab") as growing:
                growing.write(b"more")

    file.touch()
    with ThreadPoolExecutor(1) as thread:
        thread.submit(write)
        yield
        done.set()
    file.unlink()


@pytest.fixture
def robot() -> Iterator[Robot]:
    with open_robot() as known:
        yield known


@pytest.fixture
def stubborn() -> Iterator[Robot]:
    """Takes nothing from anybody."""
    with open_robot() as known:
        known.status = 403
        yield known


def test_a_night_takes_in_every_channel_and_reports_the_broken_one_and_whom_it_could_not_tell(
    tmp_path: Path, prefect_server: None, robot: Robot, stubborn: Robot
) -> None:
    desk = Desk(tmp_path / "site")
    site, share = desk.house.site.folder, tmp_path / "share"
    share.mkdir()
    desk.report("2014", pupils=100)
    (desk.house.site.inbox / "2014-100.xlsx").rename(share / "school.xlsx")
    settings = f"""
[[channels]]
kind = "folder"
name = "gone"
path = "/nowhere"

[[channels]]
kind = "folder"
name = "share"
path = "{share}"
moved_to = "taken"

[[tell]]
name = "desk"
who = "stewards"
webhook_file = "robot"

[[tell]]
name = "north"
who = "Northshore"
webhook_file = "stubborn"
"""
    (site / "robot").write_text(robot.address)
    (site / "stubborn").write_text(stubborn.address)
    with (site / "huizong.toml").open("a") as file:
        file.write(settings)
    desk.house.site.settings = type(desk.house.site)(site).settings

    desk.house.site.settings = desk.house.site.settings.model_copy(update={"quiet_seconds": 0.3})
    (site / ".night.under-way").touch()  # as one leaves it that is killed
    with being_written(desk.house.site.inbox / "half.xlsx"):
        report = nightly(str(site))
    assert report.after_cut_off
    assert report.left == ("inbox: half.xlsx: it is still being written; the next time takes it",)
    assert not (site / ".night.under-way").exists()
    assert (report.received, report.new, report.read) == (1, 1, 1)
    gone, untold = report.failures
    assert gone == (
        "channel gone: there is no folder '/nowhere'; make or mount it, or correct its path in "
        "huizong.toml"
    )
    assert untold.startswith("telling north: ")
    ((_, _, told),) = robot.posted
    assert gone in json.loads(told)["text"]
    assert untold in json.loads(told)["text"]
    assert [path.parent.name for path in share.rglob("school.*.xlsx")] == ["taken"]
    assert "huizong_night_failures 2.0" in (site / "metrics.prom").read_text()

    (folder,) = backfill(str(site), "2014", "2014")
    assert folder == str(site / "published" / "2014" / "0002")
    assert publish(str(site)) == []
    assert remind(str(site)) == 0
