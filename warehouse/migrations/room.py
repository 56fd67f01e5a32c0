"""Whether an earlier revision has room for what the tables hold."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

from schemas.errors import WarehouseError


def refuse_to_lose(tables: Mapping[str, int], revision: str) -> None:
    """Raise WarehouseError when a table that `revision` does not have holds more than so many rows.

    They are decisions, or something else that is kept nowhere besides.
    """
    for table, most in tables.items():
        held = op.get_bind().scalar(sa.select(sa.func.count()).select_from(sa.table(table)))
        if held is not None and held > most:
            raise WarehouseError(
                f"revision {revision} has no room for the {held} rows of {table}, which are kept "
                "nowhere else; restore the backup from before the upgrade instead"
            )
