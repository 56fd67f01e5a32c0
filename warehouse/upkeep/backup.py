"""A whole warehouse as one file, with every byte that was received, and back from it.

SQLite copies itself while it is used; PostgreSQL's own `pg_dump` and `pg_restore` do it there.
"""

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine, inspect, select

from schemas.errors import WarehouseError
from warehouse.engine import reading
from warehouse.tables import submissions

_MAGIC = {"sqlite": b"SQLite format 3\0", "postgresql": b"PGDMP"}
_ELSEWHERE = "name a file in a folder that is there, with room for the whole warehouse"
_ANOTHER = "take another backup"


def backup(engine: Engine, target: Path) -> None:
    """Write the warehouse, as it is at this moment, into a new file, whole or not at all.

    Raises WarehouseError when the file is there already or the database's own tool fails.
    """
    if target.exists():
        raise WarehouseError(f"{target} is there already; name a new file")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)  # persons stand in it
    if engine.dialect.name == "sqlite":
        try:
            with _file_of(engine) as warehouse, closing(sqlite3.connect(partial)) as copy:
                warehouse.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a second beside it
        except sqlite3.Error as error:
            raise WarehouseError(f"{target} cannot be written: {error}; {_ELSEWHERE}") from None
    else:
        options = ["--format=custom", f"--file={partial}", "--dbname={}"]
        _run(engine, "pg_dump", options, _ELSEWHERE)
    partial.rename(target)


def restore(engine: Engine, source: Path) -> int:
    """Read a backup into an empty database; how many received files are in it, all of them whole.

    Raises WarehouseError when the database is not empty, when the file is no backup of its kind,
    or when a received file in it is not what its digest says.
    """
    kind = engine.dialect.name
    with source.open("rb") as file:
        if not file.read(16).startswith(_MAGIC[kind]):
            raise WarehouseError(f"{source} is no backup of a warehouse in {kind}")
    if inspect(engine).get_table_names():
        raise WarehouseError(
            "a backup is read into an empty database, and this one has tables; put it aside, or "
            "name an empty one in huizong.toml"
        )
    if kind == "sqlite":
        try:
            with closing(sqlite3.connect(source)) as copy, _file_of(engine) as warehouse:
                copy.backup(warehouse)
        except sqlite3.Error as error:
            raise WarehouseError(f"{source} cannot be read: {error}; {_ANOTHER}") from None
    else:
        options = ["--single-transaction", "--exit-on-error", "--dbname={}", str(source)]
        _run(engine, "pg_restore", options, _ANOTHER)
    return _whole_files(engine)


def _whole_files(engine: Engine) -> int:
    """How many received files there are. Raises WarehouseError when one is not whole."""
    with reading(engine) as connection:
        digests = connection.scalars(select(submissions.c.sha256)).all()
        for digest in digests:  # one by one: together they may not fit the memory
            file = connection.execute(
                select(submissions.c.name, submissions.c.content).where(
                    submissions.c.sha256 == digest
                )
            ).one()
            if sha256(file.content).hexdigest() != digest:
                raise WarehouseError(f"in the backup, {file.name} is not what was received")
    return len(digests)


@contextmanager
def _file_of(engine: Engine) -> Iterator[sqlite3.Connection]:
    with closing(engine.raw_connection()) as pooled:
        yield cast(sqlite3.Connection, pooled.driver_connection)


def _run(engine: Engine, tool: str, options: list[str], remedy: str) -> None:
    """Run a tool of PostgreSQL; `{}` in an option becomes the way to the database."""
    program = _program(engine, tool)
    with _way_to(engine) as way:
        command = [program, "--no-owner", "--no-privileges", *(o.format(way) for o in options)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise WarehouseError(f"{tool} failed: {' '.join(done.stderr.split())}; {remedy}")


def _program(engine: Engine, tool: str) -> str:
    """Where a tool of PostgreSQL is. Raises WarehouseError when it is older than the server, or
    not there: an older one does not read what a newer server says.
    """
    with reading(engine) as connection:
        server, *_ = connection.dialect.server_version_info or (0,)
    remedy = f"install the client programs of its version (postgresql-client-{server})"
    program = shutil.which(tool)
    if program is None:
        raise WarehouseError(f"{tool} is not there; the server is PostgreSQL {server}: {remedy}")
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    version = re.search(r"\d+", told.stdout)
    if version is not None and int(version.group()) < server:
        raise WarehouseError(
            f"{tool} is of PostgreSQL {version.group()}, older than the server's {server}: {remedy}"
        )
    return program


@contextmanager
def _way_to(engine: Engine) -> Iterator[str]:
    """Where the database is, for libpq; a password stands in a file that only this user reads,
    as everybody can read the options of a process.
    """
    _, way = engine.dialect.create_connect_args(engine.url)
    password = way.pop("password", None)
    del way["context"]  # SQLAlchemy's own, for the driver
    with TemporaryDirectory(prefix="huizong-") as folder:
        if password:
            file = Path(folder) / "pgpass"
            file.touch(mode=0o600)
            escaped = str(password).replace("\\", "\\\\").replace(":", "\\:")
            file.write_text(f"*:*:*:*:{escaped}\n", encoding="utf-8")
            way["passfile"] = str(file)
        yield make_conninfo(**way)
