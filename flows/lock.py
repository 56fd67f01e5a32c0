"""One writer per site: nights and publications of a site take turns.

A night that did not come to its end is known to the next one.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import SettingsError

FILE_NAME = ".night.lock"
_UNDER_WAY = ".night.under-way"

_held: set[Path] = set()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lock of a site folder; the process that has it may take it again.

    The operating system gives it back when the process ends, however it ends, so that a killed
    night locks nobody out. Raises SettingsError when another process has it.
    """
    path = folder.resolve() / FILE_NAME
    if path in _held:
        yield
        return
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise SettingsError(
                f"a night or publication is already running on {path.parent} "
                f"(process {file.read().strip() or 'unknown'}); this one has done nothing. "
                "What arrives meanwhile is taken up by the next night"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        _held.add(path)
        try:
            yield
        finally:
            _held.discard(path)


@contextmanager
def to_the_end(folder: Path) -> Iterator[bool]:
    """Note that a night of a site is under way until the block ends without an error.

    Yields whether the night before was cut off: killed, stopped, or ended by an error.
    """
    mark = folder / _UNDER_WAY
    cut_off = was_cut_off(folder)
    mark.touch()
    yield cut_off
    mark.unlink()


def was_cut_off(folder: Path) -> bool:
    """Whether the last night of a site did not come to its end."""
    return (folder / _UNDER_WAY).exists()
