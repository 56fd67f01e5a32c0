"""One opened site: its settings, its scheme and its warehouse."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine

from flows.settings import Site
from schemas.errors import WarehouseError
from schemas.models import Scheme
from schemas.text import Language
from warehouse.current import is_noted
from warehouse.engine import open_engine, reading


@dataclass(frozen=True)
class House:
    """One opened site: its settings, its scheme, its warehouse."""

    site: Site
    scheme: Scheme
    engine: Engine

    @property
    def language(self) -> Language:
        """The language of what people read here."""
        return self.site.language(self.scheme)


def open_house(site_folder: str) -> House:
    """Open a site once per process. Raises SettingsError, SchemeError or WarehouseError."""
    from warehouse.upgrade import require_current  # takes a while to import

    with _opening:
        if site_folder not in _houses:
            _houses[site_folder] = _opened(site_folder, require_current)
        return _houses[site_folder]


@contextmanager
def closing_houses() -> Iterator[None]:
    """Close, at the end of the block, every site that `open_house` has opened."""
    try:
        yield
    finally:
        with _opening:
            while _houses:
                _houses.popitem()[1].engine.dispose()


@contextmanager
def look_into(site_folder: str) -> Iterator[House]:
    """A site opened only to look at what it holds. Raises what `open_house` raises."""
    house = _opened(site_folder, _require_readable)
    try:
        yield house
    finally:
        house.engine.dispose()


def _opened(site_folder: str, require: Callable[[Engine, Scheme], None]) -> House:
    site = Site(Path(site_folder))
    house = House(site, site.load_scheme(), open_engine(site.database_url))
    try:
        require(house.engine, house.scheme)
    except WarehouseError:
        house.engine.dispose()
        raise
    return house


def _require_readable(engine: Engine, scheme: Scheme) -> None:
    with reading(engine) as connection:
        if is_noted(connection, scheme):
            return
    from warehouse.upgrade import require_stored  # takes a while to import, and to run

    require_stored(engine, scheme)


_houses: dict[str, House] = {}
_opening = Lock()
