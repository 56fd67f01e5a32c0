"""The store channel: returns in whatever else fsspec reaches, as an S3 bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from fsspec.core import url_to_fs

from flows.channels.place import Folder, Habits, Place
from flows.ways import StorePlace
from schemas.errors import ChannelError


def channel(way: StorePlace, habits: Habits) -> Place:
    """The folder of the store, as the site's settings describe it."""
    return Place(way.name, partial(_opened, way), habits)


@contextmanager
def _opened(way: StorePlace) -> Iterator[Folder]:
    try:
        files, root = url_to_fs(way.url, **way.options)
    except (ImportError, ValueError) as error:
        raise ChannelError(f"{way.url} cannot be reached: {error}") from error
    yield Folder(files, root)
