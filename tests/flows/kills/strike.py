"""Starting nights that are killed: at a boundary, by themselves, or at a moment, from here."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO


def boundaries_of(site: Path) -> Path:
    """Where a night writes the steps of the boundaries it has passed."""
    return site.with_suffix(".boundaries")


def output_of(site: Path) -> Path:
    """Where a night writes what it prints."""
    return site.with_suffix(".txt")


def passed(site: Path) -> list[str]:
    """The steps of the boundaries that a night has passed so far."""
    told = boundaries_of(site)
    return told.read_text().split() if told.exists() else []


def printed(site: Path) -> str:
    """What a night has printed, each run of blanks as one."""
    return " ".join(output_of(site).read_text().split())


@dataclass(frozen=True)
class Asked:
    """A night of a site, to a boundary or, with 0, to its end; `pages` may its warehouse have.

    `settings` are those of its environment.
    """

    site: Path
    boundary: int = 0
    pages: int = 0
    settings: Mapping[str, str] = field(default_factory=dict)

    def line(self) -> str:
        """As it is sent."""
        return json.dumps(asdict(self) | {"site": str(self.site)}) + "\n"

    @classmethod
    def read(cls, line: str) -> "Asked":
        """As it was sent."""
        told = json.loads(line)
        return cls(**told | {"site": Path(told["site"])})


@dataclass
class Nights:
    """What nights are forked from, one at a time."""

    _asked: IO[str]
    _told: IO[str]
    _under_way: bool = False

    def run(self, asked: Asked, seconds: float | None = None) -> int:
        """Run a night for so long, or as long as it takes; its status, -9 when it was killed."""
        night = self.begin(asked)
        if seconds is not None:
            time.sleep(seconds)
            with suppress(ProcessLookupError):  # it has ended before
                os.kill(night, signal.SIGKILL)
        return self.end()

    def begin(self, asked: Asked) -> int:
        """Let a night begin; the number of its process."""
        if self._under_way:
            self.end()  # it was left behind by a test that failed
        boundaries_of(asked.site).unlink(missing_ok=True)
        self._asked.write(asked.line())
        self._asked.flush()
        self._under_way = True
        return int(self._told.readline())

    def end(self) -> int:
        """Wait for the night to end; its status."""
        self._under_way = False
        return int(self._told.readline())


@contextmanager
def nights(api_url: str, log: Path) -> Iterator[Nights]:
    """Nights that use a server of Prefect."""
    settings = {"PREFECT_API_URL": api_url, "PREFECT_LOGGING_LEVEL": "WARNING"}
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, "-m", "tests.flows.kills.night"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            env=os.environ | settings,
            text=True,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        yield Nights(process.stdin, process.stdout)
        process.stdin.close()
