"""Prefect's own server and worker, with the deployments of `deploy/prefect.yaml` of a site.

The commands are those printed at the head of that file.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

import yaml

from flows.server import free_port
from tests.flows.prefect_api import asked
from tests.flows.processes import ROOT, wait_until

FILE = ROOT / "deploy" / "prefect.yaml"
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
SETTINGS = {k: v for k, v in COMPOSE["x-settings"].items() if k.startswith("PREFECT_LOGGING_")}
"""How logs are written where containers run."""


def printed_command(part: str) -> list[str]:
    """The one command at the head of the file with a part in it, without its variables."""
    (line,) = [
        line.removeprefix("#   ")
        for line in FILE.read_text(encoding="utf-8").splitlines()
        if line.startswith("#   ") and f"prefect {part}" in line
    ]
    words = shlex.split(line)
    return words[words.index("prefect") :]


@dataclass(frozen=True)
class Deployed:
    """A server of Prefect on loopback, and how its commands are run."""

    environment: dict[str, str]
    log: Path

    def run(self, command: list[str]) -> str:
        """Run a command to its end, which has to be a good one; what it printed."""
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def running(self, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
        """A command that runs as long as it is needed."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        try:
            yield process
        finally:
            _end(process)

    def ask(self, path: str, body: object = None) -> Any:
        """What Prefect's API answers; with a body, to a POST."""
        return asked(f"{self.environment['PREFECT_API_URL']}{path}", body)

    def started(self) -> str:
        """A run of the night, which a worker will take up."""
        night = self.ask("/deployments/name/nightly/linfen")
        return str(self.ask(f"/deployments/{night['id']}/create_flow_run", {})["id"])

    def state(self, run: str) -> str:
        """How far a run is."""
        return str(self.ask(f"/flow_runs/{run}")["state_type"])

    def answers(self) -> bool:
        """Whether the server does."""
        try:
            return bool(self.ask("/health"))
        except (URLError, OSError):
            return False


@contextmanager
def deployed(site: Path) -> Iterator[Deployed]:
    """A site called linfen on a server of its own, to which no worker listens yet."""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    prefect = Deployed(
        clean
        | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HUIZONG_NAME": "linfen",
            "HUIZONG_SITE": str(site),
            "PREFECT_HOME": str(site / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            **SETTINGS,
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
        },
        site.with_suffix(".log"),
    )
    with prefect.running(printed_command("server start")) as server:
        wait_until(prefect.answers, server)
        prefect.run(printed_command("work-pool create"))
        prefect.run(printed_command("--no-prompt deploy"))
        yield prefect


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process of Prefect, whether or not it lets itself be asked."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
