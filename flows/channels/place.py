"""Files in a place that fsspec reaches: the half-written are waited for, the kept are moved."""

import os
import posixpath
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from flows.channels.arrival import Item, Left, stays
from schemas.errors import ChannelError
from schemas.filing import Received

LARGEST_BYTES = 256 << 20
"""A larger file is left where it is; the register of the largest county is a tenth of it."""

_NOT_RETURNS = (".", "~$")
"""Hidden files, and what Excel and WPS put before the name of a workbook that is open."""

_OF_WINDOWS = ("thumbs.db", "desktop.ini")
"""What Windows leaves in each folder that somebody looks into."""

_OF_SHARES = ("$recycle.bin", "#recycle", "@eadir", "system volume information", "lost+found")
"""Folders of the system of a share: what was deleted, thumbnails, what nobody else may list."""

_PARTS = (".part", ".partial", ".filepart", ".tmp", ".crdownload", ".download")
"""What programs put behind the name of a file that they have not written to its end."""


_UNFINISHED = "it is still being written; the next time takes it"
_CLOSED = "it may not be read; let the user who runs huizong read it, or ask who sent it"


Level = tuple[str, MutableMapping[str, object], Mapping[str, Mapping[str, Any]]]
"""A folder by its path, the folders in it and the files in it, with what is known of each."""


class Files(Protocol):
    """What is used of fsspec's file systems."""

    def walk(self, path: str, *, detail: bool, on_error: str) -> Iterator[Level]:
        """The folders below a path, one after the other, with what is in them.

        Those that are taken out of a level are not gone into.
        """

    def cat_file(self, path: str) -> bytes:
        """The bytes of a file."""

    def isdir(self, path: str) -> bool:
        """Whether there is such a folder."""

    def isfile(self, path: str) -> bool:
        """Whether there is such a file, or a link to one."""

    def makedirs(self, path: str, exist_ok: bool) -> None:
        """Make a folder and those above it."""

    def mv(self, path1: str, path2: str) -> None:
        """Give a file another name."""

    def invalidate_cache(self) -> None:
        """Forget what was listed."""


@dataclass(frozen=True)
class Folder:
    """A folder of a file system, once that has been connected to."""

    files: Files
    root: str

    def within(self, path: str) -> str:
        """The path of a file as seen from the folder."""
        return posixpath.relpath(path, self.root or ".")


@dataclass(frozen=True)
class Habits:
    """How files come to a place and what becomes of them there.

    A file that was modified within `quiet_seconds` is looked at again after as long, and left for
    the next time if it has changed. `same_clock` says whether its times are of this machine's
    clock; where they are not, every file is looked at twice.
    """

    quiet_seconds: float
    sender: str | None = None
    moved_to: str | None = None
    same_clock: bool = False


@dataclass(frozen=True)
class _Seen:
    """What tells a file that is being written from one that is not."""

    moment: float
    size: int


@dataclass(frozen=True)
class Place:
    """A folder, with its subfolders, as a channel; `opened` connects to it and leaves it."""

    name: str
    opened: Callable[[], AbstractContextManager[Folder]]
    habits: Habits
    talking: Callable[[], AbstractContextManager[None]] = nullcontext

    def arrivals(self) -> Iterator[Item | Left]:
        """Every file of the place, oldest first, then by name."""
        with self.opened() as folder:
            seen = self._listing(folder)
            now = seen
            if any(map(self._may_be_unfinished, seen.values())):
                time.sleep(self.habits.quiet_seconds)
                now = self._listing(folder)
            for path, what in sorted(seen.items(), key=lambda each: (each[1].moment, each[0])):
                if now.get(path) == what:
                    yield self._taken(folder, path, what)
                else:
                    yield Left(readable(folder.within(path)), _UNFINISHED)

    def look(self) -> None:
        """See whether the folder is there."""
        with self.opened() as folder:
            self._listing(folder)

    def _taken(self, folder: Folder, path: str, what: _Seen) -> Item | Left:
        name = readable(folder.within(path))
        if what.size > LARGEST_BYTES:
            return Left(name, f"it is larger than {LARGEST_BYTES >> 20} MiB; ask who sent it")
        try:
            content = folder.files.cat_file(path)
        except PermissionError:  # the others may be read
            return Left(name, _CLOSED)
        if len(content) != what.size:
            return Left(name, _UNFINISHED)
        received = Received(name, content, self.name, self.habits.sender)
        if self.habits.moved_to is None:
            return Item((received,), stays)
        target = posixpath.join(
            folder.root, self.habits.moved_to, _moved_name(folder, path, received)
        )
        return Item((received,), partial(_move, folder.files, path, target))

    def _listing(self, folder: Folder) -> dict[str, _Seen]:
        folder.files.invalidate_cache()
        if not folder.files.isdir(folder.root):
            raise ChannelError(
                f"there is no folder {folder.root!r}; make or mount it, or correct "
                "its path in huizong.toml"
            )
        # Not `find`, which passes over a folder that cannot be listed, and in some cannot be told.
        found = {}
        for _, folders, files in folder.files.walk(folder.root, detail=True, on_error="raise"):
            found.update({info["name"]: info for info in files.values()})
            for name in [*folders]:
                if name.startswith(".") or name.lower() in _OF_SHARES:
                    del folders[name]
        return {
            path: _Seen(_moment(info), int(info.get("size") or 0))
            for path, info in found.items()
            if self._is_return(folder.within(path))
            and (info["type"] == "file" or folder.files.isfile(path))  # not a link to a folder
        }

    def _is_return(self, path: str) -> bool:
        name = posixpath.basename(path)
        moved = self.habits.moved_to
        return not (
            name.startswith(_NOT_RETURNS)
            or name.lower().endswith(_PARTS)
            or name.lower() in _OF_WINDOWS
            or (moved is not None and path.startswith(f"{moved.strip('/')}/"))
        )

    def _may_be_unfinished(self, what: _Seen) -> bool:
        habits = self.habits
        return not habits.same_clock or what.moment > time.time() - habits.quiet_seconds


def _moved_name(folder: Folder, path: str, received: Received) -> str:
    """What a kept file is called; its digest keeps apart what came under one name."""
    stem, suffix = posixpath.splitext(folder.within(path))
    return f"{stem}.{received.sha256[:8]}{suffix}"


def _move(files: Files, path: str, target: str) -> None:
    files.makedirs(posixpath.dirname(target), exist_ok=True)
    files.mv(path, target)


def _moment(info: Mapping[str, Any]) -> float:
    """When a file was last modified; each file system has a word of its own for it."""
    for word in ("mtime", "modified", "LastModified", "created"):
        match info.get(word):
            case datetime() as moment:
                return moment.timestamp()
            case int() | float() as seconds:
                return float(seconds)
    return 0.0


def readable(name: str) -> str:
    """The name as text: archives made in Chinese Windows leave names in GB18030, not in UTF-8."""
    raw = os.fsencode(name)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")
