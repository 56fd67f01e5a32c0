"""Running `huizong` as IT does: as a process, with the environment of a clean machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_SECONDS = 120


def start(*arguments: str | Path, output: Path, **settings: str) -> subprocess.Popen[bytes]:
    """Start `huizong` in a session of its own; what it prints goes into a file."""
    command = [str(Path(sys.executable).with_name("huizong")), *map(str, arguments)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with output.open("wb") as file:
        return subprocess.Popen(
            command, env=clean | settings, stdout=file, stderr=file, start_new_session=True
        )


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(happened: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait until something has happened; the process must live that long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert process.poll() is None, f"ended with {process.returncode}"
        assert time.monotonic() < deadline
        time.sleep(0.05)


def living(text: str) -> list[str]:
    """The command lines of running processes that contain a text."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if text in line]
