"""One opened site: its settings, its scheme and its warehouse."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine

from flows.settings import Site
from schemas.models import Scheme
from schemas.text import Language
from warehouse.engine import open_engine
from warehouse.upgrade import require_current


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
    site = Site(Path(site_folder))
    scheme = site.load_scheme()
    engine = open_engine(site.database_url)
    require_current(engine, scheme)
    return House(site, scheme, engine)
