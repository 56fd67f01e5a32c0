"""What IT can ask and read: the doctor, the metrics, the log for machines."""

import json
import logging
import re
import shutil
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from flows import gate, process, sites
from flows.console import log_for_people
from flows.doctor import examine
from flows.house import closing_houses
from flows.telling import metrics
from flows.telling.report import NightReport
from schemas.errors import WarehouseError
from schemas.filing import Received
from tests.flows.nights import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "site")


def wrong(desk: Desk) -> dict[str, str]:
    """What is wrong with the site, opened anew."""
    with closing_houses():
        pass
    return {
        check.what: check.wrong
        for check in examine(desk.house.site.folder)
        if check.wrong is not None and check.what not in ("versions", "disk")
    }


def test_a_sound_site_has_nothing_wrong_with_it(desk: Desk) -> None:
    assert wrong(desk) == {}


def test_each_thing_that_is_wrong_is_told_with_what_to_do(desk: Desk) -> None:
    folder = desk.house.site.folder
    later = datetime.now(UTC) + timedelta(days=2)
    process.keep(desk.house, [Received("x.xlsx", b"x", "folder")], later)
    with (folder / "huizong.toml").open("a") as file:
        file.write("""
[[channels]]
kind = "folder"
name = "share"
path = "/nowhere"

[[channels]]
kind = "imap"
name = "mail"
host = "127.0.0.1"
port = 9
user = "x"
password_file = "password"
""")
    (folder / "password").write_text("letmein")
    (folder / "password").chmod(0o644)
    shutil.rmtree(desk.house.site.inbox)
    told = wrong(desk)
    assert "run `chmod 600" in told["secrets are nobody else's"]
    assert "set the clock" in told["clock"]
    assert "make or mount it" in told["inbox"]
    assert "make or mount it" in told["channel share"]
    assert "refused" in told["channel mail"]
    assert len(told) == 5


def test_an_upload_page_wants_tokens_and_to_be_started(desk: Desk) -> None:
    folder = desk.house.site.folder
    with socket.create_server(("127.0.0.1", 0)) as page:
        with (folder / "huizong.toml").open("a") as file:
            file.write(f"\n[upload]\nport = {page.getsockname()[1]}\n")
        assert "make one with `huizong token" in wrong(desk)["upload page"]
        gate.issue(folder, "Northshore")
        assert wrong(desk) == {}
    assert "start `huizong upload`" in wrong(desk)["upload page"]
    (folder / "upload-tokens.json").write_text("half a fi")
    assert "is damaged; take it from" in wrong(desk)["upload page"]


def test_a_warehouse_that_is_lost_is_told_and_nothing_takes_its_place(desk: Desk) -> None:
    folder = desk.house.site.folder
    with closing_houses():
        (folder / "warehouse.db").unlink()
    assert "is not there; mount its disk" in wrong(desk)["scheme and warehouse"]
    with pytest.raises(WarehouseError, match="is not there"):
        list(sites.upgrade_warehouse(folder))
    assert not (folder / "warehouse.db").exists()


def test_the_folder_of_a_period_is_looked_at_too(desk: Desk) -> None:
    (desk.house.site.published / "2014").symlink_to("/sys")  # into which root cannot write either
    assert list(wrong(desk)) == ["published folder"]


def test_wrong_settings_are_the_only_thing_told(desk: Desk) -> None:
    (desk.house.site.folder / "huizong.toml").write_text("inbx = 1")
    assert list(wrong(desk)) == ["settings"]


def test_the_figures_of_a_night_are_written_for_prometheus(tmp_path: Path) -> None:
    report = NightReport(37, 3, 3, (), (), ("channel x: gone",), (), 12.5)
    ended = datetime(2026, 1, 2, tzinfo=UTC)
    text = metrics.write(tmp_path, report, {"2014": 7}, ended).read_text()
    read = {
        (each.name, *each.labels.values()): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }
    assert read["huizong_night_ended_timestamp_seconds",] == ended.timestamp()
    assert read["huizong_files_new",] == 3
    assert read["huizong_night_failures",] == 1
    assert read["huizong_night_seconds",] == 12.5
    assert read["huizong_filings", "refused"] == 0
    assert read["huizong_returns_missing", "2014"] == 7


@pytest.mark.parametrize("runbook", ["runbook.md", "runbook.zh-CN.md"])
def test_the_runbook_names_every_figure(tmp_path: Path, runbook: str) -> None:
    text = metrics.write(tmp_path, NightReport(0, 0, 0, (), ()), {}, datetime.now(UTC)).read_text()
    told = (Path(__file__).parents[2] / "deploy" / runbook).read_text(encoding="utf-8")
    named = {family.name for family in text_string_to_metric_families(text)}
    assert named == set(re.findall(r"^\| `(huizong_\w+)`", told, re.MULTILINE))


def test_the_log_for_machines_has_an_object_a_line() -> None:
    root, handler = logging.getLogger(), logging.StreamHandler()
    root.addHandler(handler)
    try:
        log_for_people("json")
        record = logging.LogRecord("huizong", logging.INFO, "x.py", 1, "%d 份", (3,), None)
        told = json.loads(handler.format(record))
    finally:
        root.removeHandler(handler)
    assert (told["level"], told["logger"], told["message"]) == ("INFO", "huizong", "3 份")


def test_what_gives_way_outside_is_logged_without_its_traceback_whoever_wrote_it_before() -> None:
    root, handler, heard = logging.getLogger(), logging.StreamHandler(), logging.Formatter()
    root.addHandler(handler)
    try:
        log_for_people()
        gone = OperationalError("SELECT 1", {}, Exception("connection refused\n\tIs it running?"))
        what = (type(gone), gone, None)
        name = "prefect.task_runs"
        record = logging.LogRecord(name, logging.ERROR, "x.py", 1, "failed %r", (gone,), what)
        assert "OperationalError" in heard.format(record)
        assert handler.filter(record)
        assert handler.format(record) == "connection refused Is it running?"
    finally:
        root.removeHandler(handler)
