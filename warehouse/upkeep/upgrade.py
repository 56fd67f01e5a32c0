"""Bring a warehouse to this code and this scheme, or say that it has to be.

What has to be done is found one step at a time, each step on what the step before has left, so
that the same plan both does the work and tells whether there is any. All of it is one transaction.
"""

from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, delete, func, insert, inspect, select

from schemas.errors import WarehouseError
from schemas.models import Scheme
from warehouse.engine import reading
from warehouse.form_tables import form_tables
from warehouse.mart.contract import contract
from warehouse.mart.view import View, make, qualified
from warehouse.schemes import keep_scheme
from warehouse.tables import published_views as definitions
from warehouse.tables import upgrades
from warehouse.upkeep import dimensions
from warehouse.upkeep.changes import Change, Step
from warehouse.upkeep.current import REVISION, noted_scheme
from warehouse.upkeep.form_upgrade import (
    guard_steps,
    refuse_changed_columns,
    refuse_dropped_forms,
    table_steps,
)
from warehouse.upkeep.published import put_in, unknown_publications

REMEDY = "run `huizong warehouse upgrade`"


def upgrade(engine: Engine, scheme: Scheme) -> list[Change]:
    """Bring the warehouse to this code and scheme; what was done, nothing if it is current.

    Raises WarehouseError when the warehouse is newer than this code, or when the scheme drops or
    changes a column that the warehouse has.
    """
    with engine.begin() as connection:
        return _upgrade(connection, scheme)


def planned(engine: Engine, scheme: Scheme) -> list[Change]:
    """What `upgrade` would do: it is done, and undone at once.

    Raises WarehouseError where `upgrade` does.
    """
    with engine.connect() as connection, connection.begin() as transaction:
        done = _upgrade(connection, scheme)
        transaction.rollback()
    return done


def _upgrade(connection: Connection, scheme: Scheme) -> list[Change]:
    done = []
    for step in _steps(connection, scheme):
        step.run()
        done.append(step.change)
    if noted_scheme(connection) != scheme.fingerprint:
        connection.execute(
            insert(upgrades).values(
                revision=REVISION,
                scheme_version=scheme.version,
                scheme_fingerprint=scheme.fingerprint,
            )
        )
    keep_scheme(connection, scheme)
    return done


def require_current(engine: Engine, scheme: Scheme) -> None:
    """Raise WarehouseError unless the warehouse is that of this code and this scheme."""
    _require(engine, partial(_steps, scheme=scheme))


def require_stored(engine: Engine, scheme: Scheme) -> None:
    """Raise WarehouseError unless the tables, without the views, are those of code and scheme."""
    _require(engine, partial(_stored_steps, scheme=scheme))


def _require(engine: Engine, steps: Callable[[Connection], Iterator[Step]]) -> None:
    with reading(engine) as connection:
        step = next(steps(connection), None)
    if step is not None:
        raise WarehouseError(f"the warehouse is not up to date ({step.change}): {REMEDY}")


def _steps(connection: Connection, scheme: Scheme) -> Iterator[Step]:
    views = yield from _stored_steps(connection, scheme)
    for view in views:
        yield from _view_steps(connection, view)
    for period, serial, as_of in unknown_publications(connection, scheme):
        change = Change("publications put into the contract", (f"{period}/{serial:04}",))
        yield Step(change, partial(put_in, connection, scheme, period, serial, as_of))


def _stored_steps(
    connection: Connection, scheme: Scheme
) -> Generator[Step, None, tuple[View, ...]]:
    """What is stored, without the views; returns these, as the dictionary says what is in them."""
    yield from _migration_steps(connection)
    for form in scheme.forms:
        refuse_changed_columns(connection, form)
    refuse_dropped_forms(connection, scheme)
    for form in scheme.forms:
        for table in form_tables(form):
            yield from table_steps(connection, table)
    yield from guard_steps(connection, scheme)
    views = contract(scheme)
    for table, rows in dimensions.dimension_rows(scheme, views):
        if dimensions.differs(connection, table, rows):
            write = partial(dimensions.write, connection, table, rows)
            yield Step(Change("brought to the scheme", (table.name,)), write)
    return views


# --- fixed tables -------------------------------------------------------------------------------


def downgrade(engine: Engine, revision: str) -> None:
    """Take the fixed tables back to an earlier revision, for an older huizong; views are dropped.

    Where they are at that revision there is nothing to do. Raises WarehouseError when there is no
    such revision before, when it has no room for something that was decided, or when the
    warehouse is newer than this code.
    """
    with engine.begin() as connection:
        config = _config(connection)
        scripts = ScriptDirectory.from_config(config)
        current = _revision(connection, scripts)
        if revision == current:
            return
        earlier = [script.revision for script in scripts.iterate_revisions(current, "base")][1:]
        if revision not in earlier:
            listed = ", ".join(earlier) or "none"
            raise WarehouseError(f"no revision {revision} before {current}; there are: {listed}")
        for name in connection.scalars(select(definitions.c.name)).all():
            connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")
        connection.execute(delete(definitions))
        command.downgrade(config, revision)
        if inspect(connection).has_table(upgrades.name):  # which the first revision had not
            # Of no scheme: whichever huizong comes next looks at every table and view.
            of_nothing = {"scheme_version": "", "scheme_fingerprint": ""}
            connection.execute(insert(upgrades).values(revision=revision, **of_nothing))


def _config(connection: Connection) -> Config:
    config = Config()
    folder = str(Path(__file__).parents[1] / "migrations").replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.attributes["connection"] = connection
    return config


def _migration_steps(connection: Connection) -> Iterator[Step]:
    _require_sight(connection)
    config = _config(connection)
    scripts = ScriptDirectory.from_config(config)
    current = _revision(connection, scripts)
    head = scripts.get_current_head()
    if current != head:
        change = Change(f"fixed tables brought from revision {current or 'none'} to {head}")
        yield Step(change, partial(command.upgrade, config, "head"))


def _revision(connection: Connection, scripts: ScriptDirectory) -> str | None:
    """The revision of the warehouse. Raises WarehouseError when this code does not know it."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {s.revision for s in scripts.walk_revisions()}:
        raise WarehouseError(
            f"the warehouse was made by a newer huizong (revision {current}); install that version"
        )
    return current


def _require_sight(connection: Connection) -> None:
    """A reader of the contract sees none of the tables, which looks as if there were none."""
    if connection.dialect.name != "postgresql":
        return
    if connection.scalar(select(func.current_schema())) is None:
        raise WarehouseError(
            "this user of the database sees published figures alone; "
            "`huizong warehouse grants` prints who may do what"
        )


# --- published views ----------------------------------------------------------------------------


def _view_steps(connection: Connection, view: View) -> Iterator[Step]:
    name = qualified(view.name, connection.dialect)
    statements = view.statements(connection.dialect)
    wanted = ";\n".join(statements)
    stored = connection.scalar(select(definitions.c.definition).where(definitions.c.name == name))

    def renew() -> None:
        make(connection, name, statements)
        connection.execute(delete(definitions).where(definitions.c.name == name))
        connection.execute(insert(definitions).values(name=name, definition=wanted))

    if stored != wanted:
        yield Step(Change("views made", (name,)), renew)
