"""Making a site, and bringing its warehouse to this version; checking a scheme."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from flows.configuration.settings import FILE_NAME, Site, initial_file
from flows.person_key import has_person_key, make_person_key, person_key
from schemas.models import Form
from schemas.scheme import load_scheme_thoroughly
from warehouse.upkeep.changes import Change, by_kind, told

_CURRENT = "the warehouse is up to date"


def init(folder: Path, scheme: str) -> Iterator[str]:
    """Make a site folder, or complete one; says what was made."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE_NAME
    if not file.exists():
        file.write_text(initial_file(scheme), encoding="utf-8")
        yield f"wrote {file}"
    site = Site(folder)
    for path in (site.inbox, site.published):
        if not path.exists():
            path.mkdir(parents=True)
            yield f"made {path}"
    make_database(site)
    yield from upgrade_warehouse(folder)


def make_database(site: Site) -> None:
    """Make the file of a warehouse on SQLite, which opening it does; a database is there."""
    from warehouse.engine import open_engine

    open_engine(site.database_url).dispose()


def upgrade_warehouse(folder: Path) -> Iterator[str]:
    """Bring the warehouse to this code, this scheme and the key of the site; says what changed."""
    from warehouse.lines.personal import Access, tell_apart
    from warehouse.upkeep.upgrade import upgrade

    site = Site(folder)
    if not has_person_key(site):
        yield f"wrote {make_person_key(site)}, which is to be kept as a secret"
    with warehouse_of(folder, person_key(site)) as (_, engine):
        scheme = site.load_scheme()
        changes = upgrade(engine, scheme)
        access = Access("huizong warehouse upgrade", "to make pseudonyms", datetime.now(UTC))
        with engine.begin() as connection:
            changes += map(_told_apart, tell_apart(connection, scheme, access))
    yield from list(told(changes)) or [_CURRENT]


def planned_upgrade(folder: Path) -> Iterator[str]:
    """What `upgrade_warehouse` would change."""
    from warehouse.engine import reading
    from warehouse.lines.pseudonyms import told_apart_otherwise
    from warehouse.upkeep.upgrade import planned

    site = Site(folder)
    if not has_person_key(site):
        yield f"would be done: a key by which persons are told apart made in {site.folder}"
    with warehouse_of(folder, person_key(site) if has_person_key(site) else b"") as (_, engine):
        scheme = site.load_scheme()
        changes = planned(engine, scheme)
        with reading(engine) as connection:
            changes += map(_told_apart, told_apart_otherwise(connection, scheme))
    yield from [f"would be done: {change}" for change in by_kind(changes)] or [_CURRENT]


def _told_apart(form: Form) -> Change:
    return Change("persons told apart by the key of the site", (form.name,))


@contextmanager
def warehouse_of(folder: Path, key: bytes | None = None) -> Iterator[tuple[Site, Engine]]:
    """A site, and its database as long as it is used; what names persons needs the `key`."""
    from warehouse.engine import open_kept

    site = Site(folder)
    engine = open_kept(site.database_url, key)
    try:
        yield site, engine
    finally:
        engine.dispose()


def check_scheme(folder: Path, scheme_folder: Path | None) -> Iterator[str]:
    """Check a scheme thoroughly; says what it holds. Raises SchemeError."""
    scheme = load_scheme_thoroughly(scheme_folder or Site(folder).scheme_folder)
    rules = sum(len(form.rules) for form in scheme.forms)
    columns = sum(len(form.indicators) for form in scheme.forms)
    yield (
        f"{scheme.id} version {scheme.version} holds together: "
        f"{len(scheme.counties)} counties, {len(scheme.periods)} periods, "
        f"{len(scheme.forms)} forms, {columns} columns, {rules} rules in forms, "
        f"{len(scheme.relations)} rules between forms"
    )
