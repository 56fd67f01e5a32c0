"""A night that is killed anywhere and run again ends like one that was left alone."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows import sites
from flows.nightly import nightly
from tests.flows.published import snapshot

pytestmark = pytest.mark.xdist_group("prefect")

KILL_AFTER_SECONDS = (4.0, 8.0, 12.0)


def start_night(site: Path) -> subprocess.Popen[bytes]:
    huizong = str(Path(sys.executable).with_name("huizong"))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return subprocess.Popen(
        [huizong, "nightly", "--site", str(site)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def data_of(site: Path) -> dict[str, str]:
    found = snapshot(site / "published")
    return {name: digest for name, digest in found.items() if name.endswith(".csv")}


def test_killed_three_times_and_run_again_publishes_the_same_data(
    site: Path, tmp_path: Path, clean_returns: Path
) -> None:
    for seconds in KILL_AFTER_SECONDS:
        night = start_night(site)
        time.sleep(seconds)
        os.killpg(night.pid, signal.SIGKILL)
        night.wait()
    nightly(str(site))
    undisturbed = tmp_path / "undisturbed"
    list(sites.init(undisturbed, "linfen"))
    shutil.copytree(clean_returns, undisturbed / "inbox", dirs_exist_ok=True)
    nightly(str(undisturbed))
    assert data_of(site) == data_of(undisturbed)
    assert nightly(str(site)).nothing_new
