"""The store channel: returns in whatever else fsspec reaches, as an S3 bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from fsspec.core import url_to_fs

from flows.channels.place import Folder, Habits, Place
from flows.configuration.ways import StorePlace
from schemas.errors import ChannelError


def channel(way: StorePlace, habits: Habits) -> Place:
    """The folder of the store, as the site's settings describe it."""
    return Place(way.name, partial(_opened, way), habits, partial(_talking, way))


@contextmanager
def _opened(way: StorePlace) -> Iterator[Folder]:
    try:
        files, root = url_to_fs(way.url, **way.options)
    except (ImportError, ValueError) as error:
        raise ChannelError(f"{way.url} cannot be reached: {error}") from error
    yield Folder(files, root)


@contextmanager
def _talking(way: StorePlace) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise ChannelError(
            f"{way.url} does not let huizong in ({error}); check the keys in its options or in the "
            "environment, and what they may do"
        ) from error
    except _of_s3() as error:
        raise _told(way, error) from error


def _of_s3() -> tuple[type[Exception], ...]:
    """What the library of S3 raises beside OSError, where it is installed."""
    try:
        from aiohttp import ClientError as CutOff
        from botocore.exceptions import BotoCoreError
    except ImportError:
        return ()
    return (BotoCoreError, CutOff)


def _told(way: StorePlace, error: Exception) -> Exception:
    from aiohttp import ClientError as CutOff
    from botocore.exceptions import ConnectionError as NotReached
    from botocore.exceptions import HTTPClientError

    if isinstance(error, NotReached | HTTPClientError | CutOff):
        return ConnectionError(f"{way.url}: {error}")
    return ChannelError(f"{way.url} cannot be used: {error}; correct its options or keys")
