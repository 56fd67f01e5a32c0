"""A night may be killed anywhere, and its surroundings may give way: after one more run, nothing
tells that they did. Where they are wrong, IT is told: one line, an exit status, no loss.

`KILLS` in the environment says at how many random moments, half of them on each of the databases;
`make kills` asks for 40, for every boundary there is on both, and for what `at_length` has.
"""

import os
import sys
from pathlib import Path

import pytest

from tests.flows.given import site_with
from tests.flows.kills.again import run_again
from tests.flows.kills.conftest import Undisturbed
from tests.flows.kills.ground import Ground
from tests.flows.kills.strike import Asked, Nights, passed, printed

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


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("HUIZONG_DATABASE_URL", "postgresql://u:secret@127.0.0.1:9/x", "Check that"),
        ("HUIZONG_DATABASE_URL", "sqlite:////nowhere/x.db", "mount its disk"),
        ("HUIZONG_INBOX", "/nowhere/share", "/nowhere/share is not a folder; make or mount it"),
    ],
)
def test_a_night_that_cannot_run_says_why_in_one_line(
    tmp_path: Path, few_forms: Path, forked: Nights, setting: str, value: str, told: str
) -> None:
    site = site_with(tmp_path / "site", few_forms)
    assert forked.run(Asked(site, settings={setting: value})) == 2
    said = printed(site)
    assert said.startswith("huizong: ")
    assert told in said
    assert "Traceback" not in said
    assert "secret" not in said


def test_a_period_that_cannot_be_published_holds_back_no_other(
    small_site: Path, forked: Nights
) -> None:
    site = small_site
    in_the_way = site / "published" / "2003H1"
    in_the_way.write_text("a file where a folder should be")
    assert forked.run(Asked(site)) == 1
    assert f"{in_the_way}/.0001.partial: Not a directory; a file stands where" in printed(site)
    assert "Traceback" not in printed(site)
    assert (site / "published" / "2015" / "latest" / "index.html").is_file()

    in_the_way.unlink()
    assert forked.run(Asked(site)) == 0
    assert "10 files, 0 new, 0 read" in printed(site)
    assert (in_the_way / "latest" / "index.html").is_file()
    assert not (site / "published" / "2015" / "0002").exists()
