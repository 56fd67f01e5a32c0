"""One opened site: its settings, its scheme and its warehouse."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine

from flows.configuration.settings import Site
from flows.moments import moment_of
from flows.person_key import person_key
from schemas.errors import HuizongError, SettingsError
from schemas.models import Scheme
from schemas.scheme import fingerprint
from schemas.text import Language
from warehouse.engine import open_kept, reading
from warehouse.lines.pseudonyms import require_key
from warehouse.schemes import scheme_at, scheme_of
from warehouse.stewards.due import last_moment
from warehouse.upkeep.current import noted_scheme


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

    def moment(self) -> datetime:
        """The time a run writes as its own: now, and always later than anything recorded before.

        A clock that was set back must not put a new filing before the one it supersedes.
        """
        now = datetime.now(UTC)
        with reading(self.engine) as connection:
            last = last_moment(connection)
        return now if last is None or now > last else last + timedelta(microseconds=1)


def open_house(site_folder: str, scheme: str | None = None) -> House:
    """Open a site once per process. Raises SettingsError, SchemeError or WarehouseError.

    Where the fingerprint of a scheme is stated, a worker process that has outlived the night in
    which it opened the site opens it again when the scheme has changed. Raises SettingsError
    where the folder holds another one, as may be on another machine.
    """
    with _opening:
        house = _houses.get(site_folder)
        if house is not None and scheme not in (None, house.scheme.fingerprint):
            _houses.pop(site_folder).engine.dispose()
            house = None
        if house is None:
            house = _houses[site_folder] = _opened(Site(Path(site_folder)))
        if scheme not in (None, house.scheme.fingerprint):
            raise SettingsError(
                f"the scheme in {house.site.scheme_folder} is not that of the night; let all "
                "workers see the same site folder and the same version of huizong"
            )
        return house


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
def look_into(site_folder: str, as_of: str | None = None) -> Iterator[House]:
    """A site opened only to look at what it holds. Raises what `open_house` raises.

    Where a moment is stated, its scheme is that of the last night up to then. Raises
    WarehouseError when there was none.
    """
    site = Site(Path(site_folder))
    engine = open_kept(site.database_url)
    try:
        scheme = known_scheme(site, engine)
        if scheme is None:
            # It takes a while to import, and to run.
            from warehouse.upkeep.upgrade import require_stored

            scheme = site.load_scheme()
            require_stored(engine, scheme)
        if as_of is not None:
            with reading(engine) as connection:
                scheme = scheme_at(connection, moment_of(site, as_of))
        yield House(site, scheme, engine)
    finally:
        engine.dispose()


def _opened(site: Site) -> House:
    from warehouse.upkeep.upgrade import require_current  # takes a while to import

    engine = open_kept(site.database_url, person_key(site))
    try:
        scheme = site.load_scheme()
        require_current(engine, scheme)
        with reading(engine) as connection:
            require_key(connection, scheme)
    except HuizongError:
        engine.dispose()
        raise
    return House(site, scheme, engine)


def known_scheme(site: Site, engine: Engine) -> Scheme | None:
    """The scheme of a site as the last upgrade checked and kept it, which is read in no time.

    None where the scheme or the code is another one since.
    """
    with reading(engine) as connection:
        known = noted_scheme(connection)
        if known is None or known != fingerprint(site.scheme_folder):
            return None
        return scheme_of(connection, known)


_houses: dict[str, House] = {}
_opening = Lock()
