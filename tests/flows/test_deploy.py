"""The commands at the head of deploy/prefect.yaml, as printed there."""

import json
from pathlib import Path

from tests.flows.deployed import deployed, printed_command
from tests.flows.given import site_with, with_prefect
from tests.flows.people import letters, open_robot, telling
from tests.flows.processes import eventually


def test_the_printed_commands_deploy_a_night_and_one_that_fails_is_told_of_once(
    tmp_path: Path, few_forms: Path, prefect_database: Path
) -> None:
    site = with_prefect(site_with(tmp_path / "site", few_forms), prefect_database)
    with (
        open_robot() as robot,
        deployed(telling(site, robot)) as prefect,
        prefect.running(printed_command("worker start")),
    ):
        assert "'Completed'" in prefect.run(printed_command("deployment run"))
        (report,) = letters(robot)
        (site / "inbox").rmdir()
        run = prefect.started()
        eventually(lambda: prefect.state(run) == "FAILED" and len(letters(robot)) > 1)
        eventually(lambda: "alarm: desk: told" in prefect.log.read_text())
    assert letters(robot)[0] == report
    logged = [json.loads(line) for line in prefect.log.read_text().splitlines() if line[:1] == "{"]
    assert "collected 0 files, 0 new; 0 to read" in [each["message"] for each in logged]
    (told,) = letters(robot)[1:]
    assert "Failed, " in told
    assert "make or mount it" in told
