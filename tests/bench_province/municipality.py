"""Municipalities with a night each: what they are sent, what their nights cost, what they leave."""

import ctypes
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from flows import sites
from schemas.sample import write_register, write_sample
from schemas.sample.spec import sampled_periods
from schemas.scheme import CATALOG, load_scheme

_FOLDER = CATALOG / "linfen"
_PERIOD = "2015"
_HUIZONG = (sys.executable, "-c", "from flows.cli import main; main()")
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """What some nights took: seconds by the clock, seconds of processor, the largest process."""

    seconds: float
    processor: float
    largest_bytes: int


def write_returns(folder: Path, share: Decimal) -> int:
    """The annual returns of 17 counties, and so much of their registers; their bytes."""
    scheme = load_scheme(_FOLDER)
    (annual,) = [entry for entry in sampled_periods(_FOLDER) if entry.id == _PERIOD]
    list(write_sample(scheme, _FOLDER, folder, (annual,), faults=False))
    if share:
        list(write_register(scheme, _FOLDER, folder, share))
    return size_of(folder)


def made(folder: Path, inbox: Path, database_url: str | None) -> Path:
    """A new site with returns in its inbox; a SQLite file is its warehouse if none is named."""
    folder.mkdir(parents=True)
    if database_url is not None:
        text = f'scheme = "linfen"\ndatabase_url = "{database_url}"\n'
        (folder / "huizong.toml").write_text(text, encoding="utf-8")
    list(sites.init(folder, "linfen"))
    shutil.copytree(inbox, folder / "inbox", dirs_exist_ok=True)
    return folder


def nights(folders: Sequence[Path], at_once: int) -> Cost:
    """Run the night of each site, so many at a time, each as a process with all it starts."""
    # Processes whose parent has ended become ours, so that what they took is counted, too.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, began = _processor(), time.monotonic()
    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(_night, folders))
    seconds = time.monotonic() - began
    with suppress(ChildProcessError):
        while True:
            os.wait()
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return Cost(seconds, _processor() - before, largest)


def _night(folder: Path) -> None:
    command = [*_HUIZONG, "nightly", "--site", str(folder)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with (folder / "night.log").open("ab") as log:
        subprocess.run(
            command, stdout=log, stderr=log, check=True, env=clean | {"HUIZONG_QUIET_SECONDS": "0"}
        )


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def size_of(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
