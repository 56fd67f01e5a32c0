"""One night or publication of a warehouse at a time, whichever machines they are started on."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError

from schemas.errors import WarehouseError

_KEY = 0x68756961
"""The number of the lock among those that a database may be asked for."""


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """Hold the warehouse, on PostgreSQL, for as long as the block takes.

    It is given back at the end, and by the server when the connection ends before. Who uses a
    SQLite file is on the machine that has it, where the lock of the site folder holds. Raises
    WarehouseError when somebody else has it.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(_KEY))):
            raise WarehouseError(
                "a night or publication is already running on this warehouse, from another machine "
                "or another site folder; this one has done nothing"
            )
        try:
            yield
        finally:
            # Answered by the server: where a connection is only closed, it lets go some time later.
            with suppress(DBAPIError):  # the connection is gone, and the lock with it
                connection.scalar(select(func.pg_advisory_unlock(_KEY)))
