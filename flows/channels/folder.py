"""The folder channel: returns dropped into a folder or a mounted network share."""

from contextlib import nullcontext
from pathlib import Path

from fsspec.implementations.local import LocalFileSystem

from flows.channels.place import Folder, Habits, Place

INBOX = "folder"
"""The name of the inbox, which every site has."""


def channel(name: str, path: Path, habits: Habits) -> Place:
    """A folder of this machine."""
    folder = Folder(LocalFileSystem(), path.as_posix())
    return Place(name, lambda: nullcontext(folder), habits)
