"""One opened site: its settings, its scheme and its warehouse."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine

from flows.settings import Site
from schemas.models import Scheme
from schemas.text import Language
from warehouse.engine import open_engine
from warehouse.upgrade import require_current, require_readable


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


@lru_cache(maxsize=8)
def open_house(site_folder: str) -> House:
    """Open a site once per process. Raises SettingsError, SchemeError or WarehouseError."""
    house = _house(site_folder)
    require_current(house.engine, house.scheme)
    return house


def look_into(site_folder: str) -> House:
    """Open a site only to look at what it holds. Raises what `open_house` raises."""
    house = _house(site_folder)
    require_readable(house.engine, house.scheme)
    return house


def _house(site_folder: str) -> House:
    site = Site(Path(site_folder))
    return House(site, site.load_scheme(), open_engine(site.database_url))
