"""The SFTP channel: returns on an SFTP server whose key is known."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import asyncssh
from fsspec.asyn import sync
from sshfs import SSHFileSystem

from flows.channels.place import Folder, Habits, Place
from flows.configuration.ways import SftpPlace
from schemas.errors import ChannelError

_PATIENCE_SECONDS = 60


def channel(way: SftpPlace, site: Path, password: str | None, habits: Habits) -> Place:
    """The folder on the server, as the site's settings describe it."""
    return Place(way.name, partial(_opened, way, site, password), habits, partial(_talking, way))


@contextmanager
def _opened(way: SftpPlace, site: Path, password: str | None) -> Iterator[Folder]:
    known = site / way.known_hosts
    if not known.is_file():
        raise ChannelError(
            f"there is no file {known}; write the output of "
            f"`ssh-keyscan -p {way.port} {way.host}` into it and compare it with the server's"
        )
    files = SSHFileSystem(
        way.host,
        port=way.port,
        username=way.user,
        password=password,
        known_hosts=str(known),
        client_keys=[str(site / way.key_file)] if way.key_file else None,
        config=None,
        agent_path=None,
        connect_timeout=_PATIENCE_SECONDS,
        keepalive_interval=_PATIENCE_SECONDS / 4,
        skip_instance_cache=True,
    )
    try:
        yield Folder(files, way.path)
    finally:
        files.loop.call_soon_threadsafe(files.client.close)
        sync(files.loop, files.client.wait_closed, timeout=_PATIENCE_SECONDS)


@contextmanager
def _talking(way: SftpPlace) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise ChannelError(
            f"{way.host} lets {way.user} not do this ({error}); check user, password "
            "and key, and that it may read the folder and, with moved_to, write there"
        ) from error
    except asyncssh.HostKeyNotVerifiable as error:
        raise ChannelError(
            f"the key of {way.host} is not the one in {way.known_hosts}; if the "
            "server was renewed, put its new key there, and otherwise ask who answers in its name"
        ) from error
    except (asyncssh.Error, asyncssh.SFTPError) as error:
        raise ConnectionError(f"{way.host}: {error.reason}") from error
