"""What became of one file, and what it took: done in a child process like the night's reading."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.checking import reading
from flows.checking.children import ChildDiedError
from schemas import messages
from schemas.errors import WorkbookError
from schemas.filing import Reading, Received
from schemas.findings import Severity
from schemas.models import Scheme
from schemas.workbook import open_workbook

ON = date(2026, 1, 1)


@dataclass(frozen=True)
class Seen:
    """One line of build/survive.csv; `verdict` is "" where huizong gave none.

    `peak_memory` is in bytes.
    """

    file: str
    verdict: str
    reason: str
    sheets: int
    cells: int
    seconds: float
    peak_memory: int


@dataclass(frozen=True)
class _Extent:
    sheets: int
    cells: int
    peak_memory: int


def examine(scheme: Scheme, file: Received) -> Iterator[Seen]:
    """Read a file, and the files in it if it is an archive."""
    started = time.monotonic()
    verdict, reason = _verdict(scheme, file)
    seconds = time.monotonic() - started
    extent = _extent(file)
    yield Seen(
        file.name,
        verdict,
        reason,
        extent.sheets,
        extent.cells,
        seconds,
        extent.peak_memory,
    )
    for inner in reading.files_in(file):
        yield from examine(scheme, inner)


def _verdict(scheme: Scheme, file: Received) -> tuple[str, str]:
    try:
        found = reading.read(scheme, file, ON)
    except Exception as error:  # a fault of huizong's own: the file has no verdict
        return "", repr(error)
    return _told(found)


def _told(found: Reading) -> tuple[str, str]:
    """The verdict is the code of the finding that refuses a file, or "read"."""
    for finding in found.findings:
        if finding.severity is Severity.ERROR or finding.code == "file-archive":
            return finding.code, messages.fact(finding, "en")
    return "read", f"{len(found.filings)} forms"


def _extent(file: Received) -> _Extent:
    try:
        return reading.children.run(_measure, file.content)
    except (ChildDiedError, MemoryError):
        return _Extent(0, 0, reading.LIMITS.memory)


def _measure(content: bytes) -> _Extent:
    """How many sheets and cells there are to see, and the most memory that reading takes."""
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak of what was read before
    try:
        sheets = open_workbook(content, "").sheets
    except WorkbookError:
        return _Extent(0, 0, _peak())
    cells = sum(cell != "" for sheet in sheets for row in sheet.rows for cell in row)
    return _Extent(len(sheets), cells, _peak())


def _peak() -> int:
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])
