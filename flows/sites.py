"""Making and keeping a site: init, samples, templates, scheme check, warehouse upgrade."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from flows.house import House, look_into
from flows.lock import alone
from flows.person_key import has_person_key, make_person_key, person_key
from flows.settings import FILE_NAME, Site, initial_file
from schemas.errors import SchemeError
from schemas.models import Form, OrgUnit, Scheme
from schemas.period import Period
from schemas.scheme import load_scheme_thoroughly
from schemas.text import normalise
from warehouse.changes import Change, by_kind, told

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
    yield from upgrade_warehouse(folder)


def upgrade_warehouse(folder: Path) -> Iterator[str]:
    """Bring the warehouse to this code, this scheme and the key of the site; says what changed."""
    from warehouse.personal import Access, tell_apart
    from warehouse.upgrade import upgrade

    site = Site(folder)
    if not has_person_key(site):
        yield f"wrote {make_person_key(site)}, which is to be kept as a secret"
    with _warehouse(folder, person_key(site)) as (_, engine):
        scheme = site.load_scheme()
        changes = upgrade(engine, scheme)
        access = Access("huizong warehouse upgrade", "to make pseudonyms", datetime.now(UTC))
        with engine.begin() as connection:
            changes += map(_told_apart, tell_apart(connection, scheme, access))
    yield from list(told(changes)) or [_CURRENT]


def planned_upgrade(folder: Path) -> Iterator[str]:
    """What `upgrade_warehouse` would change."""
    from warehouse.engine import reading
    from warehouse.pseudonyms import told_apart_otherwise
    from warehouse.upgrade import planned

    site = Site(folder)
    if not has_person_key(site):
        yield f"would be done: a key by which persons are told apart made in {site.folder}"
    with _warehouse(folder, person_key(site) if has_person_key(site) else b"") as (_, engine):
        scheme = site.load_scheme()
        changes = planned(engine, scheme)
        with reading(engine) as connection:
            changes += map(_told_apart, told_apart_otherwise(connection, scheme))
    yield from [f"would be done: {change}" for change in by_kind(changes)] or [_CURRENT]


def _told_apart(form: Form) -> Change:
    return Change("persons told apart by the key of the site", (form.name,))


def downgrade_warehouse(folder: Path, revision: str) -> str:
    """Take the fixed tables back to an earlier revision; says so."""
    from warehouse.upgrade import downgrade

    with _warehouse(folder) as (_, engine):
        downgrade(engine, revision)
    return (
        f"fixed tables taken back to revision {revision}; install the huizong that knows it, and "
        "run its `huizong warehouse upgrade`"
    )


def backup_warehouse(folder: Path, target: Path) -> str:
    """Write the warehouse into a file; says so."""
    from warehouse.backup import backup

    with _warehouse(folder) as (_, engine):
        backup(engine, target)
    return f"wrote {target}, {target.stat().st_size:,} bytes"


def restore_warehouse(folder: Path, source: Path) -> str:
    """Read a backup into the empty database of a site; says what to do next."""
    from warehouse.backup import restore

    with alone(folder), _warehouse(folder) as (_, engine):
        files = restore(engine, source)
    return (
        f"restored, with {files} received files, all whole; now run `huizong warehouse upgrade`, "
        "and `huizong publish --as-of` for publications that were lost"
    )


def replay_warehouse(folder: Path, url: str) -> str:
    """Bring the warehouse of a site about once more in an empty database; says so."""
    from flows.process import checked_again
    from flows.replay import replay
    from warehouse.engine import open_engine

    with alone(folder), _warehouse(folder) as (site, engine):
        target = open_engine(url, person_key(site))
        try:
            happened = replay(engine, target, partial(checked_again, site))
        finally:
            target.dispose()
    return f"{happened} things that happened have happened once more"


@contextmanager
def _warehouse(folder: Path, key: bytes | None = None) -> Iterator[tuple[Site, Engine]]:
    from warehouse.engine import open_engine

    site = Site(folder)
    engine = open_engine(site.database_url, key)
    try:
        yield site, engine
    finally:
        engine.dispose()


def sample(
    folder: Path,
    target: Path | None,
    period: str | None = None,
    *,
    months: bool = False,
    faults: bool = False,
) -> list[Path]:
    """Write sample returns of the site's scheme into a folder, by default the inbox.

    Those of every sampled period, of one, or of the months of which there are samples.
    Raises SchemeError when there is no sample of the period.
    """
    from flows.reading import children
    from schemas.sample import sampled_months, sampled_periods, sampled_quarters, write_sample

    children.prepare()
    site = Site(folder)
    wanted = sampled_months(site.scheme_folder) if months else None
    if period is not None:
        ways = (sampled_periods, sampled_quarters, sampled_months)
        known = [entry for way in ways for entry in way(site.scheme_folder)]
        wanted = tuple(entry for entry in known if entry.id == period)
        if not wanted:
            listed = ", ".join(entry.id for entry in known)
            raise SchemeError([f"no sample of {period!r}; there are {listed}"])
    target = target or site.inbox
    scheme = site.load_scheme()
    return write_sample(
        scheme, site.scheme_folder, target, wanted, faults=faults, each=children.each
    )


def register(folder: Path, target: Path | None) -> Iterator[tuple[int, int, Path]]:
    """Write the whole register of households, county by county, by default into the inbox.

    Yields how many counties are done, of how many, and the workbook just written.
    """
    from schemas.sample import write_register

    site = Site(folder)
    scheme = site.load_scheme()
    paths = write_register(scheme, site.scheme_folder, target or site.inbox)
    for done, path in enumerate(paths, start=1):
        yield done, len(scheme.counties), path


def templates(folder: Path, target: Path, county: str | None, period: str | None) -> Iterator[Path]:
    """Write blank workbooks for the counties and periods asked for.

    They show what the warehouse accepted for the period before. Raises WarehouseError where there
    is no warehouse.
    """
    with look_into(str(folder)) as house:
        wanted = find_county(house.scheme, county).code if county else None
        entries = [house.scheme.period(period)] if period else house.scheme.periods
        for entry in entries:
            then = house.scheme.at(entry.period)
            called = [form for form in then.forms if then.owing(form, entry.period)]
            for unit in (unit for unit in then.filers(called) if wanted in (None, unit.code)):
                if then.forms_owed(unit, entry.period):
                    yield _template(house, unit, entry.period, target)


def _template(house: House, county: OrgUnit, period: Period, target: Path) -> Path:
    """Write the blank workbook of a county, or of the city, for a period below a folder."""
    from schemas.template import write_workbook
    from warehouse.engine import reading
    from warehouse.previous import previous_returns

    with reading(house.engine) as connection:
        previous = previous_returns(connection, house.scheme, county, period)
    name = county.name.in_(house.language)
    path = target / period.id / f"{county.code}-{name}-{period.id}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        write_workbook(house.scheme, county, period, language=house.language, previous=previous)
    )
    return path


def codebook(folder: Path, target: Path) -> Iterator[Path]:
    """Write the codebook of the site's scheme as a page and as a workbook."""
    from warehouse.publish.codebook_files import codebook_files

    target.mkdir(parents=True, exist_ok=True)
    for name, content in codebook_files(Site(folder).load_scheme()).items():
        (target / name).write_bytes(content)
        yield target / name


def contract(folder: Path, target: Path) -> Path:
    """Write down what dashboards may rely on: every view, column, type, unit and meaning."""
    from warehouse.mart.contract import description

    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(description(Site(folder).load_scheme()), encoding="utf-8")
    return target


def grants(folder: Path) -> Iterator[str]:
    """The statements that say who may do what in a warehouse on PostgreSQL."""
    from warehouse.grants import grants

    yield from grants(Site(folder).load_scheme())


def find_county(scheme: Scheme, stated: str) -> OrgUnit:
    """A county, or the municipality, by code or any name. Raises SchemeError when none fits."""
    for unit in (*scheme.counties, scheme.municipality):
        if normalise(stated) in unit.spellings:
            return unit
    known = ", ".join(f"{unit.code} {unit.name.zh}" for unit in scheme.counties)
    raise SchemeError([f"no county {stated!r}; the counties are: {known}"])


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
