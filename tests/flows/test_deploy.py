"""The commands at the head of deploy/prefect.yaml, as printed there."""

from pathlib import Path

from tests.flows.deployed import deployed, printed_command
from tests.flows.given import site_with, with_prefect


def test_the_printed_commands_deploy_a_night_that_a_worker_completes(
    tmp_path: Path, few_forms: Path, prefect_database: Path
) -> None:
    site = with_prefect(site_with(tmp_path / "site", few_forms), prefect_database)
    with deployed(site) as prefect, prefect.running(printed_command("worker start")):
        assert "'Completed'" in prefect.run(printed_command("deployment run"))
