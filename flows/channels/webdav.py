"""The WebDAV channel: returns on a WebDAV server, as cloud drives and mail suites offer one."""

import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

import httpx
from webdav4.client import Client, ClientError
from webdav4.fsspec import WebdavFileSystem

from flows.channels.place import Folder, Habits, Place
from flows.configuration.ways import WebdavPlace
from schemas.errors import ChannelError

_PATIENCE_SECONDS = 60


def channel(way: WebdavPlace, password: str, habits: Habits) -> Place:
    """The folder on the server, as the site's settings describe it."""
    return Place(way.name, partial(_opened, way, password), habits, partial(_talking, way))


@contextmanager
def _opened(way: WebdavPlace, password: str) -> Iterator[Folder]:
    known = ssl.create_default_context()  # the authorities of this machine, as for mail
    client = Client(way.url, auth=(way.user, password), timeout=_PATIENCE_SECONDS, verify=known)
    with closing(client.http):
        yield Folder(WebdavFileSystem(way.url, client=client, skip_instance_cache=True), "")


@contextmanager
def _talking(way: WebdavPlace) -> Iterator[None]:
    try:
        yield
    except (httpx.HTTPStatusError, ClientError) as error:
        raise ChannelError(f"{way.url} answers: {error}; check url, user and password") from error
    except httpx.HTTPError as error:
        raise ConnectionError(f"{way.url}: {error}") from error
