"""Reading what was sent, in child processes: whatever a file does there is its own affair.

The child processes import this module before anything else.
"""

import os
from datetime import date

# One thread per process: on a large machine the others would take up all memory that is allowed.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pandas  # noqa: F401 - imported where a frame is made, and here once for all children

from flows.checking.children import ChildDiedError, Children, Limits, take_longer
from flows.checking.shared import Shared
from schemas.errors import WorkbookError
from schemas.filing import Reading, Received
from schemas.formats.archive import Unpacked, is_archive, unpack
from schemas.models import Scheme
from schemas.reading.reader import read_submission, unopened
from schemas.text import Text

LIMITS = Limits(seconds=18, memory=2 << 30)
"""Of one file; the verdict on what is no return is there within 20 seconds."""

SECONDS_PER_CELL = 20e-6
"""For each cell that is filled under the headings of a return, besides: ten times what it takes to
read one, so that a register of any size is read on a slow machine, too.
"""

_OUT_OF_TIME = Text(zh="读取时间过长", en="it takes too long to read")
_CRASHED = Text(
    zh="读取时程序异常终止或内存不足", en="reading it ends in a crash or takes all memory"
)

children = Children(min(4, os.cpu_count() or 1), LIMITS)


def read(scheme: Scheme, received: Received, on: date) -> Reading:
    """Read one file as of a day; that it could not be read is what was read."""
    try:
        return children.run(_read, _shared(scheme), received, on)
    except (ChildDiedError, MemoryError) as error:
        return unopened(received.name, _verdict(error), scheme)


def files_in(received: Received) -> list[Received]:
    """The files in an archive, as if each had come by itself; none in what is no archive."""
    try:
        files = children.run(_unpack, received.content).files
    except (ChildDiedError, MemoryError):
        return []  # reading the archive comes to the same end and says so
    return [
        Received(f"{received.name}/{file.name}", file.content, received.channel, received.sender)
        for file in files
    ]


def _verdict(error: ChildDiedError | MemoryError) -> WorkbookError:
    late = isinstance(error, ChildDiedError) and error.out_of_time
    return WorkbookError("file-unreadable", _OUT_OF_TIME if late else _CRASHED)


def _shared(scheme: Scheme) -> Shared[Scheme]:
    """A scheme as it is sent; a night has one and sends it with every file."""
    if not _sent or _sent[-1][0] is not scheme:
        _sent[:] = [(scheme, Shared.of(scheme))]
    return _sent[-1][1]


_sent: list[tuple[Scheme, Shared[Scheme]]] = []


def _read(scheme: Shared[Scheme], received: Received, on: date) -> Reading:
    def counted(cells: int) -> None:
        take_longer(cells * SECONDS_PER_CELL)

    name, sender = received.name, received.sender
    return read_submission(name, received.content, scheme.value, on, sender, counted=counted)


def _unpack(content: bytes) -> Unpacked:
    return unpack(content) if is_archive(content) else Unpacked(())
