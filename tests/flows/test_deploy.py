"""The commands at the head of deploy/prefect.yaml, as printed there."""

import json
from pathlib import Path

from tests.flows.deployed import deployed, printed_command
from tests.flows.given import site_with, with_prefect
from tests.flows.people import letters, open_robot, telling
from tests.flows.processes import eventually


def test_the_printed_commands_deploy_runs_and_one_that_fails_is_told_of_once(
    tmp_path: Path, few_forms: Path, prefect_database: Path
) -> None:
    site = with_prefect(site_with(tmp_path / "site", few_forms), prefect_database)
    with (
        open_robot() as robot,
        deployed(telling(site, robot)) as prefect,
        prefect.running(printed_command("worker start")),
    ):
        assert "'Completed'" in prefect.run(printed_command("deployment run nightly"))
        (report,) = letters(robot)
        (site / "inbox").rmdir()
        run = prefect.started()
        eventually(lambda: prefect.state(run) == "FAILED" and len(letters(robot)) > 1)
        eventually(lambda: "alarm: desk: told" in prefect.log.read_text())
        again = printed_command("deployment run backfill")
        assert "'Completed'" in prefect.run([*again, "--watch"])
        prefect.run([*again[:-1], "last=1999"])
        eventually(lambda: len(letters(robot)) > 2)
    assert letters(robot)[0] == report
    logged = [json.loads(line) for line in prefect.log.read_text().splitlines() if line[:1] == "{"]
    assert "collected 0 files, 0 new; 0 to read" in [each["message"] for each in logged]
    of_night, of_backfill = letters(robot)[1:]
    assert "夜间处理没有完成（Failed, " in of_night
    assert "make or mount it" in of_night
    assert "多期重新发布没有完成（Failed, " in of_backfill
