"""What IT does with the warehouse of a site: backups, replays, roles, the contract."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from flows.configuration.settings import Site
from flows.house import look_into
from flows.lock import alone
from flows.moments import moment_of
from flows.person_key import person_key
from flows.sites import make_database, warehouse_of


def downgrade(folder: Path, revision: str) -> str:
    """Take the fixed tables back to an earlier revision; says where they are."""
    from warehouse.upkeep import upgrade

    with warehouse_of(folder) as (_, engine):
        upgrade.downgrade(engine, revision)
    return (
        f"fixed tables are at revision {revision}; install the huizong that knows it, and "
        "run its `huizong warehouse upgrade`"
    )


def backup(folder: Path, target: Path) -> str:
    """Write the warehouse into a file; says so."""
    from warehouse.upkeep import backup as files

    with warehouse_of(folder) as (_, engine):
        files.backup(engine, target)
    return f"wrote {target}, {target.stat().st_size:,} bytes"


def restore(folder: Path, source: Path) -> str:
    """Read a backup into the empty database of a site; says what to do next."""
    from warehouse.upkeep import backup as files

    with alone(folder):
        make_database(Site(folder))
        with warehouse_of(folder) as (_, engine):
            restored = files.restore(engine, source)
    return (
        f"restored, with {restored} received files, all whole; now run "
        "`huizong warehouse upgrade`, and `huizong publish --as-of` for publications that were lost"
    )


def replay(folder: Path, url: str) -> str:
    """Bring the warehouse of a site about once more in an empty database; says so."""
    from flows import replay as again
    from flows.process import checked_again
    from warehouse.engine import open_engine

    with alone(folder), warehouse_of(folder) as (site, engine):
        target = open_engine(url, person_key(site))
        try:
            interpret = partial(checked_again, site)
            happened = again.replay(engine, target, site.load_scheme(), interpret)
        finally:
            target.dispose()
    return f"{happened} things that happened have happened once more"


def contract(folder: Path, target: Path) -> Path:
    """Write down what dashboards may rely on: every view, column, type, unit and meaning."""
    from warehouse.mart.contract import description

    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(description(Site(folder).load_scheme()), encoding="utf-8")
    return target


def grants(folder: Path) -> Iterator[str]:
    """The statements that say who may do what in a warehouse on PostgreSQL."""
    from warehouse.upkeep.grants import grants

    yield from grants(Site(folder).load_scheme())


def export(folder: Path, target: Path, as_of: str | None) -> Iterator[Path]:
    """Write the contract, now or as of a moment, as one SQLite file and its figures as SDMX-CSV."""
    from warehouse.engine import reading
    from warehouse.mart.export import sdmx_csv, write_contract_file

    target.mkdir(parents=True, exist_ok=True)
    with look_into(str(folder), as_of) as house, reading(house.engine) as connection:
        then = None if as_of is None else moment_of(house.site, as_of)
        write_contract_file(connection, house.scheme, target / "contract.sqlite", then)
        yield target / "contract.sqlite"
        observations = target / "observations.sdmx.csv"
        observations.write_text(sdmx_csv(connection, house.scheme, then), encoding="utf-8")
        yield observations
