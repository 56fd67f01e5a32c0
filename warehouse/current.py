"""Whether a warehouse is that of this code and scheme, asked before every look into it.

Comparing every table takes longer than most looks; the answer is what the last upgrade wrote down.
"""

from sqlalchemy import Connection, inspect, select

from schemas.models import Scheme
from warehouse.tables import upgrades

REVISION = "0003"
"""The newest revision of the fixed tables."""


def is_noted(connection: Connection, scheme: Scheme) -> bool:
    """Whether the last upgrade brought the warehouse to this code and this scheme."""
    if not inspect(connection).has_table(upgrades.name):
        return False
    newest = select(upgrades.c.revision, upgrades.c.scheme_fingerprint)
    last = connection.execute(newest.order_by(upgrades.c.id.desc()).limit(1)).first()
    return last is not None and tuple(last) == (REVISION, scheme.fingerprint)
