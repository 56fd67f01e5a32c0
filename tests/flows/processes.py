"""Running `huizong` as IT does: as a process, with the environment of a clean machine.

It is the huizong that stands here, whichever one is installed.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 300


def start(*arguments: str | Path, output: Path, **settings: str) -> subprocess.Popen[bytes]:
    """Start `huizong` in a session of its own; what it prints goes into a file."""
    command = [sys.executable, "-c", "from flows.cli import main; main()", *map(str, arguments)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with output.open("wb") as file:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=clean | settings,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )


def wait_until(happened: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait until something has happened; the process must live that long."""

    def happened_while_alive() -> bool:
        assert process.poll() is None, f"ended with {process.returncode}"
        return happened()

    eventually(happened_while_alive)


def eventually(happened: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def living(text: str) -> list[str]:
    """The running processes whose command line or environment contains a text."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile, or is another user's
            told = (process / "cmdline").read_bytes() + b"\0" + (process / "environ").read_bytes()
            if text in told.decode(errors="replace"):
                found.append(told.replace(b"\0", b" ").decode(errors="replace"))
    return found


def servers_of(site: Path) -> list[str]:
    """The Prefect servers that nights of a site have started and that still run."""
    return [told for told in living(f"PREFECT_HOME={site}/prefect") if "server start" in told]
