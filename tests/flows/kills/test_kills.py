"""A night may be killed anywhere, and its surroundings may give way: after one more run, nothing
tells that they did.

`KILLS` in the environment says at how many random moments, half of them on each of the databases;
`make kills` asks for 40, for every boundary there is on both, and for what `at_length` has.
"""

import os
import sys

import pytest

from tests.flows.kills.again import run_again
from tests.flows.kills.conftest import Undisturbed
from tests.flows.kills.ground import Ground
from tests.flows.kills.strike import Asked, Nights, passed

KILLS = int(os.environ.get("KILLS", "0"))
KILLED = -9
SQLITE = pytest.mark.parametrize("alike", ["sqlite"], indirect=True, scope="session")
BOTH = pytest.mark.parametrize("alike", ["sqlite", "postgresql"], indirect=True, scope="session")


def tell(what: str, differences: list[str]) -> None:
    """What `make kills` shows of each fault."""
    sys.stdout.write(f"{what}: {len(differences)} differences\n")


@BOTH if KILLS else SQLITE
def test_killed_at_a_boundary_and_run_again_it_is_as_if_nothing_had_been(
    alike: Ground, forked: Nights, undisturbed: Undisturbed
) -> None:
    steps = undisturbed.steps
    assert {"keep", "accept", "publish", "end"} <= set(steps)
    every = range(1, len(steps) + 1)
    in_the_middle = steps.index("accept") + steps.count("accept") // 2
    told = {}
    for boundary in every if KILLS else [in_the_middle]:
        site = alike.site(f"boundary_{boundary}")
        assert forked.run(Asked(site, boundary)) == KILLED
        step = passed(site)[-1]
        told[boundary, step] = run_again(site).differences(undisturbed.state)
        tell(f"killed at boundary {boundary}, {step}", told[boundary, step])
    assert {where: found for where, found in told.items() if found} == {}
