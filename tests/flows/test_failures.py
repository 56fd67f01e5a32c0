"""What every flow of deploy/prefect.yaml does about its failure."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import yaml
from prefect import Flow

from flows.failures import LONGEST_HOURS, sound_alarm
from flows.telling import letters
from tests.flows.deployed import FILE

DEPLOYED = [
    each["entrypoint"] for each in yaml.safe_load(FILE.read_text(encoding="utf-8"))["deployments"]
]


@pytest.mark.parametrize("entrypoint", DEPLOYED)
def test_what_is_deployed_tells_of_its_failure_by_its_name_and_does_not_hang(
    entrypoint: str,
) -> None:
    path, name = entrypoint.split(":")
    flow: Flow[..., Any] = getattr(import_module(path.removesuffix(".py").replace("/", ".")), name)
    assert flow.on_failure_hooks == flow.on_crashed_hooks == [sound_alarm]
    assert flow.timeout_seconds == timedelta(hours=LONGEST_HOURS).total_seconds()
    subject, text = letters.of_alarm("linfen", flow.name, "Crashed, blue-ox", [], "en")
    what = subject.removeprefix("huizong: ").removesuffix(" of linfen failed")
    assert text.startswith(f"{what.capitalize()} of linfen did not come to its end (Crashed, ")


def test_each_says_which_one_it_was() -> None:
    names = [entrypoint.split(":")[1] for entrypoint in DEPLOYED]
    subjects = {letters.of_alarm("linfen", name, "Failed", [], "zh")[0] for name in names}
    assert len(subjects) == len(names) == 4
