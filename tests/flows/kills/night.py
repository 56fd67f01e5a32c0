"""Nights that may be killed, each a process of its own: `python -m tests.flows.kills.night`.

It imports what a night needs, once, and then forks a process for every line that it reads. That
process is `huizong nightly` on the site named there, with what it prints beside the site. The
answer is the number of the process, and when it has ended, its status.

What lasts changes at few moments: when the warehouse commits, and when a file or a link in the
publication folder gets its name. Between two of these a night has nothing to lose but time. They
are seen from outside, by events of SQLAlchemy and Python's audit of system calls; the night is the
one that everybody runs. Right before the change of the number stated, counted from 1, the process
kills itself with SIGKILL; the last boundary is that after the last change. With 0 it runs to its
end. The steps of the boundaries that it passes are written, one line each, beside the site.
"""

import os
import signal
import sqlite3
import sys
from pathlib import Path
from threading import Lock
from types import FrameType
from typing import TextIO

from sqlalchemy import Engine, event

# What a night imports where it needs it is imported before it is forked.
import expectations.validate  # noqa: F401
import flows.nightly  # noqa: F401
from flows import cli, process
from flows.configuration.settings import Site
from flows.telling import telling
from tests.flows.kills.strike import Asked, boundaries_of, output_of

_STEPS = {module.__file__ for module in (process, telling)}
_NAMES_GIVEN = {"os.rename": 1, "os.symlink": 1}
"""The audited calls that give a file its name, and which of their arguments is that name."""


class Boundaries:
    """Counts the boundaries of a night, and ends it at one."""

    def __init__(self, published: Path, last: int, told: TextIO) -> None:
        self._published = str(published)
        self._last = last
        self._told = told
        self._passed = 0
        self._turn = Lock()

    def watch(self) -> None:
        """From now on, every change that lasts is a boundary."""
        event.listen(Engine, "commit", lambda _connection: self.reached())
        sys.addaudithook(self._heard)

    def _heard(self, call: str, arguments: tuple[object, ...]) -> None:
        place = _NAMES_GIVEN.get(call)
        if place is not None and str(arguments[place]).startswith(self._published):
            self.reached()

    def reached(self) -> None:
        """Another boundary, whichever thread has come to it."""
        with self._turn:
            self._passed += 1
            self._told.write(f"{_step()}\n")
            self._told.flush()
            if self._passed == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


def _step() -> str:
    """The step that this thread is in, by the name of its function."""
    frame: FrameType | None = sys._getframe()
    step = "end"
    while frame is not None:
        if frame.f_code.co_filename in _STEPS:
            step = frame.f_code.co_name
        frame = frame.f_back
    return step


def _limit(pages: int) -> None:
    """Let SQLite find its disk full when the warehouse has so many pages."""

    def limited(connection: object, _entry: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "connect", limited)


def _run(asked: Asked) -> None:
    """Be the night that is asked for; raises SystemExit with its status."""
    output = os.open(output_of(asked.site), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.update(asked.settings)
    if asked.pages:
        _limit(asked.pages)
    with boundaries_of(asked.site).open("w") as told:
        boundaries = Boundaries(Site(asked.site).published, asked.boundary, told)
        boundaries.watch()
        sys.argv = ["huizong", "nightly", "--site", str(asked.site)]
        try:
            cli.main()
        finally:
            boundaries.reached()


def main() -> None:
    """Fork a night for every line that is read."""
    for line in sys.stdin:
        night = os.fork()
        if night == 0:
            _run(Asked.read(line))
        sys.stdout.write(f"{night}\n")
        sys.stdout.flush()
        _, status = os.waitpid(night, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
