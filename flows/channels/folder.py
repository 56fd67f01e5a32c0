"""The folder channel: returns dropped into a folder or a network share."""

import os
from collections.abc import Iterator
from pathlib import Path

from schemas.filing import Received

_LOCK_PREFIX = "~$"
"""What Excel and WPS put before the name of a workbook that is open on someone's desk."""


def collect(inbox: Path) -> Iterator[Received]:
    """Every file of the inbox and its subfolders, oldest first, then by name.

    Hidden files and the lock files of open workbooks are not returns. Raises OSError when the
    folder cannot be read.
    """
    paths = [path for path in _files(inbox) if _is_return(path)]
    for path in sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.as_posix())):
        yield Received(
            name=_readable(path.relative_to(inbox)),
            content=path.read_bytes(),
            channel="folder",
            sender=None,
        )


def _files(inbox: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise error  # a subfolder that cannot be read must not pass for an empty one

    for folder, _, names in os.walk(inbox, onerror=refuse):
        yield from (Path(folder, name) for name in names)


def _is_return(path: Path) -> bool:
    return not path.name.startswith((".", _LOCK_PREFIX))


def _readable(path: Path) -> str:
    """The name as text: archives made in Chinese Windows leave names in GB18030, not in UTF-8."""
    raw = os.fsencode(path.as_posix())
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")
