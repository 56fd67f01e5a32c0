"""Two nights started at once; `make kills` runs it, pytest does not find it by itself."""

import shutil
from pathlib import Path

from tests.flows.kills.again import run_again
from tests.flows.kills.conftest import Undisturbed
from tests.flows.kills.ground import Ground
from tests.flows.kills.strike import Asked, Nights, nights, printed
from tests.flows.kills.test_kills import BOTH, tell


@BOTH
def test_of_two_nights_of_one_warehouse_one_runs_and_the_other_has_done_nothing(
    alike: Ground, forked: Nights, undisturbed: Undisturbed, prefect_server: str, tmp_path: Path
) -> None:
    site, other = alike.site("two"), alike.place("two_other")
    if alike.server is None:
        other.symlink_to(site)  # a file has one folder, which may have two names
    else:
        shutil.copytree(site, other)  # a database may be named by two folders, or two machines
    with nights(prefect_server, tmp_path / "nights.txt") as others:
        forked.begin(Asked(site))
        others.begin(Asked(other))
        ended = {forked.end(): site, others.end(): other}
    assert set(ended) == {0, 2}, f"{printed(site)}\n{printed(other)}"
    assert "a night or publication is already running on" in printed(ended[2])
    differences = run_again(ended[0]).differences(undisturbed.state)
    tell(f"two at once, {ended[0].name} ran", differences)
    assert differences == []
